"""The way `joblib`: real workers of loky, where it is installed, and that none of them stays."""

import os
from pathlib import Path

import pytest

pytest.importorskip("joblib")

from scripts.measure import memory
from scripts.measure.jobs import run_jobs
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.workloads import naive_add


def test_jobs_are_done_in_workers_that_end_with_the_pool():
    """Cold and warm; of the workers there are as many as were asked for."""
    before = memory.descendants(os.getpid())
    cold = run_jobs("joblib", naive_add, [10, 20, 30], 2, "")
    assert [job.result for job in cold.jobs] == [45, 190, 435]
    with warm_pool("joblib", 2, "") as (pool, start_s):
        warm = run_warm(pool, naive_add, [10, 20, 30])
        assert pool.map(naive_add, [3, 4], chunksize=1) == [3, 6]
    assert [job.result for job in warm.jobs] == [45, 190, 435] and start_s > 0
    left = set(memory.descendants(os.getpid())) - set(before)
    commands = [Path(f"/proc/{process}/cmdline").read_text() for process in left]
    # Two trackers of resources stay as long as this process: Python's, and loky's own.
    assert all("resource_tracker" in command for command in commands)
