"""What it costs to start a pool: a fixed part, and one for every worker."""

from __future__ import annotations

from typing import Dict, List, Optional

from scripts.conclude import line
from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import by_round, known, middle, ratio, scaled, typical
from scripts.experiments.pool_start.declaration import METHODS
from scripts.record import Record, Sample


def quantities(record: Record) -> Dict[str, Quantity]:
    """Milliseconds until all workers are up, of each kind of pool; and how the kinds compare.

    Processes stand by their start method, and by the interpreter's own one as `processes`.
    """
    found: Dict[str, Optional[Quantity]] = {}
    pools = _pools(record)
    for pool, samples in pools.items():
        lines = line.by_round(_curves(record, samples))
        fixed_ms = {at: fixed for at, (fixed, _) in lines.items()}
        found[f"pool_start.{pool}.fixed_ms"] = middle(fixed_ms, "ms")
        each_ms = {at: each for at, (_, each) in lines.items()}
        found[f"pool_start.{pool}.per_worker_ms"] = middle(each_ms, "ms")
        found[f"pool_start.{pool}.at_cores_ms"] = typical(_start_ms(samples, "cores"), "ms")
    for method in METHODS:
        if method != "fork":
            found[f"pool_start.{method}.to_fork_ratio"] = _compared(pools, method, "fork")
        bare = _compared(pools, f"{method}_numpy", method)
        found[f"pool_start.{method}_numpy.to_bare_ratio"] = bare
    return known(found)


def _pools(record: Record) -> Dict[str, List[Sample]]:
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
    cores = record.machine.cores
    counts = (("one", 1), ("cores", cores), ("twice", 2 * cores))
    found = {workers: _start_ms(samples, name) for name, workers in counts}
    return {workers: starts for workers, starts in found.items() if starts}


def _start_ms(samples: List[Sample], workers: str) -> Dict[At, float]:
    return scaled(by_round(samples, f"start_{workers}_s"), 1000)


def _compared(pools: Dict[str, List[Sample]], above: str, below: str) -> Optional[Quantity]:
    """How many times as long as `below` a pool of `above` takes, with as many workers as cores."""
    return ratio(*(_start_ms(pools.get(pool, []), "cores") for pool in (above, below)))
