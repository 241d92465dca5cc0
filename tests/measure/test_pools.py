"""Warm pools: every worker is up before the jobs begin."""

import os

import pytest

from scripts.measure import pools
from scripts.measure.ways import WAYS
from scripts.measure.workloads import naive_add

METHODS = ("fork", "spawn", "forkserver")
POOLS = [("threads", ""), *(("processes", method) for method in METHODS)]
if WAYS["interpreters"].works():
    POOLS.append(("interpreters", ""))


@pytest.mark.parametrize(("way", "method"), POOLS)
def test_every_worker_is_up_and_the_jobs_are_done(way, method):
    """Three workers meet; the jobs give their results in order, counted from after the start."""
    with pools.warm_pool(way, 3, method) as (pool, start_s):
        ran = pools.run_warm(pool, naive_add, [10, 20, 30])
    assert start_s > 0
    assert [job.result for job in ran.jobs] == [45, 190, 435]
    assert all(span.start_s >= 0 for span in ran.spans())


def test_a_for_loop_is_a_pool_of_its_own_thread():
    """So that all ways are timed alike."""
    with pools.warm_pool("for_loop", 1, "") as (pool, _):
        ran = pools.run_warm(pool, naive_add, [10, 20])
    assert [job.result for job in ran.jobs] == [45, 190]
    assert {job.worker.split(".")[0] for job in ran.jobs} == {str(os.getpid())}


def the_same(folder, workers):
    """A meeting to which every worker goes under one name."""
    return "the same"


def test_fewer_workers_than_asked_for_is_an_error():
    """If two workers gave the same name, the pool would not be what it says."""
    with (
        pytest.raises(RuntimeError) as caught,
        pools.warm_pool("threads", 2, "", meeting=the_same),
    ):
        pass
    assert str(caught.value) == "1 distinct workers came up, not 2"


def test_a_pool_leaves_no_folder_behind(tmp_path, monkeypatch):
    """The place where its workers met is gone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pools.warm_pool("threads", 2, ""):
        pass
    assert list(tmp_path.iterdir()) == []
