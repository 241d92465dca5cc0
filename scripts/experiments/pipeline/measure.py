"""A pipeline of machine learning, step by step: which way suits which of them?

The steps are of about the same length in a for loop. All jobs of a step are the same, so that they
must give the same result; that all ways do is checked when they are compared.
"""

from __future__ import annotations

import dataclasses
import importlib
import multiprocessing
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, Iterator, List

from scripts.measure.jobs import Case, Outcome, Run, run_jobs
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
    from scripts.record import Machine, Runtime, Scalar


@contextmanager
def pass_on(task: Any) -> Iterator[Any]:
    """Hand the argument to the jobs as it is."""
    yield task


@dataclasses.dataclass(frozen=True)
class Step:
    """A step: `ready` makes the argument before the clock starts, `hand_over` after it has.

    For the estimate: an item of it lasts about as long as so many `additions` of naive_add, and
    what comes before the first one as `start`. Without its `library` it cannot be measured.
    """

    ready: Callable[[int, Dict[str, Scalar]], ContextManager]
    job: Callable[[Any], Done]
    additions: int
    library: str = ""
    start: int = 4 * 10**6
    hand_over: Callable[[Any], ContextManager] = pass_on


# In the order of the pipeline.
STEPS = {
    "fetch": Step(fetch.ready, fetch.fetch, 20_000),
    "segment": Step(segment.ready, segment.segment, 30_000, "jieba", 2 * 10**7),
    "features": Step(features.ready, features.extract_features, 26_000),
    "large_array": Step(large_array.ready, large_array.smooth, 22_000, "numpy"),
    "linear_algebra": Step(linear_algebra.ready, linear_algebra.multiply, 20_000, "numpy"),
    "compress": Step(compress.ready, compress.compress, 26_000),
}
# What helps processes where a step does not suit them, by the name of its parameter.
REMEDIES = {
    "preloaded": dataclasses.replace(STEPS["segment"], hand_over=segment.preloaded),
    "shared": dataclasses.replace(
        STEPS["large_array"], hand_over=large_array.shared, job=large_array.smooth_shared
    ),
}
# The other parameters of the steps that have any, each with its usual value first.
VARIANTS: Dict[str, List[Dict[str, Scalar]]] = {
    "segment": [{"preloaded": 0}],
    "large_array": [{"shared": 0}],
    "linear_algebra": [{"blas_threads": 1}, {"blas_threads": 0}],
}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every step by every way of Python's own that this interpreter has, and the remedies."""
    found = []
    for name, step in STEPS.items():
        work = settings.jobs * settings.pipeline_items * step.additions
        estimate_s = (work + step.start) * addition_s
        variants = [
            (way, {**variant, **_pool(way, settings, runtime)})
            for way in runtime.ways
            if not WAYS[way].extra
            for variant in VARIANTS.get(name, [{}])
        ]
        pool = _pool("processes", settings, runtime)
        if name == "large_array":
            variants.append(("processes", {"shared": 1, **pool}))
        if name == "segment" and "fork" in multiprocessing.get_all_start_methods():
            # Only forked workers inherit what is loaded before them.
            variants.append(("processes", {"preloaded": 1, **pool, "start_method": "fork"}))
        found += [Case(way, {"step": name, **params}, estimate_s) for way, params in variants]
    return found


def _pool(way: str, settings: Settings, runtime: Runtime) -> Dict[str, Scalar]:
    if way == "for_loop":
        return {"workers": 1, "pool": "none"}
    pool: Dict[str, Scalar] = {"workers": settings.workers, "pool": "cold"}
    return {**pool, "start_method": runtime.start_method} if way == "processes" else pool


def run(case: Case, settings: Settings) -> Outcome:
    """Time the jobs of a step; no values at all where its library cannot be imported.

    Raises RuntimeError when the jobs do not agree on the result.
    """
    remedy = next((name for name in REMEDIES if case.params.get(name)), "")
    step = REMEDIES[remedy] if remedy else STEPS[str(case.params["step"])]
    method = str(case.params.get("start_method", ""))
    try:
        with step.ready(settings.pipeline_items, case.params) as task:
            if case.name == "interpreters" and step.library:
                _import_in_interpreter(step.library)
            zero = time.perf_counter()
            with step.hand_over(task) as handed:
                handover_s = time.perf_counter() - zero
                arguments = [handed] * settings.jobs
                ran = run_jobs(case.name, step.job, arguments, int(case.params["workers"]), method)
    except ImportError:
        if not step.library:
            raise
        return Outcome({})
    values = _values(case, ran)
    if remedy:
        values["handover_s"] = handover_s
        values["wall_s"] += handover_s
    if hasattr(task, "nbytes"):
        values["size_mb"] = task.nbytes / 1e6
    return Outcome(values)


def _import_in_interpreter(library: str) -> None:
    """Raise ImportError when an interpreter of a pool cannot import what this one can: NumPy.

    Tried before the jobs, since there it shows in many ways, as arguments that cannot be sent.
    """
    WAYS["interpreters"].run(_import, [library], 1, "")


def _import(library: str) -> None:
    importlib.import_module(library)


def _values(case: Case, ran: Run) -> Dict[str, float]:
    results: List[Done] = [job.result for job in ran.jobs]
    checksums = {done.checksum for done in results}
    if len(checksums) > 1:
        what = f"{len(checksums)} different results of the same job"
        raise RuntimeError(f"{case.params['step']} by {case.name} gave {what}")
    values = {"wall_s": ran.wall_s, "cpu_s": ran.cpu_s, "checksum_count": checksums.pop()}
    if case.params["step"] == "segment":
        values["load_s"] = sum(done.load_s for done in results)
        values["loads_count"] = sum(done.load_s > 0 for done in results)
    return values
