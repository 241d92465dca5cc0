"""A straight line through measured points: what is fixed, and what each one more adds."""

from __future__ import annotations

import math
from typing import Callable, Dict, Mapping, Optional, Sequence, Tuple

from scripts.conclude.quantity import At


def line(
    points: Sequence[Tuple[float, float]], weight: Callable[[float], float] = lambda value: 1.0
) -> Optional[Tuple[float, float]]:
    """What the points (number, value) begin with at 0, and what each one more adds to that.

    The line of least squares, in which each counts by the `weight` of its value; None through fewer
    than two points.
    """
    if len(points) < 2:
        return None
    weights = [weight(value) for _, value in points]
    whole = math.fsum(weights)
    middle, level = (
        math.fsum(w * one for w, one in zip(weights, ones)) / whole for ones in zip(*points)
    )
    both = [(w, number - middle, value - level) for w, (number, value) in zip(weights, points)]
    each = math.fsum(w * x * y for w, x, y in both) / math.fsum(w * x * x for w, x, _ in both)
    return level - each * middle, each


def by_round(curves: Mapping[float, Mapping[At, float]]) -> Dict[At, Tuple[float, float]]:
    """The line of every round, given its values by number: the points of a round are of one time.

    Only those rounds have one that all numbers have a value of.
    """
    common = set.intersection(*(set(values) for values in curves.values())) if curves else set()
    lines = {at: line([(number, curves[number][at]) for number in curves]) for at in sorted(common)}
    return {at: found for at, found in lines.items() if found}
