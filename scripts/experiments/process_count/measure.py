"""How many workers are best: the same work by 1, 2, … of them, up to twice as many as cores.

The work is fixed and divided, never fixed per worker: what is asked is the speed-up. It is cut anew
for every number of workers, into as many equal jobs for each of them. With the same eight jobs in
all cases six workers would have to go twice, like four, and the answer would be about eight.

What the cores could give at best tells a spinner: the same loop on one of them, and on all at once.
"""

from __future__ import annotations

import functools
import multiprocessing
import tempfile
import time
from concurrent import futures
from typing import TYPE_CHECKING, Dict, List

from scripts.measure import dictionary, memory
from scripts.measure.jobs import Case, Outcome, estimate_s, timed
from scripts.measure.meeting import open_gate
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.ways import WAYS
from scripts.measure.workloads import naive_add

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# Up to here every number of workers is tried.
FEW = 8
# Two jobs or more for each worker: the end of one that was held up is not the end of all.
JOBS_EACH = 2
SPINNER, DICTIONARY = "spinner", "dictionary"
# A word takes about as long as so many additions: made once, sent to every worker, looked up.
MAKE, SEND, LOOK_UP = 12, 20, 4


def worker_counts(cores: int) -> List[int]:
    """The numbers of workers to try on a machine of `cores`, at least 1 to 4."""
    most = max(2 * cores, 4)
    if most <= FEW:
        return list(range(1, most + 1))
    doubled = {2**power for power in range(cores.bit_length())}
    around = {cores - 1, cores, cores + 1, cores * 3 // 2, most}
    return sorted({count for count in doubled if count < cores} | around)


def shares(settings: SimpleNamespace, workers: int) -> List[int]:
    """The additions of each job: as many jobs for every worker, in all the same for any number."""
    total = settings.process_count_jobs * settings.process_count_additions
    each = max(JOBS_EACH, -(-settings.process_count_jobs // workers))
    jobs = workers * each
    return [total // jobs + (number < total % jobs) for number in range(jobs)]


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every number of processes, and of threads where they can gain; the spinner; the dictionary.

    Of what is not Python's own there is one number only, that of the cores.
    """
    work_s = settings.process_count_jobs * settings.process_count_additions * addition_s
    found = []
    for way in (WAYS[name] for name in runtime.ways):
        for workers in _counts(way.name, machine.cores, runtime.gil):
            params = way.params(workers, "warm", runtime.start_method)
            wall_s = estimate_s(way, params, work_s, workers, machine, runtime, addition_s)
            found.append(Case(way.name, params, wall_s, extra=way.extra))
    for workers in sorted({1, machine.cores}):
        params = WAYS["processes"].params(workers, "warm", runtime.start_method)
        additions = settings.spinner_additions + WAYS["processes"].start_additions(params)
        found.append(Case(SPINNER, params, additions * addition_s))
    return [*found, *_dictionary_cases(settings, machine, addition_s)]


def _counts(way: str, cores: int, gil: bool) -> List[int]:
    """The numbers of workers that are tried of a way."""
    if way == "processes" or (way == "threads" and not gil):
        return worker_counts(cores)
    if way == "threads":
        return sorted({1, cores, max(2 * cores, 4)})
    return [cores] if WAYS[way].extra else []


def _dictionary_cases(settings: Settings, machine: Machine, addition_s: float) -> List[Case]:
    """Every start method once, where the memory of a process can be read."""
    found: List[Case] = []
    if not (memory.tree_mb() or memory.finished_mb(0)):
        return found
    for method in multiprocessing.get_all_start_methods():
        params = WAYS["processes"].params(machine.cores, "cold", method)
        each = MAKE + LOOK_UP + (0 if method == "fork" else machine.cores * SEND)
        additions = settings.dictionary_words * each + WAYS["processes"].start_additions(params)
        found.append(Case(DICTIONARY, params, additions * addition_s))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time the work in a pool that is up, and read the memory of all while the pool still is.

    Where it cannot be read so, it is that of the finished processes.
    """
    if case.name == DICTIONARY:
        return _hold_dictionary(case, settings)
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    work, way = shares(settings, workers), case.name
    if case.name == SPINNER:
        work, way = [settings.spinner_additions] * workers, "processes"
    with warm_pool(way, workers, method) as (pool, _):
        ran = run_warm(pool, naive_add, work)
        held = memory.tree_mb()
    held = held or memory.finished_mb(workers if WAYS[way].started else 0)
    return Outcome({"wall_s": ran.wall_s, "cpu_s": ran.cpu_s, **held})


def _hold_dictionary(case: Case, settings: SimpleNamespace) -> Outcome:
    """What processes hold that were given a dictionary of their parent and have used all of it.

    `parent_mb` is what that one held before there was a pool, `dictionary_mb` what of this the
    dictionary is. `wall_s` runs from the making of the pool until all workers have looked up all.
    """
    workers, method = int(case.params["workers"]), str(case.params["start_method"])
    WAYS["processes"].load()
    without = _own_mb()
    words = dictionary.make(settings.dictionary_words)
    values: Dict[str, float] = {"parent_mb": _own_mb()}
    values["dictionary_mb"] = values["parent_mb"] - without
    context = multiprocessing.get_context(method)
    with tempfile.TemporaryDirectory() as folder:
        open_gate(folder)
        begin = time.perf_counter()
        with futures.ProcessPoolExecutor(workers, context, dictionary.keep, (words,)) as pool:
            job = functools.partial(timed, functools.partial(dictionary.look_up, folder))
            done = list(pool.map(job, [workers] * workers))
            values["wall_s"] = time.perf_counter() - begin
            held = memory.tree_mb()
    values["cpu_s"] = sum(job.cpu_s for job in done)
    return Outcome({**values, **(held or memory.finished_mb(workers))})


def _own_mb() -> float:
    """What this process holds, alone."""
    (held,) = (memory.tree_mb() or memory.finished_mb(0)).values()
    return held
