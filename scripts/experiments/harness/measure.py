"""What measuring costs: a timed job against the bare loop, the tracker against bare readings."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Callable, List, Tuple

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.workloads import live_tracker, naive_add

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# Each pair is measured this often, its two sides in turn, in the same process.
PAIRS = 20
# A reading of the clock, and one by the tracker, cost about as much as so many additions.
TICK_ADDITIONS = 5


def read_clock(ticks: int) -> float:
    """The tracker's loop without its recording."""
    last = 0.0
    for _ in range(ticks):
        last = time.perf_counter()
    return last


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """One case: all pairs belong into one process, since two processes differ by themselves."""
    additions = 2 * settings.harness_additions + TICK_ADDITIONS * settings.harness_ticks
    params = {"workers": 1, "pool": "none"}
    return [Case("for_loop", params, PAIRS * additions * addition_s)]


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Median seconds of each side, and the median ratio of each pair.

    What goes first changes from pair to pair: the second one may find the cache warmer.
    """
    additions, ticks = settings.harness_additions, settings.harness_ticks
    timed, bare, job_ratio = _pairs(
        lambda: _timed(additions), lambda: _seconds(naive_add, additions)
    )
    tracked, read, tracker_ratio = _pairs(
        lambda: _seconds(live_tracker, ticks), lambda: _seconds(read_clock, ticks)
    )
    jobs = {"timed_s": timed, "bare_s": bare, "timed_over_bare_ratio": job_ratio}
    clocks = {"tracker_s": tracked, "clock_s": read, "tracker_over_clock_ratio": tracker_ratio}
    return Outcome({**jobs, **clocks})


def _pairs(above: Callable[[], float], below: Callable[[], float]) -> Tuple[float, float, float]:
    """The medians of both sides, and that of the ratios of the pairs."""
    pairs = []
    for number in range(PAIRS):
        if number % 2:
            upper = above()
            pairs.append((upper, below()))
        else:
            lower = below()
            pairs.append((above(), lower))
    uppers, lowers = zip(*pairs)
    ratios = [upper / lower for upper, lower in pairs]
    return statistics.median(uppers), statistics.median(lowers), statistics.median(ratios)


def _seconds(function: Callable, argument: int) -> float:
    begin = time.perf_counter()
    function(argument)
    return time.perf_counter() - begin


def _timed(additions: int) -> float:
    (job,) = run_jobs("for_loop", naive_add, [additions], 1, "").jobs
    return job.stop - job.start
