"""Running jobs with a clock in the hand: real pools of every kind that this interpreter has."""

import itertools
import time

import pytest

from scripts.measure.executors import WAYS
from scripts.measure.jobs import run_jobs
from scripts.measure.workloads import GAP_S, live_tracker, naive_add


def sleep_and_double(number):
    """A job that waits a little, so that its span can be told from nothing."""
    time.sleep(0.05)
    return 2 * number


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_start_as_they_are_told(method):
    """Every start method gives the same results, in the order of the arguments."""
    ran = run_jobs("processes", sleep_and_double, [1, 2, 3], 2, method)
    assert [job.result for job in ran.jobs] == [2, 4, 6]
    assert len({job.worker for job in ran.jobs}) == 2


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"dask"}))  # which has test_cluster.py
def test_every_way_gives_the_same_results_and_one_span_a_job(way):
    """Results stand in the order of the arguments; every span lies within the wall time."""
    ran = run_jobs(way, sleep_and_double, [3, 1, 2], 3, "fork")
    assert [job.result for job in ran.jobs] == [6, 2, 4]
    assert [span.job for span in ran.spans()] == [0, 1, 2]
    for span in ran.spans():
        assert 0.05 <= span.stop_s - span.start_s <= ran.wall_s
        assert span.start_s >= 0 and span.stop_s <= ran.wall_s


def test_the_for_loop_runs_one_after_the_other_and_threads_at_once():
    """Waiting jobs add up in a for loop, and overlap in threads."""
    loop = run_jobs("for_loop", sleep_and_double, [1, 2, 3], 1, "").spans()
    assert all(a.stop_s <= b.start_s for a, b in itertools.pairwise(loop))
    threads = run_jobs("threads", sleep_and_double, [1, 2, 3], 3, "").spans()
    assert max(span.start_s for span in threads) < min(span.stop_s for span in threads)


def test_cpu_time_tells_waiting_from_computing():
    """A job that sleeps uses next to no CPU time; one that adds uses what its span is long."""
    assert run_jobs("for_loop", sleep_and_double, [1], 1, "").cpu_s < 0.02
    busy = run_jobs("for_loop", naive_add, [2_000_000], 1, "")
    assert 0 < busy.cpu_s <= busy.wall_s * 1.1


def test_naive_add_adds():
    """The work is really done."""
    assert naive_add(1000) == 499500


def test_live_tracker_closes_an_interval_at_every_gap(monkeypatch):
    """Two pauses of the clock longer than the threshold make three intervals."""
    readings = iter([0.0, 0.00001, 0.00002, 0.01, 0.01001, 0.02, 0.02001])
    monkeypatch.setattr("scripts.measure.workloads.time.perf_counter", lambda: next(readings))
    assert GAP_S < 0.005
    assert live_tracker(6) == [(0.0, 0.00002), (0.01, 0.01001), (0.02, 0.02001)]


def test_a_worker_with_another_gil_is_an_error(monkeypatch):
    """If the GIL came back in a worker, the run would not be what it claims."""
    answers = iter([False, True, True])
    monkeypatch.setattr("scripts.measure.jobs.gil_enabled", lambda: next(answers))
    with pytest.raises(RuntimeError) as caught:
        run_jobs("threads", naive_add, [10], 1, "")
    assert str(caught.value) == "a worker of threads has its GIL off"
