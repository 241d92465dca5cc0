"""Facts about an interpreter, seen from inside it, and which interpreters there are."""

from __future__ import annotations

import multiprocessing
import os
import platform
import re
import sys
import sysconfig
import time
from pathlib import Path
from typing import List

from scripts.measure.executors import WAYS
from scripts.measure.jobs import gil_enabled
from scripts.record import Runtime


def runtime_facts() -> Runtime:
    """The interpreter that runs this, with the start method that is its default here."""
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    version = platform.python_version()
    clock = time.get_clock_info("perf_counter")
    return Runtime(
        id=f"python{'.'.join(version.split('.')[:2])}{'t' if free_threaded else ''}",
        implementation=platform.python_implementation(),
        version=version,
        build=" ".join((*platform.python_build(), platform.python_compiler())),
        gil=gil_enabled(),
        switch_interval_s=sys.getswitchinterval(),
        start_method=multiprocessing.get_start_method(),
        ways=tuple(WAYS),
        clock={
            "name": "perf_counter",
            "implementation": clock.implementation,
            "monotonic": clock.monotonic,
            "resolution_s": clock.resolution,
        },
    )


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
