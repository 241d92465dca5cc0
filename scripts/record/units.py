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
    "ms_per_mb": "ms/MB",
    "h": "h",
    "count": "",
    "text": "",
}
# In a text in Chinese; all others are the same there.
_IN_CHINESE = {
    "s": "秒",
    "ms": "毫秒",
    "us": "微秒",
    "ns": "纳秒",
    "ratio": "倍",
    "per_s": "/秒",
    "ms_per_mb": "毫秒/MB",
    "h": "小时",
}
UNITS = tuple(_SYMBOLS)


def unit_of(key: str) -> str:
    """The unit that the last part of a key names; "ratio" of one thing over another, else text."""
    last = f"_{key.rpartition('.')[2]}"
    if "_over_" in last:
        return "ratio"
    by_length = sorted(UNITS, key=len, reverse=True)  # ms_per_mb before mb
    return next((unit for unit in by_length if last.endswith(f"_{unit}")), "text")


# What Chinese counts large numbers in.
_TEN_THOUSAND, _HUNDRED_MILLION = 10**4, 10**8


def rounded(value: float) -> float:
    """The number that `number` shows: three significant digits."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return round(value, 2 - math.floor(math.log10(abs(value)))) if value else 0.0


def number(value: float, language: str = "en") -> str:
    """Three significant digits, never an exponent: 23.4, 5.12, 0.203, 1,230; in Chinese 1.23万."""
    shown = rounded(value)
    if not shown:
        return "0"
    if language == "zh" and abs(shown) >= _TEN_THOUSAND:
        return _in_chinese(round(shown))
    # 9.996 rounds to 10.0: one digit fewer is left for the decimals.
    digits = 2 - math.floor(math.log10(abs(shown)))
    return f"{shown:,.{max(0, digits)}f}"


def count(value: int, language: str = "en") -> str:
    """A whole number: a power of ten from 10**5 on as the listings write it, others grouped.

    In Chinese as prose writes it: 1亿, 400万.
    """
    if language == "zh" and abs(value) >= _TEN_THOUSAND:
        return _in_chinese(value)
    power = len(str(value)) - 1
    if power >= 5 and value == 10**power:
        return f"10**{power}"
    return f"{value:,}"


def _in_chinese(value: int) -> str:
    """A number from 10,000 on in 万 or 亿 where two decimals hold all of it, else grouped."""
    large = abs(value) >= _HUNDRED_MILLION
    whole = _HUNDRED_MILLION if large else _TEN_THOUSAND
    if value * 100 % whole:
        return f"{value:,}"
    return f"{value / whole:.2f}".rstrip("0").rstrip(".") + ("亿" if large else "万")


def shown(value: float | int, unit: str) -> float | int:
    """The number that `text` shows of `value`: whole counts and percents, else three digits."""
    whole = float(value).is_integer()
    if unit == "count" and whole:
        return int(value)
    if unit == "percent" and (whole or 1 <= value < 99):
        return round(value)
    return rounded(value)


def text(value: float | int | str, unit: str, language: str = "en") -> str:
    """The text of `value` as it stands in prose, without its unit.

    Raises ValueError for a unit that is not in UNITS.
    """
    if unit not in _SYMBOLS:
        raise ValueError(f"unknown unit {unit!r}")
    if isinstance(value, str):
        return value
    number_shown = shown(value, unit)
    if unit in ("count", "percent") and isinstance(number_shown, int):
        return count(number_shown, language) if unit == "count" else str(number_shown)
    return number(value, language)


def with_unit(value: float | int | str, unit: str, language: str = "en") -> str:
    """The text of `value` with its unit, for axes, tables and the terminal: "23.4 s", "23.4秒"."""
    shown = text(value, unit, language)
    if language == "zh":
        return f"{shown}{_IN_CHINESE.get(unit, _SYMBOLS[unit])}"
    tight = unit in ("ratio", "per_s", "count", "text")
    return f"{shown}{'' if tight else ' '}{_SYMBOLS[unit]}"


def duration(seconds: float) -> str:
    """A span of time for people who wait: "42 s", "4 min 05 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
