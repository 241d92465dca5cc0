"""The ways to run jobs: what each of them needs, how its pool is made, and how many run at once."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from concurrent import futures
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, Iterator, Tuple

from scripts.measure import executors

if TYPE_CHECKING:
    from scripts.measure.jobs import Scalar

# Starting a worker takes about as long as so many additions of naive_add.
_WORKER_ADDITIONS = {
    "for_loop": 0,
    "threads": 10_000,
    "fork": 80_000,
    "spawn": 1_400_000,
    "forkserver": 1_400_000,
    "interpreters": 400_000,
    "dask": 15_000_000,
    "joblib": 4_000_000,
}


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to run jobs.

    `run` runs them in a pool made for them (cold), as the post shows it; `pool` gives a pool to
    keep, which has a `map`. `modules` are what a program that uses it has imported before it
    starts; those of one that is `extra` are not Python's own. `own_gils` says whether its workers
    can compute at the same moment under a GIL, `started` whether there are several methods to
    start them.
    """

    name: str
    run: Callable
    pool: Callable[[int, str], ContextManager]
    modules: Tuple[str, ...] = ()
    own_gils: bool = False
    started: bool = False
    extra: bool = False

    def load(self) -> None:
        """Import what it needs, to be called before a clock is started."""
        for module in self.modules:
            importlib.import_module(module)

    def works(self) -> bool:
        """Whether this interpreter has it: a library may be there and be broken, in any way."""
        try:
            self.load()
        except Exception:
            return False
        return True

    def at_once(self, workers: int, cores: int, gil: bool) -> int:
        """How many jobs can compute at the same moment."""
        return 1 if gil and not self.own_gils else min(workers, cores)

    def start_additions(self, params: Dict[str, Scalar]) -> int:
        """As how many additions of naive_add a pool of `params` takes about as long to start."""
        each = _WORKER_ADDITIONS[str(params.get("start_method", self.name))]
        return each * int(params["workers"])

    def params(self, workers: int, pool: str, start_method: str) -> Dict[str, Scalar]:
        """What a case says of its pool, which is "cold" or "warm"."""
        if self.name == "for_loop":
            return {"workers": 1, "pool": "none"}
        found: Dict[str, Scalar] = {"workers": workers, "pool": pool}
        return {**found, "start_method": start_method} if self.started else found


class _Here:
    """No pool: what is mapped runs here and now."""

    map = staticmethod(map)


@contextmanager
def _here(workers: int, start_method: str) -> Iterator[_Here]:
    yield _Here()


def _threads(workers: int, start_method: str) -> futures.Executor:
    return futures.ThreadPoolExecutor(workers)


def _processes(workers: int, start_method: str) -> futures.Executor:
    return futures.ProcessPoolExecutor(workers, get_context(start_method))


def _interpreters(workers: int, start_method: str) -> futures.Executor:
    return futures.InterpreterPoolExecutor(workers)


def _dask(workers: int, start_method: str) -> ContextManager[futures.Executor]:
    from scripts.measure import cluster

    return cluster.executor(workers)


def _joblib(workers: int, start_method: str) -> ContextManager[Any]:
    from scripts.measure import parallel

    return parallel.pool(workers)


# What starts a worker by each method; all are imported when the first pool is made.
_STARTERS = {
    "fork": "popen_fork",
    "forkserver": "popen_forkserver",
    "spawn": "popen_spawn_win32" if sys.platform == "win32" else "popen_spawn_posix",
}


# All of them, whether this interpreter has them or not.
WAYS = {
    way.name: way
    for way in (
        Way("for_loop", executors.for_loop, _here),
        Way("threads", executors.threads, _threads, ("concurrent.futures.thread",)),
        Way(
            "processes",
            executors.processes,
            _processes,
            (
                "concurrent.futures.process",
                "multiprocessing.synchronize",
                *(f"multiprocessing.{_STARTERS[method]}" for method in get_all_start_methods()),
            ),
            own_gils=True,
            started=True,
        ),
        Way(
            "interpreters",
            executors.interpreters,
            _interpreters,
            ("concurrent.futures.interpreter",),
            own_gils=True,
        ),
        Way("dask", executors.dask, _dask, ("scripts.measure.cluster",), own_gils=True, extra=True),
        Way(
            "joblib",
            executors.joblib,
            _joblib,
            ("scripts.measure.parallel",),
            own_gils=True,
            extra=True,
        ),
    )
}
