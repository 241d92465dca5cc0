"""Conclusions as comparisons of measured quantities, and the verdicts on them."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping

from scripts.conclude.stats import ABSENT, FEWEST_ROUNDS, Quantity, quotient
from scripts.record import Record, units
from scripts.record.errors import BlogError

NEED = re.compile(r"gil|no_gil|not quick|measured|cores >= (\d+)")


@dataclasses.dataclass(frozen=True)
class Claim:
    """`key` is above (or below) `threshold`, wherever the machine fulfils all `needs`.

    With `over`, what is compared is how many times the value of that key the value of `key` is.
    `text` says it in words, by language; `line` is where it is written.
    """

    id: str
    key: str
    above: bool
    threshold: float
    needs: tuple[str, ...]
    line: int
    over: str = ""
    text: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """What must be measured for a verdict."""
        return (self.key, self.over) if self.over else (self.key,)


def verdicts(
    claims: list[Claim], values: Mapping[str, Quantity], record: Record, where: str
) -> dict[str, dict]:
    """The verdict on each claim, as data/measured.json holds it.

    Raises BlogError with the line of a claim about an unknown key or one that holds no number,
    about keys of two units, or about what this machine did not measure without needing that.
    """
    return {claim.id: _verdict(claim, values, record, where) for claim in claims}


def _verdict(claim: Claim, values: Mapping[str, Quantity], record: Record, where: str) -> dict:
    for key in claim.keys:
        _check_key(claim, key, values, where)
    unmet = next((need for need in claim.needs if not _is_met(need, claim, values, record)), None)
    if unmet:
        # "cores >= 2" → cores, "not quick" → quick: what i18n/ has a sentence for.
        return {"verdict": "not_applicable", "reason": unmet.replace("not ", "").split()[0]}
    value = _compared(claim, values, where)
    if value is None:
        return {"verdict": "not_applicable", "reason": "zero"}
    found = {"verdict": decide(claim, value), "reason": ""}
    # What has no interval, as the best number of workers, still comes from the rounds of the run.
    rounds = int(record.settings["rounds"]) if value.low is None else value.n or 0
    if rounds < FEWEST_ROUNDS:
        found = {"verdict": "undecided", "reason": "rounds"}
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


def check_keys(claims: list[Claim], values: Mapping[str, Quantity], where: str) -> None:
    """Raise BlogError with the line of a claim about what is none of `values`."""
    for claim in claims:
        for key in claim.keys:
            _check_key(claim, key, values, where)


def _check_key(claim: Claim, key: str, values: Mapping[str, Quantity], where: str) -> None:
    """Raise BlogError for a key that no machine measures, and for one that holds no number."""
    if key not in values:
        near = difflib.get_close_matches(key, values, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise _error(claim, f"there is no key {key!r}{hint}", "correct the key", where)
    if values[key].unit == "text" and values[key] != ABSENT:
        raise _error(claim, f"{key!r} is text, not a number", "name another key", where)


def _compared(claim: Claim, values: Mapping[str, Quantity], where: str) -> Quantity | None:
    """What is held against the threshold; None for a ratio whose lower quantity may be zero."""
    for key in claim.keys:
        if values[key] == ABSENT:
            what = f"{key!r} is not measured on every machine, nor on this one"
            raise _error(claim, what, "add needs: [measured]", where)
    if not claim.over:
        return values[claim.key]
    above, below = values[claim.key], values[claim.over]
    if above.unit != below.unit:
        what = f"{claim.key} is in {above.unit}, {claim.over} in {below.unit}"
        raise _error(claim, what, "compare what has the same unit", where)
    return quotient(above, below)


def _error(claim: Claim, what: str, cure: str, where: str) -> BlogError:
    return BlogError(f"claim {claim.id!r}: {what}", where=f"{where}:{claim.line}", cure=cure)


def _is_met(need: str, claim: Claim, values: Mapping[str, Quantity], record: Record) -> bool:
    if need.startswith("cores"):
        return record.machine.cores >= int(NEED.fullmatch(need).group(1))
    return {
        "gil": record.runtimes[0].gil,
        "no_gil": not record.runtimes[0].gil,
        "not quick": not record.quick,
        "measured": all(values[key] != ABSENT for key in claim.keys),
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
