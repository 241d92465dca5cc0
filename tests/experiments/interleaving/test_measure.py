"""Figure 2's cases: takes of which all is kept, and short rounds that are summed up."""

import pytest

from scripts.experiments.interleaving import measure as interleaving
from scripts.experiments.settings import Settings
from tests.experiments import build

SETTINGS = Settings(workers=2, jobs=2, ticks=20_000)


def test_threads_and_processes_are_taken_twice_and_compared_in_short_rounds():
    """The pool is made for a take, and up before a short round."""
    found = interleaving.cases(SETTINGS, build.machine(2), build.runtime(), 1e-3)
    assert [(case.name, case.params["pool"], case.group, case.rounds) for case in found] == [
        ("threads", "cold", "take", 2),
        ("processes", "cold", "take", 2),
        ("threads", "warm", "", 0),
        ("processes", "warm", "", 0),
    ]


def test_only_takes_keep_who_ran_when_and_both_tell_what_it_adds_up_to():
    """Running is what the jobs' own clocks say, and no more than all of them could."""
    for case in interleaving.cases(SETTINGS, build.machine(2), build.runtime(), 1e-9):
        outcome = interleaving.run(case, SETTINGS)
        assert set(outcome.values) == {
            "wall_s", "cpu_s", "running_s", "overlap_percent",
            "switches_count", "median_run_s", "median_turn_s",
        }  # fmt: skip
        assert 0 < outcome.values["running_s"] <= 2 * outcome.values["wall_s"]
        if case.group:
            ran_s = sum(span.stop_s - span.start_s for span in outcome.spans)
            assert ran_s == pytest.approx(outcome.values["running_s"])
        else:
            assert outcome.spans == []
