"""A post as its author wrote it: which shortcodes it has, and what of it a machine's page shows.

This reads Markdown and shortcodes on its own, so that it can bear witness against the templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

VERDICTS = ("holds", "fails", "undecided", "not_applicable")
_TAG = re.compile(r"\{\{([<%])\s*(/?)\s*([\w-]+)((?:\s+\"[^\"]*\")*)\s*[>%]\}\}")
_WHEN = re.compile(r"\{\{%\s*when((?:\s+\"[^\"]*\")+)\s*%\}\}(.*?)\{\{%\s*/when\s*%\}\}", re.DOTALL)
_WORD = re.compile(r"\{\{<\s*word((?:\s+\"[^\"]*\")+)\s*>\}\}")
_MARKER = re.compile(r"\{\{<\s*measured\s+\"([^\"]*)\"\s*>\}\}(.*?)\{\{<\s*/measured\s*>\}\}")
_ALT = re.compile(r"\{\{<\s*alt\s*>\}\}(.*?)\{\{<\s*/alt\s*>\}\}", re.DOTALL)


class When(NamedTuple):
    """A paragraph, or some, for the machines that give the claim `id` one of the verdicts."""

    id: str
    verdicts: tuple[str, ...]
    inner: str


class Marker(NamedTuple):
    """A key that the text quotes, and the text that stands there for it."""

    key: str
    text: str


def body(markdown: str) -> str:
    """The post without its front matter and comments."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def whens(markdown: str) -> list[When]:
    """Every conditional block, in its order."""
    found = []
    for match in _WHEN.finditer(body(markdown)):
        name, *verdicts = re.findall(r'"([^"]*)"', match[1])
        found.append(When(name, tuple(verdicts), match[2]))
    return found


def shown(markdown: str, verdicts: Mapping[str, str]) -> str:
    """The Markdown that a machine with these verdicts (by claim) shows."""

    def choose(match: re.Match[str]) -> str:
        name, *wanted = re.findall(r'"([^"]*)"', match[1])
        return match[2] if verdicts[name] in wanted else ""

    def pick(match: re.Match[str]) -> str:
        name, *words = re.findall(r'"([^"]*)"', match[1])
        return words[VERDICTS.index(verdicts[name])]

    return _WORD.sub(pick, _WHEN.sub(choose, body(markdown)))


def markers(markdown: str) -> list[Marker]:
    """Every marker, in its order."""
    return [Marker(*found) for found in _MARKER.findall(markdown)]


def without_alts(markdown: str) -> str:
    """The Markdown without what only stands in alternative texts."""
    return _ALT.sub("", markdown)


def alts(markdown: str) -> list[str]:
    """The alternative texts, in the order of the figures."""
    return _ALT.findall(markdown)


def structure(markdown: str) -> list[tuple[str, ...]]:
    """The shortcodes besides markers and alternative texts, with their parameters."""
    return [
        (name, *re.findall(r'"([^"]*)"', parameters))
        for _, slash, name, parameters in _TAG.findall(body(markdown))
        if not slash and name not in ("measured", "alt")
    ]


def paragraphs(markdown: str) -> list[str]:
    """The letters and digits of each paragraph, list item or table row, as a page has them.

    Marks, spaces and punctuation are left out, since Markdown may change these; the dash of what
    was not measured is a word, which no page has.
    """
    text = _MARKER.sub(lambda found: found[2].replace("—", "unmeasured"), markdown)
    text = re.sub(r"\]\([^)]*\)|\{#[\w-]+\}|</?(?:details|summary)>", "", _TAG.sub("", text))
    lines = [re.sub(r"^(?:\d+\.|[-|:*]+) ", "", line) for line in text.splitlines()]
    return [plain for line in lines if (plain := letters(line))]


def letters(text: str) -> str:
    """Nothing but letters and digits."""
    return re.sub(r"[\W_]+", "", text)
