"""Declaring keys: by pattern, with the unit that their last part names."""

import pytest

from scripts.record.declaration import Key, keys
from scripts.record.units import unit_of


def test_a_pattern_makes_a_key_for_every_way_to_fill_it():
    """A unit or a ceiling that is given holds for all of them."""
    assert keys("e.{way}.wall_s", "e.{way}.at_*.memory_mb", way=("a", "b")) == {
        "e.a.wall_s": Key("s"),
        "e.b.wall_s": Key("s"),
        "e.a.at_*.memory_mb": Key("mb"),
        "e.b.at_*.memory_mb": Key("mb"),
    }
    assert keys("e.workers", unit="count", ceiling="cores") == {"e.workers": Key("count", "cores")}


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("e.threads.wall_s", "s"),
        ("e.pays_from_ms_per_mb", "ms_per_mb"),
        ("e.links_per_s", "per_s"),
        ("e.a_over_b", "ratio"),
        ("e.a.to_b_ratio", "ratio"),
        ("e.count", "count"),
        ("e.single.worst_step", "text"),
    ],
)
def test_the_last_part_of_a_key_names_its_unit(key, unit):
    """The longest name that fits; where none does, it is a text."""
    assert unit_of(key) == unit
