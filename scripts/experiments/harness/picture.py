"""What measuring itself costs, as ratios that the methodology quotes."""

from __future__ import annotations

from scripts.conclude import stats
from scripts.conclude.stats import Quantity
from scripts.record import Record

PICTURE = ""  # numbers in the prose
PAIRS = {
    "harness.timed_over_bare": ("timed_s", "bare_s"),
    "harness.tracker_over_clock": ("tracker_s", "clock_s"),
}
KEYS = tuple(PAIRS)


def values(record: Record) -> dict[str, Quantity]:
    """A timed job over the bare loop, and the recording tracker over bare clock readings."""
    samples = record.select("harness", "for_loop")
    if not samples:
        return {}
    return {
        key: stats.ratio_of([sample.values[above] / sample.values[below] for sample in samples])
        for key, (above, below) in PAIRS.items()
    }
