"""What this machine is, named by what it is: no host name, no user name, no path."""

from __future__ import annotations

import math
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Optional

from scripts.record import Machine
from scripts.runner import cgroup


def _cpu_model() -> str:
    """The processor's trade name, or at least its architecture."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        named = re.search(r"^(?:model name|Hardware|cpu model)\s*:\s*(\S.*)$", text, re.M)
    except OSError:
        named = None
    if named:
        return " ".join(named.group(1).split())
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        brand = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        if brand:
            return brand
    return platform.machine() or "unknown"


def _smt() -> Optional[bool]:
    try:
        return Path("/sys/devices/system/cpu/smt/active").read_text().strip() == "1"
    except OSError:
        return None


def _memory_bytes() -> Optional[int]:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def usable_cores(cpu_count: int, affinity_count: int, quota: Optional[float]) -> int:
    """The least of CPU count, affinity and quota; a part of a core counts as one (loky's rule)."""
    limit = math.inf if quota is None else max(1, math.ceil(quota))
    return int(min(cpu_count, affinity_count, limit))


def machine_facts() -> Machine:
    """The facts of this machine, with every input to its number of cores."""
    cpu_count = os.cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    affinity_count = len(affinity(0)) if affinity else cpu_count
    quota = cgroup.quota_cores(cgroup.cpu_folders())
    release = ".".join(re.findall(r"\d+", platform.release())[:2])
    return Machine(
        cpu_model=_cpu_model(),
        architecture=platform.machine(),
        system=f"{platform.system()} {release}".strip(),
        cpu_count=cpu_count,
        affinity_count=affinity_count,
        quota_cores=quota,
        cores=usable_cores(cpu_count, affinity_count, quota),
        smt=_smt(),
        memory_bytes=_memory_bytes(),
    )
