"""Figure 6's cases: every way of every interpreter, and what NumPy does to a missing GIL."""

import dataclasses
import shutil

import pytest

from scripts.experiments.runtimes import measure as runtimes
from scripts.experiments.settings import Settings
from scripts.runner.interpreter import Interpreter
from tests.experiments import build

SETTINGS = Settings(workers=2, jobs=2, runtimes_additions=1000, runtimes_ticks=1000)


def test_every_way_of_the_interpreter_and_a_tracker_are_cases():
    """What is not Python's own is none; an interpreter without a GIL tries NumPy besides."""
    ways = ("for_loop", "threads", "processes", "interpreters", "dask")
    found = runtimes.cases(SETTINGS, build.machine(2), build.runtime(ways=ways), 1e-3)
    assert [case.name for case in found] == [
        "for_loop", "threads", "processes", "interpreters", "tracker_threads"
    ]  # fmt: skip
    free = build.runtime(gil=False, ways=("for_loop", "threads"))
    found = runtimes.cases(SETTINGS, build.machine(2), free, 1e-3)
    assert [(case.name, case.group, case.rounds) for case in found] == [
        ("for_loop", "", 0),
        ("threads", "", 0),
        ("tracker_threads", "", 0),
        ("numpy_threads", "numpy_threads", 2),
    ]


def test_a_case_tells_what_its_work_cost_or_who_ran_when():
    """Adding up, and reading the clock."""
    for case in runtimes.cases(SETTINGS, build.machine(2), build.runtime(), 1e-9):
        outcome = runtimes.run(case, SETTINGS)
        assert outcome.spans == []
        told = "overlap_percent" if case.name == "tracker_threads" else "dearest_ns"
        assert {"wall_s", "cpu_s", told} <= set(outcome.values)


def test_numpy_is_asked_whether_there_is_a_gil_after_it(monkeypatch):
    """Where it cannot be imported, in whatever way that fails, it does nothing to the GIL."""
    case = runtimes.Case("numpy_threads", {"workers": 2}, 0.0)
    monkeypatch.setattr(runtimes, "gil_enabled", lambda: True)
    values = runtimes.run(case, SETTINGS).values
    assert (values["numpy_count"], values["gil_count"]) == (1, 1)
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    monkeypatch.setattr(runtimes, "gil_enabled", lambda: False)
    values = runtimes.run(case, SETTINGS).values
    assert (values["numpy_count"], values["gil_count"]) == (0, 0)


@pytest.mark.parametrize("executable", ["python3.13t", "python3.14"])
def test_other_interpreters_answer(executable):
    """Every case runs in them, with no more than their standard library."""
    if not shutil.which(executable):
        pytest.skip(f"needs {executable} on PATH")
    with Interpreter() as interpreter:
        facts = interpreter.ask(executable, {"do": "facts"})["facts"]
        runtime = build.runtime(**{**facts, "ways": tuple(facts["ways"])})
        for case in runtimes.cases(SETTINGS, build.machine(1), runtime, 1e-9):
            question = {
                "do": "case",
                "module": "scripts.experiments.runtimes.measure",
                "case": case.name,
                "params": case.params,
                "settings": dataclasses.asdict(SETTINGS),
            }
            assert interpreter.ask(executable, question)["values"]["wall_s"] > 0
