"""Figure 1's cases: one take at the size of the post, and short rounds with pools that are up."""

import dataclasses

from scripts.experiments.cpu_bound import measure as cpu_bound
from scripts.experiments.settings import Settings
from tests.experiments import build

SETTINGS = Settings(workers=3, jobs=4, additions=1000, short_additions=100)


def test_every_way_is_taken_once_and_compared_in_short_rounds():
    """On two cores: estimates of the work, those of pools with the start of their workers."""
    runtime = build.runtime(ways=("for_loop", "threads", "processes", "dask"))
    found = cpu_bound.cases(SETTINGS, build.machine(2), runtime, 1e-3)
    plain = {"workers": 1, "pool": "none"}
    cold, warm = {"workers": 3, "pool": "cold"}, {"workers": 3, "pool": "warm"}
    fork = {"start_method": "fork"}
    assert [(case.name, case.params, case.group, case.rounds, case.extra) for case in found] == [
        ("for_loop", {**plain, "size": "take"}, "take", 1, False),
        ("threads", {**cold, "size": "take"}, "take", 1, False),
        ("processes", {**cold, **fork, "size": "take"}, "take", 1, False),
        ("dask", {**cold, "size": "take"}, "take", 1, True),
        ("for_loop", {**plain, "size": "short"}, "", 0, False),
        ("threads", {**warm, "size": "short"}, "", 0, False),
        ("processes", {**warm, **fork, "size": "short"}, "", 0, False),
        ("dask", {**warm, "size": "short"}, "", 0, True),
    ]
    alone, threads, processes = (case.estimate_s for case in found[:3])
    assert (alone, threads, processes) == (4.0, 4.0 + 30.0, 2.0 + 240.0)


def test_threads_are_expected_to_run_at_once_without_a_gil():
    """The estimates decide how many rounds there are."""
    settings = dataclasses.replace(SETTINGS, additions=10**9)
    with_gil, without = (
        cpu_bound.cases(settings, build.machine(2), build.runtime(gil=gil), 1e-9)
        for gil in (True, False)
    )
    assert [round(case.estimate_s) for case in with_gil[:2]] == [4, 4]
    assert [round(case.estimate_s) for case in without[:2]] == [4, 2]


def test_a_take_tells_who_ran_when_and_a_short_round_what_each_addition_cost():
    """The for loop, threads and processes alike."""
    runtime = build.runtime(ways=("for_loop", "threads", "processes"))
    for case in cpu_bound.cases(SETTINGS, build.machine(2), runtime, 1e-9):
        outcome = cpu_bound.run(case, SETTINGS)
        assert outcome.values["wall_s"] > 0 and outcome.values["cpu_s"] > 0
        if case.group == "take":
            assert set(outcome.values) == {"wall_s", "cpu_s"}
            assert [span.job for span in outcome.spans] == [0, 1, 2, 3]
        else:
            assert set(outcome.values) == {"wall_s", "cpu_s", "cheapest_ns", "dearest_ns"}
            assert 0 < outcome.values["cheapest_ns"] <= outcome.values["dearest_ns"]
            assert outcome.spans == []
