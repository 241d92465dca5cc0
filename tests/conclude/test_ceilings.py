"""The most that is possible on a machine, with a setting, under a GIL."""

import dataclasses

import pytest

from scripts.conclude.ceilings import ceiling_of
from scripts.record.declaration import Key
from tests.conclude.records import MACHINE, RUNTIME, make_record


@pytest.mark.parametrize(
    ("ceiling", "cores", "gil", "settings", "most"),
    [
        ("", 2, True, {}, None),
        ("one", 8, False, {"workers": 4, "jobs": 4}, 1.0),
        ("cores", 8, True, {"workers": 4, "jobs": 4}, 8.0),
        ("at_once", 2, True, {"workers": 4, "jobs": 4}, 2.0),
        ("at_once", 8, True, {"workers": 4, "jobs": 3}, 3.0),
        ("at_once", 8, True, {"workers": 2, "jobs": 3}, 2.0),
        ("at_once", 8, True, {}, 8.0),
        ("serial", 8, True, {"workers": 4, "jobs": 4}, 1.0),
        ("serial", 8, False, {"workers": 4, "jobs": 4}, 4.0),
        ("cheaper", 8, True, {"workers": 4, "jobs": 4}, 2.0),
        ("cheaper", 8, False, {"workers": 4, "jobs": 4}, 4.0),
        ("cheaper", 1, False, {}, 2.0),
    ],
)
def test_what_is_possible_follows_from_the_record(ceiling, cores, gil, settings, most):
    """The least of cores, workers and jobs runs at once; of threads under a GIL, a cheaper one."""
    record = make_record(
        machine=dataclasses.replace(MACHINE, cores=cores),
        runtimes=(dataclasses.replace(RUNTIME, gil=gil),),
        settings=settings,
    )
    assert ceiling_of(Key("ratio", ceiling), record) == most


def test_an_unknown_ceiling_is_a_mistake_of_ours():
    """Which is named."""
    with pytest.raises(
        ValueError, match=r"^unknown ceiling 'sky'; known are one, cores, at_once, serial, cheaper$"
    ):
        ceiling_of(Key("ratio", "sky"), make_record())
