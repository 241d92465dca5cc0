"""What measuring itself costs, as ratios that the methodology quotes."""

from __future__ import annotations

from typing import Dict

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import by_round, known, ratio
from scripts.record import Record


def quantities(record: Record) -> Dict[str, Quantity]:
    """A timed job over the bare loop, and the recording tracker over bare clock readings.

    Each process gave the median ratio of its pairs.
    """
    samples = record.select("harness", "for_loop")
    found = {}
    for name in ("timed_over_bare", "tracker_over_clock"):
        ratios = by_round(samples, f"{name}_ratio")
        found[f"harness.{name}"] = ratio(ratios, dict.fromkeys(ratios, 1.0))
    return known(found)
