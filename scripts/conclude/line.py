"""A straight line through measured points: what is fixed, and what each one more adds."""

from __future__ import annotations

import math
import statistics
from typing import Dict, Mapping, Optional, Tuple

from scripts.conclude.quantity import At


def line(points: Mapping[float, float]) -> Optional[Tuple[float, float]]:
    """What the points, value by number, begin with at 0 and what each one more adds to that.

    The line of least squares; None through fewer than two points.
    """
    if len(points) < 2:
        return None
    middle, level = statistics.mean(points), statistics.mean(points.values())
    across = math.fsum((number - middle) ** 2 for number in points)
    each = (
        math.fsum((number - middle) * (value - level) for number, value in points.items()) / across
    )
    return level - each * middle, each


def by_round(curves: Mapping[float, Mapping[At, float]]) -> Dict[At, Tuple[float, float]]:
    """The line of every round, given its values by number: the points of a round are of one time.

    Only those rounds have one that all numbers have a value of.
    """
    common = set.intersection(*(set(values) for values in curves.values())) if curves else set()
    lines = {at: line({number: curves[number][at] for number in curves}) for at in sorted(common)}
    return {at: found for at, found in lines.items() if found}
