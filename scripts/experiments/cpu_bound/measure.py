"""Pure computing in pure Python: the same jobs in a for loop, in threads and in processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every way that this interpreter has; a fresh pool each time, as a program would make it."""
    one_by_one = settings.jobs * settings.additions * addition_s
    at_once = min(settings.workers, settings.jobs, machine.cores)
    found = []
    for way in runtime.ways:
        pool = {"workers": settings.workers, "pool": "cold"}
        if way == "for_loop":
            pool = {"workers": 1, "pool": "none"}
        if way == "processes":
            pool["start_method"] = runtime.start_method
        serial = way == "for_loop" or (way == "threads" and runtime.gil)
        found.append(Case(way, pool, one_by_one if serial else one_by_one / at_once))
    return found


def run(case: Case, settings: Settings) -> Outcome:
    """Time the jobs of one case."""
    method = str(case.params.get("start_method", ""))
    arguments = [settings.additions] * settings.jobs
    ran = run_jobs(case.name, naive_add, arguments, int(case.params["workers"]), method)
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s}, ran.spans())
