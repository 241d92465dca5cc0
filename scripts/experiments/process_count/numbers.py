"""How much sooner the same work is done by 1, 2, … workers, and what they hold in memory.

The best number is the knee: the smallest one beyond which nothing is gained that can be told. It
is found on the odd rounds, and what it gains is told by the even ones.
"""

from __future__ import annotations

from typing import Dict, List

from scripts.conclude import line
from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import (
    by_round,
    even,
    fact,
    knee,
    known,
    middle,
    odd,
    quotient,
    ratio,
    scaled,
    shared,
    typical,
)
from scripts.experiments.process_count.declaration import CURVES, METHODS, POINTS
from scripts.record import Record, Sample

Curve = Dict[int, List[Sample]]
# The way the memory was read: shared pages counted once, or in each process.
MEMORY = ("peak_pss_mb", "peak_rss_mb")


def quantities(record: Record) -> Dict[str, Quantity]:
    """Speed-ups over one worker of the same kind, the best numbers of workers, and memory."""
    found = {}
    for way in CURVES:
        if samples := curve(record, way):
            said = {**_speed(samples, record.machine.cores), **_held(samples)}
            found.update({f"process_count.{way}.{name}": value for name, value in said.items()})
    found.update(_of_spinner(record))
    found = known(found)
    return known({**found, **_of_ceiling(found), **_of_points(record), **_of_dictionary(record)})


def curve(record: Record, case: str) -> Curve:
    """The samples of a case by the number of workers, in rising order."""
    found: Curve = {}
    for sample in record.select("process_count", case):
        found.setdefault(int(sample.params["workers"]), []).append(sample)
    return dict(sorted(found.items()))


def memory_mb(samples: List[Sample]) -> Dict[At, float]:
    """The memory of all processes by round, by the one way in which it was read."""
    return next(filter(None, (by_round(samples, name) for name in MEMORY)), {})


def _walls(samples: Curve) -> Dict[int, Dict[At, float]]:
    return dict(zip(samples, shared(*(by_round(each) for each in samples.values()))))


def _speed(samples: Curve, cores: int) -> Dict[str, Quantity]:
    walls = _walls(samples)
    if 1 not in walls or not walls[1]:
        return {}
    found = {}
    for workers, wall_s in walls.items():
        found[f"at_{workers}.wall_s"] = typical(wall_s, "s")
        if workers > 1:
            found[f"at_{workers}.speedup_ratio"] = ratio(walls[1], wall_s)
    if cores > 1 and cores in walls:
        found["at_cores_speedup_ratio"] = ratio(walls[1], walls[cores])
    if 2 * cores in walls and cores in walls:
        found["twice_cores_over_cores"] = ratio(walls[2 * cores], walls[cores])
    return {**found, **_best(walls)}


def _best(walls: Dict[int, Dict[At, float]]) -> Dict[str, Quantity]:
    best = knee({workers: odd(wall_s) for workers, wall_s in walls.items()})
    if best is None:
        return {}
    found = {"best_workers": fact(best, "count")}
    if best > 1:
        found["best_speedup_ratio"] = ratio(even(walls[1]), even(walls[best]))
    return found


def _held(samples: Curve) -> Dict[str, Quantity]:
    """What they hold in memory: at each number, before there is a worker, and each one more."""
    memory = {workers: memory_mb(each) for workers, each in samples.items()}
    memory = {workers: held for workers, held in memory.items() if held}
    found = {f"at_{workers}.memory_mb": typical(held, "mb") for workers, held in memory.items()}
    lines = line.by_round(memory)
    found["fixed_mb"] = middle({at: fixed for at, (fixed, _) in lines.items()}, "mb")
    found["per_worker_mb"] = middle({at: each for at, (_, each) in lines.items()}, "mb")
    return found


def _of_points(record: Record) -> Dict[str, Quantity]:
    """What is measured with one number of workers: its speed-up is over one process."""
    found = {}
    one = by_round(curve(record, "processes").get(1, []))
    for way in POINTS:
        for samples in curve(record, way).values():
            found[f"process_count.{way}.at_cores_speedup_ratio"] = ratio(one, by_round(samples))
            found[f"process_count.{way}.memory_mb"] = typical(memory_mb(samples), "mb")
    return found


def _of_spinner(record: Record) -> Dict[str, Quantity]:
    """What all cores together give at best: each of them does what one did alone."""
    cores = record.machine.cores
    spinner = curve(record, "spinner")
    if cores == 1 or not {1, cores} <= set(spinner):
        return {}
    alone, together = by_round(spinner[1]), by_round(spinner[cores])
    return {"process_count.cores.speedup_ratio": ratio(scaled(alone, cores), together)}


def _of_ceiling(found: Dict[str, Quantity]) -> Dict[str, Quantity]:
    """Which part of what the cores can give processes reach."""
    speedup = found.get("process_count.processes.at_cores_speedup_ratio")
    ceiling = found.get("process_count.cores.speedup_ratio")
    share = quotient(speedup, ceiling) if speedup and ceiling else None
    return {"process_count.processes.share_of_ceiling_ratio": share}


def _of_dictionary(record: Record) -> Dict[str, Quantity]:
    """What a worker holds that has used its dictionary, and how long all took to get there."""
    found = {}
    each = {}
    for method in METHODS:
        samples = record.select("process_count", "dictionary", start_method=method)
        if samples:
            sizes = by_round(samples, "dictionary_mb")
            found["process_count.dictionary.size_mb"] = middle(sizes, "mb")
            each[method] = _per_worker(samples)
            key = f"process_count.{method}.dictionary"
            found[f"{key}_start_s"] = typical(by_round(samples), "s")
            found[f"{key}_per_worker_mb"] = middle(each[method], "mb")
    for method in METHODS[1:]:
        over_fork = ratio(each.get(method, {}), each.get("fork", {}))
        found[f"process_count.{method}.dictionary_to_fork_ratio"] = over_fork
    return found


def _per_worker(samples: List[Sample]) -> Dict[At, float]:
    """What all hold beyond the parent as it was before there was a pool, for each worker."""
    held = memory_mb(samples)
    return {
        one.at: (held[one.at] - one.values["parent_mb"]) / int(one.params["workers"])
        for one in samples
        if one.at in held
    }
