"""Ratios add up before the reader's eyes."""

import random

import pytest

from scripts.conclude.stats import ratio, typical
from tests import ratios


@pytest.mark.parametrize(
    ("texts", "fits"),
    [
        (("1.62", "11.9", "7.33"), True),
        (("1.76", "11.9", "7.33"), False),
        (("1.63", "11.9", "7.33"), False),
        (("1,230", "1,230", "1.00"), True),
        (("1,240", "1,230", "1.00"), False),
        (("0.500", "0.250", "0.500"), True),
        (("10.0", "9.99", "1.00"), False),
    ],
)
def test_who_divides_gets_the_ratio_to_three_digits(texts, fits):
    """Not one digit more or less."""
    assert ratios.adds_up(*texts) is fits


def entry(quantity):
    """An entry of data/measured.json."""
    return quantity.to_json()


def test_every_ratio_with_both_its_times_is_looked_at():
    """By the names of the keys; what is missing is not."""
    values = {
        "x.a_over_b": {"text": "2.00"},
        "x.a.wall_s": {"text": "4.00"},
        "x.b.wall_s": {"text": "2.01"},
        "x.step.a_over_c": {"text": "9.00"},
        "x.a_over_c": {"missing": "lacking"},
        "x.c.wall_s": {"text": "1.00"},
        "x.a_over_d": {"text": "9.00"},
        "x.d.wall_s": {"missing": "lacking"},
    }
    assert [*ratios.pairs(values)] == [("x.a_over_b", "x.a.wall_s", "x.b.wall_s")]
    assert ratios.misfits(values) == ["x.a_over_b is 2.00, not 4.00 / 2.01"]


def test_whatever_was_measured_adds_up():
    """Two hundred pairs of arms of all lengths, quiet and noisy."""
    rng = random.Random(1)
    values = {}
    for number in range(200):
        noise, rounds = rng.choice((0.01, 0.3)), range(1, rng.randrange(2, 40))
        arms = [
            {(1, at): 10 ** rng.uniform(-3, 3) * rng.lognormvariate(0, noise) for at in rounds}
            for _ in "ab"
        ]
        values[f"x{number}.a_over_b"] = entry(ratio(*arms))
        for name, arm in zip("ab", arms, strict=True):
            values[f"x{number}.{name}.wall_s"] = entry(typical(arm, "s"))
    assert len([*ratios.pairs(values)]) == 200
    assert ratios.misfits(values) == []
