"""What a task costs, from samples with known answers."""

from scripts.experiments.task_cost import numbers as task_cost
from tests.experiments import build


def arm(case, chunk, tasks, wall_s):
    """Rounds of one pool."""
    return build.arm("task_cost", case, {"chunk": chunk, "tasks": tasks}, wall_s=wall_s)


def test_the_time_of_all_tasks_is_shared_by_them():
    """Microseconds a task for each pool, and how many times another they are."""
    record = build.record(
        arm("threads", 1, 10_000, 0.1),
        arm("processes", 1, 4000, 0.24),
        arm("processes", 100, 160_000, 0.32),
        arm("dask", 1, 1000, 0.6),
    )
    assert build.texts(task_cost.quantities(record)) == {
        "task_cost.threads.per_task_us": "10.0",
        "task_cost.processes.per_task_us": "60.0",
        "task_cost.chunked.per_task_us": "2.00",
        "task_cost.dask.per_task_us": "600",
        "task_cost.chunked.chunk_count": "100",
        "task_cost.processes.to_chunked_ratio": "30.0",
        "task_cost.processes.to_threads_ratio": "6.00",
        "task_cost.dask.to_processes_ratio": "10.0",
    }


def test_what_was_not_measured_is_no_zero():
    """There is no such value."""
    found = task_cost.quantities(build.record(arm("threads", 1, 100, 0.1)))
    assert set(found) == {"task_cost.threads.per_task_us"}
    assert task_cost.quantities(build.record()) == {}
