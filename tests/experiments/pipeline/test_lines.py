"""Lines through what was measured, and from how many items on a way pays by them."""

import pytest

from scripts.experiments.pipeline import lines
from scripts.experiments.pipeline.lines import NEVER, Line


def test_a_line_goes_through_what_lies_on_one():
    found = lines.line_through([(n, 0.02 + 0.003 * n) for n in (2, 8, 32)])
    assert (round(found.fixed_s, 9), round(found.item_s, 9)) == (0.02, 0.003)


def test_a_line_weighs_seconds_by_their_size():
    """A hundredth too much at the far end hardly changes what is fixed."""
    found = lines.line_through([(2, 0.026), (8, 0.044), (32, 0.116 * 1.01)])
    assert round(found.fixed_s, 3) == 0.02


def test_of_a_single_number_of_items_nothing_is_fixed():
    assert lines.line_through([(2, 0.2), (2, 0.4), (2, 0.3)]) == Line(0.0, 0.15)


@pytest.mark.parametrize(
    ("way", "items"),
    [
        # Ten items of 10 ms save the 50 ms at the beginning, and a tenth of the time besides.
        (Line(0.050, 0.004), 10),
        # One item cannot be divided among two workers.
        (Line(0.0, 0.005), 2),
        # With as many items as workers, each of them has one, however cheap many are.
        (Line(0.010, 0.005), 3),
        (Line(0.0, 0.0095), NEVER),
        (Line(0.050, 0.010), NEVER),
        (Line(-1.0, 0.020), NEVER),
    ],
)
def test_a_way_pays_from_where_it_saves_a_tenth(way, items):
    assert lines._pays_from(way, Line(0.0, 0.010), 2) == items


def test_what_is_not_divided_can_pay_from_the_first_item_on():
    assert lines._pays_from(Line(0.0, 0.001), Line(0.0, 0.010), 1) == 1
    assert lines._pays_from(Line(0.0, 0.001), Line(0.5, 0.010), 1) == 1


def by_round(*sessions):
    return {
        (session, number): items
        for session, many in enumerate(sessions, 1)
        for number, items in enumerate(many, 1)
    }


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        (by_round([40, 41, 39, 42, 38, 40]), "from"),
        (by_round([1] * 6), "always"),
        (by_round([NEVER] * 6), "never"),
        (by_round([40] * 5), "undecided"),
        (by_round([40, 41, 39, 42, 38, NEVER]), "undecided"),
        (by_round([40] * 12, [NEVER] * 6), "undecided"),
        (by_round([40] * 17, [NEVER]), "from"),
    ],
)
def test_whether_a_way_pays_is_told_by_all_rounds_and_every_session(items, answer):
    assert lines.pays(items) == answer
