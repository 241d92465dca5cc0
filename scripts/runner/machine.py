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

_CPUINFO = Path("/proc/cpuinfo")
_SMT = Path("/sys/devices/system/cpu/smt/active")
_LONGEST = 80  # of a name; no maker's is nearly as long


def _cpu_model() -> str:
    for tell in (_of_linux, _of_macos, _of_windows):
        shown = "".join(char for char in tell() if char.isascii() and char.isprintable())
        if shown.strip():
            return " ".join(shown.split())[:_LONGEST].strip()
    return platform.machine() or "unknown"


def _of_linux() -> str:
    try:
        text = _CPUINFO.read_bytes().decode("ascii", "replace")
    except OSError:
        return ""
    found = re.search(r"^(?:model name|Hardware|cpu model)[ \t]*:[ \t]*(\S.*)$", text, re.M)
    return found[1] if found else ""


def _of_macos() -> str:
    if platform.system() != "Darwin":
        return ""
    command = ["sysctl", "-n", "machdep.cpu.brand_string"]
    try:
        told = subprocess.run(command, capture_output=True, check=False, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.decode("ascii", "replace")


def _of_windows() -> str:
    try:
        import winreg

        key = winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
        )
        with key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    except (ImportError, OSError):
        return ""


def _smt() -> Optional[bool]:
    try:
        return {b"1": True, b"0": False}.get(_SMT.read_bytes().strip())
    except OSError:
        return None


def _memory_bytes() -> Optional[int]:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
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
