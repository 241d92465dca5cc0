"""Facts about an interpreter, seen from inside the process that is timed."""

from __future__ import annotations

import multiprocessing
import platform
import sys
import sysconfig
import time
from typing import Any, Dict

from scripts.measure.jobs import gil_enabled
from scripts.measure.ways import WAYS


def facts() -> Dict[str, Any]:
    """The interpreter that runs this, with the start method that is its default here.

    They are the fields of scripts.record.Runtime.
    """
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    version = platform.python_version()
    gil = gil_enabled()  # which a library may switch on
    clock = time.get_clock_info("perf_counter")
    return {
        "id": f"python{'.'.join(version.split('.')[:2])}{'t' if free_threaded else ''}",
        "implementation": platform.python_implementation(),
        "version": version,
        "build": " ".join((*platform.python_build(), platform.python_compiler())),
        "gil": gil,
        "switch_interval_s": sys.getswitchinterval(),
        "start_method": multiprocessing.get_start_method(),
        "ways": [name for name, way in WAYS.items() if way.works()],
        "clock": {
            "name": "perf_counter",
            "implementation": clock.implementation,
            "monotonic": clock.monotonic,
            "resolution_s": clock.resolution,
        },
    }
