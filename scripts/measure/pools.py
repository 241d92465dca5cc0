"""Pools whose workers are all up before a clock is started, and what it takes to get there."""

from __future__ import annotations

import functools
import tempfile
import time
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Sequence, Tuple

from scripts.measure.jobs import Run, timed
from scripts.measure.meeting import meet, open_gate
from scripts.measure.ways import WAYS


@contextmanager
def warm_pool(
    way: str, workers: int, start_method: str, meeting: Callable = meet
) -> Iterator[Tuple[Any, float]]:
    """A pool of `way` in which every worker has done one task, and the seconds that took.

    The task is `meeting`, which ends when all workers have come, so none can do another's.
    Raises RuntimeError when fewer distinct workers than `workers` came.
    """
    WAYS[way].load()
    with tempfile.TemporaryDirectory() as folder:
        open_gate(folder)
        begin = time.perf_counter()
        with WAYS[way].pool(workers, start_method) as pool:
            task = functools.partial(meeting, folder)
            distinct = set(pool.map(task, [workers] * workers))
            start_s = time.perf_counter() - begin
            if len(distinct) != workers:
                raise RuntimeError(f"{len(distinct)} distinct workers came up, not {workers}")
            yield pool, start_s


def run_warm(pool: Any, function: Callable, arguments: Sequence) -> Run:
    """Run `function` over `arguments` in a pool that is up; `wall_s` spans the jobs alone."""
    zero = time.perf_counter()
    jobs = list(pool.map(functools.partial(timed, function), arguments))
    return Run(zero, time.perf_counter() - zero, jobs)
