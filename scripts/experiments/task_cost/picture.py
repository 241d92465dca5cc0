"""What a pool asks for every task, beside the others: threads, processes and Dask."""

from __future__ import annotations

from scripts.conclude import stats
from scripts.conclude.stats import Quantity, fact, median
from scripts.record import Record

PICTURE = ""  # numbers in the prose
WAYS = ("threads", "processes", "dask")
KEYS = (
    "task_cost.tasks_count",
    *(f"task_cost.{way}.per_task_ms" for way in WAYS),
    "task_cost.dask.start_s",
)


def values(record: Record) -> dict[str, Quantity]:
    """Milliseconds for an empty task, of many at once through workers that are up.

    Of Dask also the seconds until the scheduler and all workers are.
    """
    found = {}
    for way in WAYS:
        samples = record.select("task_cost", way)
        if samples:
            tasks = int(record.settings["task_cost_tasks"])
            found["task_cost.tasks_count"] = fact(tasks, "count")
            costs = [1000 * sample.values["wall_s"] / tasks for sample in samples]
            found[f"task_cost.{way}.per_task_ms"] = median(costs, "ms")
            if way == "dask":
                found["task_cost.dask.start_s"] = stats.median_of(samples, "start_s", "s")
    return found
