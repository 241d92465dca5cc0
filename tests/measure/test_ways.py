"""The ways to run jobs: what each needs, and how many run at once."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.measure.ways import WAYS, Way
from scripts.record.declaration import WAYS as DECLARED

ROOT = Path(__file__).parents[2]


def test_every_way_is_one_that_a_record_may_hold():
    """asyncio is the crawler's own."""
    assert set(WAYS) == set(DECLARED) - {"asyncio"}
    assert all(way.name == name for name, way in WAYS.items())


@pytest.mark.parametrize(
    ("way", "with_gil", "without"),
    [
        ("threads", 1, 2),
        ("processes", 2, 2),
        ("interpreters", 2, 2),
        ("dask", 2, 2),
        ("joblib", 2, 2),
    ],
)
def test_a_gil_lets_one_thread_compute(way, with_gil, without):
    """Four workers on two cores."""
    assert WAYS[way].at_once(4, 2, gil=True) == with_gil
    assert WAYS[way].at_once(4, 2, gil=False) == without


def test_a_case_says_what_its_pool_is():
    """A for loop has none; only processes are started by a method."""
    assert WAYS["for_loop"].params(4, "cold", "fork") == {"workers": 1, "pool": "none"}
    assert WAYS["threads"].params(4, "cold", "fork") == {"workers": 4, "pool": "cold"}
    params = WAYS["processes"].params(4, "warm", "fork")
    assert params == {"workers": 4, "pool": "warm", "start_method": "fork"}


def test_starting_more_workers_takes_longer_and_spawning_longest():
    """Each start method has its own cost."""
    fork, spawn = (
        WAYS["processes"].start_additions(WAYS["processes"].params(2, "warm", method))
        for method in ("fork", "spawn")
    )
    assert 0 < fork < spawn
    assert WAYS["for_loop"].start_additions({"workers": 1}) == 0


def test_a_library_that_is_there_and_broken_is_not_there(tmp_path, monkeypatch):
    """However it breaks."""
    (tmp_path / "broken_library.py").write_text("raise ZeroDivisionError('at import')")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    assert not Way("broken", None, None, ("broken_library",)).works()
    assert not Way("missing", None, None, ("no_such_library",)).works()
    assert Way("there", None, None, ("json",)).works()


def test_no_library_is_loaded_before_it_is_asked_for():
    """No other case pays for Dask, joblib or NumPy."""
    code = (
        "import sys; from scripts.experiments import all_experiments; all_experiments(); "
        "print({'distributed', 'joblib', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n"
