"""Which interpreters there are, and what sets them apart."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import List

from scripts.record import Runtime


def pythons_on_path() -> List[str]:
    """The names of all pythons on PATH that carry their version, the newest first."""
    names = set()
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if Path(folder).is_dir():
            names.update(entry.name for entry in Path(folder).glob("python3.*"))
    found = [match for match in map(re.compile(r"python3\.(\d+)(t?)").fullmatch, names) if match]
    found.sort(key=lambda match: (-int(match[1]), match[2]))
    return [match[0] for match in found]


def kind(runtime: Runtime) -> str:
    """What sets an interpreter apart here: no GIL, interpreters as a pool, or neither."""
    if not runtime.gil:
        return "no GIL"
    return "interpreters" if "interpreters" in runtime.ways else "GIL"
