"""From samples to quantities: what is typical, how many times another, which is best.

Times are summed up by their geometric mean, for two reasons. A machine of two speeds has times of
two modes, and a median jumps from one to the other with a few rounds more or less, where a mean
moves with the share of each. And the geometric mean of ratios is the ratio of the geometric means,
exactly: whoever divides the two times gets the ratio. All rounds count; none is dropped.

Rounds that are compared are paired: arms of the same session and round lay side by side in time.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from typing import Callable, Dict, Hashable, Iterable, List, Mapping, Optional, Sequence, Tuple

from scripts.conclude import intervals
from scripts.conclude.decide import decide
from scripts.conclude.intervals import ERROR, Interval
from scripts.conclude.quantity import At, ByRound, Part, Quantity, Value
from scripts.record import Sample, units

# More workers that gain less than a twentieth are not worth their memory.
WORTH = 1.05


def by_round(samples: Iterable[Sample], name: str = "wall_s") -> Dict[At, float]:
    """The measured value `name` of each sample that has it, by session and round."""
    return {one.at: one.values[name] for one in samples if name in one.values}


def shared(*many: ByRound) -> List[Dict[At, float]]:
    """The same values, of those rounds only that all of them have."""
    common = sorted(set.intersection(*(set(values) for values in many)))
    return [{at: values[at] for at in common} for values in many]


def at_once(samples: Iterable[Sample]) -> Dict[At, float]:
    """How many jobs ran at once on average, by round: their CPU time by the wall time.

    A wall time is what the work costs (`cost_ns`) by how many ran at once, so that the ratio of two
    wall times of the same work is the product of the ratios of both, in geometric means exactly.
    """
    return {
        one.at: one.values["cpu_s"] / one.values["wall_s"]
        for one in samples
        if one.values.get("cpu_s") and one.values.get("wall_s")
    }


def cost_ns(samples: Iterable[Sample], work: float) -> Dict[At, float]:
    """The CPU time that each of the `work` units of a round cost, in nanoseconds, by round."""
    return {one.at: one.values["cpu_s"] / work * 1e9 for one in samples if one.values.get("cpu_s")}


def fact(value: Value, unit: str) -> Quantity:
    """A quantity that does not vary: a setting, a name, a number of cores."""
    return Quantity(value, unit)


def scaled(values: ByRound, factor: float) -> Dict[At, float]:
    """So many times each of the values, for another unit."""
    return {at: factor * value for at, value in values.items()}


def known(found: Mapping[str, Optional[Quantity]]) -> Dict[str, Quantity]:
    """What was measured of it: of no values the functions below make None."""
    return {key: quantity for key, quantity in found.items() if quantity}


def typical(values: ByRound, unit: str) -> Optional[Quantity]:
    """The geometric mean, with the central 80 % of the rounds.

    The median instead where one of the values is 0.
    """
    if any(value <= 0 for value in values.values()) or not values:
        return middle(values, unit)
    found = _centred(values, unit)
    low, high = _spread([*values.values()])
    return _around(dataclasses.replace(found, interval="spread"), low, high)


def take(values: ByRound, unit: str) -> Optional[Quantity]:
    """The geometric mean with the lowest and the highest, of what is shown and never compared."""
    if not values:
        return None
    found = dataclasses.replace(typical(values, unit), interval="range", strict=None, sessions=())
    return _around(found, min(values.values()), max(values.values()))


def middle(values: ByRound, unit: str) -> Optional[Quantity]:
    """The median with its exact interval, of what may be 0: a share, a count, a number of items.

    A count stays a count: of an even number of them it is the lower of the two in the middle.
    """
    choose = statistics.median_low if unit == "count" else statistics.median
    return _estimated(values, unit, choose, "order") if values else None


def ratio(above: ByRound, below: ByRound, unit: str = "ratio") -> Optional[Quantity]:
    """How many times the values `below` those `above` are, by the rounds that have both.

    The geometric mean of the rounds' ratios with its exact interval; the range where there are
    fewer than FEWEST_ROUNDS. Its text is the quotient of both geometric means as they are shown.
    A round in which one of them is 0 has no ratio.
    """
    above, below = shared(above, below)
    rounds = [at for at in above if above[at] > 0 and below[at] > 0]
    if not rounds:
        return None
    above, below = ({at: values[at] for at in rounds} for values in (above, below))
    found = _centred({at: above[at] / below[at] for at in rounds}, unit)
    shown = [units.rounded(_rounded(_centre([*one.values()]))) for one in (above, below)]
    return dataclasses.replace(found, shown=_rounded(shown[0] / shown[1]))


def quotient(above: Quantity, below: Quantity) -> Optional[Quantity]:
    """How many times the quantity `below` another one is, paired round by round like `ratio`.

    Its text is the quotient of both as they are shown. None where nothing can be divided.
    """
    if above.n is None and below.n is None:
        return fact(_rounded(above.value / below.value), "ratio") if below.value else None
    found = ratio(_by_round(above, below), _by_round(below, above))
    return found and dataclasses.replace(found, shown=_rounded(above.as_shown / below.as_shown))


def _by_round(quantity: Quantity, other: Quantity) -> ByRound:
    """The quantity by round; a fact is the same in every round of the other."""
    return dict.fromkeys(other.rounds, quantity.value) if quantity.n is None else quantity.rounds


@dataclasses.dataclass(frozen=True)
class Best:
    """`label` was best on the odd rounds; on the even ones, the others were `ratios` times it."""

    label: Hashable
    ratios: Mapping[Hashable, Quantity]


def odd(values: ByRound) -> Dict[At, float]:
    """The rounds on which the best is chosen."""
    return {at: value for at, value in values.items() if at[1] % 2}


def even(values: ByRound) -> Dict[At, float]:
    """The rounds on which what was chosen is estimated: chosen and estimated on the same, it would
    look better than it is."""
    return {at: value for at, value in values.items() if at[1] % 2 == 0}


def best(curves: Mapping[Hashable, ByRound], smallest: bool = True) -> Best:
    """Which of the curves has the smallest (or greatest) values, which must be positive.

    Raises ValueError when no odd round has all of them.
    """
    labels = list(curves)
    values = dict(zip(labels, shared(*curves.values())))
    choose = min if smallest else max
    chosen = choose(labels, key=lambda label: _centre([*odd(values[label]).values()]))
    worse = {}
    for label in labels:
        pair = [even(values[label]), even(values[chosen])]
        if label != chosen and pair[0]:
            worse[label] = ratio(*(pair if smallest else pair[::-1]))
    return Best(chosen, worse)


def knee(curves: Mapping[int, ByRound], smallest: bool = True) -> Optional[int]:
    """The smallest number of workers beyond which nothing is gained that can be told.

    That is the smallest one that no larger one surely beats, and by WORTH at least; `curves` are
    wall times, or with `smallest` false what is done in a second. None with too few rounds to tell.
    """
    numbers = sorted(curves)
    for place, number in enumerate(numbers):
        beaten = False
        for larger in numbers[place + 1 :]:
            pair = [curves[number], curves[larger]]
            gain = ratio(*(pair if smallest else pair[::-1]))
            if gain.strict is None:
                return None
            beaten = beaten or (gain.value >= WORTH and decide(gain, 1) == "holds")
        if not beaten:
            return number
    return None


def for_claims(quantity: Quantity, many: int) -> Quantity:
    """The same quantity, to be judged as one of `many`.

    Of 26 verdicts that are each wrong in one record of twenty, one is. So that all are right in 19
    of 20 records, each may be wrong in one of 20 times `many` (Bonferroni). Only one of holds and
    fails can be wrong, so that this much is granted at either end of the interval, though never
    more than to the interval that is shown.
    """
    error = min(ERROR, 2 * ERROR / max(1, many))
    return dataclasses.replace(quantity, strict=interval_of(quantity, error))


def interval_of(quantity: Quantity, error: float = ERROR) -> Optional[Interval]:
    """The exact interval of the estimate; None for a fact, a take, and too few rounds for it."""
    method = {"spread": "signed_rank"}.get(quantity.interval, quantity.interval)
    if method not in ("signed_rank", "order"):
        return None
    rounds = [*quantity.rounds.values()]
    return _interval(rounds, method, quantity.value, error)


def _interval(
    values: Sequence[float], method: str, estimate: float, error: float = ERROR
) -> Optional[Interval]:
    if method == "order":
        found = intervals.order(values, error)
    else:
        found = intervals.signed_rank([math.log(value) for value in values], error)
        found = found and (math.exp(found[0]), math.exp(found[1]))
    if found is None:
        return None
    return _rounded(min(found[0], estimate)), _rounded(max(found[1], estimate))


def _centred(values: ByRound, unit: str) -> Quantity:
    """The geometric mean of positive values with its signed-rank interval."""
    return _estimated(values, unit, _centre, "signed_rank")


def _estimated(values: ByRound, unit: str, centre: Callable, method: str) -> Quantity:
    rounds = [*values.values()]
    value = _rounded(centre(rounds))
    strict = _interval(rounds, method, value)
    low, high = strict or (_rounded(min(rounds)), _rounded(max(rounds)))
    return Quantity(
        value=value,
        unit=unit,
        low=low,
        high=high,
        n=len(rounds),
        interval=method if strict else "range",
        sessions=_parts(values, centre, method),
        strict=strict,
        rounds=values,
    )


def _parts(values: ByRound, centre: Callable, method: str) -> Tuple[Part, ...]:
    found = []
    for number in sorted({session for session, _ in values}):
        rounds = [values[at] for at in sorted(values) if at[0] == number]
        value = _rounded(centre(rounds))
        low, high = _interval(rounds, method, value) or (None, None)
        found.append(Part(low, high, value, len(rounds)))
    return tuple(found)


def _around(quantity: Quantity, low: float, high: float) -> Quantity:
    """The quantity with these ends, or the value itself where it lies outside."""
    low, high = _rounded(min(low, quantity.value)), _rounded(max(high, quantity.value))
    return dataclasses.replace(quantity, low=low, high=high)


def _centre(values: Sequence[float]) -> float:
    """The geometric mean. Raises ValueError for no values."""
    if not values:
        raise ValueError("no round has such values")
    return math.exp(math.fsum(map(math.log, values)) / len(values))


def _spread(values: Sequence[float]) -> Interval:
    """The ends of the central 80 % of the values."""
    if len(values) == 1:
        return values[0], values[0]
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return tenths[0], tenths[-1]


def _rounded(value: float) -> float:
    """Six significant digits: more than any clock here can tell, and readable in the JSON."""
    return value if isinstance(value, int) else float(f"{value:.6g}")
