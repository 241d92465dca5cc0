"""What it costs to start a pool: which pools are started, and that each is like the first."""

import multiprocessing
import os

import pytest

from scripts.experiments.pool_start import measure as pool_start
from scripts.experiments.settings import Settings
from scripts.measure import memory
from tests.experiments import build

ALL = ("for_loop", "threads", "processes", "interpreters", "dask", "joblib")


def test_every_pool_by_every_start_method_and_with_numpy():
    """Pools of up to two workers a core; with what takes long, up to one."""
    found = pool_start.cases(Settings(), build.machine(2), build.runtime(ways=ALL), 1e-9)
    labels = [
        (case.params.get("start_method", case.name), case.params["library"], case.params["workers"])
        for case in found
    ]
    assert sorted(labels) == sorted(
        [
            ("threads", "none", 4),
            ("interpreters", "none", 4),
            *((method, "none", 4) for method in multiprocessing.get_all_start_methods()),
            *((method, "numpy", 2) for method in multiprocessing.get_all_start_methods()),
            ("dask", "none", 2),
            ("joblib", "none", 2),
        ]
    )
    assert [case.name for case in found if case.extra] == ["dask", "joblib"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_three_sizes_tell_what_is_fixed_from_what_a_worker_adds(method, monkeypatch):
    """And nothing is left of the pools but what this process needs."""
    monkeypatch.setattr(pool_start, "REPEATS", {})
    case = pool_start.Case(
        "processes", {"workers": 4, "start_method": method, "library": "none"}, 0.0
    )
    values = pool_start.run(case, Settings()).values
    assert set(values) == {"start_one_s", "start_cores_s", "start_twice_s"}
    assert values["start_one_s"] > 0 and values["start_twice_s"] > 0


def test_every_pool_is_like_the_first_of_a_program(monkeypatch):
    """The fork server of the pool before is gone when the next one is started."""
    before = []
    warm_pool = pool_start.warm_pool

    def watched(*arguments):
        before.append(len(memory.descendants(os.getpid())) - 1)
        return warm_pool(*arguments)

    monkeypatch.setattr(pool_start, "warm_pool", watched)
    case = pool_start.Case(
        "processes", {"workers": 2, "start_method": "forkserver", "library": "none"}, 0.0
    )
    pool_start.run(case, Settings())
    assert len(set(before)) == 1 and len(before) == 3


def test_where_numpy_cannot_be_imported_there_is_nothing_to_tell(monkeypatch):
    """It may be missing, or broken in whatever way."""
    monkeypatch.setitem(__import__("sys").modules, "scripts.measure.meeting_numpy", None)
    params = {"workers": 2, "start_method": "fork", "library": "numpy"}
    assert pool_start.run(pool_start.Case("processes", params, 0.0), Settings()).values == {}


def test_one_core_has_no_size_in_between():
    """The sizes are 1, 1 and 2 there."""
    assert pool_start.sizes(2) == {"start_one_s": 1, "start_cores_s": 1, "start_twice_s": 2}
    assert pool_start.sizes(1, "numpy") == {"start_one_s": 1, "start_cores_s": 1}
