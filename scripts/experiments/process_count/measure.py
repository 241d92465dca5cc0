"""How many workers are best: the same work by 1, 2, … of them, up to twice as many as cores.

The work is fixed and divided, never fixed per worker: what is asked is the speed-up. It is cut anew
for every number of workers, into as many equal jobs for each of them. With the same eight jobs in
all cases six workers would have to go twice, like four, and the answer would be about eight.
"""

from __future__ import annotations

import functools
import time
from concurrent import futures
from multiprocessing import get_context
from typing import TYPE_CHECKING, ContextManager, List

from scripts.measure import memory
from scripts.measure.executors import load
from scripts.measure.jobs import Case, Outcome, run_jobs, timed
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# Up to here every number of workers is tried.
FEW = 8
# Two jobs or more for each worker: the end of one that was held up is not the end of all.
JOBS_EACH = 2


def worker_counts(cores: int) -> List[int]:
    """The numbers of workers to try on a machine of `cores`, at least 1 to 4."""
    most = max(2 * cores, 4)
    if most <= FEW:
        return list(range(1, most + 1))
    doubled = {2**power for power in range(cores.bit_length())}
    around = {cores - 1, cores, cores + 1, cores * 3 // 2, most}
    return sorted({count for count in doubled if count < cores} | around)


def shares(settings: Settings, workers: int) -> List[int]:
    """The additions of each job: as many jobs for every worker, in all the same for any number."""
    total = settings.process_count_jobs * settings.process_count_additions
    each = max(JOBS_EACH, -(-settings.process_count_jobs // workers))
    jobs = workers * each
    return [total // jobs + (number < total % jobs) for number in range(jobs)]


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """The for loop, which is the 1 of all speed-ups, and every number of threads and processes.

    Dask takes seconds to start for what is one second of work, so of it there is one number only.
    """
    one_by_one = sum(shares(settings, 1)) * addition_s
    found = [Case("for_loop", {"workers": 1, "pool": "none"}, one_by_one)]
    for workers in worker_counts(machine.cores):
        pool = {"workers": workers, "pool": "cold"}
        at_once = one_by_one / min(workers, machine.cores)
        found.append(Case("threads", pool, one_by_one if runtime.gil else at_once))
        found.append(Case("processes", {**pool, "start_method": runtime.start_method}, at_once))
        if workers == machine.cores and "dask" in runtime.ways:
            found.append(Case("dask", pool, at_once))
    return found


def run(case: Case, settings: Settings) -> Outcome:
    """Time the work in a pool made for it, and read its memory when all of the work is done.

    The workers are still up then. The clock stands meanwhile: `wall_s` spans the making of the
    pool, the jobs, and its closing, as elsewhere.
    """
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    work = shares(settings, workers)
    if case.name == "for_loop":
        ran = run_jobs("for_loop", naive_add, work, 1, "")
        held = memory.tree_mb() or memory.finished_mb(0)
        return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s, **held})
    load(case.name)
    zero = time.perf_counter()
    with _pool(case.name, workers, method) as pool:
        jobs = list(pool.map(functools.partial(timed, naive_add), work))
        done = time.perf_counter()
        held = memory.tree_mb()
        paused_s = time.perf_counter() - done
    wall_s = time.perf_counter() - zero - paused_s
    held = held or memory.finished_mb(0 if case.name == "threads" else workers)
    return Outcome({"wall_s": wall_s, "cpu_s": sum(job.cpu_s for job in jobs), **held})


def _pool(way: str, workers: int, start_method: str) -> ContextManager[futures.Executor]:
    if way == "threads":
        return futures.ThreadPoolExecutor(workers)
    if way == "dask":
        from scripts.measure import cluster

        return cluster.executor(workers)
    return futures.ProcessPoolExecutor(workers, get_context(start_method))
