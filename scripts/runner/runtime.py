"""Which interpreters there are, and what sets them apart."""

from __future__ import annotations

import contextlib
import os
import re
from typing import List

from scripts.record import Runtime


def pythons_on_path() -> List[str]:
    """The names of all pythons on PATH that carry their version, the newest first."""
    names: List[str] = []
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder:
            with contextlib.suppress(OSError):
                names += os.listdir(folder)
    numbered = map(re.compile(r"python3\.(\d{1,3})(t?)").fullmatch, {*names})
    found = [match for match in numbered if match]
    found.sort(key=lambda match: (-int(match[1]), match[2]))
    return [match[0] for match in found]


def kind(runtime: Runtime) -> str:
    """What sets an interpreter apart here: no GIL, interpreters as a pool, or neither."""
    if not runtime.gil:
        return "no GIL"
    return "interpreters" if "interpreters" in runtime.ways else "GIL"
