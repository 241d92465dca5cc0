"""What samples add up to: typical values, ratios, winners, and how all that hangs together."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from scripts.conclude import stats
from scripts.conclude.quantity import Part, Quantity
from scripts.record import Sample
from tests.conclude.records import make_record

TIMES = st.floats(1e-3, 1e3)
PAIRS = st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=20)


def by_number(values, session=1):
    """The values as rounds 1, 2, … of a session."""
    return {(session, number): value for number, value in enumerate(values, 1)}


def test_values_are_taken_by_session_and_round():
    """A sample that lacks the value has no part in it."""
    samples = [
        Sample("add", "threads", "python3.11", 2, {}, {"wall_s": 2.0}, session=1),
        Sample("add", "threads", "python3.11", 1, {}, {"wall_s": 1.0}, session=2),
        Sample("add", "threads", "python3.11", 1, {}, {"cpu_s": 1.0}, session=1),
    ]
    assert stats.by_round(samples) == {(1, 2): 2.0, (2, 1): 1.0}
    assert stats.by_round(samples, "cpu_s") == {(1, 1): 1.0}


def test_what_is_typical_is_the_geometric_mean_with_most_of_the_rounds():
    """Eight of ten rounds lie between the ends; one far out moves neither end far."""
    found = stats.typical(by_number([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 9.0]), "s")
    assert (found.value, found.low, found.high, found.n, found.interval) == (
        1.68041,
        1.1,
        1.9,
        11,
        "spread",
    )
    assert found.text() == "1.68"


def test_what_is_typical_lies_between_its_ends_whatever_the_rounds():
    """Though the mean of rounds of which few are far out lies outside of most of them."""
    found = stats.typical(by_number([1.0] * 19 + [1e9]), "s")
    assert (found.low, found.value, found.high) == (1.0, 2.81838, 2.81838)


def test_a_single_round_is_what_it_is():
    """Without an interval to judge by."""
    found = stats.typical({(1, 1): 2.0}, "s")
    assert (found.value, found.low, found.high, found.n, found.strict) == (2.0, 2.0, 2.0, 1, None)


def test_what_may_be_nothing_has_a_median():
    """A coarse clock sees no CPU time at all; that has no logarithm."""
    found = stats.typical(by_number([0.0, 0.0, 0.25, 0.5, 0.25, 0.5, 0.25]), "s")
    assert (found.value, found.interval) == (0.25, "order")


def test_a_take_is_shown_as_it_ran_and_decides_nothing():
    """Lowest to highest."""
    found = stats.take(by_number([20.0, 21.0, 22.0, 20.5, 21.5, 20.2, 21.9]), "s")
    assert (found.low, found.high, found.interval, found.strict) == (20.0, 22.0, "range", None)
    assert stats.interval_of(found) is None


def test_a_count_stays_a_count_even_between_two_rounds():
    """The lower of the two in the middle, with the exact interval of a median."""
    found = stats.middle(by_number([75, 62, 80, 60, 70, 64]), "count")
    assert (found.value, found.low, found.high, found.interval) == (64, 60, 80, "order")
    assert [type(each) for each in (found.value, found.low, found.high)] == [int] * 3


def test_the_median_of_an_even_number_of_shares_lies_between_two():
    """And few rounds have their range, which decides nothing."""
    found = stats.middle(by_number([1.0, 4.0, 2.0, 3.0]), "percent")
    assert found == Quantity(2.5, "percent", 1.0, 4.0, 4, "range", (Part(None, None, 2.5, 4),))


@given(PAIRS)
def test_a_ratio_is_that_of_the_two_typical_values_exactly(pairs):
    """Of the same rounds, to the six digits that are kept."""
    above, below = by_number([one for one, _ in pairs]), by_number([one for _, one in pairs])
    found = stats.ratio(above, below)
    typical = stats.typical(above, "s").value / stats.typical(below, "s").value
    assert math.isclose(found.value, typical, rel_tol=2e-5)
    assert found.low <= found.value <= found.high


@given(PAIRS)
def test_what_a_ratio_shows_is_what_its_reader_gets(pairs):
    """Whoever divides the two times as they are shown, to the digits shown."""
    above, below = by_number([one for one, _ in pairs]), by_number([one for _, one in pairs])
    texts = [stats.typical(each, "s").text() for each in (above, below)]
    times = [float(text.replace(",", "")) for text in texts]
    found = stats.ratio(above, below)
    assert found.text() == Quantity(float(f"{times[0] / times[1]:.6g}"), "ratio").text()
    assert abs(found.shown / found.value - 1) < 0.0101


def test_rounds_are_paired_by_session_and_number():
    """What only one of both has is no pair, and what is 0 has no ratio."""
    above = {(1, 1): 20.0, (1, 2): 44.0, (1, 3): 66.0, (2, 1): 8.0, (2, 2): 0.0}
    below = {(1, 3): 33.0, (1, 1): 10.0, (2, 1): 4.0, (2, 2): 1.0}
    found = stats.ratio(above, below)
    assert (found.value, found.n) == (2.0, 3)
    assert dict(found.rounds) == {(1, 1): 2.0, (1, 3): 2.0, (2, 1): 2.0}


def test_rounds_that_have_nothing_in_common_have_no_ratio():
    """Nor has anything else without rounds a value."""
    nothing: dict = {}
    for make in (
        lambda: stats.ratio({(1, 1): 1.0}, {(1, 2): 1.0}),
        lambda: stats.typical(nothing, "s"),
        lambda: stats.take(nothing, "s"),
        lambda: stats.middle(nothing, "percent"),
    ):
        assert make() is None


def test_few_rounds_have_their_range_and_carry_no_judgement():
    """Six carry one."""
    values = [2.0, 2.1, 2.2, 2.3, 2.15, 2.05]
    ones = by_number([1.0] * 6)
    few = stats.ratio(by_number(values[:5]), ones)
    assert (few.low, few.high, few.interval, few.strict) == (2.0, 2.3, "range", None)
    enough = stats.ratio(by_number(values), ones)
    assert (enough.low, enough.high, enough.interval) == (2.0, 2.3, "signed_rank")
    assert enough.strict == (2.0, 2.3)


def test_every_session_says_what_it_says_alone():
    """With an interval of its own from six rounds on."""
    above = {**by_number([2.0, 2.1, 2.2, 2.3, 2.15, 2.05]), **by_number([1.5, 1.6], session=2)}
    found = stats.ratio(above, dict.fromkeys(above, 1.0))
    assert found.sessions == (Part(2.0, 2.3, 2.13107, 6), Part(None, None, 1.54919, 2))
    assert found.n == 8


def test_a_wall_ratio_is_how_many_ran_at_once_by_what_each_cost():
    """In geometric means exactly, since both factors are of the same rounds."""
    record = make_record()
    rng = random.Random(1)
    arms = []
    for case in ("for_loop", "threads"):
        arms.append(
            [
                Sample(
                    "add", case, "python3.11", one.round, {},
                    {**one.values, "cpu_s": one.values["cpu_s"] * rng.uniform(0.9, 2)},
                    session=one.session,
                )
                for one in record.select("add", case)
            ]
        )  # fmt: skip
    walls = stats.ratio(*(stats.by_round(samples) for samples in arms))
    costs = stats.ratio(*(stats.cost_ns(samples, 4e6) for samples in arms))
    together = stats.ratio(*(stats.at_once(samples) for samples in reversed(arms)))
    assert walls.n == costs.n == together.n == 16
    assert math.isclose(walls.value, costs.value * together.value, rel_tol=1e-5)


def test_what_addition_costs_is_told_in_nanoseconds():
    """Of a round without CPU time nothing is told."""
    samples = [
        Sample("add", "a", "python3.11", 1, {}, {"wall_s": 1.0, "cpu_s": 2.0}),
        Sample("add", "a", "python3.11", 2, {}, {"wall_s": 1.0, "cpu_s": 0.0}),
    ]
    assert stats.cost_ns(samples, 10**8) == {(1, 1): 20.0}
    assert stats.at_once(samples) == {(1, 1): 2.0}


def noisy(centre, seed, rounds=24):
    """Rounds that differ by a few percent."""
    rng = random.Random(seed)
    return by_number([centre * rng.lognormvariate(0, 0.03) for _ in range(rounds)])


def test_the_best_is_chosen_on_odd_rounds_and_estimated_on_even_ones():
    """The others are so many times it, by those rounds alone."""
    curves = {"slow": noisy(2.0, 1), "fast": noisy(1.0, 2), "alike": noisy(1.01, 3)}
    found = stats.best(curves)
    assert found.label == "fast"
    assert set(found.ratios) == {"slow", "alike"}
    assert {at[1] % 2 for at in found.ratios["slow"].rounds} == {0}
    assert found.ratios["slow"].low > 1.8


def test_the_best_may_be_the_greatest():
    """As of links in a second; the others are then as many times less."""
    found = stats.best({1: noisy(100, 1), 8: noisy(400, 2)}, smallest=False)
    assert found.label == 8
    assert 3.8 < found.ratios[1].value < 4.2


def test_the_knee_is_the_smallest_number_that_none_beats_for_sure():
    """Less than a twentieth is no gain, however sure it is."""
    curves = {1: noisy(2.0, 1), 2: noisy(1.04, 2), 4: noisy(1.0, 3), 8: noisy(1.1, 4)}
    assert stats.knee(curves) == 2
    rates = {number: {at: 1 / value for at, value in one.items()} for number, one in curves.items()}
    assert stats.knee(rates, smallest=False) == 2


def test_where_nothing_is_gained_the_knee_is_the_smallest_number():
    """And where each gains, the largest."""
    assert stats.knee({1: noisy(1.0, 1), 2: noisy(1.02, 2), 4: noisy(1.3, 3)}) == 1
    assert stats.knee({1: noisy(4.0, 1), 2: noisy(2.0, 2), 4: noisy(1.0, 3)}) == 4


def test_too_few_rounds_have_no_knee():
    """Which is not the same as that one worker does."""
    assert stats.knee({1: noisy(2.0, 1, rounds=5), 2: noisy(1.0, 2, rounds=5)}) is None


def test_one_of_many_is_judged_by_a_wider_interval():
    """What is shown stays as it is."""
    ones = by_number([1.0] * 12)
    found = stats.ratio(noisy(1.1, 1, rounds=12), ones)
    strict = stats.for_claims(found, 26)
    assert strict.strict[0] < found.strict[0] and strict.strict[1] > found.strict[1]
    assert (strict.low, strict.high) == (found.low, found.high)
    assert stats.for_claims(stats.ratio(noisy(1.1, 1, rounds=9), ones), 26).strict is None
    assert stats.for_claims(stats.ratio(noisy(1.1, 1, rounds=10), ones), 26).strict
    assert stats.for_claims(found, 2).strict == stats.for_claims(found, 1).strict == found.strict
    assert stats.for_claims(stats.fact(3, "count"), 26).strict is None


def test_two_quantities_are_divided_round_by_round():
    """What slowed both of a round is in neither's way; the text is what a reader gets."""
    noise = noisy(1.0, 1)
    above = stats.typical({at: 3 * value for at, value in noise.items()}, "s")
    below = stats.typical({at: 2 * value for at, value in noise.items()}, "s")
    found = stats.quotient(above, below)
    assert (found.value, found.low, found.high) == (1.5, 1.5, 1.5)
    assert found.text() == Quantity(above.as_shown / below.as_shown, "ratio").text()


def test_facts_are_divided_as_they_are():
    """By each other, and as the same in every round by what was measured."""
    assert stats.quotient(stats.fact(3, "count"), stats.fact(2, "count")) == Quantity(1.5, "ratio")
    assert stats.quotient(stats.fact(3, "count"), stats.fact(0, "count")) is None
    measured = stats.middle(by_number([2, 2, 2, 4, 2, 2, 2]), "count")
    assert stats.quotient(stats.fact(6, "count"), measured).high == 3.0
    nothing = stats.middle(by_number([0, 0, 0]), "count")
    assert stats.quotient(stats.fact(6, "count"), nothing) is None
