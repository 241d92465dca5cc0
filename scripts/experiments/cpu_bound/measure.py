"""Pure computing in pure Python: the same jobs in a for loop, in threads and in processes.

Once at the size of the post, as a take; and in many short rounds, which are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, estimate_s, run_jobs, worked
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.ways import WAYS
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

TAKE, SHORT = "take", "short"
POOLS = {TAKE: "cold", SHORT: "warm"}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every way that this interpreter has.

    The take makes a pool for the jobs, as a program would; in the short rounds it is up before, so
    that they time the work alone.
    """
    return [
        *_arms(settings, machine, runtime, addition_s, TAKE, settings.additions),
        *_arms(settings, machine, runtime, addition_s, SHORT, settings.short_additions),
    ]


def _arms(
    settings: Settings,
    machine: Machine,
    runtime: Runtime,
    addition_s: float,
    size: str,
    additions: int,
) -> List[Case]:
    found = []
    for way in (WAYS[name] for name in runtime.ways):
        params = way.params(settings.workers, POOLS[size], runtime.start_method)
        jobs, work_s = settings.jobs, settings.jobs * additions * addition_s
        wall_s = estimate_s(way, params, work_s, jobs, machine, runtime, addition_s)
        group, rounds = (TAKE, 1) if size == TAKE else ("", 0)
        params = {**params, "size": size}
        found.append(Case(way.name, params, wall_s, group, rounds, way.extra))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time the jobs of one case; who ran when is kept of the take."""
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    if case.params["size"] == TAKE:
        arguments = [settings.additions] * settings.jobs
        ran = run_jobs(case.name, naive_add, arguments, workers, method)
        return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s}, ran.spans())
    with warm_pool(case.name, workers, method) as (pool, _):
        ran = run_warm(pool, naive_add, [settings.short_additions] * settings.jobs)
    return Outcome(worked(ran, settings.short_additions))
