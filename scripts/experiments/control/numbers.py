"""The control: two cases that are the same. A difference is noise, or a fault of the method."""

from __future__ import annotations

from typing import Dict

from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import by_round, known, ratio, shared, typical
from scripts.experiments.control.measure import KINDS
from scripts.record import Record


def quantities(record: Record) -> Dict[str, Quantity]:
    """Wall times of A and B, and how many times B the same A took, over the rounds of all kinds."""
    a, b = shared(_rounds(record, "a"), _rounds(record, "b"))
    times = {"control.a.wall_s": typical(a, "s"), "control.b.wall_s": typical(b, "s")}
    return known({**times, "control.a_over_b": ratio(a, b)})


def _rounds(record: Record, case: str) -> Dict[At, float]:
    """The wall times of a case: the rounds of one kind between those of the other."""
    found = {}
    for place, kind in enumerate(KINDS, start=1):
        rounds = by_round(record.select("control", case, kind=kind))
        for (session, number), wall_s in rounds.items():
            found[session, len(KINDS) * (number - 1) + place] = wall_s
    return found
