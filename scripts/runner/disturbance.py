"""What else the machine did while a case was timed.

Judged from counters that only grow, read before and after: a sampler that ran during the
measurement would itself disturb it. What a system does not tell is left out, never guessed.

The rule, fixed before anything was measured. A sample is disturbed when, while its case ran,
- others used, or the hypervisor took, more than 5 % of the machine's time, and more than 0.1 s; or
- a quota stopped a control group of this process; or
- the case or this program was stopped or frozen (seen twice a second), or the machine slept.
"""

from __future__ import annotations

import dataclasses
import os
import re
import time
from pathlib import Path
from typing import Dict, List, Optional

from scripts.record import Scalar
from scripts.runner import cgroup

try:
    import resource
except ImportError:  # Windows
    resource = None

LIMIT = 0.05
# Counters of the kernel tick 100 times a second: below this many seconds they say nothing.
COARSE_S = 0.1
BUSY_BEFORE = 0.25
STAT = Path("/proc/stat")


@dataclasses.dataclass(frozen=True)
class Reading:
    """The counters at one moment, in seconds; `busy_s` and `steal_s` are of the whole machine.

    `own_s` is the CPU time of finished child processes, `asleep_s` grows while the machine sleeps.
    """

    at: float
    busy_s: Optional[float]
    steal_s: Optional[float]
    own_s: float
    throttled: int
    asleep_s: float


def _cpu_s() -> List[float]:
    """The columns of the line of all CPUs in /proc/stat, in seconds; as many as can be read."""
    try:
        text = STAT.read_bytes()
        found = re.search(rb"^cpu[ \t]+((?:\d{1,20}[ \t]*)*)", text, re.M)
        tick_s = 1 / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError):
        return []
    return [int(field) * tick_s for field in found.group(1).split()] if found else []


def _asleep_s() -> float:
    """By how much the clock that counts the machine's sleep is ahead of the one that does not."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if clock is None else time.clock_gettime(clock) - time.monotonic()


def read() -> Reading:
    """The counters now."""
    own_s, cpu_s = 0.0, _cpu_s()
    if resource:
        own = resource.getrusage(resource.RUSAGE_CHILDREN)
        own_s = own.ru_utime + own.ru_stime
    return Reading(
        at=time.monotonic(),
        # user, nice, system; then idle and waiting; then interrupts of two kinds
        busy_s=sum(cpu_s[:3] + cpu_s[5:7]) if len(cpu_s) >= 4 else None,
        steal_s=cpu_s[7] if len(cpu_s) >= 8 else None,
        own_s=own_s,
        throttled=cgroup.throttled_count(cgroup.cpu_folders()),
        asleep_s=_asleep_s(),
    )


def _grown(before: Optional[float], after: Optional[float]) -> Optional[float]:
    return None if before is None or after is None else max(0.0, after - before)


def between(
    before: Reading, after: Reading, cpu_count: int, stopped: bool = False, core: int = -1
) -> Dict[str, Scalar]:
    """What disturbed the time between two readings; `disturbed` is the verdict, 0 or 1.

    Shares are parts of the whole machine's time; `elapsed_s` is what the case took with the start
    of its interpreter, as seen from outside. `stopped` and `core` are what the child's answer says.
    """
    elapsed_s = max(1e-9, after.at - before.at)
    whole_s = elapsed_s * cpu_count
    busy_s = _grown(before.busy_s, after.busy_s)
    others_s = None if busy_s is None else max(0.0, busy_s - (after.own_s - before.own_s))
    steal_s = _grown(before.steal_s, after.steal_s)
    throttled = max(0, after.throttled - before.throttled)
    noisy = max(others_s or 0.0, steal_s or 0.0) > max(COARSE_S, LIMIT * whole_s)
    slept = after.asleep_s - before.asleep_s > COARSE_S
    found: Dict[str, Scalar] = {"elapsed_s": round(elapsed_s, 3), "throttled_count": throttled}
    if others_s is not None:
        found["others_share"] = round(others_s / whole_s, 4)
    if steal_s is not None:
        found["steal_share"] = round(steal_s / whole_s, 4)
    if core >= 0:
        found["core"] = core
    return {**found, "disturbed": int(noisy or throttled > 0 or stopped or slept)}


def load() -> Optional[float]:
    """How many processes wanted to run in the last minute; None where the system does not tell."""
    try:
        return round(os.getloadavg()[0], 2)
    except (OSError, AttributeError):
        return None


def busy_before(cpu_count: int, seconds: float = 0.5) -> Optional[str]:
    """What speaks against measuring now, as a phrase; None on a quiet machine."""
    before = read()
    time.sleep(seconds)
    after, load_now = read(), load()
    busy_s = _grown(before.busy_s, after.busy_s)
    shown = "" if load_now is None else f"load {load_now} on {cpu_count} cores"
    if busy_s is None:
        return shown if load_now is not None and load_now > cpu_count else None
    used = (busy_s + (_grown(before.steal_s, after.steal_s) or 0.0)) / (after.at - before.at)
    return f"{shown}, {used:.1f} of them in use" if used > BUSY_BEFORE else None
