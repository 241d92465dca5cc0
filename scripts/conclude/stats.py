"""From samples to quantities: a median with its spread, and a ratio with its interval."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import statistics
from collections.abc import Iterable, Sequence

from scripts.record import Record, Sample, units

CONFIDENCE = 0.95
# The median of four rounds or fewer lies outside their range in more than one case of twenty,
# so that no interval made from them can keep its promise.
FEWEST_ROUNDS = 5


@dataclasses.dataclass(frozen=True)
class Quantity:
    """A measured value in `unit`, one of scripts.units.UNITS.

    `low` and `high` are what `interval` says: "range" (lowest and highest of the `n` rounds),
    "bootstrap" (95 % interval of a ratio) or "none" (a fact: no `low`, `high` and `n`). `outliers`
    is how many of the rounds lie far from the others; they are counted in like all.
    """

    value: float | int | str
    unit: str
    low: float | int | None = None
    high: float | int | None = None
    n: int | None = None
    interval: str = "none"
    outliers: int = 0

    @property
    def text(self) -> str:
        """The value as it stands in prose, without its unit."""
        return units.text(self.value, self.unit)

    @property
    def range_text(self) -> str:
        """Both ends of the interval with the unit, "23.1–23.9 s"; "" for a fact."""
        if self.low is None or self.high is None:
            return ""
        return f"{units.text(self.low, self.unit)}–{units.with_unit(self.high, self.unit)}"

    def differs_from(self, value: float) -> bool:
        """Whether the interval excludes `value`; never on fewer than FEWEST_ROUNDS rounds."""
        if self.low is None or self.high is None or (self.n or 0) < FEWEST_ROUNDS:
            return False
        return not self.low <= value <= self.high

    def to_json(self) -> dict[str, object]:
        """The object of this quantity in data/measured.json."""
        fields: dict[str, object] = {"value": self.value, "text": self.text, "unit": self.unit}
        if self.low is not None and self.high is not None:
            fields |= {"low": self.low, "high": self.high}
            fields |= {
                "low_text": units.text(self.low, self.unit),
                "high_text": units.text(self.high, self.unit),
                "n": self.n,
            }
        if self.outliers:
            fields["outliers"] = self.outliers
        return fields | {"interval": self.interval}


# What stands for a quantity that this machine could not measure: no key of data/measured.json is
# missing on one machine and there on another, and no text may show it.
ABSENT = Quantity("—", "text")


def rounds_of(record: Record, experiment: str, case: str) -> list[Sample]:
    """The samples of a case that the figures show, one a round, by the first interpreter.

    They are those whose pool was made anew, as a program does it: a warm pool is another variant.
    """
    found = record.select(experiment, case)
    return [sample for sample in found if sample.params.get("pool") != "warm"]


def fact(value: float | int | str, unit: str) -> Quantity:
    """A quantity that does not vary: a setting, a name, a number of cores."""
    return Quantity(value, unit)


def median(values: Sequence[float], unit: str) -> Quantity:
    """The median of `values`, one a round, with their range.

    A count stays a count: of an even number of them it is the lower of the two in the middle.
    Raises ValueError when there are none.
    """
    if not len(values):
        raise ValueError("no values to take the median of")
    if unit == "count":
        middle, low, high = statistics.median_low(values), min(values), max(values)
        far = sum(outliers(values))
        return Quantity(int(middle), unit, int(low), int(high), len(values), "range", far)
    low, middle, high = (
        _rounded(value) for value in (min(values), statistics.median(values), max(values))
    )
    return Quantity(middle, unit, low, high, len(values), "range", sum(outliers(values)))


def median_of(samples: Sequence[Sample], name: str, unit: str) -> Quantity:
    """The median of the measured value `name` over the samples, one a round.

    Raises ValueError when there are no samples, KeyError when one lacks the value.
    """
    return median([sample.values[name] for sample in samples], unit)


def median_sample(samples: Sequence[Sample], name: str = "wall_s") -> Sample:
    """The sample whose value is the median one; of an even number the lower of the two."""
    return sorted(samples, key=lambda sample: sample.values[name])[(len(samples) - 1) // 2]


def ratio(
    numerators: Sequence[Sample], denominators: Sequence[Sample], name: str = "wall_s"
) -> Quantity:
    """How many times the numerators' value is the denominators': the median of the rounds' ratios.

    Samples of the same round are a pair, since what slowed the machine in a round slowed both.
    Raises ValueError when no round has both.
    """
    below = {sample.round: sample.values[name] for sample in denominators}
    above = {sample.round: sample.values[name] for sample in numerators}
    return ratio_of(
        [above[number] / below[number] for number in sorted(above) if below.get(number)]
    )


def ratio_of(ratios: Sequence[float]) -> Quantity:
    """The median of `ratios`, one a round, with its 95 % bootstrap interval.

    With fewer than FEWEST_ROUNDS rounds the interval is their range. Raises ValueError for none.
    """
    if len(ratios) < FEWEST_ROUNDS:
        return median(ratios, "ratio")
    low, high = bootstrap_interval(ratios)
    middle = _rounded(statistics.median(ratios))
    return Quantity(middle, "ratio", _rounded(low), _rounded(high), len(ratios), "bootstrap")


def quotient(above: Quantity, below: Quantity) -> Quantity | None:
    """How many times `below` `above` is, as a ratio; None when `below` may be zero.

    Its ends are those of interval arithmetic, lowest by highest and highest by lowest: as wide as
    the ratio can be, whatever slowed both at once. `ratio`, which pairs the rounds, is narrower.
    """
    low, high = _ends(above)
    least, most = _ends(below)
    if least <= 0:
        return None
    rounds = [one.n for one in (above, below) if one.n is not None]
    if not rounds:
        return fact(_rounded(above.value / below.value), "ratio")
    low, middle, high = (_rounded(v) for v in (low / most, above.value / below.value, high / least))
    return Quantity(middle, "ratio", low, high, min(rounds), "range")


def _ends(quantity: Quantity) -> tuple[float, float]:
    if quantity.low is None or quantity.high is None:
        return quantity.value, quantity.value
    return quantity.low, quantity.high


def bootstrap_interval(values: Sequence[float]) -> tuple[float, float]:
    """The expanded percentile interval of the median of two or more `values`.

    The plain percentile interval is too narrow for few values. Hesterberg, "What Teachers Should
    Know About the Bootstrap" (2015, doi 10.1080/00031305.2015.1089789), section 4.1, takes the
    percentiles at Φ(−√(n/(n−1)) · t) in place of 2.5 %, with t of n − 1 degrees of freedom.

    The medians of all resamples are few, so nothing is drawn: their distribution is summed up. Each
    end is the first median, coming from outside, with which that much probability is reached: the
    next one inwards would leave out more than was agreed.
    """
    ordered, n = sorted(values), len(values)
    t = t_quantile((1 + CONFIDENCE) / 2, n - 1)
    tail = statistics.NormalDist().cdf(-math.sqrt(n / (n - 1)) * t)
    medians = sorted(((ordered[i] + ordered[j]) / 2, p) for i, j, p in _middle_places(n))
    return _reached(medians, tail), _reached(reversed(medians), tail)


def _reached(medians: Iterable[tuple[float, float]], tail: float) -> float:
    """The first of the medians with which their probabilities add up to `tail`."""
    sums = itertools.accumulate(medians, lambda total, each: (each[0], total[1] + each[1]))
    return next(value for value, total in sums if total >= tail)


@functools.lru_cache(maxsize=16)
def _middle_places(n: int) -> list[tuple[int, int, float]]:
    """Where the two middle ones of n draws from n sorted values come from, and how probably.

    Of an odd number of draws they are one and the same (Efron 1979, doi 10.1214/aos/1176344552,
    section 3; Maritz and Jarrett 1978, "A Note on Estimating the Variance of the Sample
    Median", JASA 73). Counted in whole numbers among the n**n ways to draw.
    """
    half = (n + 1) // 2
    found = []
    for place in range(n):
        # So many ways there are that the lower middle one comes from here …
        ways = _ways(n, place + 1, half) - _ways(n, place, half)
        if n % 2 == 0:  # … and in some of these the upper one comes from further up.
            lower = math.comb(n, half) * ((place + 1) ** half - place**half)
            found += [
                (place, upper, lower * ((n - upper) ** half - (n - upper - 1) ** half) / n**n)
                for upper in range(place + 1, n)
            ]
            ways -= lower * (n - place - 1) ** half
        found.append((place, place, ways / n**n))
    return found


def _ways(n: int, first: int, least: int) -> int:
    """In how many of the ways to draw n of n values `least` or more are of the `first` ones."""
    return sum(
        math.comb(n, count) * first**count * (n - first) ** (n - count)
        for count in range(least, n + 1)
    )


def t_quantile(p: float, degrees: int) -> float:
    """The quantile of Student's t for 0.5 < p < 1 and whole degrees of freedom from 1 on.

    Bisects the angle atan(t/√degrees), in which the distribution is a finite sum of powers of its
    cosine (Abramowitz and Stegun 26.7.3 and 26.7.4).
    """
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        angle = (low + high) / 2
        if _t_within(angle, degrees) < 2 * p - 1:
            low = angle
        else:
            high = angle
    return math.sqrt(degrees) * math.tan(low)


def _t_within(angle: float, degrees: int) -> float:
    """The probability that |t| is at most √degrees · tan(angle)."""
    odd = degrees % 2
    term = math.sin(angle) * (math.cos(angle) if odd else 1.0)
    total = 0.0
    for power in range(1 + odd, degrees, 2):
        total += term
        term *= math.cos(angle) ** 2 * power / (power + 1)
    return (angle + total) * 2 / math.pi if odd else total


def outliers(values: Sequence[float]) -> list[bool]:
    """Which values lie more than 1.5 interquartile ranges outside the quartiles (Tukey's fences).

    They are pointed out and never dropped.
    """
    if len(values) < 2:
        return [False] * len(values)
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    reach = 1.5 * (third - first)
    return [value < first - reach or value > third + reach for value in values]


def _rounded(value: float) -> float:
    """Six significant digits: more than any clock here can tell, and readable in the JSON."""
    return float(f"{value:.6g}")
