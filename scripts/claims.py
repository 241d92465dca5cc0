"""The conclusions of the posts, as comparisons of measured quantities, and the verdicts on them."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from scripts import units, yaml_lines
from scripts.errors import BlogError
from scripts.record import Record
from scripts.stats import FEWEST_ROUNDS, Quantity

LANGUAGES = ("zh", "en")
_NEED = re.compile(r"gil|no_gil|not quick|measured|cores >= (\d+)")
_FIELDS = ("key", "above", "below", "needs", "figure", "text")


@dataclasses.dataclass(frozen=True)
class Claim:
    """`key` is above (or below) `threshold`, wherever the machine fulfils all `needs`."""

    id: str
    key: str
    above: bool
    threshold: float
    needs: tuple[str, ...]
    line: int


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
    bounds = [bound for bound in ("above", "below") if bound in fields]
    if len(bounds) != 1:
        raise ValueError("needs exactly one of 'above' and 'below'")
    threshold = fields[bounds[0]]
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)):
        raise ValueError(f"{bounds[0]} is {threshold!r}, not a number")
    needs = fields.get("needs", [])
    if not isinstance(needs, list):
        raise ValueError("needs is no list")
    for need in needs:
        if not _NEED.fullmatch(str(need)):
            raise ValueError(f"unknown precondition {need!r}")
    text = fields.get("text")
    missing = [lang for lang in LANGUAGES if not isinstance(text, dict) or not text.get(lang)]
    if missing:
        raise ValueError(f"has no text in {' and '.join(missing)}")
    return Claim(name, fields["key"], "above" in fields, float(threshold), tuple(needs), line)


def verdicts(
    claims: list[Claim], values: Mapping[str, Quantity], record: Record, where: str
) -> dict[str, dict]:
    """The verdict on each claim, as data/measured.json holds it. Raises BlogError: unknown key."""
    return {claim.id: _verdict(claim, values, record, where) for claim in claims}


def _verdict(claim: Claim, values: Mapping[str, Quantity], record: Record, where: str) -> dict:
    unmet = next((need for need in claim.needs if not _is_met(need, claim, values, record)), None)
    if unmet:
        # "cores >= 2" → cores, "not quick" → quick: what i18n/ has a sentence for.
        return {"verdict": "not_applicable", "reason": unmet.replace("not ", "").split()[0]}
    if claim.key not in values:
        near = difflib.get_close_matches(claim.key, values, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        what = f"claim {claim.id!r}: nothing is measured under {claim.key!r}{hint}"
        cure = "correct the key, or add needs: [measured]"
        raise BlogError(what, where=f"{where}:{claim.line}", cure=cure)
    value = values[claim.key]
    found = {"verdict": decide(claim, value), "reason": ""}
    if (value.n or 0) < FEWEST_ROUNDS and value.low is not None:
        found["reason"] = "rounds"
    low = value.value if value.low is None else value.low
    high = value.value if value.high is None else value.high
    return {
        **found,
        "ratio": value.value,
        "low": low,
        "high": high,
        "ratio_text": value.text,
        "low_text": units.text(low, value.unit),
        "high_text": units.text(high, value.unit),
        "unit": value.unit,
        "threshold": claim.threshold,
    }


def _is_met(need: str, claim: Claim, values: Mapping[str, Quantity], record: Record) -> bool:
    if need.startswith("cores"):
        return record.machine.cores >= int(_NEED.fullmatch(need).group(1))
    return {
        "gil": record.runtimes[0].gil,
        "no_gil": not record.runtimes[0].gil,
        "not quick": not record.quick,
        "measured": claim.key in values,
    }[need]


def decide(claim: Claim, value: Quantity) -> str:
    """ "holds" or "fails" when the whole interval lies on one side of the threshold.

    Otherwise, and on fewer than FEWEST_ROUNDS rounds, "undecided". A fact has no interval.
    """
    if value.low is None or value.high is None:
        return "holds" if (value.value > claim.threshold) == claim.above else "fails"
    if (value.n or 0) < FEWEST_ROUNDS or value.low <= claim.threshold <= value.high:
        return "undecided"
    return "holds" if (value.low > claim.threshold) == claim.above else "fails"


def used(markdown: str) -> set[str]:
    """The claims that a post's `verdict` and `when` shortcodes name."""
    return set(re.findall(r'{{[<%]\s*(?:verdict|when)\s+"([^"]*)"', markdown))
