"""What a task costs: which pools are asked, and that every task is done."""

import pytest

from scripts.experiments.settings import Settings
from scripts.experiments.task_cost import measure as task_cost
from tests.experiments import build

SETTINGS = Settings(task_cost_tasks=100)


def test_one_by_one_and_in_chunks_by_a_worker_for_every_core():
    """What comes on top has fewer tasks."""
    runtime = build.runtime(ways=("for_loop", "threads", "processes", "dask"))
    found = task_cost.cases(SETTINGS, build.machine(2), runtime, 1e-3)
    assert [(case.name, case.params["chunk"], case.params["tasks"]) for case in found] == [
        ("threads", 1, 300),
        ("processes", 1, 100),
        ("processes", 100, 4000),
        ("dask", 1, 25),
    ]
    assert {case.params["workers"] for case in found} == {2}
    assert [case.extra for case in found] == [False, False, False, True]


def test_the_tasks_are_timed():
    """In threads and processes."""
    runtime = build.runtime(ways=("threads", "processes"))
    for case in task_cost.cases(SETTINGS, build.machine(2), runtime, 1e-9):
        assert task_cost.run(case, SETTINGS).values["wall_s"] > 0


def test_a_task_that_is_lost_is_an_error(monkeypatch):
    """The cost of the others would not be what is said."""

    class Lossy:
        def __enter__(self):
            return self, 0.0

        def __exit__(self, *_):
            pass

        def map(self, function, tasks, chunksize):
            return list(tasks)[1:]

    monkeypatch.setattr(task_cost, "warm_pool", lambda *_: Lossy())
    case = task_cost.Case("threads", {"workers": 2, "chunk": 1, "tasks": 10}, 0.0)
    with pytest.raises(RuntimeError) as caught:
        task_cost.run(case, SETTINGS)
    assert str(caught.value) == "9 of 10 tasks were done"
