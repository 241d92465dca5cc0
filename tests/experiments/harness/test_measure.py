"""The harness measures itself."""

from scripts.experiments.harness import measure as harness
from scripts.experiments.settings import Settings
from tests.factory import make_machine, make_runtime


def test_all_four_sides_are_timed():
    """One case, four medians in seconds; the tracker does more than reading the clock."""
    settings = Settings(harness_additions=20_000, harness_ticks=20_000)
    (case,) = harness.cases(settings, make_machine(), make_runtime(), 5e-8)
    values = harness.run(case, settings).values
    assert set(values) == {"bare_s", "timed_s", "clock_s", "tracker_s"}
    assert 0 < values["clock_s"] < values["tracker_s"]
