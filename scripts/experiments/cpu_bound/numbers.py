"""What came of it: times of the take, and of the short rounds times, costs and how many at once."""

from __future__ import annotations

import statistics
from typing import Dict, List

from scripts.conclude.quantity import ByRound, Quantity
from scripts.conclude.stats import (
    at_once,
    by_round,
    cost_ns,
    fact,
    known,
    quotient,
    ratio,
    take,
    typical,
)
from scripts.experiments.cpu_bound.declaration import WAYS
from scripts.record import Record, Sample

# Which ways are compared with which by their wall times.
RATIOS = (
    *(("for_loop", way) for way in WAYS[1:]),
    ("threads", "for_loop"),
    *((way, "processes") for way in ("threads", "interpreters", "dask", "joblib")),
)
_OF_COSTS = (("threads", "processes"), ("threads", "for_loop"), ("processes", "for_loop"))


def quantities(record: Record) -> Dict[str, Quantity]:
    """Times of the take, which are not compared; and all that the short rounds say."""
    return known({**_of_takes(record), **_of_rounds(record)})


def takes(record: Record) -> Dict[str, List[Sample]]:
    """The samples of each way at the size of the post, in the order of the figure's panels."""
    return _ways(record, "take")


def _ways(record: Record, size: str) -> Dict[str, List[Sample]]:
    found = {way: record.select("cpu_bound", way, size=size) for way in WAYS}
    return {way: samples for way, samples in found.items() if samples}


def _of_takes(record: Record) -> Dict[str, Quantity]:
    ways = takes(record)
    found = {f"cpu_bound.{way}.take_s": take(by_round(each), "s") for way, each in ways.items()}
    alone = {one.at: _job_s(one) for one in ways.get("for_loop", ()) if one.spans}
    return {**found, "cpu_bound.for_loop.job_s": take(alone, "s")}


def _job_s(sample: Sample) -> float:
    return statistics.median(span.stop_s - span.start_s for span in sample.spans)


def _of_rounds(record: Record) -> Dict[str, Quantity]:
    """A wall time is what an addition costs by how many jobs ran at once, and so are the ratios.

    All are of the rounds that have every way, so that times and ratios fit.
    """
    ways = _complete(_ways(record, "short"))
    if not ways:
        return {}
    work = record.settings["jobs"] * record.settings["short_additions"]
    walls = {way: by_round(samples) for way, samples in ways.items()}
    costs = {way: cost_ns(samples, work) for way, samples in ways.items()}
    together = {way: at_once(samples) for way, samples in ways.items()}
    found = {}
    for way, samples in ways.items():
        found[f"cpu_bound.{way}.wall_s"] = typical(walls[way], "s")
        found[f"cpu_bound.{way}.cost_ns"] = typical(costs[way], "ns")
        found[f"cpu_bound.{way}.at_once"] = typical(together[way], "ratio")
        spread = ratio(*(by_round(samples, f"{which}_ns") for which in ("dearest", "cheapest")))
        found[f"cpu_bound.{way}.cost_spread_ratio"] = spread
    for above, below in RATIOS:
        if above in ways and below in ways:
            found[f"cpu_bound.{above}_over_{below}"] = ratio(walls[above], walls[below])
    return {**found, **_factors(costs, together), **_of_ceiling(record, found)}


def _complete(ways: Dict[str, List[Sample]]) -> Dict[str, List[Sample]]:
    """The samples of those rounds that have all ways; {} when there is none."""
    rounds = [{one.at for one in samples} for samples in ways.values()]
    common = set.intersection(*rounds) if rounds else set()
    if not common:
        return {}
    return {way: [one for one in each if one.at in common] for way, each in ways.items()}


def _factors(costs: Dict[str, ByRound], together: Dict[str, ByRound]) -> Dict[str, Quantity]:
    """The two factors of a ratio of wall times: how many at once, and what an addition cost."""
    pair = (together.get(way, {}) for way in ("processes", "threads"))
    found = {"cpu_bound.processes.at_once_to_threads_ratio": ratio(*pair)}
    for above, below in _OF_COSTS:
        pair = costs.get(above, {}), costs.get(below, {})
        found[f"cpu_bound.{above}.cost_to_{below}_ratio"] = ratio(*pair)
    return found


def _of_ceiling(record: Record, found: Dict[str, Quantity]) -> Dict[str, Quantity]:
    speedup = found.get("cpu_bound.for_loop_over_processes")
    settings = record.settings
    most = min(record.machine.cores, settings["workers"], settings["jobs"])
    share = quotient(speedup, fact(most, "ratio")) if speedup else None
    return {"cpu_bound.processes.share_of_ceiling_ratio": share}
