"""What figure 2 says, from samples with known answers."""

from scripts.experiments.interleaving import numbers as interleaving
from scripts.record import Span
from tests.experiments import build

SWEPT = {"median_run_s": 0.005, "median_turn_s": 0.0051, "switches_count": [80, 87, 90, 91] * 2}


def test_short_rounds_are_summed_up():
    """Shares and counts by their medians, times and lengths by their means."""
    threads = build.arm(
        "interleaving", "threads", {"size": "short"},
        wall_s=0.4, cpu_s=0.4, running_s=0.398, overlap_percent=[0.0, 1.0] * 4, **SWEPT,
    )  # fmt: skip
    found = interleaving.quantities(build.record(threads))
    assert build.texts(found) == {
        "interleaving.threads.wall_s": "0.400",
        "interleaving.threads.overlap_percent": "0.500",
        "interleaving.threads.switches_count": "87",
        "interleaving.threads.median_run_ms": "5.00",
        "interleaving.threads.median_turn_ms": "5.10",
        "interleaving.threads.parallelism_ratio": "0.995",
        "interleaving.threads.at_once": "1.00",
    }
    assert found["interleaving.threads.overlap_percent"].interval == "order"


def test_takes_are_what_is_drawn_and_not_what_is_counted():
    """One without spans has nothing to draw."""
    take = build.arm(
        "interleaving", "processes", {"size": "take"}, spans=[Span(0, 0, 1)], rounds=2, wall_s=1.0
    )
    bare = build.arm("interleaving", "threads", {"size": "take"}, rounds=2, wall_s=1.0)
    record = build.record(take, bare)
    assert interleaving.quantities(record) == {}
    assert interleaving.takes(record) == {"processes": take}
