"""How far intervals and decisions can be trusted where the machine is not quiet."""

import math
import random

import pytest

from scripts.conclude.decide import UNDECIDED, decide
from scripts.conclude.stats import for_claims, ratio
from tests.conclude import noisy

# Rounds, and in how many simulated records.
RUNS = {6: 700, 12: 500, 30: 300, 60: 250}


@pytest.fixture(scope="module")
def true_ratio() -> float:
    """What a single process takes of the time of four that share the work, which are steadier."""
    rng = random.Random(0)
    logarithms = []
    for _ in range(40):
        first, second = noisy.rounds(rng, 500, 2.0, processes=4)
        logarithms += [math.log(first[at] / second[at]) for at in first]
    return math.exp(sum(logarithms) / len(logarithms))


@pytest.mark.parametrize("count", RUNS)
def test_the_interval_holds_the_true_ratio_as_often_as_it_says(count, true_ratio):
    """Of two speeds 1.4 apart, fresh processes that differ, a skewed tail, and unlike arms."""
    rng = random.Random(count)
    found = [ratio(*noisy.rounds(rng, count, 2.0, processes=4)) for _ in range(RUNS[count])]
    covered = sum(one.low <= true_ratio <= one.high for one in found) / len(found)
    assert 0.93 <= covered <= 0.99


def test_the_same_case_twice_is_seldom_called_different():
    """In at most one record of twenty, whatever the number of rounds."""
    rng = random.Random(1)
    found = [ratio(*noisy.rounds(rng, count)) for count, runs in RUNS.items() for _ in range(runs)]
    alarms = sum(decide(one, 1) != UNDECIDED for one in found)
    assert 0.02 * len(found) < alarms <= 0.05 * len(found)


def test_among_many_claims_hardly_a_record_has_a_wrong_verdict():
    """Ten claims about what is just as their threshold says: in 5 of 100 records one holds."""
    rng, wrong = random.Random(3), 0
    for _ in range(100):
        found = [for_claims(ratio(*noisy.rounds(rng, 12)), 10) for _ in range(10)]
        wrong += any(decide(one, 1) == "holds" for one in found)
    assert wrong <= 5


def test_sessions_that_must_agree_make_false_alarms_rarer():
    """Three of eight rounds each, of which one may have been in a slow hour."""
    rng = random.Random(2)
    alarms = 0
    for _ in range(300):
        first, second = {}, {}
        for session in (1, 2, 3):
            one, other = noisy.rounds(rng, 8, session=session)
            first.update(one)
            second.update(other)
        alarms += decide(ratio(first, second), 1) != UNDECIDED
    assert alarms <= 0.05 * 300
