"""What a pool asks for every task: many empty ones, one by one and in chunks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome
from scripts.measure.pools import warm_pool
from scripts.measure.ways import WAYS
from scripts.measure.workloads import do_nothing

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

CHUNK = 100
# By way and chunk: how many times `task_cost_tasks` there are, so that no arm is too short, and as
# how many additions one of these tasks takes about as long.
ARMS = {
    ("threads", 1): (3, 700),
    ("processes", 1): (1, 2500),
    ("processes", CHUNK): (40, 60),
    ("dask", 1): (0.25, 20_000),
    ("joblib", 1): (1, 2500),
}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Threads, processes and what is at hand besides; a worker for every core."""
    found = []
    for (name, chunk), (times, additions) in ARMS.items():
        if name in runtime.ways:
            way = WAYS[name]
            tasks = max(1, int(times * settings.task_cost_tasks))
            params = way.params(machine.cores, "warm", runtime.start_method)
            wall_s = (tasks * additions + way.start_additions(params)) * addition_s
            params = {**params, "chunk": chunk, "tasks": tasks}
            found.append(Case(name, params, wall_s, extra=way.extra))
    return found


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time the tasks, handed over all at once; some of them go before, and are not timed."""
    workers, method = int(case.params["workers"]), str(case.params.get("start_method", ""))
    chunk, tasks = int(case.params["chunk"]), range(int(case.params["tasks"]))
    with warm_pool(case.name, workers, method) as (pool, _):
        list(pool.map(do_nothing, range(10 * workers), chunksize=chunk))
        begin = time.perf_counter()
        done = sum(1 for _ in pool.map(do_nothing, tasks, chunksize=chunk))
        wall_s = time.perf_counter() - begin
    if done != len(tasks):
        raise RuntimeError(f"{done} of {len(tasks)} tasks were done")
    return Outcome({"wall_s": wall_s})
