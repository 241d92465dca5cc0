"""Verdicts: when a claim holds, fails, is undecided, or says nothing of this machine."""

import dataclasses

import pytest

from scripts.conclude import verdicts
from scripts.conclude.stats import ABSENT, Quantity, fact
from scripts.conclude.verdicts import Claim, decide
from scripts.record.errors import BlogError
from tests.factory import make_record


def ratio(low, middle, high, n=5):
    """A ratio with its interval."""
    return Quantity(middle, "ratio", low, high, n, "bootstrap")


@pytest.mark.parametrize(
    ("above", "value", "verdict"),
    [
        (True, ratio(1.3, 1.5, 1.7), "holds"),
        (True, ratio(1.1, 1.3, 1.5), "undecided"),
        (True, ratio(0.9, 1.0, 1.1), "fails"),
        (False, ratio(0.9, 1.0, 1.1), "holds"),
        (False, ratio(1.3, 1.5, 1.7), "fails"),
        (True, ratio(1.2, 1.3, 1.5), "undecided"),
        (True, ratio(1.3, 1.5, 1.7, n=4), "undecided"),
        (True, Quantity(2, "count"), "holds"),
        (False, Quantity(2, "count"), "fails"),
    ],
)
def test_the_whole_interval_must_lie_on_one_side(above, value, verdict):
    """An interval that touches the threshold 1.2, or comes from too few rounds, settles nothing."""
    assert decide(Claim("c", "k", above, 1.2, (), 1), value) == verdict


@pytest.mark.parametrize(
    ("needs", "machine", "reason"),
    [
        ("cores >= 2", {"cores": 1}, "cores"),
        ("gil", {"gil": False}, "gil"),
        ("no_gil", {"gil": True}, "no_gil"),
        ("not quick", {"quick": True}, "quick"),
        ("measured", {}, "measured"),
    ],
)
def test_a_need_that_is_not_met_gives_no_verdict(needs, machine, reason):
    """Not applicable, and why."""
    claim = Claim("c", "x.y_ratio", True, 1.2, (needs,), 1)
    values = {"x.y_ratio": ABSENT}
    found = verdicts.verdicts([claim], values, make_record(**machine), "data/claims.yaml")
    assert found == {"c": {"verdict": "not_applicable", "reason": reason}}


def verdict(values, **fields):
    """The verdict on a claim about `a`, which stands on line 7; or the message of the error."""
    claim = dataclasses.replace(Claim("c", "a", True, 1.2, (), 7), **fields)
    try:
        return verdicts.verdicts([claim], values, make_record(), "data/claims.yaml")["c"]
    except BlogError as error:
        return str(error).removeprefix("data/claims.yaml:7: claim 'c': ")


@pytest.mark.parametrize("needs", [(), ("measured",), ("no_gil",)])
def test_an_unknown_key_is_an_error_with_its_line(needs):
    """The near key is offered; a precondition does not hide a typing error."""
    values = {"cpu_bound.threads_over_processes": ratio(1, 2, 3)}
    assert verdict(values, key="cpu_bound.thread_over_processes", needs=needs) == (
        "there is no key 'cpu_bound.thread_over_processes';"
        " did you mean 'cpu_bound.threads_over_processes'? (correct the key)"
    )


def test_what_this_machine_did_not_measure_must_be_said_to_be_needed():
    """Else a machine without that library or interpreter could not build the post."""
    assert verdict({"a": ABSENT}) == (
        "'a' is not measured on every machine, nor on this one (add needs: [measured])"
    )
    for over in ({"b": ABSENT, "a": ratio(1, 2, 3)}, {"a": ABSENT, "b": ratio(1, 2, 3)}):
        found = verdict(over, over="b", needs=("measured",))
        assert found == {"verdict": "not_applicable", "reason": "measured"}


def test_text_cannot_be_compared():
    """A name has no size."""
    assert verdict({"a": fact("fork", "text")}) == "'a' is text, not a number (name another key)"


def seconds(low, middle, high, n=5):
    """A time with its range."""
    return Quantity(middle, "s", low, high, n, "range")


@pytest.mark.parametrize(
    ("above", "below", "n", "shown", "says"),
    [
        (seconds(8, 10, 12), seconds(4, 5, 5), 5, ("2", "1.6", "3"), "holds"),
        (seconds(5, 10, 12), seconds(4, 5, 5), 5, ("2", "1", "3"), "undecided"),
        (seconds(4, 5, 5), seconds(8, 10, 12), 5, ("0.5", "0.333", "0.625"), "fails"),
        (seconds(8, 10, 12, 4), seconds(4, 5, 5), 4, ("2", "1.6", "3"), "undecided"),
        (fact(6, "s"), seconds(2, 3, 4), 5, ("2", "1.5", "3"), "holds"),
    ],
)
def test_two_keys_are_compared_by_interval_arithmetic(above, below, n, shown, says):
    """Lowest by highest to highest by lowest, on as many rounds as the shorter of the two has."""
    found = verdict({"a": above, "b": below}, over="b")
    texts = (found["ratio_text"], found["low_text"], found["high_text"])
    assert tuple(f"{float(text):g}" for text in texts) == shown
    assert (found["verdict"], found["unit"]) == (says, "ratio")
    assert found["reason"] == ("rounds" if n < 5 else "")


def test_two_facts_have_a_ratio_without_an_interval():
    """Both ends are the ratio itself."""
    found = verdict({"a": fact(3, "count"), "b": fact(2, "count")}, over="b")
    assert (found["verdict"], found["low"], found["ratio"], found["high"]) == (
        "holds",
        1.5,
        1.5,
        1.5,
    )


def test_few_rounds_settle_nothing_that_has_no_interval_either():
    """The best number of workers of three rounds is as doubtful as their times."""
    claim = Claim("c", "a", True, 1.2, (), 7)
    found = verdicts.verdicts(
        [claim], {"a": fact(3, "count")}, make_record(rounds=3), "claims.yaml"
    )
    assert (found["c"]["verdict"], found["c"]["reason"]) == ("undecided", "rounds")


def test_two_keys_must_have_one_unit():
    """Seconds over milliseconds would be wrong by a thousand."""
    values = {"a": seconds(1, 2, 3), "b": Quantity(3, "ms", 1, 4, 5, "range")}
    assert verdict(values, over="b") == "a is in s, b in ms (compare what has the same unit)"


def test_nothing_is_divided_by_what_may_be_zero():
    """No verdict, and why."""
    values = {"a": seconds(1, 2, 3), "b": seconds(0, 2, 3)}
    assert verdict(values, over="b") == {"verdict": "not_applicable", "reason": "zero"}
