"""Exact intervals, held against what enumeration and printed tables say."""

import itertools
import math
import random

import pytest

from scripts.conclude import intervals


@pytest.mark.parametrize("n", range(1, 13))
def test_sums_of_ranks_are_counted_as_enumeration_counts_them(n):
    """Over all 2**n orders of signs, up to the middle sum."""
    counts = [0] * (n * (n + 1) // 2 + 1)
    for signs in itertools.product((0, 1), repeat=n):
        counts[sum(rank for rank, sign in enumerate(signs, 1) if sign)] += 1
    assert intervals._signed_rank_counts(n) == counts[: n * (n + 1) // 4 + 1]


def test_all_orders_of_many_signs_are_counted():
    """Half of 2**n and the middle one, to the last digit, for more rounds than any record has."""
    n = 200
    counts = intervals._signed_rank_counts(n)
    assert 2 * sum(counts) - counts[-1] == 2**n  # 200 * 201 / 2 is even: there is a middle sum


@pytest.mark.parametrize(
    ("n", "place"), [(5, 0), (6, 1), (7, 3), (8, 4), (9, 6), (10, 9), (15, 26)]
)
def test_the_places_are_those_of_the_printed_tables_of_the_signed_rank_test(n, place):
    """The critical sum for 5 % on both sides is one less: 0 of 6, 2 of 7, 3, 5, 8, 25."""
    assert intervals._signed_rank_place(n, 0.05) == place


@pytest.mark.parametrize(
    ("n", "place"), [(5, 0), (6, 1), (8, 1), (9, 2), (12, 3), (14, 3), (15, 4), (17, 5), (20, 6)]
)
def test_the_places_are_those_of_the_printed_tables_of_the_median(n, place):
    """[x1, x6] of 6 has 96.9 %, [x2, x8] of 9 has 96.1 %, [x4, x11] of 14 only 94.3 %."""
    assert intervals._order_place(n, 0.05) == place


def test_five_rounds_carry_no_interval_and_six_carry_their_range():
    """2 of 2**5 orders are 6.25 %, 2 of 2**6 are 3.1 %."""
    assert intervals.FEWEST_ROUNDS == 6
    for method in (intervals.signed_rank, intervals.order):
        assert method([1.0, 2.0, 3.0, 4.0, 5.0]) is None
        assert method([3.0, 1.0, 2.0, 6.0, 4.0, 5.0]) == (1.0, 6.0)


@pytest.mark.parametrize("n", [7, 8, 10])
def test_the_interval_holds_just_what_the_signed_rank_test_does_not_reject(n):
    """The test itself, by enumeration, for centres on both sides of either end."""
    rng = random.Random(n)
    values = [rng.lognormvariate(0, 1) for _ in range(n)]
    low, high = intervals.signed_rank(values)
    step = 1e-9
    assert rejected(values, low - step) and not rejected(values, low + step)
    assert rejected(values, high + step) and not rejected(values, high - step)


def rejected(values, centre):
    """Whether Wilcoxon's test at 5 % says that the centre of the values is not `centre`."""
    apart = sorted((value - centre for value in values), key=abs)
    observed = sum(rank for rank, value in enumerate(apart, 1) if value > 0)
    ranks = range(1, len(values) + 1)
    sums = [
        sum(itertools.compress(ranks, signs))
        for signs in itertools.product((0, 1), repeat=len(values))
    ]
    tails = (
        sum(one <= observed for one in sums) / len(sums),
        sum(one >= observed for one in sums) / len(sums),
    )
    return min(tails) <= 0.025


def test_a_stricter_interval_is_wider_and_needs_more_rounds():
    """As one of 26 claims: eleven rounds at least, since 2 of 2**10 are more than 0.05 / 26."""
    values = [1.1, 1.4, 1.2, 1.9, 1.3, 1.7, 1.5, 1.6, 1.8, 2.0, 2.2]
    low, high = intervals.signed_rank(values)
    assert intervals.signed_rank(values, 0.05 / 26) == (1.1, 2.2)
    assert 1.1 < low < high < 2.2
    assert intervals.signed_rank(values[:10], 0.05 / 26) is None
    assert intervals.order(values[:10], 0.05 / 26) is None


def test_the_order_of_the_values_does_not_matter():
    """Nor are identical ones a difficulty."""
    values = [2.3, 2.05, 2.11, 2.9, 2.07, 2.2, 2.2, 2.2]
    for method in (intervals.signed_rank, intervals.order):
        assert method(values) == method(values[::-1])
        assert method([2.0] * 7) == (2.0, 2.0)


def test_shifted_values_have_a_shifted_interval():
    """It depends on nothing but where the values lie."""
    values = [float(math.sqrt(number)) for number in range(2, 14)]
    low, high = intervals.signed_rank(values)
    shifted = intervals.signed_rank([value + 8 for value in values])
    assert shifted == pytest.approx((low + 8, high + 8))


def test_of_many_values_the_normal_law_says_the_same():
    """One value more than are counted out moves the ends by hardly anything."""
    draw = random.Random(1)
    values = [draw.gauss(0, 1) for _ in range(intervals.MANY)]
    for interval in (intervals.signed_rank, intervals.order):
        few, many = interval(values), interval([*values, 0.0])
        assert many == pytest.approx(few, abs=0.03)
    assert intervals.signed_rank([0.0, 1.0] * 5000) == pytest.approx((0.49, 0.51), abs=0.001)
