"""What a pool costs before its first job: how long it takes until all of its workers are up.

Pools of three sizes tell what is fixed from what every worker adds.
"""

from __future__ import annotations

import multiprocessing
import statistics
from typing import TYPE_CHECKING, Dict, List

from scripts.measure.jobs import Case, Outcome
from scripts.measure.meeting import end_helpers, meet
from scripts.measure.pools import warm_pool
from scripts.measure.ways import WAYS

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime, Scalar

# What the job's module imports.
LIBRARIES = ("none", "numpy")
# Pools that are up in no time are started so often, and the median counts.
REPEATS = {"threads": 50, "interpreters": 3, "fork": 8}
# With NumPy a worker takes about as long as so many additions more, unless it is forked.
NUMPY_ADDITIONS = 2_500_000


def sizes(workers: int, library: str = "none") -> Dict[str, int]:
    """The sizes of the pools, the largest of which has `workers`: two for each core.

    With a library, which takes its time, there are two sizes only, up to as many as cores.
    """
    if library != "none":
        return {"start_one_s": 1, "start_cores_s": workers}
    return {"start_one_s": 1, "start_cores_s": max(1, workers // 2), "start_twice_s": workers}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every kind of pool, and processes by every method, with a bare job and with one that needs
    NumPy; of what is not Python's own there is one size only."""
    found = []
    for way in (WAYS[name] for name in runtime.ways if name != "for_loop"):
        methods = multiprocessing.get_all_start_methods() if way.started else [way.name]
        for method in methods:
            for library in LIBRARIES if way.started else LIBRARIES[:1]:
                few = way.extra or library != "none"
                workers = machine.cores if few else 2 * machine.cores
                params: Dict[str, Scalar] = way.params(workers, "cold", method)
                started = 1 if way.extra else sum(sizes(workers, library).values()) / workers
                additions = way.start_additions(params)
                if library == "numpy" and method != "fork":
                    additions += workers * NUMPY_ADDITIONS
                wall_s = REPEATS.get(method, 1) * started * additions * addition_s
                params["library"] = library
                found.append(Case(way.name, params, wall_s, extra=way.extra))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Start pools of each size and time until their workers have met, which all do at once.

    Every pool is like a program's first: nothing of the one before helps it. No values at all
    where NumPy is asked for and cannot be imported.
    """
    meeting = meet
    if case.params["library"] == "numpy":
        try:
            from scripts.measure.meeting_numpy import meet as meeting
        except Exception:  # a library may be broken in any way
            return Outcome({})
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    counts = sizes(workers, str(case.params["library"]))
    if WAYS[case.name].extra:
        counts = {"start_cores_s": workers}
    starts: Dict[str, List[float]] = {name: [] for name in counts}
    for _ in range(REPEATS.get(method or case.name, 1)):
        for name, count in counts.items():
            end_helpers()
            with warm_pool(case.name, count, method, meeting) as (_, start_s):
                starts[name].append(start_s)
    return Outcome({name: statistics.median(each) for name, each in starts.items()})
