"""A quantity as text and as JSON, in both languages."""

import json
import math

import pytest

from scripts.conclude.quantity import Part, Quantity, from_json

RATIO = Quantity(
    value=1.91433,
    unit="ratio",
    low=1.90504,
    high=2.08067,
    n=12,
    interval="signed_rank",
    sessions=(Part(1.77123, 2.08067, 1.91433, 8), Part(None, None, 1.9, 4)),
    ceiling=2.0,
    resolution=0.02,
    strict=(1.63165, 2.22568),
    shown=1.90196,
)


def test_a_fact_is_its_value():
    """A name, or a number; large ones as prose in Chinese writes them."""
    assert Quantity("3.11.7", "text").to_json() == {
        "value": "3.11.7",
        "text": "3.11.7",
        "unit": "text",
        "interval": "none",
    }
    assert Quantity(10**8, "count").to_json() == {
        "value": 100000000,
        "text": "10**8",
        "text_zh": "1亿",
        "unit": "count",
        "interval": "none",
    }
    assert Quantity(2, "count").range_with_unit() == ""
    assert Quantity(2, "count").ends() == ("", "")


def test_a_ratio_is_written_with_all_by_which_it_is_judged():
    """The text is the quotient of the times shown, and within the ends as they are shown."""
    assert RATIO.to_json() == {
        "value": 1.91433,
        "text": "1.90",
        "unit": "ratio",
        "low": 1.90504,
        "high": 2.08067,
        "low_text": "1.90",
        "high_text": "2.08",
        "n": 12,
        "sessions": [
            {"low": 1.77123, "high": 2.08067, "value": 1.91433, "n": 8},
            {"low": None, "high": None, "value": 1.9, "n": 4},
        ],
        "interval": "signed_rank",
        "ceiling": 2.0,
        "above_ceiling": False,
        "strict": [1.63165, 2.22568],
        "shown": 1.90196,
    }


def test_a_quantity_comes_back_from_its_json():
    """But for its rounds; the resolution is the record's and stands there once."""
    for one in (RATIO, Quantity("fork", "text"), Quantity(3, "count"), Quantity(0.5, "s", 0, 1, 5)):
        written = json.loads(json.dumps(one.to_json()))
        assert from_json(written, resolution=one.resolution) == one


def test_what_is_no_quantity_is_an_error():
    """Its reader says where it stands."""
    with pytest.raises(TypeError):
        from_json({"value": 1})


@pytest.mark.parametrize(
    ("quantity", "english", "chinese"),
    [
        (Quantity(23.378, "s", 23.1, 23.9, 6), "23.4 s", "23.4秒"),
        (Quantity(12_345.6, "per_s"), "12,300/s", "1.23万/秒"),
        (Quantity(400_000, "count"), "400,000", "40万"),
        (RATIO, "1.90×", "1.90倍"),
    ],
)
def test_a_quantity_has_a_text_in_both_languages(quantity, english, chinese):
    """With its unit, as axes and tables show it."""
    assert (quantity.with_unit(), quantity.with_unit("zh")) == (english, chinese)


def test_ends_are_shown_with_the_unit_once():
    """In both languages."""
    quantity = Quantity(23.378, "s", 23.1, 23.9, 6)
    assert quantity.range_with_unit() == "23.1–23.9 s"
    assert quantity.range_with_unit("zh") == "23.1–23.9秒"


@pytest.mark.parametrize(
    ("value", "resolution", "above"),
    [
        (2.01, None, True),
        (2.0, None, False),
        (2.01, 0.02, False),
        (2.05, 0.02, True),
        (2.2, 7.0, False),
        (2.3, 7.0, True),
    ],
)
def test_what_is_above_the_possible_is_told_beyond_the_resolution(value, resolution, above):
    """2.01 of 2 cores is noise where the control tells no finer difference than 2 %.

    But no control, how far apart its two halves may be, makes a lie of more than a tenth noise.
    """
    quantity = Quantity(value, "ratio", ceiling=2.0, resolution=resolution)
    assert quantity.above_ceiling is above


def test_the_control_says_nothing_of_what_is_no_time():
    """A share of a time comes from within one arm."""
    assert Quantity(5.0, "percent", resolution=0.1).finest == 0
    assert Quantity(5.0, "ms", resolution=0.1).finest == 0.1
    assert math.isclose(Quantity(5.0, "ms").finest, 0)
