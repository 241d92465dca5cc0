"""What the moments at which each job ran add up to, over many short rounds."""

from __future__ import annotations

from typing import Dict, List

from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import at_once, by_round, known, middle, scaled, typical
from scripts.experiments.interleaving.declaration import DECLARATION
from scripts.record import Record, Sample


def quantities(record: Record) -> Dict[str, Quantity]:
    """Times, shares and lengths of each way.

    Overlap is of the time from the first job's start to the last one's stop, parallelism of the
    whole wall time, by the jobs' own clocks; `at_once` is the same by their CPU time.
    """
    found = {}
    for way in DECLARATION.cases:
        samples = record.select("interleaving", way, size="short")
        for name, quantity in _of_way(samples).items():
            found[f"interleaving.{way}.{name}"] = quantity
    return known(found)


def takes(record: Record) -> Dict[str, List[Sample]]:
    """The samples of each way that hold who ran when, in the order of the figure's panels."""
    found = {way: record.select("interleaving", way, size="take") for way in DECLARATION.cases}
    held = {way: [one for one in samples if one.spans] for way, samples in found.items()}
    return {way: samples for way, samples in held.items() if samples}


def _of_way(samples: List[Sample]) -> Dict[str, Quantity]:
    return {
        "wall_s": typical(by_round(samples), "s"),
        "overlap_percent": middle(by_round(samples, "overlap_percent"), "percent"),
        "switches_count": middle(by_round(samples, "switches_count"), "count"),
        "median_run_ms": typical(scaled(by_round(samples, "median_run_s"), 1000), "ms"),
        "median_turn_ms": typical(scaled(by_round(samples, "median_turn_s"), 1000), "ms"),
        "parallelism_ratio": typical(_parallelism(samples), "ratio"),
        "at_once": typical(at_once(samples), "ratio"),
    }


def _parallelism(samples: List[Sample]) -> Dict[At, float]:
    return {one.at: one.values["running_s"] / one.values["wall_s"] for one in samples}
