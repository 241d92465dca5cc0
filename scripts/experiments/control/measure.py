"""The control: the very same case twice, as if it were two. A difference here is a false alarm.

It is of the kinds that the claims rest on: jobs in a for loop, and in a pool of processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, estimate_s
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.ways import WAYS
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

KINDS = ("for_loop", "processes")


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """A and B of each kind, which differ in nothing but their names."""
    found = []
    for way in (WAYS[kind] for kind in KINDS):
        params = way.params(settings.workers, "warm", runtime.start_method)
        jobs = settings.jobs
        work_s = jobs * settings.control_additions * addition_s
        wall_s = estimate_s(way, params, work_s, jobs, machine, runtime, addition_s)
        for name in ("a", "b"):
            found.append(Case(name, {**params, "kind": way.name}, wall_s, way.name))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time the jobs of A or of B."""
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    arguments = [settings.control_additions] * settings.jobs
    with warm_pool(str(case.params["kind"]), workers, method) as (pool, _):
        ran = run_warm(pool, naive_add, arguments)
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s})
