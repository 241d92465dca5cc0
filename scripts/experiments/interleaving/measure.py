"""Who runs when: jobs that do nothing but read the clock, in threads and in processes.

Twice as a take, of which all is kept that figure 2 draws; and in many short rounds, of which is
kept what it adds up to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, estimate_s, run_jobs
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.sweep import spans_of, tracked
from scripts.measure.ways import WAYS
from scripts.measure.workloads import live_tracker

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

TAKE, SHORT = "take", "short"
TAKES = 2
KINDS = ("threads", "processes")
# One turn of the tracker's loop costs about as much as this many additions of naive_add.
ADDITIONS_PER_TICK = 3


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Threads and processes; one after another there is nothing to see."""
    found = []
    work_s = settings.jobs * settings.ticks * ADDITIONS_PER_TICK * addition_s
    for size, pool, rounds in ((TAKE, "cold", TAKES), (SHORT, "warm", 0)):
        for way in (WAYS[kind] for kind in KINDS):
            params = way.params(settings.workers, pool, runtime.start_method)
            wall_s = estimate_s(way, params, work_s, settings.jobs, machine, runtime, addition_s)
            group = TAKE if size == TAKE else ""
            found.append(Case(way.name, {**params, "size": size}, wall_s, group, rounds))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time the trackers of one case; a take has the intervals in which each of them really ran."""
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    arguments = [settings.ticks] * settings.jobs
    if case.params["size"] == TAKE:
        ran = run_jobs(case.name, live_tracker, arguments, workers, method)
        return Outcome(tracked(ran), spans_of(ran))
    with warm_pool(case.name, workers, method) as (pool, _):
        ran = run_warm(pool, live_tracker, arguments)
    return Outcome(tracked(ran))
