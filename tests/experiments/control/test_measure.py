"""The control's cases: A and B of the kinds that the claims rest on."""

from scripts.experiments.control import measure as control
from scripts.experiments.settings import Settings
from tests.experiments import build

SETTINGS = Settings(workers=2, jobs=4, control_additions=1000)


def test_a_and_b_differ_in_nothing_but_their_names():
    """A comparison of each kind."""
    found = control.cases(SETTINGS, build.machine(2), build.runtime(), 1e-3)
    a, b = found[::2], found[1::2]
    assert [case.name for case in a] == ["a", "a"] and [case.name for case in b] == ["b", "b"]
    assert [(one.params, one.estimate_s, one.group) for one in a] == [
        (one.params, one.estimate_s, one.group) for one in b
    ]
    assert [case.group for case in a] == ["for_loop", "processes"]


def test_each_does_the_work():
    """In a for loop and in a pool that is up."""
    for case in control.cases(SETTINGS, build.machine(2), build.runtime(), 1e-9):
        values = control.run(case, SETTINGS).values
        assert set(values) == {"wall_s", "cpu_s"} and min(values.values()) > 0
