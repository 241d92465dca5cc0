"""What Linux control groups allow this process: CPU quota and throttling, version 1 and 2, nested.

Files as described in the kernel's documentation: admin-guide/cgroup-v2 (cpu.max, cpu.stat) and
scheduler/sched-bwc (cpu.cfs_quota_us, cpu.cfs_period_us).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Optional

PROC = Path("/proc/self")


def _read(path: Path) -> str:
    """The text of a file, "" without it; bytes in it that are no ASCII still name files."""
    try:
        return path.read_bytes().decode("ascii", "surrogateescape")
    except (OSError, ValueError):
        return ""


def _unescaped(field: str) -> str:
    """A path of mountinfo, in which spaces and the like stand as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8) % 128), field)


def _lineage(mount: Path, mount_root: str, own: str) -> List[Path]:
    """The folders of a group and of all groups above it that can be seen from here."""
    inside = own[len(mount_root) :] if own.startswith(mount_root.rstrip("/") + "/") else own
    parts = [part for part in inside.split("/") if part not in ("", "..")]
    return [mount.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]


def cpu_folders(proc: Path = PROC) -> List[Path]:
    """The groups that govern the CPU time of this process, innermost first; [] without any.

    Lines that are not as the kernel writes them are passed over.
    """
    folders: List[Path] = []
    own: Dict[str, str] = {}
    for line in _read(proc / "cgroup").splitlines():
        if line.count(":") >= 2:
            _, controllers, path = line.split(":", 2)
            own.update(dict.fromkeys(controllers.split(","), path))
    for line in _read(proc / "mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        fields, (kind, _, options, *_) = left.split(), [*right.split(), "", "", ""]
        controller = "" if kind == "cgroup2" else "cpu"
        is_cpu = kind == "cgroup2" or (kind == "cgroup" and "cpu" in options.split(","))
        if is_cpu and controller in own and len(fields) >= 5:
            mount_root, mount = map(_unescaped, fields[3:5])
            folders += _lineage(Path(mount), mount_root, own[controller])
    return folders


def _group_quota(folder: Path) -> Optional[float]:
    found = re.match(r"(\d{1,15}) (\d{1,15})$", _read(folder / "cpu.max").strip())
    if not found:
        both = (_read(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period"))
        found = re.match(r"(\d{1,15}) (\d{1,15})$", " ".join(both))
    if not found or int(found[1]) == 0 or int(found[2]) == 0:
        return None
    return int(found[1]) / int(found[2])


def quota_cores(folders: List[Path]) -> Optional[float]:
    """The CPU quota in cores, the least of the nested groups; None when there is none."""
    quotas = [quota for quota in map(_group_quota, folders) if quota is not None]
    return min(quotas, default=None)


def throttled_count(folders: List[Path]) -> int:
    """How often these groups have been stopped for having used up their quota."""
    found = [re.search(r"^nr_throttled (\d{1,15})$", _read(f / "cpu.stat"), re.M) for f in folders]
    return sum(int(match.group(1)) for match in found if match)
