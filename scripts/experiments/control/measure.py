"""The control: the very same case twice, as if it were two. A difference here is a false alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """A and B, both a cold pool of processes."""
    pool = {"workers": settings.workers, "pool": "cold", "start_method": runtime.start_method}
    estimate_s = settings.jobs * settings.control_additions * addition_s / machine.cores
    return [Case(name, pool, estimate_s) for name in ("a", "b")]


def run(case: Case, settings: Settings) -> Outcome:
    """Time the jobs of A or of B."""
    arguments = [settings.control_additions] * settings.jobs
    workers, method = int(case.params["workers"]), str(case.params["start_method"])
    ran = run_jobs("processes", naive_add, arguments, workers, method)
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s}, ran.spans())
