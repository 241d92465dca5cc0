"""Which code is timed: a hash for each experiment, of the modules that run in its processes.

A changed word, colour, progress line or error text never asks for a new measurement.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Set

from scripts.record.code import SCRIPTS, closure, sha256_of

# What every timed process begins with.
_ENTRY = "scripts.measure.child"


def code_sha256s(scripts: Path = SCRIPTS) -> Dict[str, str]:
    """The hash of each experiment of the code below `scripts`."""
    names = sorted(path.parent.name for path in (scripts / "experiments").glob("*/measure.py"))
    return {name: sha256_of(modules_of(name, scripts), scripts) for name in names}


def modules_of(name: str, scripts: Path = SCRIPTS) -> Set[str]:
    """The modules that run in a timed process of the experiment `name`."""
    return closure((_ENTRY, f"scripts.experiments.{name}.measure"), scripts)
