"""The verdicts on claims: does each hold here, does it fail, can that not be told, and why?"""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any, Collection, Dict, Mapping, Optional, Sequence

from scripts.conclude import quantity as quantities
from scripts.conclude.claims import NEED, Claim
from scripts.conclude.decide import UNDECIDED, judge
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import for_claims, interval_of, quotient
from scripts.record import Record
from scripts.record.errors import BlogError

NOT_APPLICABLE = "not_applicable"
# What data/measured.json calls the value of what was compared.
_NAMES = {"value": "ratio", "text": "ratio_text", "text_zh": "ratio_text_zh"}


@dataclasses.dataclass(frozen=True)
class Verdict:
    """`verdict` is holds, fails, undecided or not_applicable; `reason` a word for why, or "".

    `compared` is what was held against `threshold`, with its 95 % interval, where there is one.
    """

    verdict: str
    reason: str = ""
    compared: Optional[Quantity] = None
    threshold: Optional[float] = None

    def to_json(self) -> Dict[str, Any]:
        """The object of this verdict in data/measured.json."""
        fields: Dict[str, Any] = {"verdict": self.verdict, "reason": self.reason}
        if self.compared is None:
            return fields
        compared = self.compared.to_json()
        compared.pop("sessions", None)  # they stand with the key
        if self.compared.n is None:  # a fact is as low and as high as it is
            compared.update(low=compared["value"], high=compared["value"])
        fields.update({_NAMES.get(name, name): value for name, value in compared.items()})
        return {**fields, "threshold": self.threshold}


def from_json(fields: Mapping[str, Any]) -> Verdict:
    """The verdict of an object of data/measured.json. Raises KeyError or TypeError."""
    if "ratio" not in fields:
        return Verdict(fields["verdict"], fields["reason"])
    held = {**fields, "value": fields["ratio"]}
    if "n" not in fields:
        del held["low"], held["high"]
    compared = quantities.from_json(held)
    return Verdict(fields["verdict"], fields["reason"], compared, fields["threshold"])


def verdicts(
    claims: Sequence[Claim], values: Mapping[str, Quantity], record: Record, where: str
) -> Dict[str, Verdict]:
    """The verdict on each claim, by its id. A key that is not among `values` was not measured.

    All claims together are one family (`stats.for_claims`). Raises BlogError with the line of a
    claim about what is no number, about keys of two units, or about a share of no ceiling.
    """
    return {claim.id: _verdict(claim, values, record, where, len(claims)) for claim in claims}


def _verdict(
    claim: Claim, values: Mapping[str, Quantity], record: Record, where: str, many: int
) -> Verdict:
    unmet = next((need for need in claim.needs if not _is_met(need, record)), None)
    if unmet:
        # "cores >= 2" → cores, "not quick" → quick: what i18n/ has a sentence for.
        return Verdict(NOT_APPLICABLE, unmet.replace("not ", "").split()[0])
    if not all(key in values for key in claim.keys):
        return Verdict(NOT_APPLICABLE, "measured")
    compared = _compared(claim, values, where)
    if compared is None:
        return Verdict(NOT_APPLICABLE, "zero")
    threshold = _threshold(claim, compared, where)
    if record.quick:
        return Verdict(UNDECIDED, "quick", _shown(compared), threshold)
    decision = judge(for_claims(compared, many), threshold, claim.above)
    reason = decision.reason
    if decision == (UNDECIDED, "") and judge(compared, threshold, claim.above).verdict != UNDECIDED:
        reason = "claims"
    return Verdict(decision.verdict, reason, _shown(compared), threshold)


def check_keys(claims: Sequence[Claim], keys: Collection[str], where: str) -> None:
    """Raise BlogError with the line of a claim about what is none of `keys`."""
    for claim in claims:
        for key in claim.keys:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise _error(claim, f"there is no key {key!r}{hint}", "correct the key", where)


def _compared(claim: Claim, values: Mapping[str, Quantity], where: str) -> Optional[Quantity]:
    """What is held against the threshold; None for a ratio of which nothing can be divided."""
    for key in claim.keys:
        if isinstance(values[key].value, str):
            raise _error(claim, f"{key!r} is text, not a number", "name another key", where)
    above = values[claim.key]
    if not claim.over:
        return above
    below = values[claim.over]
    if above.unit != below.unit:
        what = f"{claim.key} is in {above.unit}, {claim.over} in {below.unit}"
        raise _error(claim, what, "compare what has the same unit", where)
    found = quotient(above, below)
    return found and dataclasses.replace(found, resolution=above.resolution)


def _threshold(claim: Claim, compared: Quantity, where: str) -> float:
    if not claim.of_ceiling:
        return claim.threshold
    if compared.ceiling is None:
        what = f"{claim.key!r} has no ceiling of which it could be a share"
        raise _error(claim, what, "delete of: ceiling, or declare a ceiling", where)
    return claim.threshold * compared.ceiling


def _shown(compared: Quantity) -> Quantity:
    """The quantity with the interval that a verdict shows, and nothing else."""
    low, high, interval = compared.low, compared.high, compared.interval
    if interval == "spread":
        found = interval_of(compared)
        low, high, interval = (*found, "signed_rank") if found else (low, high, interval)
    return Quantity(
        compared.value, compared.unit, low, high, compared.n, interval, shown=compared.shown
    )


def _is_met(need: str, record: Record) -> bool:
    if need.startswith("cores"):
        return record.machine.cores >= int(NEED.fullmatch(need).group(1))
    gil = record.runtimes[0].gil
    return {"gil": gil, "no_gil": not gil, "not quick": not record.quick, "measured": True}[need]


def _error(claim: Claim, what: str, cure: str, where: str) -> BlogError:
    return BlogError(f"claim {claim.id!r}: {what}", where=f"{where}:{claim.line}", cure=cure)
