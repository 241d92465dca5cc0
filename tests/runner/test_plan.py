"""The plan of a session: who is measured with what, how often, and in which order."""

import dataclasses
from types import SimpleNamespace

import pytest

from scripts import experiments
from scripts.experiments import Case
from scripts.experiments.settings import Settings
from scripts.record.declaration import POOL, TIMED, Choice, Declaration
from scripts.runner import plan
from tests.factory import make_machine, make_runtime

MAIN, OTHER = make_runtime(), make_runtime(gil=False)
PACE = {MAIN.id: 1e-9, OTHER.id: 2e-9}


def declared(name, **fields):
    """The declaration of an experiment of two arms."""
    return Declaration(name, ("a", "b"), 2, POOL, TIMED, ("wall_s",), **fields)


@pytest.fixture
def planned(monkeypatch):
    """Plans for experiments that are made of the given cases."""

    def make(cases, runtimes=(MAIN,), rounds=0, all_of_them="main"):
        known = {name: declared(name, runtimes=all_of_them) for name in cases}
        monkeypatch.setattr(experiments, "declarations", lambda: known)
        measures = {
            name: SimpleNamespace(cases=lambda *_, own=own: own) for name, own in cases.items()
        }
        monkeypatch.setattr(experiments, "experiment", measures.__getitem__)
        settings = Settings(minutes=1)
        return plan.make_plan(settings, make_machine(), runtimes, PACE, list(cases), rounds)

    return make


def arm(name, seconds, **fields):
    """A case that takes so long with the start of its interpreter."""
    return Case(name, {}, seconds - plan.START_S, **fields)


def test_the_rounds_of_a_comparison_fill_its_share_of_the_minutes(planned):
    """A minute for one comparison of two seconds is thirty rounds; for two, fifteen of each."""
    cases = [arm("a", 0.5), arm("b", 1.5)]
    (one,) = planned({"x": cases})
    assert (one.rounds, round(one.round_s, 6)) == (30, 2.0)
    both = planned({"x": [*cases, *(dataclasses.replace(c, group="other") for c in cases)]})
    assert [(one.group, one.rounds) for one in both] == [("", 15), ("other", 15)]
    assert plan.total_s(both) == pytest.approx(60)


def test_never_fewer_than_six_rounds_whatever_the_minutes(planned):
    """With five, no interval of 95 % could be had."""
    assert [one.rounds for one in planned({"x": [arm("a", 30), arm("b", 30)]})] == [6]


def test_the_rounds_that_were_asked_for_are_those_of_every_comparison(planned):
    """But for a take, which is shown as it ran."""
    cases = [arm("a", 1), arm("b", 20, group="take", rounds=1)]
    assert sorted((one.group, one.rounds) for one in planned({"x": cases}, rounds=9)) == [
        ("", 9),
        ("take", 1),
    ]


def test_a_take_takes_its_time_from_the_same_share(planned):
    """Forty of sixty seconds are left."""
    cases = [arm("a", 1), arm("b", 20, group="take", rounds=1)]
    assert {one.group: one.rounds for one in planned({"x": cases})} == {"take": 1, "": 40}


def test_what_not_everybody_has_comes_on_top(planned):
    """Neither an optional library nor another interpreter makes the rounds fewer."""
    cases = [arm("a", 1), arm("b", 1), arm("c", 5, extra=True)]
    (one,) = planned({"x": cases})
    assert one.rounds == 30


def test_an_experiment_is_for_the_main_interpreter_unless_it_is_for_all(planned, monkeypatch):
    """Those of all interpreters lie side by side in one comparison."""
    cases = [arm("a", 1)]
    (alone,) = planned({"x": cases}, (OTHER, MAIN))
    assert [runtime for _, runtime in alone.arms] == [OTHER.id]
    (both,) = planned({"x": cases}, (MAIN, OTHER), all_of_them="all")
    assert [runtime for _, runtime in both.arms] == [MAIN.id, OTHER.id]
    assert both.rounds == 60


def test_comparisons_take_turns_over_the_whole_session(planned):
    """Of a few rounds among many none stands at the beginning only; arms stay side by side."""
    few = plan.Comparison("few", "", ((arm("a", 1), "x"), (arm("b", 1), "x")), 6)
    many = plan.Comparison("many", "", ((arm("a", 1), "x"),), 60)
    order = plan.in_order([few, many], "seed")
    assert len(order) == 66
    places = [place for place, steps in enumerate(order) if steps[0].experiment == "few"]
    for number, place in enumerate(places):
        assert number / 6 * 66 - 1 <= place <= (number + 1) / 6 * 66 + 1
    assert all({step.case.name for step in order[place]} == {"a", "b"} for place in places)


def test_the_order_is_the_seeds(planned):
    """A session that is gone on with has the order it began with; another one has its own."""
    one = plan.Comparison("x", "", tuple((arm(name, 1), "x") for name in "abcde"), 20)
    assert plan.in_order([one], "seed") == plan.in_order([one], "seed")
    assert plan.in_order([one], "seed") != plan.in_order([one], "another")


def test_a_step_names_the_parameters_that_tell_cases_apart(monkeypatch):
    """Choices that are labels, and workers when there is more than one."""
    params = {**POOL, "step": Choice(("segment",), label=True), "kind": Choice(("x",))}
    known = {"x": dataclasses.replace(declared("x"), params=params)}
    monkeypatch.setattr(experiments, "declarations", lambda: known)
    case = Case("a", {"workers": 4, "pool": "cold", "step": "segment", "kind": "x"}, 1.0)
    assert (
        str(plan.Step("x", case, "python3.9", 2)) == "x a (cold, segment, 4 workers) with python3.9"
    )
