"""Whether the turns of threads are as long as the interval after which the GIL is asked for."""

from __future__ import annotations

from typing import Dict, List

from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import by_round, known, middle, ratio, scaled, typical
from scripts.experiments.switch_interval.measure import INTERVALS_S
from scripts.record import Record, Sample


def quantities(record: Record) -> Dict[str, Quantity]:
    """How long a turn is and how many there are under each interval, and how the turns grow."""
    found = {}
    curves = turns_ms(record)
    for interval_s, values in curves.items():
        switches = by_round(_samples(record, interval_s), "switches_count")
        found[f"switch_interval.at_{name(interval_s)}.median_turn_ms"] = typical(values, "ms")
        found[f"switch_interval.at_{name(interval_s)}.switches_count"] = middle(switches, "count")
    shortest, longest = min(INTERVALS_S), max(INTERVALS_S)
    key = f"switch_interval.at_{name(longest)}.turns_to_at_{name(shortest)}_ratio"
    found[key] = ratio(curves.get(longest, {}), curves.get(shortest, {}))
    return known(found)


def turns_ms(record: Record) -> Dict[float, Dict[At, float]]:
    """The median turn in ms, by the interval in seconds and by round."""
    turns_s = {one: by_round(_samples(record, one), "median_turn_s") for one in INTERVALS_S}
    return {one: scaled(turns, 1000) for one, turns in turns_s.items() if turns}


def name(interval_s: float) -> str:
    """The interval as part of a key: "0_5_ms", "5_ms", "50_ms"."""
    return f"{1000 * interval_s:g}_ms".replace(".", "_")


def _samples(record: Record, interval_s: float) -> List[Sample]:
    return record.select("switch_interval", "threads", switch_interval_s=interval_s)
