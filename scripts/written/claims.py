"""data/claims.yaml, where the conclusions of the posts are written by hand, and who names them."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import yaml

from scripts.conclude.claims import NEED, Claim
from scripts.record.errors import BlogError
from scripts.written import yaml_lines

LANGUAGES = ("zh", "en")
_FIELDS = ("key", "over", "above", "below", "of", "needs", "figure", "text")


def load(path: Path, where: str) -> list[Claim]:
    """The claims of the file `path`. Raises BlogError with the line of what is malformed."""
    root = yaml_lines.compose(path, where)
    if not isinstance(root, yaml.MappingNode):
        raise BlogError("states no claim", where=where, cure="write id: {key: …, above: …}")
    claims: dict[str, Claim] = {}
    for key_node, node in root.value:
        line = key_node.start_mark.line + 1
        try:
            if key_node.value in claims:
                raise ValueError("is stated twice")
            claims[key_node.value] = _claim(key_node.value, yaml_lines.value(node), line)
        except ValueError as error:
            what = f"claim {key_node.value!r}: {error}"
            raise BlogError(what, where=f"{where}:{line}", cure="mend that claim") from None
    return list(claims.values())


def _claim(name: str, fields: object, line: int) -> Claim:
    """Raises ValueError with what is wrong."""
    if not isinstance(fields, dict):
        raise ValueError("is no mapping")
    for field in fields:
        if field not in _FIELDS:
            near = difflib.get_close_matches(str(field), _FIELDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(_FIELDS)}"
            raise ValueError(f"unknown field {field!r}; {hint}")
    if not isinstance(fields.get("key"), str):
        raise ValueError("names no key")
    over = fields.get("over", "")
    if not isinstance(over, str) or ("over" in fields and not over):
        raise ValueError(f"over is {over!r}, not a key")
    bounds = [bound for bound in ("above", "below") if bound in fields]
    if len(bounds) != 1:
        raise ValueError("needs exactly one of 'above' and 'below'")
    threshold = fields[bounds[0]]
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)):
        raise ValueError(f"{bounds[0]} is {threshold!r}, not a number")
    if fields.get("of", "ceiling") != "ceiling":
        raise ValueError(f"of is {fields['of']!r}; known is ceiling")
    needs = fields.get("needs", [])
    if not isinstance(needs, list):
        raise ValueError("needs is no list")
    for need in needs:
        if not NEED.fullmatch(str(need)):
            raise ValueError(f"unknown precondition {need!r}")
    text = fields.get("text")
    missing = [lang for lang in LANGUAGES if not isinstance(text, dict) or not text.get(lang)]
    if missing:
        raise ValueError(f"has no text in {' and '.join(missing)}")
    above = "above" in fields
    return Claim(
        name,
        fields["key"],
        above,
        float(threshold),
        tuple(needs),
        line,
        over,
        text,
        of_ceiling="of" in fields,
    )


def used(markdown: str) -> set[str]:
    """The claims that a post's `when` and `word` shortcodes name."""
    return set(re.findall(r'{{[<%]\s*(?:when|word)\s+"([^"]*)"', markdown))
