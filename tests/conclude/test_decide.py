"""The one decision, and why it is not made."""

import dataclasses

import pytest

from scripts.conclude.decide import Decision, decide, judge
from scripts.conclude.quantity import Part, Quantity


def ratio(low, value, high, *sessions, **fields):
    """A ratio with its interval; `sessions` are what each says alone, of eight rounds."""
    parts = tuple(Part(None, None, one, 8) for one in sessions)
    quantity = Quantity(value, "ratio", low, high, 12, "signed_rank", parts, strict=(low, high))
    return dataclasses.replace(quantity, **fields)


@pytest.mark.parametrize(
    ("quantity", "above", "below"),
    [
        (ratio(1.3, 1.5, 1.7), "holds", "fails"),
        (ratio(0.9, 1.0, 1.1), "fails", "holds"),
        (ratio(1.1, 1.3, 1.5), "undecided", "undecided"),
        (ratio(1.2, 1.3, 1.5), "undecided", "undecided"),
        (ratio(1.0, 1.1, 1.2), "undecided", "undecided"),
        (Quantity(2, "count"), "holds", "fails"),
        (Quantity(1, "count"), "fails", "holds"),
        (Quantity(1.2, "ratio"), "fails", "fails"),
    ],
)
def test_the_whole_interval_must_lie_on_one_side(quantity, above, below):
    """An interval that touches the threshold settles nothing; a fact is what it is."""
    assert decide(quantity, 1.2) == above
    assert decide(quantity, 1.2, above=False) == below


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        (ratio(1.1, 1.5, 1.7), ""),
        (ratio(1.3, 1.5, 1.7, strict=None), "rounds"),
        (ratio(1.3, 1.5, 1.7, strict=(1.1, 1.9)), ""),
        (ratio(1.3, 1.5, 1.7, 1.6, 1.19), "sessions_disagree"),
        (ratio(1.3, 1.5, 1.7, 1.6, 1.2), "sessions_disagree"),
        (ratio(1.21, 1.22, 1.23, resolution=0.02), "resolution"),
        (ratio(2.2, 2.3, 2.4, ceiling=2.0), "ceiling"),
        (ratio(2.2, 2.3, 2.4, 1.0, 1.0, ceiling=2.0, strict=None), "ceiling"),
    ],
)
def test_what_cannot_be_told_is_undecided_for_a_reason(quantity, reason):
    """What is not possible comes first: no number of rounds would mend it."""
    assert judge(quantity, 1.2) == Decision("undecided", reason)


def test_a_session_of_few_rounds_has_no_say():
    """One that was cut off after five rounds is counted in and asked nothing."""
    quantity = ratio(1.3, 1.5, 1.7, sessions=(Part(None, None, 1.0, 5), Part(1.3, 1.7, 1.5, 7)))
    assert decide(quantity, 1.2) == "holds"


def test_a_session_need_not_be_sure_alone():
    """Its estimate must lie on the side of all, its own interval may reach over."""
    quantity = ratio(1.3, 1.5, 1.7, sessions=(Part(1.1, 1.9, 1.5, 7), Part(1.0, 2.0, 1.4, 7)))
    assert decide(quantity, 1.2) == "holds"


def test_a_value_that_all_sessions_are_below_fails():
    """Agreement is asked for on either side."""
    assert decide(ratio(0.8, 0.9, 1.0, 0.85, 0.95), 1.2) == "fails"
    assert judge(ratio(0.8, 0.9, 1.0, 0.85, 1.25), 1.2).reason == "sessions_disagree"


def test_the_resolution_holds_for_times_and_not_for_shares():
    """Nor can the distance from nothing be told as a factor."""
    share = ratio(9.0, 9.5, 9.9, resolution=0.1, unit="percent")
    assert decide(share, 10, above=False) == "holds"
    assert decide(ratio(0.1, 0.2, 0.3, resolution=0.1), 0) == "holds"
