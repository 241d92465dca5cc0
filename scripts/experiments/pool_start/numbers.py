"""What it costs to start a pool: a fixed part, and one for every worker."""

from __future__ import annotations

from typing import Dict, List

from scripts.conclude import line
from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import by_round, middle, ratio, shared, typical
from scripts.experiments.pool_start.declaration import METHODS
from scripts.record import Record, Sample


def quantities(record: Record) -> Dict[str, Quantity]:
    """Milliseconds until all workers are up, of each kind of pool; and how the kinds compare.

    Processes stand by their start method, and by the interpreter's own one as `processes`.
    """
    found: Dict[str, Quantity] = {}
    pools = _pools(record)
    for pool, samples in pools.items():
        starts = _curves(record, samples)
        lines = line.by_round(starts)
        if lines:
            fixed = {at: fixed_ms for at, (fixed_ms, _) in lines.items()}
            each = {at: each_ms for at, (_, each_ms) in lines.items()}
            found[f"pool_start.{pool}.fixed_ms"] = middle(fixed, "ms")
            found[f"pool_start.{pool}.per_worker_ms"] = middle(each, "ms")
        if at_cores := _at_cores(samples):
            found[f"pool_start.{pool}.at_cores_ms"] = typical(at_cores, "ms")
    for method in METHODS:
        _compare(found, pools, method, "fork", f"{method}.to_fork_ratio")
        _compare(found, pools, f"{method}_numpy", method, f"{method}_numpy.to_bare_ratio")
    return found


def _pools(record: Record) -> Dict[str, List[Sample]]:
    """The samples of each kind of pool that there are."""
    own = record.runtimes[0].start_method
    found = {
        way: record.select("pool_start", way)
        for way in ("threads", "interpreters", "dask", "joblib")
    }
    for pool, method in (("processes", own), *((method, method) for method in METHODS)):
        found[pool] = record.select("pool_start", "processes", start_method=method, library="none")
    for method in METHODS:
        found[f"{method}_numpy"] = record.select(
            "pool_start", "processes", start_method=method, library="numpy"
        )
    measured = {pool: [one for one in samples if one.values] for pool, samples in found.items()}
    return {pool: samples for pool, samples in measured.items() if samples}


def _curves(record: Record, samples: List[Sample]) -> Dict[float, Dict[At, float]]:
    """Milliseconds by the number of workers, and by round."""
    cores = record.machine.cores
    found = {}
    for name, workers in (("one", 1), ("cores", cores), ("twice", 2 * cores)):
        starts = by_round(samples, f"start_{name}_s")
        if starts:
            found[workers] = {at: 1000 * start_s for at, start_s in starts.items()}
    return found


def _at_cores(samples: List[Sample]) -> Dict[At, float]:
    return {at: 1000 * start_s for at, start_s in by_round(samples, "start_cores_s").items()}


def _compare(
    found: Dict[str, Quantity], pools: Dict[str, List[Sample]], above: str, below: str, name: str
) -> None:
    """How many times as long as `below` a pool of `above` takes, with as many workers as cores."""
    if above != below and above in pools and below in pools:
        pair = shared(_at_cores(pools[above]), _at_cores(pools[below]))
        if pair[0]:
            found[f"pool_start.{name}"] = ratio(*pair)
