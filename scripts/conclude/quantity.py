"""A quantity: what was measured in its unit, how sure that is, and what limits it."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, NamedTuple, Optional, Tuple, Union

from scripts.record import units

# What the control is measured in and speaks for: a share or a count is told within one arm.
_TIMES = ("s", "ms", "us", "ns", "ratio", "per_s", "ms_per_mb")

Value = Union[float, int, str]


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
    ratio and of a median), "spread" (central 80 % of the `n` rounds), "range" (lowest and highest
    of them), or "none" (a fact: no `low`, `high` and `n`).

    `strict` is the interval by which `decide` judges; None where there are too few rounds for it.
    `sessions` is what each session alone says. `ceiling` is the most that is possible, `resolution`
    the finest difference that the control of this record can tell, as a logarithm. `shown` is the
    number that the text shows in place of `value`: a ratio's is the quotient of its two times as
    they are shown. `rounds` are the values of the rounds.
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
    rounds: Tuple[float, ...] = dataclasses.field(default=(), repr=False, compare=False)

    def text(self, language: str = "en") -> str:
        """The value as it stands in prose, without its unit."""
        return units.text(self.value if self.shown is None else self.shown, self.unit, language)

    def low_text(self, language: str = "en") -> str:
        """The lower end as `text` shows the value, never above it; "" for a fact."""
        return (
            "" if self.low is None else units.text(self._around(min, self.low), self.unit, language)
        )

    def high_text(self, language: str = "en") -> str:
        """The upper end as `text` shows the value, never below it; "" for a fact."""
        return (
            ""
            if self.high is None
            else units.text(self._around(max, self.high), self.unit, language)
        )

    def _around(self, choose: Any, end: float) -> float:
        return end if self.shown is None else choose(end, self.shown)

    @property
    def range_text(self) -> str:
        """Both ends with the unit, "23.1–23.9 s"; "" for a fact."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.low_text()}–{units.with_unit(self._around(max, self.high), self.unit)}"

    @property
    def above_ceiling(self) -> bool:
        """Whether the value is more than is possible, by more than the control's resolution."""
        if self.ceiling is None or not isinstance(self.value, (int, float)):
            return False
        return self.value > self.ceiling * math.exp(self.resolution or 0.0)

    @property
    def finest(self) -> float:
        """The finest difference that can be told, as a logarithm: 0 for what is no time."""
        return (self.resolution or 0.0) if self.unit in _TIMES else 0.0
