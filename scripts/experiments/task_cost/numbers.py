"""What a pool asks for every task: one by one, and in chunks."""

from __future__ import annotations

from typing import Dict

from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import fact, known, ratio, typical
from scripts.experiments.task_cost.measure import CHUNK
from scripts.record import Record

# Case and size of a chunk of each kind of pool.
POOLS = {
    "threads": ("threads", 1),
    "processes": ("processes", 1),
    "chunked": ("processes", CHUNK),
    "dask": ("dask", 1),
    "joblib": ("joblib", 1),
}
RATIOS = (("processes", "chunked"), ("processes", "threads"), ("dask", "processes"))


def quantities(record: Record) -> Dict[str, Quantity]:
    """Microseconds for an empty task through workers that are up, and how the pools compare."""
    costs = {pool: _costs_us(record, *arm) for pool, arm in POOLS.items()}
    found = {f"task_cost.{pool}.per_task_us": typical(each, "us") for pool, each in costs.items()}
    if costs["chunked"]:
        found["task_cost.chunked.chunk_count"] = fact(CHUNK, "count")
    for above, below in RATIOS:
        found[f"task_cost.{above}.to_{below}_ratio"] = ratio(costs[above], costs[below])
    return known(found)


def _costs_us(record: Record, case: str, chunk: int) -> Dict[At, float]:
    return {
        one.at: 1e6 * one.values["wall_s"] / int(one.params["tasks"])
        for one in record.select("task_cost", case, chunk=chunk)
    }
