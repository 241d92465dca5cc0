"""The switch intervals: which are tried, and that turns follow them."""

import sys

import pytest

from scripts.experiments.settings import Settings
from scripts.experiments.switch_interval import measure as switch_interval
from scripts.measure.jobs import Case
from tests.experiments import build


def test_switch_intervals_are_for_interpreters_with_a_gil():
    """Without one nobody has to ask."""
    settings, machine = Settings(switch_interval_ticks=1000), build.machine()
    found = switch_interval.cases(settings, machine, build.runtime(), 1e-3)
    assert [case.params["switch_interval_s"] for case in found] == [0.0005, 0.005, 0.05]
    assert switch_interval.cases(settings, machine, build.runtime(gil=False), 1e-3) == []


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="needs an interpreter with a GIL"
)
def test_turns_follow_the_switch_interval():
    """With 1 ms turns are shorter, and more, than with 20 ms; the runs themselves are not kept."""
    settings = Settings(switch_interval_ticks=800_000)
    found = {}
    before = sys.getswitchinterval()
    try:
        for interval_s in (0.001, 0.02):
            case = Case("threads", {"workers": 2, "switch_interval_s": interval_s}, 0.0)
            outcome = switch_interval.run(case, settings)
            assert outcome.spans == []
            found[interval_s] = outcome.values
    finally:
        sys.setswitchinterval(before)
    assert found[0.001]["median_turn_s"] < found[0.02]["median_turn_s"]
    assert found[0.001]["switches_count"] > found[0.02]["switches_count"] > 0
