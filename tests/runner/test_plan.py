"""The plan of a run: who is measured with what, and in which order."""

from types import SimpleNamespace

import pytest

from scripts.experiments import Case, all_experiments
from scripts.experiments.settings import Settings
from scripts.runner import plan
from tests.factory import make_machine, make_runtime

MAIN, OTHER = make_runtime(), make_runtime(gil=False)
PACE = {MAIN.id: 1e-9, OTHER.id: 2e-9}


@pytest.fixture
def planned(monkeypatch):
    """Plans two experiments: `all` for every interpreter, `one` for the main one."""

    def cases(settings, machine, runtime, addition_s):
        return [Case("a", {"pace": addition_s}, 0.0), Case("b", {}, 0.0)]

    experiments = {
        "all": SimpleNamespace(cases=cases, RUNTIMES="all"),
        "one": SimpleNamespace(cases=cases),
    }
    monkeypatch.setattr(plan, "all_experiments", lambda: experiments)

    def make(runtimes, seed="x"):
        return plan.make_plan(Settings(rounds=2), make_machine(), runtimes, PACE, seed)

    return make


def test_an_experiment_is_for_the_main_interpreter_unless_it_is_for_all(planned):
    """Two cases of one interpreter, and two of each of both, at the pace of each; per round."""
    for steps in planned([MAIN, OTHER]):
        assert sorted((s.experiment, s.runtime, s.case.name) for s in steps) == [
            ("all", "python3.11", "a"),
            ("all", "python3.11", "b"),
            ("all", "python3.13t", "a"),
            ("all", "python3.13t", "b"),
            ("one", "python3.11", "a"),
            ("one", "python3.11", "b"),
        ]
        paces = {s.runtime: s.case.params["pace"] for s in steps if s.case.name == "a"}
        assert paces == PACE


def test_the_first_interpreter_is_the_main_one(planned):
    """Their order is the user's."""
    steps = planned([OTHER, MAIN])[0]
    assert {s.runtime for s in steps if s.experiment == "one"} == {"python3.13t"}


def test_the_order_is_the_seeds_and_another_one_in_every_round(planned):
    """A run that is gone on with has the order it began with."""
    assert planned([MAIN, OTHER]) == planned([MAIN, OTHER])
    orders = [[(s.experiment, s.runtime, s.case.name) for s in r] for r in planned([MAIN, OTHER])]
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])


def test_only_runtimes_compares_interpreters():
    """Measuring the others once more with every experiment would take as long again for each."""
    experiments = all_experiments()
    assert [name for name, one in experiments.items() if hasattr(one, "RUNTIMES")] == ["runtimes"]
