"""What measuring costs, from samples with known answers."""

from scripts.experiments.harness import numbers as harness
from tests.experiments import build


def test_each_process_gives_the_ratio_of_its_pairs():
    """Nothing measured, nothing said."""
    ratios = {"timed_over_bare_ratio": 1.01, "tracker_over_clock_ratio": 1.5}
    found = harness.quantities(build.record(build.arm("harness", "for_loop", **ratios)))
    assert build.texts(found) == {
        "harness.timed_over_bare": "1.01",
        "harness.tracker_over_clock": "1.50",
    }
    assert found["harness.timed_over_bare"].interval == "signed_rank"
    assert harness.quantities(build.record()) == {}
