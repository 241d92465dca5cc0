"""What each kind of interpreter gains by each way, and what it pays for it."""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence

from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import at_once, by_round, cost_ns, fact, known, middle, ratio, typical
from scripts.experiments.runtimes.declaration import KINDS, WAYS
from scripts.record import Record, Runtime, Sample

# What is compared with the for loop: how many times as long that takes.
_TO_LOOP = [("for_loop", way) for way in WAYS[1:]]


@dataclasses.dataclass(frozen=True)
class Measured:
    """One interpreter and its samples by case."""

    runtime: Runtime
    cases: Dict[str, List[Sample]]
    # How many additions a case is.
    work: int

    @property
    def ways(self) -> Dict[str, List[Sample]]:
        """The samples of adding up, by way, in the order of the panels."""
        return {way: self.cases[way] for way in WAYS if way in self.cases}


def quantities(record: Record) -> Dict[str, Quantity]:
    """All of each kind that was measured: `gil` and `no_gil`, the first interpreter of each, and
    `interpreters`, the first that has them."""
    everyone = measured(record)
    if not everyone:
        return {}
    kinds = _kinds(everyone)
    found = {"runtimes.count": fact(len(everyone), "count")}
    for kind in KINDS:
        if kind in kinds:
            said = {**_names(kinds[kind].runtime), **_of_ways(kinds[kind])}
            found.update({f"runtimes.{kind}.{name}": value for name, value in said.items()})
    if "no_gil" in kinds:
        found.update(_price(kinds["no_gil"], everyone))
        found.update(_with_numpy(kinds["no_gil"]))
    return known(found)


def measured(record: Record) -> List[Measured]:
    """Every interpreter that has samples, in the order in which they were measured."""
    found = []
    for runtime in record.runtimes:
        names = (*WAYS, "tracker_threads", "numpy_threads")
        cases = {name: record.select("runtimes", name, runtime.id) for name in names}
        cases = {name: samples for name, samples in cases.items() if samples}
        if cases:
            work = record.settings["jobs"] * record.settings["runtimes_additions"]
            found.append(Measured(runtime, cases, work))
    return found


def _kinds(everyone: Sequence[Measured]) -> Dict[str, Measured]:
    """The first of each kind; for interpreters one with a GIL, since without it none are needed."""
    kinds: Dict[str, Measured] = {}
    for one in everyone:
        kinds.setdefault("gil" if one.runtime.gil else "no_gil", one)
    for one in sorted(everyone, key=lambda one: not one.runtime.gil):
        if "interpreters" in one.cases:
            kinds.setdefault("interpreters", one)
    return kinds


def of_interpreter(one: Measured) -> Dict[str, Quantity]:
    """What one interpreter did, under the keys by which `cpu_bound` says it of the first one."""
    walls = {way: by_round(samples) for way, samples in one.ways.items()}
    found = {f"cpu_bound.{way}.wall_s": typical(wall_s, "s") for way, wall_s in walls.items()}
    for way, samples in one.ways.items():
        found[f"cpu_bound.{way}.at_once"] = typical(at_once(samples), "ratio")
    for above, below in (*_TO_LOOP, ("threads", "for_loop"), ("threads", "processes")):
        found[f"cpu_bound.{above}_over_{below}"] = _compared(walls, above, below)
    return known(found)


def _names(runtime: Runtime) -> Dict[str, Quantity]:
    name = f"{runtime.implementation} {runtime.version}"
    return {"version": fact(runtime.version, "text"), "name": fact(name, "text")}


def _of_ways(one: Measured) -> Dict[str, Quantity]:
    """Times, costs, how many ran at once, and ratios to the for loop."""
    found = {}
    walls = {way: by_round(samples) for way, samples in one.ways.items()}
    for way, samples in one.ways.items():
        found[f"{way}_wall_s"] = typical(walls[way], "s")
        found[f"{way}_at_once"] = typical(at_once(samples), "ratio")
        found[f"{way}_cost_ns"] = typical(cost_ns(samples, one.work), "ns")
    for above, below in (*_TO_LOOP, ("threads", "for_loop"), ("interpreters", "processes")):
        found[f"{above}_to_{below}_ratio"] = _compared(walls, above, below)
    tracked = by_round(one.cases.get("tracker_threads", ()), "overlap_percent")
    return {**found, "threads_overlap_percent": middle(tracked, "percent")}


def _compared(walls: Dict[str, Dict[At, float]], above: str, below: str) -> Optional[Quantity]:
    return ratio(walls.get(above, {}), walls.get(below, {}))


def _price(free: Measured, everyone: Sequence[Measured]) -> Dict[str, Quantity]:
    """What one thread pays for the missing GIL: the for loop without it over the one with it.

    Compared is the nearest version with a GIL, since versions differ in speed as well.
    """
    others = [one for one in everyone if one.runtime.gil and "for_loop" in one.cases]
    if not others or "for_loop" not in free.cases:
        return {}
    nearest = min(others, key=lambda one: abs(_minor(one.runtime) - _minor(free.runtime)))
    price = ratio(*(by_round(one.cases["for_loop"]) for one in (free, nearest)))
    return {
        "runtimes.no_gil.single_thread_price_ratio": price,
        "runtimes.no_gil.single_thread_base_version": price
        and fact(nearest.runtime.version, "text"),
    }


def _minor(runtime: Runtime) -> int:
    major, minor = runtime.version.split(".")[:2]
    return 100 * int(major) + int(minor)


def _with_numpy(free: Measured) -> Dict[str, Quantity]:
    samples = free.cases.get("numpy_threads")
    if not samples:
        return {}
    there = int(samples[-1].values["numpy_count"])
    found = {"runtimes.no_gil.numpy_count": fact(there, "count")}
    if there:
        locked = int(samples[-1].values["gil_count"])
        found["runtimes.no_gil.gil_after_numpy_count"] = fact(locked, "count")
        found["runtimes.no_gil.numpy_threads_at_once"] = typical(at_once(samples), "ratio")
    return found
