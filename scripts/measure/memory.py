"""How much memory a tree of processes holds, read from outside while nothing is being timed.

Adding up the resident sizes would count what a fork shares with its parent once per process. Linux
tells the proportional size (PSS), in which a page that n processes share is an n-th in each, so
that the sum over a tree is what the tree takes (kernel documentation, filesystems/proc.rst:
smaps_rollup). Elsewhere there is only each finished child's largest resident size.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Dict, List

try:
    import resource
except ImportError:  # Windows
    resource = None

PROC = Path("/proc")
_MB = 1e6


def descendants(root: int, proc: Path = PROC) -> List[int]:
    """`root` and all processes below it, those of a fork server too; only `root` without /proc."""
    children: Dict[int, List[int]] = {}
    for path in proc.glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended while we were looking
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [root]
    for process in found:
        found += sorted(children.get(process, []))
    return found


def tree_mb(root: int = 0, proc: Path = PROC) -> Dict[str, float]:
    """The `peak_pss_mb` of `root` (this process) and all below it; {} where Linux does not tell.

    To the proportional size of now comes what each process once had more than now: that was its
    own. It errs upwards when the processes had their peaks at different times.
    """
    total = 0.0
    for process in descendants(root or os.getpid(), proc):
        try:
            now = _kilobytes((proc / str(process) / "smaps_rollup").read_text())
            ever = _kilobytes((proc / str(process) / "status").read_text())
        except OSError:
            continue
        if "Pss" in now:
            peak = now["Pss"] + max(0, ever.get("VmHWM", 0) - now["Rss"])
            total += peak * 1024 / _MB
    return {"peak_pss_mb": total} if total else {}


def finished_mb(workers: int) -> Dict[str, float]:
    """The `peak_rss_mb` of this process and of `workers` finished ones like the largest of them.

    What they shared is counted in each. No source gives more on a system without smaps_rollup, and
    none gives anything on Windows: {}.
    """
    if resource is None:
        return {}
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"peak_rss_mb": (own + workers * largest) * unit / _MB}


def _kilobytes(text: str) -> Dict[str, int]:
    return {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.M)}
