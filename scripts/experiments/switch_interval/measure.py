"""Whose stripes they are: two threads that note when they run, under three switch intervals.

If the turns that threads take come from the GIL, they are as long as the interval after which a
waiting thread may ask for it, whatever that is set to.
"""

from __future__ import annotations

import statistics
import sys
from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, run_jobs
from scripts.measure.sweep import turns
from scripts.measure.workloads import live_tracker

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# Below the usual 5 ms, that, and above it.
INTERVALS_S = (0.0005, 0.005, 0.05)
# Enough to take turns, whatever the settings say of jobs.
THREADS = 2
# One turn of the tracker's loop costs about as much as this many additions of naive_add.
ADDITIONS_PER_TICK = 3


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Each interval once; none without a GIL, where nobody has to ask."""
    if not runtime.gil:
        return []
    pool = {"workers": THREADS, "pool": "cold"}
    estimate_s = THREADS * settings.switch_interval_ticks * ADDITIONS_PER_TICK * addition_s
    return [
        Case("threads", {**pool, "switch_interval_s": interval_s}, estimate_s)
        for interval_s in INTERVALS_S
    ]


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Set the interval and let the threads run; what they noted is summed up here.

    There are thousands of turns at the shortest interval, too many to keep. The setting dies with
    this process.
    """
    sys.setswitchinterval(float(case.params["switch_interval_s"]))
    arguments = [settings.switch_interval_ticks] * THREADS
    ran = run_jobs("threads", live_tracker, arguments, THREADS, "")
    lengths = turns([job.result for job in ran.jobs])
    return Outcome(
        {
            "wall_s": ran.wall_s,
            "cpu_s": ran.cpu_s,
            "median_turn_s": statistics.median(lengths),
            "switches_count": len(lengths) - 1,
        }
    )
