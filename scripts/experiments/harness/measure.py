"""What measuring costs: a timed job against the bare loop, the tracker against bare readings."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Callable, List

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.workloads import live_tracker, naive_add

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# Each pair is measured this often, its two sides in turn, in the same process.
PAIRS = 9


def read_clock(ticks: int) -> float:
    """The tracker's loop without its recording."""
    last = 0.0
    for _ in range(ticks):
        last = time.perf_counter()
    return last


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """One case: all pairs belong into one process, since two processes differ by themselves."""
    estimate_s = PAIRS * (2 * settings.harness_additions + 6 * settings.harness_ticks) * addition_s
    return [Case("for_loop", {"workers": 1, "pool": "none"}, estimate_s)]


def run(case: Case, settings: Settings) -> Outcome:
    """Median seconds of each side: bare and timed additions, bare and recorded clock readings."""
    sides = {
        "bare_s": lambda: _seconds(naive_add, settings.harness_additions),
        "timed_s": lambda: _timed(settings.harness_additions),
        "clock_s": lambda: _seconds(read_clock, settings.harness_ticks),
        "tracker_s": lambda: _seconds(live_tracker, settings.harness_ticks),
    }
    times: dict = {name: [] for name in sides}
    for _ in range(PAIRS):
        for name, side in sides.items():
            times[name].append(side())
    return Outcome({name: statistics.median(found) for name, found in times.items()})


def _seconds(function: Callable, argument: int) -> float:
    begin = time.perf_counter()
    function(argument)
    return time.perf_counter() - begin


def _timed(additions: int) -> float:
    (job,) = run_jobs("for_loop", naive_add, [additions], 1, "").jobs
    return job.stop - job.start
