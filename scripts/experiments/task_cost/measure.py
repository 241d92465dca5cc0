"""What a pool asks for every task: many empty ones through workers that are up."""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.workloads import do_nothing

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

WAYS = ("threads", "processes", "dask")
# So many additions take about as long as an empty task in the dearest of these pools.
ADDITIONS_PER_TASK = 20_000


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Threads, processes and, where it is at hand, Dask; a worker for every core."""
    estimate_s = settings.task_cost_tasks * ADDITIONS_PER_TASK * addition_s
    pool = {"workers": machine.cores, "pool": "warm"}
    method = {"start_method": runtime.start_method}
    return [
        Case(way, {**pool, **method} if way == "processes" else pool, estimate_s)
        for way in WAYS
        if way in runtime.ways
    ]


def run(case: Case, settings: Settings) -> Outcome:
    """Time the tasks, handed over all at once; some of them go before, and are not timed.

    `start_s` is what it took until every worker was up.
    """
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    tasks = range(settings.task_cost_tasks)
    with warm_pool(case.name, workers, method) as (pool, start_s):
        list(pool.map(do_nothing, range(10 * workers)))
        ran = run_warm(pool, do_nothing, tasks)
    return Outcome({"wall_s": ran.wall_s, "start_s": start_s})
