"""How wide a line of text is, and where it breaks, in Chinese and in English.

No font with Chinese is needed where a picture is drawn: a Han character is one em wide in all of
them, and the reader's own fonts show it.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, List

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FAMILY = "DejaVu Sans"
# Han characters, and the punctuation that is as wide.
WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f]")
# What may not begin a line, and what may not end one.
_CLOSING = re.compile("[，。、；：？！）》」』”…％%]")
_OPENING = re.compile("[（《「『“]$")


def wrap(text: str, size: float, width: float, weight: str = "normal") -> List[str]:
    """The lines of `text` in a column of `width` points; a word longer than that is cut with "…".

    A number stays with what it counts, no line ends in a separator, and the rules of Chinese
    typesetting hold: no line begins with a closing mark or ends with an opening one.
    """
    lines = [""]
    for atom in _atoms(text):
        longer = lines[-1] + atom
        if lines[-1].strip() and width_of(longer.rstrip(" "), size, weight) > width:
            lines[-1] = lines[-1].rstrip(" ")
            lines.append(atom.lstrip(" "))
        else:
            lines[-1] = longer.lstrip(" ")
        while width_of(lines[-1].rstrip(" "), size, weight) > width:
            lines[-1] = lines[-1].rstrip(" …")[:-1] + "…"
    return [line.rstrip(" ").removesuffix(" ·") for line in lines if line.strip(" ")]


def _atoms(text: str) -> List[str]:
    """What is not broken; a space stays at the beginning of the atom behind it."""
    text = re.sub(r"(?<=\d) (?=[a-z%])", "\u00a0", text)
    atoms: List[str] = []
    for piece in re.findall(f" *(?:{WIDE.pattern}|[^ ]+?(?={WIDE.pattern}| |$))", text):
        # What is counted stays with its number, and 毫秒 is one word.
        counted = atoms and (
            (WIDE.match(piece) and atoms[-1][-1].isdigit()) or (atoms[-1][-1] + piece == "毫秒")
        )
        if atoms and (counted or _CLOSING.match(piece) or _OPENING.search(atoms[-1])):
            atoms[-1] += piece
        else:
            atoms.append(piece)
    return atoms


def balanced(text: str, size: float, width: float, weight: str) -> List[str]:
    """The lines of `wrap`, as many of them, but about equally long.

    Chinese breaks behind its comma where that makes as many lines.
    """
    lines = wrap(text, size, width, weight)
    clauses = re.findall("[^，]+，?", text)
    if len(clauses) == len(lines) and all(width_of(one, size, weight) <= width for one in clauses):
        return clauses
    while len(lines) > 1:
        width *= 0.97
        narrower = wrap(text, size, width, weight)
        if len(narrower) > len(lines) or any("…" in line for line in narrower):
            break
        lines = narrower
    return lines


@functools.cache
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """How many points wide a line of text is."""
    from matplotlib.textpath import text_to_path

    wide = len(WIDE.findall(text))
    narrow = WIDE.sub("", text)
    font = _font(size, weight)
    return wide * size + text_to_path.get_text_width_height_descent(narrow, font, False)[0]


def _font(size: float, weight: str) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FAMILY, size=size, weight=weight)
