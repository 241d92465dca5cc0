"""Pools whose workers are all up before a clock is started, and what it takes to get there."""

from __future__ import annotations

import functools
import os
import select
import time
from concurrent import futures
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Callable, Iterator, List, Sequence, Tuple

from scripts.measure.executors import load
from scripts.measure.jobs import Run, timed, worker_id

# A worker that has not come up after this many seconds never will.
PATIENCE_S = 60
_barrier = None


def _keep_barrier(barrier: object) -> None:
    global _barrier
    _barrier = barrier


def _meet_at_barrier() -> str:
    _barrier.wait(PATIENCE_S)
    return worker_id()


def _meet_at_pipe(arrived: int, leave: int) -> str:
    """Meet the other workers of the same process; interpreters share no barrier, but its files."""
    os.write(arrived, b".")
    os.read(leave, 1)
    return worker_id()


def _start_processes(workers: int, start_method: str) -> Tuple[futures.Executor, List]:
    context = get_context(start_method)
    barrier = context.Barrier(workers)
    pool = futures.ProcessPoolExecutor(
        workers, context, initializer=_keep_barrier, initargs=(barrier,)
    )
    return pool, [pool.submit(_meet_at_barrier) for _ in range(workers)]


def _start_in_process(
    make: Callable[[int], futures.Executor], workers: int
) -> Tuple[futures.Executor, List]:
    pool = make(workers)
    arrivals, arrived = os.pipe()
    leave, send_off = os.pipe()
    meetings = [pool.submit(_meet_at_pipe, arrived, leave) for _ in range(workers)]
    for _ in range(workers):
        if not select.select([arrivals], [], [], PATIENCE_S)[0]:
            raise RuntimeError(f"not all of {workers} workers came up within {PATIENCE_S} s")
        os.read(arrivals, 1)
    os.write(send_off, b"." * workers)
    futures.wait(meetings)
    for end in (arrivals, arrived, leave, send_off):
        os.close(end)
    return pool, meetings


@contextmanager
def _started(
    way: str, workers: int, start_method: str
) -> Iterator[Tuple[futures.Executor, List[str]]]:
    """A pool of `way`, and the names of the workers that have done a task in it."""
    if way == "dask":
        from scripts.measure import cluster

        with cluster.client(workers) as client, cluster.executor_of(client) as pool:
            yield pool, list(client.run(worker_id).values())
        return
    if way == "processes":
        pool, meetings = _start_processes(workers, start_method)
    elif way == "threads":
        pool, meetings = _start_in_process(futures.ThreadPoolExecutor, workers)
    else:
        pool, meetings = _start_in_process(futures.InterpreterPoolExecutor, workers)
    with pool:
        yield pool, [meeting.result() for meeting in meetings]


@contextmanager
def warm_pool(
    way: str, workers: int, start_method: str
) -> Iterator[Tuple[futures.Executor, float]]:
    """A pool of `way` in which every worker has done one task, and the seconds that took.

    All workers are held at a barrier until the last has come, so none can do another's task.
    Raises RuntimeError when fewer distinct workers than `workers` came.
    """
    load(way)
    begin = time.perf_counter()
    with _started(way, workers, start_method) as (pool, names):
        distinct = set(names)
        start_s = time.perf_counter() - begin
        if len(distinct) != workers:
            raise RuntimeError(f"{len(distinct)} distinct workers came up, not {workers}")
        yield pool, start_s


def run_warm(pool: futures.Executor, function: Callable, arguments: Sequence) -> Run:
    """Run `function` over `arguments` in a pool that is up; `wall_s` spans the jobs alone."""
    zero = time.perf_counter()
    jobs = list(pool.map(functools.partial(timed, function), arguments))
    return Run(zero, time.perf_counter() - zero, jobs)
