"""Running jobs with a clock in the hand: real pools of every kind that this interpreter has."""

import itertools
import os
import time

import pytest

from scripts.measure import jobs
from scripts.measure.jobs import estimate_s, run_jobs, worked
from scripts.measure.ways import WAYS
from scripts.measure.workloads import GAP_S, live_tracker, naive_add
from tests.experiments import build


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


# What is not Python's own has test_cluster.py and test_parallel.py.
OWN = [name for name, way in WAYS.items() if not way.extra and way.works()]


@pytest.mark.parametrize("way", OWN)
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


def test_what_a_round_of_equal_jobs_cost():
    """The cheapest and the dearest addition, in nanoseconds of CPU time."""
    done = [jobs.JobTime("1.1", 0.0, 1.0, cpu_s, True, None) for cpu_s in (0.5, 0.4, 0.6)]
    assert worked(jobs.Run(0.0, 1.6, done), 10**7) == {
        "wall_s": 1.6,
        "cpu_s": 1.5,
        "cheapest_ns": pytest.approx(40.0),
        "dearest_ns": pytest.approx(60.0),
    }


@pytest.mark.parametrize(
    ("way", "workers", "gil", "wall_s"),
    [
        ("for_loop", 1, False, 8.0),
        ("threads", 4, True, 8.04),
        ("threads", 4, False, 4.04),
        ("processes", 4, True, 4.32),
        ("processes", 1, True, 8.08),
    ],
)
def test_an_estimate_is_the_work_shared_by_what_can_run_at_once_and_the_start(
    way, workers, gil, wall_s
):
    """Four jobs of two seconds on two cores, an addition of a microsecond."""
    params = WAYS[way].params(workers, "warm", "fork")
    runtime = build.runtime(gil=gil)
    estimate = estimate_s(WAYS[way], params, 8.0, 4, build.machine(2), runtime, 1e-6)
    assert estimate == pytest.approx(wall_s)


def test_the_core_is_that_of_this_thread(monkeypatch):
    """A number of one that there is; -1 where the system does not tell."""
    if not os.path.exists("/proc/thread-self/stat"):
        pytest.skip("needs Linux's /proc")
    assert jobs.core_number() in range(os.cpu_count())
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        assert jobs.core_number() == max(cores)
    finally:
        os.sched_setaffinity(0, cores)

    def refuse(*_):
        raise OSError

    monkeypatch.setattr("builtins.open", refuse)
    assert jobs.core_number() == -1
