"""Exact intervals from few values: no table, no resampling, no assumption of a normal law.

Both hold for whatever law the values come from (the signed-rank one: a law that is symmetric, as
the logarithm of a ratio of two arms is that differ by chance alone), and both count orders and
signs that are all equally probable.
"""

from __future__ import annotations

import fractions
import functools
import math
import statistics
from typing import List, Optional, Sequence, Tuple

# How often an interval may miss, of all of its kind.
ERROR = 0.05
# Fewer rounds carry no interval of 95 %: of 2**5 orders of signs, 2 are all alike, which is 6 %.
FEWEST_ROUNDS = 6
# Of more values than this the normal law says the same, and counting would take for ever.
MANY = 200

Interval = Tuple[float, float]


def signed_rank(values: Sequence[float], error: float = ERROR) -> Optional[Interval]:
    """The interval of the centre of `values` that Wilcoxon's signed-rank test does not reject.

    Its ends are order statistics of the Walsh averages, the means of all pairs of values, each
    with itself too (Hollander and Wolfe, Nonparametric Statistical Methods, chapter 3; the
    estimate that goes with it is Hodges and Lehmann's, 1963). None with too few values for that
    `error`.
    """
    place = _signed_rank_place(len(values), error)
    if not place:
        return None
    if len(values) > MANY:
        far = _normal(error) * statistics.stdev(values) / math.sqrt(len(values))
        return statistics.fmean(values) - far, statistics.fmean(values) + far
    ordered = sorted(values)
    sums = sorted([one + other for index, one in enumerate(ordered) for other in ordered[index:]])
    return sums[place - 1] / 2, sums[-place] / 2


def order(values: Sequence[float], error: float = ERROR) -> Optional[Interval]:
    """The interval of the median of `values` between two of them, by the binomial law.

    (Le Boudec, Performance Evaluation of Computer and Communication Systems, chapter 2; advised
    for such measurements by Hoefler and Belli, SC15.) None with too few values for that `error`.
    """
    place = _order_place(len(values), error)
    if not place:
        return None
    ordered = sorted(values)
    return ordered[place - 1], ordered[-place]


@functools.lru_cache(maxsize=1024)
def _signed_rank_place(n: int, error: float) -> int:
    """Which average, counted from either end, bounds the interval; 0 when none is far enough."""
    return _place(_signed_rank_counts(min(n, MANY)), min(n, MANY), error)


@functools.lru_cache(maxsize=1024)
def _order_place(n: int, error: float) -> int:
    if n > MANY:
        return math.floor((n - _normal(error) * math.sqrt(n)) / 2)
    return _place([math.comb(n, count) for count in range(n // 2 + 1)], n, error)


def _normal(error: float) -> float:
    """How many standard deviations from the centre leave half of `error` beyond them."""
    return statistics.NormalDist().inv_cdf(1 - error / 2)


def _place(counts: Sequence[int], n: int, error: float) -> int:
    """How many of the lowest outcomes together have at most half of `error`.

    Outcome i has counts[i] of the 2**n equally probable orders of signs.
    """
    most = fractions.Fraction(error) / 2 * 2**n
    total = 0
    for place, count in enumerate(counts):
        total += count
        if total > most:
            return place
    return 0


@functools.lru_cache(maxsize=64)
def _signed_rank_counts(n: int) -> List[int]:
    """How many of the 2**n orders of signs give each sum of positive ranks, up to the middle one.

    A rank more is there or not: the counts are those without it plus the same, moved by the rank.
    """
    most = n * (n + 1) // 4
    counts = [1] + [0] * most
    for rank in range(1, n + 1):
        reached = min(most, rank * (rank + 1) // 2)
        moved = counts[: reached + 1 - rank]
        counts[rank : reached + 1] = [
            old + new for old, new in zip(counts[rank : reached + 1], moved)
        ]
    return counts
