"""Figure 3's cases: which numbers of workers are tried, with which work, and what they hold."""

import collections
import dataclasses
import itertools
import sys

import pytest

from scripts.experiments.process_count import measure as process_count
from scripts.experiments.settings import Settings
from scripts.measure.jobs import Case
from scripts.runner.interpreter import Interpreter
from tests.experiments import build

SETTINGS = Settings(
    process_count_jobs=4,
    process_count_additions=1000,
    spinner_additions=1000,
    dictionary_words=100_000,
)


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


def counts(found):
    """The numbers of workers of each case."""
    workers = collections.defaultdict(list)
    for case in found:
        workers[case.name].append(case.params["workers"])
    return dict(workers)


def test_every_number_of_processes_and_of_threads_where_they_can_gain():
    """All belong to one comparison, since speed-ups are over one worker of it."""
    runtime = build.runtime(ways=("for_loop", "threads", "processes", "dask", "joblib"))
    found = process_count.cases(SETTINGS, build.machine(2), runtime, 1e-3)
    assert counts(found) == {
        "threads": [1, 2, 4],
        "processes": [1, 2, 3, 4],
        "dask": [2],
        "joblib": [2],
        "spinner": [1, 2],
        "dictionary": [2, 2, 2],
    }
    assert {case.group for case in found} == {""}
    free = build.runtime(gil=False, ways=("threads",))
    found = process_count.cases(SETTINGS, build.machine(2), free, 1e-3)
    assert counts(found)["threads"] == [1, 2, 3, 4]
    assert counts(process_count.cases(SETTINGS, build.machine(1), free, 1e-3))["spinner"] == [1]


def test_every_case_tells_its_time_and_its_memory():
    """Three processes hold more than one, and than three threads."""
    held = {}
    for way, workers in itertools.product(("threads", "processes"), (1, 3)):
        params = {"workers": workers, "pool": "warm", "start_method": "fork"}
        outcome = process_count.run(Case(way, params, 0.0), SETTINGS)
        assert outcome.values["wall_s"] >= outcome.values["cpu_s"] / 3 > 0
        held[way, workers] = outcome.values.get("peak_pss_mb", outcome.values.get("peak_rss_mb"))
    assert held["processes", 3] > held["processes", 1]
    assert held["processes", 3] > held["threads", 3] > 1


def test_a_spinner_spins_on_every_core():
    """Each worker does the whole of its additions."""
    params = {"workers": 2, "pool": "warm", "start_method": "fork"}
    settings = Settings(spinner_additions=300_000)
    one, two = (
        process_count.run(Case("spinner", {**params, "workers": workers}, 0.0), settings)
        for workers in (1, 2)
    )
    assert two.values["cpu_s"] > 1.2 * one.values["cpu_s"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_dictionary_is_held_by_every_worker_that_uses_it(method):
    """A fork that looks a word up has copied the page that it lies in; spawned ones get a copy."""
    question = {
        "do": "case",
        "module": "scripts.experiments.process_count.measure",
        "case": "dictionary",
        "params": {"workers": 2, "pool": "cold", "start_method": method},
        "settings": dataclasses.asdict(SETTINGS),
    }
    with Interpreter() as interpreter:
        values = interpreter.ask(sys.executable, question)["values"]
    held = values.get("peak_pss_mb", values.get("peak_rss_mb"))
    assert values["wall_s"] > 0 and values["dictionary_mb"] > 10
    assert held > values["parent_mb"] + values["dictionary_mb"]


def test_where_the_memory_cannot_be_read_from_outside_the_finished_processes_tell(monkeypatch):
    """The value has another name then, since it counts what is shared more than once."""
    monkeypatch.setattr(process_count.memory, "tree_mb", dict)
    case = Case("processes", {"workers": 2, "start_method": "fork"}, 0.0)
    outcome = process_count.run(case, SETTINGS)
    assert set(outcome.values) == {"wall_s", "cpu_s", "peak_rss_mb"}


def test_where_no_memory_can_be_read_no_dictionary_is_held(monkeypatch):
    """Windows: there is nothing to say about it; the rest is measured."""
    monkeypatch.setattr(process_count.memory, "tree_mb", dict)
    monkeypatch.setattr(process_count.memory, "resource", None)
    found = process_count.cases(SETTINGS, build.machine(2), build.runtime(), 1e-3)
    assert "dictionary" not in counts(found)
    outcome = process_count.run(Case("threads", {"workers": 2}, 0.0), SETTINGS)
    assert set(outcome.values) == {"wall_s", "cpu_s"}
