"""Figure 3's cases: which numbers of workers are tried, with which work, and what is told of it."""

import itertools

import pytest

from scripts.experiments.process_count import measure as process_count
from scripts.experiments.settings import Settings
from tests.factory import make_machine, make_runtime

SETTINGS = Settings(process_count_jobs=4, process_count_additions=1000)


@pytest.mark.parametrize(
    ("cores", "counts"),
    [
        (1, [1, 2, 3, 4]),
        (2, [1, 2, 3, 4]),
        (3, [1, 2, 3, 4, 5, 6]),
        (4, [1, 2, 3, 4, 5, 6, 7, 8]),
        (6, [1, 2, 4, 5, 6, 7, 9, 12]),
        (16, [1, 2, 4, 8, 15, 16, 17, 24, 32]),
        (64, [1, 2, 4, 8, 16, 32, 63, 64, 65, 96, 128]),
    ],
)
def test_few_numbers_are_all_tried_and_of_many_those_around_the_cores(cores, counts):
    """One, the cores and twice as many are always among them."""
    assert process_count.worker_counts(cores) == counts
    assert {1, cores, 2 * cores} <= set(counts)


@pytest.mark.parametrize("jobs", [1, 3, 8])
def test_the_work_is_the_same_for_any_number_of_workers_and_even(jobs):
    """The additions add up to the same, and every worker gets as many jobs of one size."""
    settings = Settings(process_count_jobs=jobs, process_count_additions=1001)
    for workers in range(1, 40):
        work = process_count.shares(settings, workers)
        assert sum(work) == jobs * 1001
        assert len(work) % workers == 0 and len(work) >= max(jobs, 2 * workers)
        assert max(work) - min(work) <= 1


def test_the_cases_are_the_for_loop_once_and_every_number_of_threads_and_processes():
    """Two cores without a GIL: the estimates fall with the workers up to the cores."""
    runtime = make_runtime(gil=False)
    found = process_count.cases(SETTINGS, make_machine(2), runtime, 1e-3)
    assert [(case.name, case.params, case.estimate_s) for case in found[:5]] == [
        ("for_loop", {"workers": 1, "pool": "none"}, 4.0),
        ("threads", {"workers": 1, "pool": "cold"}, 4.0),
        ("processes", {"workers": 1, "pool": "cold", "start_method": "fork"}, 4.0),
        ("threads", {"workers": 2, "pool": "cold"}, 2.0),
        ("processes", {"workers": 2, "pool": "cold", "start_method": "fork"}, 2.0),
    ]
    assert len(found) == 9
    with_gil = process_count.cases(SETTINGS, make_machine(2), make_runtime(), 1e-3)
    assert {case.estimate_s for case in with_gil if case.name == "threads"} == {4.0}


def test_every_case_tells_its_time_and_its_memory():
    """Three processes hold more than one, and than three threads."""
    held = {}
    for way, workers in itertools.product(("threads", "processes"), (1, 3)):
        params = {"workers": workers, "pool": "cold", "start_method": "fork"}
        case = process_count.Case(way, params, 0.0)
        outcome = process_count.run(case, SETTINGS)
        assert outcome.values["wall_s"] >= outcome.values["cpu_s"] / 3 > 0
        held[way, workers] = outcome.values.get("peak_pss_mb", outcome.values.get("peak_rss_mb"))
    assert held["processes", 3] > held["processes", 1]
    assert held["processes", 3] > held["threads", 3] > 1


def test_the_for_loop_is_timed_without_a_pool():
    """It is the 1 of all speed-ups."""
    case = process_count.Case("for_loop", {"workers": 1, "pool": "none"}, 0.0)
    outcome = process_count.run(case, SETTINGS)
    assert set(outcome.values) <= {"wall_s", "cpu_s", "peak_pss_mb", "peak_rss_mb"}
    assert len(outcome.values) == 3 and outcome.spans == []


def test_where_the_memory_cannot_be_read_from_outside_the_finished_processes_tell(monkeypatch):
    """The value has another name then, since it counts what is shared more than once."""
    monkeypatch.setattr(process_count.memory, "tree_mb", dict)
    case = process_count.Case("processes", {"workers": 2, "start_method": "fork"}, 0.0)
    outcome = process_count.run(case, SETTINGS)
    assert set(outcome.values) == {"wall_s", "cpu_s", "peak_rss_mb"}
