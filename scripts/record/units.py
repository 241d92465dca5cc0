"""The one formatter: a quantity becomes the text that axes, prose, tables and the terminal show."""

from __future__ import annotations

import math

# The last part of a key names its unit: cpu_bound.threads.wall_s is in seconds.
_SYMBOLS = {
    "s": "s",
    "ms": "ms",
    "us": "µs",
    "ns": "ns",
    "mb": "MB",
    "percent": "%",
    "ratio": "×",
    "per_s": "/s",
    "count": "",
    "text": "",
}
UNITS = tuple(_SYMBOLS)


def number(value: float) -> str:
    """Three significant digits, never an exponent: 23.4, 5.12, 0.203, 1,230."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    # 9.996 rounds to 10.0: one digit fewer is left for the decimals.
    digits = 2 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, digits)}f}"


def count(value: int) -> str:
    """A whole number: a power of ten from 10**5 on as the listings write it, others grouped."""
    power = len(str(value)) - 1
    if power >= 5 and value == 10**power:
        return f"10**{power}"
    return f"{value:,}"


def text(value: float | int | str, unit: str) -> str:
    """The text of `value` as it stands in prose, without its unit.

    Raises ValueError for a unit that is not in UNITS.
    """
    if unit not in _SYMBOLS:
        raise ValueError(f"unknown unit {unit!r}")
    if isinstance(value, str):
        return value
    if unit == "count":
        return count(int(value)) if float(value).is_integer() else number(value)
    if unit == "percent":
        return str(round(value)) if 1 <= value < 99 or float(value).is_integer() else number(value)
    return number(value)


def with_unit(value: float | int | str, unit: str) -> str:
    """The text of `value` with its unit, for axes, tables and the terminal: "23.4 s", "2.07×"."""
    shown = text(value, unit)
    tight = unit in ("ratio", "per_s", "count", "text")
    return f"{shown}{'' if tight else ' '}{_SYMBOLS[unit]}"


def duration(seconds: float) -> str:
    """A span of time for people who wait: "42 s", "4 min 05 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
