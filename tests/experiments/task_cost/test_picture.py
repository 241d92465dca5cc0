"""What a task costs, from samples with known answers."""

import dataclasses

from scripts.experiments.task_cost import picture as task_cost
from scripts.record import Sample
from tests.factory import add_dask, make_record


def test_the_time_of_all_tasks_is_shared_by_them():
    """Milliseconds a task for each way, and of Dask how long it took to start."""
    record = add_dask(make_record(experiments=()), noise=0.0)
    assert {key: value.text for key, value in task_cost.values(record).items()} == {
        "task_cost.tasks_count": "1,000",
        "task_cost.threads.per_task_ms": "0.0160",
        "task_cost.processes.per_task_ms": "0.0800",
        "task_cost.dask.per_task_ms": "0.600",
        "task_cost.dask.start_s": "1.30",
    }


def test_without_dask_the_others_stand_alone():
    """What was not measured is no zero: there is no such value."""
    record = make_record(experiments=())
    values = {"wall_s": 0.02, "start_s": 0.001}
    sample = Sample("task_cost", "threads", record.runtimes[0].id, 1, {"workers": 2}, values)
    found = task_cost.values(dataclasses.replace(record, samples=(sample,)))
    assert set(found) == {"task_cost.tasks_count", "task_cost.threads.per_task_ms"}
    assert task_cost.values(record) == {}
