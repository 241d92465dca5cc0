"""Medians, ratios and their intervals: what they are, and how far they can be trusted."""

import math
import statistics

import numpy
import pytest

from scripts.conclude.stats import (
    Quantity,
    bootstrap_interval,
    fact,
    median,
    median_of,
    median_sample,
    outliers,
    ratio,
    ratio_of,
    rounds_of,
    t_quantile,
)
from scripts.experiments.control import picture as control
from scripts.record import Sample
from tests.factory import make_record


def sample(number: int, wall_s: float, **params: object) -> Sample:
    return Sample("cpu_bound", "threads", "python3.11", number, params, {"wall_s": wall_s})


def test_a_median_is_written_with_the_range_of_its_rounds():
    walls = [23.9, 23.1, 23.378, 23.2, 23.7]
    found = median_of([sample(n + 1, wall) for n, wall in enumerate(walls)], "wall_s", "s")
    assert found.to_json() == {
        "value": 23.378,
        "text": "23.4",
        "unit": "s",
        "low": 23.1,
        "high": 23.9,
        "low_text": "23.1",
        "high_text": "23.9",
        "n": 5,
        "interval": "range",
    }
    assert found.range_text == "23.1–23.9 s"


def test_a_fact_has_no_spread():
    assert fact("3.11.7", "text").to_json() == {
        "value": "3.11.7",
        "text": "3.11.7",
        "unit": "text",
        "interval": "none",
    }
    assert fact(10**8, "count").to_json() == {
        "value": 100000000,
        "text": "10**8",
        "unit": "count",
        "interval": "none",
    }
    assert fact(2, "count").range_text == ""


def test_a_count_stays_a_count_even_between_two_rounds():
    assert median([75, 62], "count") == Quantity(62, "count", 62, 75, 2, "range")


def test_the_median_of_an_even_number_of_times_lies_between_two():
    assert median([1.0, 4.0, 2.0, 3.0], "s").value == 2.5


def test_nothing_to_take_the_median_of_is_an_error():
    with pytest.raises(ValueError, match="no values"):
        median([], "s")
    with pytest.raises(ValueError, match="no values"):
        ratio_of([])


def test_a_value_that_was_not_measured_is_an_error():
    with pytest.raises(KeyError, match="cpu_s"):
        median_of([sample(1, 2.0)], "cpu_s", "s")


def test_the_median_sample_is_one_that_was_measured():
    samples = [sample(1, 3.0), sample(2, 1.0), sample(3, 2.0), sample(4, 9.0)]
    assert median_sample(samples) is samples[2]
    assert median_sample(samples[:1]) is samples[0]


def test_rounds_are_paired_by_their_number():
    slow = [sample(1, 20.0), sample(2, 44.0), sample(3, 66.0)]
    fast = [sample(3, 22.0), sample(1, 10.0)]
    assert ratio(slow, fast) == Quantity(2.5, "ratio", 2.0, 3.0, 2, "range")


def test_rounds_that_share_no_number_have_no_ratio():
    with pytest.raises(ValueError, match="no values"):
        ratio([sample(1, 1.0)], [sample(2, 1.0)])


def test_fewer_than_five_rounds_have_a_range_and_decide_nothing():
    found = ratio_of([2.0, 2.1, 2.2, 2.3])
    assert (found.low, found.high, found.interval) == (2.0, 2.3, "range")
    assert not found.differs_from(1)


def test_five_rounds_decide_when_their_interval_excludes_a_value():
    found = ratio_of([2.0, 2.1, 2.2, 2.3, 2.15])
    assert (found.value, found.interval) == (2.15, "bootstrap")
    assert found.differs_from(1)
    assert not found.differs_from(2.1)
    assert not ratio_of([0.9, 1.1, 1.05, 1.2, 1.3]).differs_from(1)


def test_a_fact_differs_from_nothing():
    assert not fact(3, "count").differs_from(1)


