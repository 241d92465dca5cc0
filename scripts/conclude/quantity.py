"""A quantity: what was measured in its unit, how sure that is, and what limits it."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple, Union

from scripts.record import units

# What the control, which is of times, speaks for: a share is found out within one arm.
_OF_TIMES = ("s", "ms", "us", "ns", "ratio", "per_s", "ms_per_mb")

Value = Union[float, int, str]
# How far above a ceiling a control that tells little apart excuses a value, as a logarithm.
_NO_NOISE = 0.1
# Session and round: what was measured side by side.
At = Tuple[int, int]
# What was measured, by session and round.
ByRound = Mapping[At, float]


class Part(NamedTuple):
    """What one session alone says: its own 95 % interval, None below six rounds."""

    low: Optional[float]
    high: Optional[float]
    value: float
    n: int


@dataclasses.dataclass(frozen=True)
class Quantity:
    """A measured value in `unit`, one of units.UNITS.

    `low` and `high` are what `interval` says: "signed_rank" and "order" (exact 95 % intervals of a
    geometric mean and of a median), "spread" (the central 80 % of the `n` rounds), "range" (lowest
    and highest of them), or "none" (a fact, which has no `low`, `high` and `n`).

    `strict` is the interval by which `decide` judges; None where there are too few rounds for it.
    `sessions` is what each session says alone. `ceiling` is the most that is possible, and
    `resolution` the finest difference that the control of this record tells, as a logarithm. What
    the text shows is `shown` in place of `value` where there is one: a ratio shows the quotient of
    its two times as they are shown. `rounds` are the values of the rounds.
    """

    value: Value
    unit: str
    low: Optional[float] = None
    high: Optional[float] = None
    n: Optional[int] = None
    interval: str = "none"
    sessions: Tuple[Part, ...] = ()
    ceiling: Optional[float] = None
    resolution: Optional[float] = None
    strict: Optional[Tuple[float, float]] = None
    shown: Optional[float] = None
    rounds: Mapping[At, float] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    def text(self, language: str = "en") -> str:
        """The value as it stands in prose, without its unit."""
        return units.text(self._value, self.unit, language)

    def with_unit(self, language: str = "en") -> str:
        """The value with its unit, for axes, tables and the terminal: "23.4 s", "23.4秒"."""
        return units.with_unit(self._value, self.unit, language)

    def ends(self, language: str = "en") -> Tuple[str, str]:
        """Both ends of the interval without the unit, around what `text` shows; "" for a fact."""
        if self.low is None or self.high is None:
            return "", ""
        low, high = self._ends
        return units.text(low, self.unit, language), units.text(high, self.unit, language)

    def range_with_unit(self, language: str = "en") -> str:
        """Both ends of the interval with the unit, "23.1–23.9 s"; "" for a fact."""
        if self.low is None or self.high is None:
            return ""
        high = units.with_unit(self._ends[1], self.unit, language)
        return f"{self.ends(language)[0]}–{high}"

    @property
    def as_shown(self) -> float:
        """The number that the text shows, for whoever divides it by another one."""
        return units.shown(self._value, self.unit)

    @property
    def _value(self) -> Value:
        return self.value if self.shown is None else self.shown

    @property
    def _ends(self) -> Tuple[float, float]:
        if self.shown is None:
            return self.low, self.high
        return min(self.low, self.shown), max(self.high, self.shown)

    @property
    def above_ceiling(self) -> bool:
        """Whether the value is more than is possible, by more than the control's resolution.

        Of a record whose control tells next to nothing apart, by more than a tenth.
        """
        if self.ceiling is None:
            return False
        return self.value > self.ceiling * math.exp(min(self.resolution or 0.0, _NO_NOISE))

    @property
    def finest(self) -> float:
        """The finest difference that the control tells, as a logarithm; 0 for what is no time."""
        return (self.resolution or 0.0) if self.unit in _OF_TIMES else 0.0

    def to_json(self) -> Dict[str, Any]:
        """The object of this quantity in data/measured.json."""
        fields = {"value": self.value, **_texts("text", self.text), "unit": self.unit}
        if self.n is not None:
            fields.update(low=self.low, high=self.high)
            fields.update(_texts("low_text", lambda language: self.ends(language)[0]))
            fields.update(_texts("high_text", lambda language: self.ends(language)[1]))
            fields.update(n=self.n, sessions=[part._asdict() for part in self.sessions])
        fields["interval"] = self.interval
        if self.ceiling is not None:
            fields.update(ceiling=self.ceiling, above_ceiling=self.above_ceiling)
        if self.strict:
            fields["strict"] = list(self.strict)
        if self.shown is not None:
            fields["shown"] = self.shown
        return fields


# What was measured, by key.
Values = Mapping[str, Quantity]


def _texts(name: str, text: Any) -> Dict[str, str]:
    """The text, and the one in Chinese where that is another."""
    neutral, chinese = text("en"), text("zh")
    return {name: neutral} if chinese == neutral else {name: neutral, f"{name}_zh": chinese}


def from_json(fields: Mapping[str, Any], resolution: Optional[float] = None) -> Quantity:
    """The quantity of an object of data/measured.json, but for its rounds.

    Raises KeyError or TypeError for an object that is none.
    """
    names = ("value", "unit", "low", "high", "n", "interval", "ceiling", "shown")
    strict = fields.get("strict")
    return Quantity(
        **{name: fields[name] for name in names if name in fields},
        sessions=tuple(Part(**part) for part in fields.get("sessions", ())),
        strict=tuple(strict) if strict else None,
        resolution=resolution if "n" in fields else None,
    )
