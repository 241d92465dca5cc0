"""One formatter for axes, prose, tables and the terminal."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.record import units


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0, "0"),
        (23.378, "23.4"),
        (5.1249, "5.12"),
        (0.20349, "0.203"),
        (0.000123456, "0.000123"),
        (1, "1.00"),
        (99.95, "100"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.96, "100"),
        (999.6, "1,000"),
        (0.9996, "1.00"),
        (1234, "1,230"),
        (1234567.8, "1,230,000"),
        (-23.378, "-23.4"),
    ],
)
def test_a_number_has_three_significant_digits(value, text):
    """Also where rounding makes it one digit longer; never an exponent."""
    assert units.number(value) == text


@given(st.floats(1e-12, 1e15))
def test_a_number_is_the_nearest_of_three_digits(value):
    """Python's own three digits say the same."""
    text = units.number(value)
    assert float(text.replace(",", "")) == float(f"{value:.2e}")
    assert set(text) <= set("0123456789.,")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("unit", ["s", "percent", "ratio"])
def test_what_is_not_finite_has_no_text(value, unit):
    """A figure or a sentence with "nan" in it is never written."""
    with pytest.raises(ValueError, match=f"^not a finite number: {value!r}$"):
        units.text(value, unit)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (4, "4"),
        (1234, "1,234"),
        (10_000, "10,000"),
        (99_999, "99,999"),
        (10**5, "10**5"),
        (10**8, "10**8"),
        (2 * 10**8, "200,000,000"),
        (10**8 + 1, "100,000,001"),
        (-5, "-5"),
    ],
)
def test_a_count_is_exact(value, text):
    """Powers of ten are written as the listings write them."""
    assert units.count(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text", "with_unit"),
    [
        (23.378, "s", "23.4", "23.4 s"),
        (5.2, "ms", "5.20", "5.20 ms"),
        (81, "us", "81.0", "81.0 µs"),
        (700, "mb", "700", "700 MB"),
        (2.0711, "ratio", "2.07", "2.07×"),
        (12.34, "per_s", "12.3", "12.3/s"),
        (27.44, "ns", "27.4", "27.4 ns"),
        (1.5, "h", "1.50", "1.50 h"),
        (3.2, "ms_per_mb", "3.20", "3.20 ms/MB"),
        (4, "count", "4", "4"),
        (4.0, "count", "4", "4"),
        (2.5, "count", "2.50", "2.50"),
        (10**6, "count", "10**6", "10**6"),
        (0, "percent", "0", "0 %"),
        (0.1234, "percent", "0.123", "0.123 %"),
        (1, "percent", "1", "1 %"),
        (45.6, "percent", "46", "46 %"),
        (98.6, "percent", "99", "99 %"),
        (99.94, "percent", "99.9", "99.9 %"),
        (100, "percent", "100", "100 %"),
        ("3.11.7", "text", "3.11.7", "3.11.7"),
        ("10**8", "count", "10**8", "10**8"),
    ],
)
def test_a_quantity_has_one_text(value, unit, text, with_unit):
    """With its unit for axes and tables, without for prose."""
    assert units.text(value, unit) == text
    assert units.with_unit(value, unit) == with_unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4, "4"),
        (1234, "1,234"),
        (9_999, "9,999"),
        (10_000, "1万"),
        (12_345, "12,345"),
        (12_300, "1.23万"),
        (10**5, "10万"),
        (10**6, "100万"),
        (4_000_000, "400万"),
        (99_990_000, "9999万"),
        (10**8, "1亿"),
        (2 * 10**8, "2亿"),
        (125_000_000, "1.25亿"),
        (10**8 + 1, "100,000,001"),
        (-(10**8), "-1亿"),
    ],
)
def test_a_count_is_written_in_chinese_as_prose_writes_it(value, text):
    """In units of ten thousand and of a hundred million, where two decimals hold all of it."""
    assert units.count(value, "zh") == text
    assert units.text(value, "count", "zh") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (23.378, "s", "23.4秒"),
        (5.2, "ms", "5.20毫秒"),
        (81, "us", "81.0微秒"),
        (27.4, "ns", "27.4纳秒"),
        (700, "mb", "700MB"),
        (2.0711, "ratio", "2.07倍"),
        (12_345.6, "per_s", "1.23万/秒"),
        (9_996, "per_s", "1万/秒"),
        (1.5, "h", "1.50小时"),
        (3.2, "ms_per_mb", "3.20毫秒/MB"),
        (45.6, "percent", "46%"),
        (10**6, "count", "100万"),
        ("fork", "text", "fork"),
    ],
)
def test_a_quantity_has_a_text_in_chinese(value, unit, text):
    """Without a space before the unit, as the post is written."""
    assert units.with_unit(value, unit, "zh") == text


@given(st.floats(1e-12, 1e15))
def test_what_is_shown_is_the_number_of_the_text(value):
    """For whoever divides it by another one."""
    assert units.rounded(value) == float(units.number(value).replace(",", ""))
    assert units.shown(value, "s") == units.rounded(value)


def test_counts_and_percents_are_shown_whole():
    """As their texts are."""
    assert units.shown(1234, "count") == 1234
    assert units.shown(2.5, "count") == 2.5
    assert units.shown(45.6, "percent") == 46
    assert units.shown(99.94, "percent") == 99.9


def test_every_unit_can_be_written():
    """None is forgotten."""
    assert [units.text(1, unit) for unit in units.UNITS if unit not in ("count", "percent")] == [
        "1.00"
    ] * (len(units.UNITS) - 2)


@pytest.mark.parametrize("function", [units.text, units.with_unit])
def test_an_unknown_unit_is_named(function):
    """A key that ends in no unit is a mistake of ours."""
    with pytest.raises(ValueError, match=r"^unknown unit 'parsec'$"):
        function(1, "parsec")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (42, "42 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (245, "4 min 05 s"),
        (3600, "60 min 00 s"),
    ],
)
def test_a_duration_is_for_people_who_wait(seconds, text):
    """Minutes from 60 s on."""
    assert units.duration(seconds) == text
