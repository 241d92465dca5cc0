"""The control: two cases that are the same. A difference is noise, or a fault of the method."""

from __future__ import annotations

from scripts.conclude import stats
from scripts.conclude.stats import Quantity
from scripts.record import Record

PICTURE = ""  # a check of the run, told in the machine card and by the run itself
KEYS = ("control.a.wall_s", "control.b.wall_s", "control.a_over_b")
# Two times less than this part apart are the same in practice, however narrow the interval.
SAME = 0.02


def values(record: Record) -> dict[str, Quantity]:
    """Wall times of A and B, and their ratio over the rounds."""
    a, b = record.select("control", "a"), record.select("control", "b")
    if not a or not b:
        return {}
    return {
        "control.a.wall_s": stats.median_of(a, "wall_s", "s"),
        "control.b.wall_s": stats.median_of(b, "wall_s", "s"),
        "control.a_over_b": stats.ratio(a, b),
    }


def differs(ratio: Quantity) -> bool:
    """Whether A and B look different: the whole interval is more than SAME away from 1."""
    if ratio.low is None or ratio.high is None or (ratio.n or 0) < stats.FEWEST_ROUNDS:
        return False
    return ratio.low > 1 + SAME or ratio.high < 1 - SAME
