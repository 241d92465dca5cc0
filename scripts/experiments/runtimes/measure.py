"""With the GIL and without it: every way that an interpreter has, on every interpreter at hand.

It is the work of the first two experiments again, at a size of its own: all interpreters together
shall cost about what the main one costs there.
"""

from __future__ import annotations

import dataclasses
import types
from typing import TYPE_CHECKING, List

from scripts.experiments.cpu_bound import measure as cpu_bound
from scripts.experiments.interleaving import measure as interleaving
from scripts.measure.jobs import Case, Outcome

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# The plan asks this of every interpreter; the other experiments are for the main one.
RUNTIMES = "all"
TRACKER = "tracker_threads"


def _sized(settings: Settings) -> Settings:
    sizes = {"additions": settings.runtimes_additions, "ticks": settings.runtimes_ticks}
    return types.SimpleNamespace(**{**vars(settings), **sizes})


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Adding up by every way of Python's own, and threads that note when they run."""
    sized = _sized(settings)
    adding = cpu_bound.cases(sized, machine, runtime, addition_s)
    tracking = interleaving.cases(sized, machine, runtime, addition_s)
    return [
        *(case for case in adding if case.name != "dask"),
        *(dataclasses.replace(case, name=TRACKER) for case in tracking if case.name == "threads"),
    ]


def run(case: Case, settings: Settings) -> Outcome:
    """Time one case, as the experiment does that it was taken from."""
    if case.name == TRACKER:
        return interleaving.run(dataclasses.replace(case, name="threads"), _sized(settings))
    return cpu_bound.run(case, _sized(settings))
