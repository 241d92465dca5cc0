"""What measuring costs, from samples with known answers."""

import dataclasses

from scripts.experiments.harness import picture as harness
from scripts.record import Sample
from tests.factory import make_record


def test_ratios_of_the_pairs():
    """Each round gives one ratio of each pair; nothing measured, nothing said."""
    base = make_record()
    seconds = {"bare_s": 1.0, "timed_s": 1.01, "clock_s": 2.0, "tracker_s": 3.0}
    samples = tuple(
        Sample("harness", "for_loop", base.runtimes[0].id, number, {}, seconds)
        for number in range(1, 6)
    )
    found = harness.values(dataclasses.replace(base, samples=samples))
    assert {key: value.text for key, value in found.items()} == {
        "harness.timed_over_bare": "1.01",
        "harness.tracker_over_clock": "1.50",
    }
    assert harness.values(base) == {}
