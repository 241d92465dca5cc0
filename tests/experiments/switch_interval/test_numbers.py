"""Whether turns follow the switch interval, from samples with known answers."""

from scripts.experiments.switch_interval import numbers as switch_interval
from tests.experiments import build


def arm(interval_s, turn_s, switches):
    """Rounds under one interval."""
    params = {"switch_interval_s": interval_s}
    values = {"median_turn_s": turn_s, "switches_count": switches}
    return build.arm("switch_interval", "threads", params, **values)


def test_turns_and_their_number_under_each_interval():
    """The ratio is that of the longest interval to the shortest."""
    record = build.record(arm(0.0005, 0.0006, 700), arm(0.005, 0.0051, 80), arm(0.05, 0.051, 8))
    assert build.texts(switch_interval.quantities(record)) == {
        "switch_interval.at_0_5_ms.median_turn_ms": "0.600",
        "switch_interval.at_0_5_ms.switches_count": "700",
        "switch_interval.at_5_ms.median_turn_ms": "5.10",
        "switch_interval.at_5_ms.switches_count": "80",
        "switch_interval.at_50_ms.median_turn_ms": "51.0",
        "switch_interval.at_50_ms.switches_count": "8",
        "switch_interval.at_50_ms.turns_to_at_0_5_ms_ratio": "85.0",
    }
    assert switch_interval.quantities(build.record()) == {}