def test_the_same_rounds_in_another_order_have_the_same_interval():
    values = [2.3, 2.05, 2.11, 2.9, 2.07, 2.2]
    assert bootstrap_interval(values) == bootstrap_interval(sorted(values, reverse=True))


def test_identical_rounds_have_an_interval_of_no_width():
    assert bootstrap_interval([2.0] * 7) == (2.0, 2.0)


@pytest.mark.parametrize("rounds", [5, 6, 7, 8, 10, 21])
def test_the_interval_is_the_one_that_resampling_would_find(rounds):
    """Of 100,000 real resamples as many lie outside as were agreed, within four standard errors."""
    random = numpy.random.default_rng(rounds)
    values, draws = random.lognormal(0, 0.1, rounds), 100_000
    medians = numpy.median(values[random.integers(0, rounds, (draws, rounds))], axis=1)
    spread = math.sqrt(rounds / (rounds - 1)) * t_quantile(0.975, rounds - 1)
    tail = statistics.NormalDist().cdf(-spread)
    error = 4 * math.sqrt(tail / draws)
    low, high = bootstrap_interval(list(values))
    for beyond, up_to in (
        (medians < low, medians <= low),
        (medians > high, medians >= high),
    ):
        assert beyond.mean() - error < tail < up_to.mean() + error


@pytest.mark.parametrize("rounds", [5, 7, 10])
def test_the_interval_holds_the_true_ratio_as_often_as_it_says(rounds):
    """With the noise of a benchmark: skewed to the right, and a spike in one round of twenty."""
    random = numpy.random.default_rng(rounds)
    truth, runs = 2.0, 600

    def noisy() -> numpy.ndarray:
        spikes = numpy.where(random.random((runs, rounds)) < 0.05, 1.5, 1.0)
        return random.lognormal(0, 0.05, (runs, rounds)) * spikes

    ratios = truth * noisy() / noisy()
    intervals = [bootstrap_interval(row) for row in ratios]
    covered = sum(low <= truth <= high for low, high in intervals) / runs
    assert 0.90 <= covered <= 0.99


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(1, 12.706), (2, 4.303), (4, 2.776), (6, 2.447), (9, 2.262), (30, 2.042)],
)
def test_quantiles_of_t_are_those_of_the_printed_tables(degrees, expected):
    assert round(t_quantile(0.975, degrees), 3) == expected


def test_with_many_degrees_t_is_normal():
    assert math.isclose(t_quantile(0.975, 10_000), 1.95996, abs_tol=1e-3)


def test_the_same_case_twice_is_seldom_called_different():
    """In 1,000 simulated controls with skewed noise and spikes, at most 50 false alarms."""
    random = numpy.random.default_rng(1)

    def noisy() -> numpy.ndarray:
        spikes = numpy.where(random.random((1000, 5)) < 0.05, 1.5, 1.0)
        return random.lognormal(0, 0.03, (1000, 5)) * spikes

    alarms = sum(control.differs(ratio_of(list(row))) for row in noisy() / noisy())
    assert alarms <= 50


def test_an_outlier_counts_in_and_is_said():
    """The median and the range hold it; how many there are stands beside them."""
    found = median([10.0, 10.1, 10.2, 10.1, 14.0], "s")
    assert (found.value, found.high, found.to_json()["outliers"]) == (10.1, 14.0, 1)
    assert "outliers" not in median([10.0, 10.1, 10.2, 10.1, 10.0], "s").to_json()


def test_outliers_are_pointed_out_and_kept():
    assert outliers([10.0, 10.1, 10.2, 10.1, 14.0]) == [False] * 4 + [True]
    assert outliers([3.0, 3.0, 3.0]) == [False] * 3
    assert outliers([]) == []


def test_rounds_with_a_warm_pool_are_another_variant():
    record = make_record(rounds=2, experiments=["cpu_bound"])
    warm = sample(1, 1.0, pool="warm", workers=4)
    both = make_record(rounds=2, experiments=["cpu_bound"], samples=(*record.samples, warm))
    assert rounds_of(both, "cpu_bound", "threads") == record.select("cpu_bound", "threads")
