"""Who runs when: jobs that do nothing but read the clock, in threads and in processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, Span, run_jobs
from scripts.measure.workloads import live_tracker

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# One turn of the tracker's loop costs about as much as this many additions of naive_add.
ADDITIONS_PER_TICK = 3


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Threads and processes; one after another there is nothing to see."""
    pool = {"workers": settings.workers, "pool": "cold"}
    estimate_s = settings.jobs * settings.ticks * ADDITIONS_PER_TICK * addition_s
    return [
        Case("threads", pool, estimate_s),
        Case("processes", {**pool, "start_method": runtime.start_method}, estimate_s),
    ]


def run(case: Case, settings: Settings) -> Outcome:
    """Time the trackers of one case, and give the intervals in which each of them really ran."""
    method = str(case.params.get("start_method", ""))
    arguments = [settings.ticks] * settings.jobs
    ran = run_jobs(case.name, live_tracker, arguments, int(case.params["workers"]), method)
    spans = [
        Span(number, start - ran.zero, stop - ran.zero)
        for number, job in enumerate(ran.jobs)
        for start, stop in job.result
    ]
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s}, spans)
