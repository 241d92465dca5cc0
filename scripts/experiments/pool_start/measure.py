"""What a pool costs before its first job: cold against warm, and every way to start a process."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every kind of pool twice: made for the jobs (cold), and up before them (warm)."""
    estimate_s = settings.jobs * settings.pool_start_additions * addition_s
    pools = [(way, {}) for way in runtime.ways if way in ("threads", "interpreters")]
    for method in multiprocessing.get_all_start_methods():
        pools.append(("processes", {"start_method": method}))
    return [
        Case(way, {"workers": settings.workers, "pool": state, **params}, estimate_s)
        for way, params in pools
        for state in ("cold", "warm")
    ]


def run(case: Case, settings: Settings) -> Outcome:
    """Time the same jobs in a cold or in a warm pool; of a warm one also how long it took to start.

    `start_s` runs until every worker has met the others, whose number is asserted.
    """
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    arguments = [settings.pool_start_additions] * settings.jobs
    if case.params["pool"] == "cold":
        ran = run_jobs(case.name, naive_add, arguments, workers, method)
        return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s}, ran.spans())
    with warm_pool(case.name, workers, method) as (pool, start_s):
        ran = run_warm(pool, naive_add, arguments)
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s, "start_s": start_s}, ran.spans())
