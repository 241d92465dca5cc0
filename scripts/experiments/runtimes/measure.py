"""With the GIL and without it: every way that an interpreter has, on every interpreter at hand.

It is the work of the first two experiments again, in short rounds of its own, since interpreters
must be compared side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome, estimate_s, gil_enabled, worked
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.sweep import tracked
from scripts.measure.ways import WAYS
from scripts.measure.workloads import live_tracker, naive_add

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

TRACKER, NUMPY = "tracker_threads", "numpy_threads"
# Whether a library switches the GIL on does not vary.
NUMPY_ROUNDS = 2
# One turn of the tracker's loop costs about as much as this many additions of naive_add.
ADDITIONS_PER_TICK = 3


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Adding up by every way of Python's own, and threads that note when they run.

    Where there is no GIL, also threads whose job's module imports NumPy.
    """
    jobs = settings.jobs
    adding_s = jobs * settings.runtimes_additions * addition_s
    tracking_s = jobs * settings.runtimes_ticks * ADDITIONS_PER_TICK * addition_s
    arms = [(name, WAYS[name], adding_s) for name in runtime.ways if not WAYS[name].extra]
    arms.append((TRACKER, WAYS["threads"], tracking_s))
    if not runtime.gil:
        arms.append((NUMPY, WAYS["threads"], adding_s))
    found = []
    for name, way, work_s in arms:
        params = way.params(settings.workers, "warm", runtime.start_method)
        wall_s = estimate_s(way, params, work_s, jobs, machine, runtime, addition_s)
        group, rounds = (NUMPY, NUMPY_ROUNDS) if name == NUMPY else ("", 0)
        found.append(Case(name, params, wall_s, group, rounds))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time one case. Of the one with NumPy also whether it could be imported, and whether there is
    a GIL after that: an extension that is not ready for doing without it switches it on again."""
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    way = "threads" if case.name in (TRACKER, NUMPY) else case.name
    values = {"numpy_count": float(_import_numpy())} if case.name == NUMPY else {}
    with warm_pool(way, workers, method) as (pool, _):
        if case.name == TRACKER:
            ran = run_warm(pool, live_tracker, [settings.runtimes_ticks] * settings.jobs)
            return Outcome(tracked(ran))
        ran = run_warm(pool, naive_add, [settings.runtimes_additions] * settings.jobs)
    if case.name == NUMPY:
        values["gil_count"] = float(gil_enabled())
    return Outcome({**worked(ran, settings.runtimes_additions), **values})


def _import_numpy() -> bool:
    try:
        import numpy  # noqa: F401 - what comes of importing it is what is asked
    except Exception:  # a library may be broken in any way
        return False
    return True
