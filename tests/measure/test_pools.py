"""Warm pools: every worker is up before the jobs begin."""

import pytest

from scripts.measure import pools
from scripts.measure.executors import WAYS
from scripts.measure.workloads import naive_add

POOLS = [("threads", ""), *(("processes", method) for method in ("fork", "spawn", "forkserver"))]
if "interpreters" in WAYS:
    POOLS.append(("interpreters", ""))


@pytest.mark.parametrize(("way", "method"), POOLS)
def test_every_worker_is_up_and_the_jobs_are_done(way, method):
    """Three workers meet; the jobs give their results in order, counted from after the start."""
    with pools.warm_pool(way, 3, method) as (pool, start_s):
        ran = pools.run_warm(pool, naive_add, [10, 20, 30])
    assert start_s > 0
    assert [job.result for job in ran.jobs] == [45, 190, 435]
    assert all(span.start_s >= 0 for span in ran.spans())


def test_fewer_workers_than_asked_for_is_an_error(monkeypatch):
    """If two workers gave the same name, the pool would not be what it says."""
    monkeypatch.setattr(pools, "worker_id", lambda: "the same")
    with pytest.raises(RuntimeError) as caught, pools.warm_pool("threads", 2, ""):
        pass
    assert str(caught.value) == "1 distinct workers came up, not 2"
