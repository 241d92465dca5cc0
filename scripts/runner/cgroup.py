"""What Linux control groups allow this process: CPU quota and throttling, version 1 and 2, nested.

Files as described in the kernel's documentation: admin-guide/cgroup-v2 (cpu.max, cpu.stat) and
scheduler/sched-bwc (cpu.cfs_quota_us, cpu.cfs_period_us).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Optional

PROC = Path("/proc/self")


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _lineage(mount: Path, mount_root: str, own: str) -> List[Path]:
    """The folders of a group and of all groups above it that can be seen from here."""
    inside = own[len(mount_root) :] if own.startswith(mount_root.rstrip("/") + "/") else own
    parts = [part for part in inside.split("/") if part not in ("", "..")]
    return [mount.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]


def cpu_folders(proc: Path = PROC) -> List[Path]:
    """The groups that govern the CPU time of this process, innermost first; [] without any."""
    folders = []
    own = {}
    for line in _read(proc / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        own.update(dict.fromkeys(controllers.split(","), path))
    for line in _read(proc / "mountinfo").splitlines():
        fields, _, tail = line.partition(" - ")
        kind, _, options = tail.split(" ", 2)
        mount_root, mount = fields.split(" ")[3:5]
        controller = "" if kind == "cgroup2" else "cpu"
        is_cpu = kind == "cgroup2" or (kind == "cgroup" and "cpu" in options.split(","))
        if is_cpu and controller in own:
            folders += _lineage(Path(mount), mount_root, own[controller])
    return folders


def _group_quota(folder: Path) -> Optional[float]:
    quota, _, period = _read(folder / "cpu.max").strip().partition(" ")
    if not quota:
        quota = _read(folder / "cpu.cfs_quota_us").strip()
        period = _read(folder / "cpu.cfs_period_us").strip()
    if not quota.isdigit() or not period.isdigit() or int(period) == 0:
        return None
    return int(quota) / int(period)


def quota_cores(folders: List[Path]) -> Optional[float]:
    """The CPU quota in cores, the least of the nested groups; None when there is none."""
    quotas = [quota for quota in map(_group_quota, folders) if quota is not None]
    return min(quotas, default=None)


def throttled_count(folders: List[Path]) -> int:
    """How often these groups have been stopped for having used up their quota."""
    found = [re.search(r"^nr_throttled (\d+)$", _read(f / "cpu.stat"), re.M) for f in folders]
    return sum(int(match.group(1)) for match in found if match)
