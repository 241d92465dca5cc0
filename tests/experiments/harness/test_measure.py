"""The harness measures itself."""

from scripts.experiments.harness import measure as harness
from scripts.experiments.settings import Settings
from tests.experiments import build


def test_both_pairs_are_timed():
    """One case; medians in seconds, and the ratios of the pairs."""
    settings = Settings(harness_additions=20_000, harness_ticks=20_000)
    (case,) = harness.cases(settings, build.machine(), build.runtime(), 5e-8)
    values = harness.run(case, settings).values
    assert set(values) == {
        "timed_s", "bare_s", "timed_over_bare_ratio",
        "tracker_s", "clock_s", "tracker_over_clock_ratio",
    }  # fmt: skip
    assert 0 < values["clock_s"] < values["tracker_s"]
    assert values["tracker_over_clock_ratio"] > 1


def test_pairs_are_measured_in_turn(monkeypatch):
    """Every other pair begins with the other side, so that none is always the second."""
    asked = []
    sides = {"above": 3.0, "below": 2.0}
    monkeypatch.setattr(harness, "PAIRS", 4)
    above, below = (lambda name=name: asked.append(name) or sides[name] for name in sides)
    assert harness._pairs(above, below) == (3.0, 2.0, 1.5)
    assert asked == ["below", "above", "above", "below", "below", "above", "above", "below"]
