"""A pipeline of machine learning, step by step: from how much work on does which way pay?

An arm is one way of doing a step. In one fresh process it does the step three times, with few
items, with more and with most, in random order, each time in a pool of its own: so the line start +
items × cost can be laid through the times of one and the same process. A pool with nothing to do
tells what starting costs, and what is loaded once by the program is timed apart.

There is a worker for every core, and a job for every worker: more cannot compute at once. Two
workers' worth of items is what a for loop is given. What runs in parallel gets as many more as it
has workers, so that on many cores, too, there is work enough to show what is gained in the end.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import multiprocessing
import random
import time
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, List, Optional, Tuple

from scripts.measure.jobs import Case, Outcome, Run, Scalar, run_jobs
from scripts.measure.meeting import end_helpers
from scripts.measure.steps import (
    Done,
    compress,
    features,
    fetch,
    large_array,
    linear_algebra,
    segment,
)
from scripts.measure.ways import WAYS

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

PASSES = ("small", "middle", "large")


@dataclasses.dataclass(frozen=True)
class Step:
    """A step: its module of scripts.measure.steps, and the job there.

    A unit of work is so many items (`unit`). For the estimate: it lasts about as long as so many
    `additions` of naive_add, and waits for `wait_s`; `parallel` says whether threads can do it at
    once in spite of a GIL. Without its `library` it cannot be measured.
    """

    module: Any
    job: Callable
    unit: int
    additions: int
    wait_s: float = 0.0
    parallel: bool = False
    library: str = ""


# In the order of the pipeline.
STEPS = {
    "fetch": Step(fetch, fetch.fetch, 1, 20_000, wait_s=0.01, parallel=True),
    "segment": Step(segment, segment.segment, 12, 300_000, library="jieba"),
    "features": Step(features, features.extract_features, 36, 300_000),
    "large_array": Step(large_array, large_array.smooth, 32, 300_000, library="numpy"),
    "linear_algebra": Step(
        linear_algebra, linear_algebra.multiply, 4, 250_000, parallel=True, library="numpy"
    ),
    "compress": Step(compress, compress.compress, 12, 300_000, parallel=True),
}
# About what it takes to load jieba's dictionary.
LOAD_ADDITIONS = 2 * 10**7
# And about what comes before the clock: imports, and the making of what is worked on.
READY_ADDITIONS = 3 * 10**6


@dataclasses.dataclass(frozen=True)
class Arm:
    """How a step is done where it is not done as usual.

    By `way`, with `job` for the step's and `hand_out` for its module's. `blas_threads` is what
    NumPy is told, 0 for nothing. `load` is done once and timed before the passes, for what the
    first of them would else do. A unit lasts about as long as so many `additions`, 0 for as usual.
    """

    way: str
    job: Optional[Callable] = None
    hand_out: Optional[Callable[..., ContextManager]] = None
    load: Optional[Callable[[Any], None]] = None
    start_method: str = ""
    blas_threads: int = 1
    additions: int = 0


def _import_numpy(_: Any) -> None:
    importlib.import_module("numpy")


ARMS = {
    "segment": {
        "for_loop": Arm("for_loop", load=segment.load),
        "threads": Arm("threads", load=segment.load),
        # Only forked workers inherit what is loaded before them.
        "preloaded": Arm("processes", load=segment.load, start_method="fork"),
    },
    "features": {
        "vectorised": Arm(
            "for_loop",
            features.extract_features_at_once,
            load=_import_numpy,
            blas_threads=0,
            additions=50_000,
        ),
    },
    "large_array": {
        "shared": Arm("processes", large_array.smooth_shared, large_array.share),
    },
    # The for loop leaves BLAS its threads, as NumPy comes; joblib tells its workers by itself.
    "linear_algebra": {
        "for_loop": Arm("for_loop", blas_threads=0),
        "joblib": Arm("joblib", blas_threads=0),
        "one_thread": Arm("for_loop"),
        "threads_unpinned": Arm("threads", blas_threads=0, additions=400_000),
        "processes_unpinned": Arm("processes", blas_threads=0, additions=800_000),
    },
}
USUAL = ("for_loop", "threads", "processes", "interpreters", "joblib")


def arms_of(step: str) -> Dict[str, Arm]:
    """All arms of a step, by the names of their cases."""
    return {**{way: Arm(way) for way in USUAL}, **ARMS.get(step, {})}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every step by every way that this interpreter has; a step is a comparison."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    found = []
    for name, step in STEPS.items():
        for case, arm in arms_of(name).items():
            if arm.way not in runtime.ways or (arm.start_method == "fork" and not forks):
                continue
            way, cores = WAYS[arm.way], machine.cores
            at_once = cores if step.parallel else way.at_once(cores, cores, runtime.gil)
            wide = arm.way != "for_loop" and (step.parallel or at_once > 1 or way.own_gils)
            method = arm.start_method or runtime.start_method
            params = {"step": name, **way.params(cores, "cold", method)}
            units = [(cores if wide else 2) * number for number in _units(settings.pipeline_units)]
            params.update({size: number * step.unit for size, number in zip(PASSES, units)})
            work_s = sum(units) * (step.wait_s + (arm.additions or step.additions) * addition_s)
            estimate_s = work_s / (at_once if wide else 1) + _besides(arm, params) * addition_s
            found.append(Case(case, params, estimate_s, group=name, extra=way.extra))
    return found


def _besides(arm: Arm, params: Dict[str, Scalar]) -> int:
    """As how many additions about what an arm does besides its work takes."""
    loads = 1 if arm.load else len(PASSES)
    load = loads * LOAD_ADDITIONS if params["step"] == "segment" else 0
    starts = (len(PASSES) + 1) * WAYS[arm.way].start_additions(params)
    return READY_ADDITIONS + starts + load


def _units(most: int) -> List[int]:
    """The units of each pass for a worker: one, the most, and what lies between, as a factor."""
    return [1, max(1, round(math.sqrt(most))), most]


def run(case: Case, settings: Settings) -> Outcome:
    """Time the passes of an arm; no values at all where something that it needs does not load.

    `wall_s` and `cpu_s` are all that was timed, together. Raises RuntimeError when a job failed, or
    a worker has another GIL than this process.
    """
    step = STEPS[str(case.params["step"])]
    arm = arms_of(str(case.params["step"]))[case.name]
    linear_algebra.pin_blas(arm.blas_threads)
    if not _works(step.library, arm.way):
        return Outcome({})
    sizes = {size: int(case.params[size]) for size in PASSES}
    with step.module.ready(max(sizes.values())) as material:
        values: Dict[str, float] = {}
        if arm.load:
            begin = time.perf_counter()
            try:
                arm.load(material)
            except Exception:  # whatever a broken library raises
                return Outcome({})
            values["load_s"] = time.perf_counter() - begin
        if arm.way != "for_loop":
            values["start_s"] = _start_s(step, arm, case.params)
        checked = settings.pipeline_units * step.unit
        for size in random.sample(PASSES, len(PASSES)):
            wall_s, ran = _pass(step, arm, case.params, material, sizes[size], checked)
            values[f"{size}_s"] = wall_s
            values["cpu_s"] = values.get("cpu_s", 0.0) + ran.cpu_s
            if size == "large":
                values.update(_results(step, ran))
    walls = ("load_s", "start_s", *(f"{size}_s" for size in PASSES))
    values["wall_s"] = sum(values.get(name, 0.0) for name in walls)
    return Outcome(values)


def _works(library: str, way: str) -> bool:
    """Whether the library and the way can be imported, there where the jobs run, too.

    Whatever a broken library raises, it means no. NumPy refuses to be loaded in an interpreter of
    a pool; tried before the jobs, since there it shows in many ways, as arguments that cannot be
    sent.
    """
    try:
        _import(library)
        if library and way == "interpreters":
            WAYS[way].run(_import, [library], 1, "")
    except Exception:
        return False
    return WAYS[way].works()


def _import(library: str) -> None:
    if library:
        importlib.import_module(library)


def _start_s(step: Step, arm: Arm, params: Dict[str, Scalar]) -> float:
    """The seconds of a pool whose workers have nothing to do but to import the library."""
    workers, method = int(params["workers"]), str(params.get("start_method", ""))
    ran = run_jobs(arm.way, _import, [step.library] * workers, workers, method)
    end_helpers()
    return ran.wall_s


def _pass(
    step: Step, arm: Arm, params: Dict[str, Scalar], material: Any, count: int, checked: int
) -> Tuple[float, Run]:
    """The seconds that so many items took, with their handing out, and the jobs."""
    workers, method = int(params["workers"]), str(params.get("start_method", ""))
    hand_out = arm.hand_out or step.module.hand_out
    begin = time.perf_counter()
    with hand_out(material, count, workers, checked) as arguments:
        ran = run_jobs(arm.way, arm.job or step.job, arguments, workers, method)
    wall_s = time.perf_counter() - begin
    end_helpers()
    return wall_s, ran


def _results(step: Step, ran: Run) -> Dict[str, float]:
    """What came of a pass, and what its workers loaded."""
    results: List[Done] = [job.result for job in ran.jobs]
    found: Dict[str, float] = {"checksum_count": sum(done.checksum for done in results)}
    if step.library == "jieba":
        found["worker_load_s"] = sum(done.load_s for done in results)
        found["loads_count"] = sum(done.load_s > 0 for done in results)
    if step.module is large_array:
        found["size_mb"] = large_array.SIZE_MB
    return found
