"""Figure 6's cases: every way of every interpreter, and the switch intervals of the main one."""

import dataclasses
import shutil
import sys

import pytest

from scripts.experiments import Case
from scripts.experiments.runtimes import measure as runtimes
from scripts.experiments.settings import Settings
from scripts.experiments.switch_interval import measure as switch_interval
from scripts.runner.interpreter import Interpreter
from tests.factory import make_machine, make_runtime

SETTINGS = Settings(
    workers=2, jobs=2, runtimes_additions=1000, runtimes_ticks=1000, switch_interval_ticks=1000
)


def test_every_way_of_the_interpreter_and_a_tracker_are_cases():
    """One that has interpreters has a case for them; the sizes are this experiment's own."""
    runtime = make_runtime(ways=("for_loop", "threads", "processes", "interpreters"))
    found = runtimes.cases(SETTINGS, make_machine(2), runtime, 1e-3)
    assert [(case.name, case.estimate_s) for case in found] == [
        ("for_loop", 2.0),
        ("threads", 2.0),
        ("processes", 1.0),
        ("interpreters", 1.0),
        ("tracker_threads", 6.0),
    ]


def test_a_case_has_a_span_for_every_job():
    """Adding up, and reading the clock."""
    for case in runtimes.cases(SETTINGS, make_machine(2), make_runtime(), 1e-9):
        outcome = runtimes.run(case, SETTINGS)
        assert set(outcome.values) == {"wall_s", "cpu_s"}
        assert {span.job for span in outcome.spans} == {0, 1}


def test_switch_intervals_are_for_interpreters_with_a_gil():
    """Without one nobody has to ask."""
    machine = make_machine(2)
    found = switch_interval.cases(SETTINGS, machine, make_runtime(), 1e-3)
    assert [case.params["switch_interval_s"] for case in found] == [0.0005, 0.005, 0.05]
    assert switch_interval.cases(SETTINGS, machine, make_runtime(gil=False), 1e-3) == []


def test_a_turn_lasts_until_another_thread_runs():
    """A gap in which nobody ran is the operating system's, and does not end the turn."""
    first = [(0.0, 2.0), (3.0, 5.0), (9.0, 10.0)]
    second = [(5.0, 9.0)]
    assert switch_interval.turns([first, second]) == [5.0, 4.0, 1.0]
    assert switch_interval.turns([first, []]) == [10.0]


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="needs an interpreter with a GIL"
)
def test_turns_follow_the_switch_interval():
    """With 1 ms turns are shorter, and more, than with 20 ms; the runs themselves are not kept."""
    settings = dataclasses.replace(SETTINGS, switch_interval_ticks=800_000)
    told = {}
    before = sys.getswitchinterval()
    try:
        for interval_s in (0.001, 0.02):
            case = Case("threads", {"workers": 2, "switch_interval_s": interval_s}, 0.0)
            outcome = switch_interval.run(case, settings)
            assert outcome.spans == []
            told[interval_s] = outcome.values
    finally:
        sys.setswitchinterval(before)
    assert told[0.001]["median_turn_s"] < told[0.02]["median_turn_s"]
    assert told[0.001]["switches_count"] > told[0.02]["switches_count"] > 0


@pytest.mark.parametrize("executable", ["python3.13t", "python3.14"])
def test_other_interpreters_answer(executable):
    """Every case runs in them, with no more than their standard library."""
    if not shutil.which(executable):
        pytest.skip(f"needs {executable} on PATH")
    with Interpreter() as interpreter:
        facts = interpreter.ask(executable, {"do": "facts"})["facts"]
        runtime = dataclasses.replace(make_runtime(), **{**facts, "ways": tuple(facts["ways"])})
        for case in runtimes.cases(SETTINGS, make_machine(1), runtime, 1e-9):
            question = {
                "do": "case",
                "experiment": "runtimes",
                "case": case.name,
                "params": case.params,
                "settings": dataclasses.asdict(SETTINGS),
            }
            assert interpreter.ask(executable, question)["values"]["wall_s"] > 0
