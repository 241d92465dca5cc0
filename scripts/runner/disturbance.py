"""What else the machine did while a case was timed.

Judged from counters that only grow, read before and after: a sampler that ran during the
measurement would itself disturb it. Where /proc is missing, only the load average is known.
"""

from __future__ import annotations

import dataclasses
import os
import re
import resource
import time
from pathlib import Path
from typing import Dict, Optional

from scripts.record import Scalar
from scripts.runner import cgroup

# A case is marked when others used, or the hypervisor took, more than this part of the machine.
LIMIT = 0.05
# Counters of the kernel tick 100 times a second: below this many seconds they say nothing.
COARSE_S = 0.1
BUSY_BEFORE = 0.25


@dataclasses.dataclass(frozen=True)
class Reading:
    """The counters at one moment, in seconds of CPU time of the whole machine."""

    at: float
    load: float
    running: Optional[int]
    busy_s: Optional[float]
    steal_s: Optional[float]
    own_s: float
    involuntary: int
    throttled: int


def read() -> Reading:
    """The counters now. `own_s` and `involuntary` are of finished child processes."""
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy_s = steal_s = running = None
    try:
        text = Path("/proc/stat").read_text()
    except OSError:
        text = ""
    if text:
        ticks = [int(field) / os.sysconf("SC_CLK_TCK") for field in text.split("\n")[0].split()[1:]]
        user, nice, system, _, _, irq, softirq, steal_s = ticks[:8]
        busy_s = user + nice + system + irq + softirq
        running = int(re.search(r"^procs_running (\d+)$", text, re.M).group(1))
    return Reading(
        at=time.monotonic(),
        load=round(os.getloadavg()[0], 2),
        running=running,
        busy_s=busy_s,
        steal_s=steal_s,
        own_s=own.ru_utime + own.ru_stime,
        involuntary=own.ru_nivcsw,
        throttled=cgroup.throttled_count(cgroup.cpu_folders()),
    )


def between(before: Reading, after: Reading, cpu_count: int) -> Dict[str, Scalar]:
    """What disturbed the time between two readings; `disturbed` is the verdict.

    Shares are parts of the whole machine's time; None where this system does not tell. `elapsed_s`
    is what the case took with the start of its interpreter, as seen from outside.
    """
    whole_s = max(1e-9, after.at - before.at) * cpu_count
    others = steal = None
    excess_s = 0.0
    if before.busy_s is not None and after.busy_s is not None:
        others_s = max(0.0, after.busy_s - before.busy_s - (after.own_s - before.own_s))
        steal_s = after.steal_s - before.steal_s
        others, steal = round(others_s / whole_s, 4), round(steal_s / whole_s, 4)
        excess_s = max(others_s, steal_s)
    throttled = after.throttled - before.throttled
    noisy = excess_s > max(COARSE_S, LIMIT * whole_s)
    return {
        "elapsed_s": round(after.at - before.at, 3),
        "load_before": before.load,
        "load_after": after.load,
        "running_before": before.running,
        "running_after": after.running,
        "others_share": others,
        "steal_share": steal,
        "involuntary_switches": after.involuntary - before.involuntary,
        "throttled": throttled,
        "disturbed": noisy or throttled > 0,
    }


def busy_before(cpu_count: int, seconds: float = 0.5) -> Optional[str]:
    """What speaks against measuring now, as a phrase; None on a quiet machine."""
    before = read()
    time.sleep(seconds)
    after = read()
    if before.busy_s is None or after.busy_s is None:
        noisy = after.load > cpu_count
        share = ""
    else:
        used = (after.busy_s - before.busy_s + after.steal_s - before.steal_s) / seconds
        noisy = used > BUSY_BEFORE
        share = f", {used:.1f} of them in use"
    return f"load {after.load} on {cpu_count} cores{share}" if noisy else None
