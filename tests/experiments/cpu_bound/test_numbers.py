"""What figure 1 says, from samples with known answers."""

import pytest

from scripts.experiments.cpu_bound import numbers as cpu_bound
from scripts.record import Span
from tests.experiments import build


def short(way, wall_s, cpu_s, rounds=8):
    """Short rounds of a way."""
    costs = {"cheapest_ns": 40.0, "dearest_ns": 50.0}
    params = {"size": "short"}
    return build.arm("cpu_bound", way, params, rounds=rounds, wall_s=wall_s, cpu_s=cpu_s, **costs)


def take(way, *walls):
    """Takes of a way, in which each job took two seconds."""
    spans = [Span(job, 2.0 * job, 2.0 * job + 2) for job in range(4)]
    params, walls = {"size": "take"}, list(walls)
    return build.arm(
        "cpu_bound", way, params, spans=spans, rounds=len(walls), wall_s=walls, cpu_s=8.0
    )


# Eight rounds on a machine of two speeds, which all arms of a round meet alike.
SPEEDS = [1.0, 1.4, 1.0, 1.0, 1.4, 1.4, 1.0, 1.4]
SHORT = (
    short("for_loop", [0.8 * speed for speed in SPEEDS], [0.8 * speed for speed in SPEEDS]),
    short("threads", [0.88 * speed for speed in SPEEDS], [0.836 * speed for speed in SPEEDS]),
    short("processes", [0.44 * speed for speed in SPEEDS], [0.836 * speed for speed in SPEEDS]),
)


def test_times_costs_how_many_at_once_and_ratios_of_the_short_rounds():
    """4 jobs of 5 million additions: 40 ns each in the for loop; processes reach 0.91 of 2."""
    found = build.texts(cpu_bound.quantities(build.record(*SHORT)))
    assert {key: text for key, text in found.items() if "spread" not in key} == {
        "cpu_bound.for_loop.wall_s": "0.947",
        "cpu_bound.for_loop.cost_ns": "47.3",
        "cpu_bound.for_loop.at_once": "1.00",
        "cpu_bound.threads.wall_s": "1.04",
        "cpu_bound.threads.cost_ns": "49.5",
        "cpu_bound.threads.at_once": "0.950",
        "cpu_bound.processes.wall_s": "0.521",
        "cpu_bound.processes.cost_ns": "49.5",
        "cpu_bound.processes.at_once": "1.90",
        "cpu_bound.for_loop_over_threads": "0.911",
        "cpu_bound.for_loop_over_processes": "1.82",
        "cpu_bound.threads_over_for_loop": "1.10",
        "cpu_bound.threads_over_processes": "2.00",
        "cpu_bound.processes.at_once_to_threads_ratio": "2.00",
        "cpu_bound.threads.cost_to_processes_ratio": "1.00",
        "cpu_bound.threads.cost_to_for_loop_ratio": "1.05",
        "cpu_bound.processes.cost_to_for_loop_ratio": "1.05",
        "cpu_bound.processes.share_of_ceiling_ratio": "0.910",
    }
    assert found["cpu_bound.threads.cost_spread_ratio"] == "1.25"


def test_a_ratio_is_that_of_its_times_and_the_product_of_its_two_factors():
    """How many at once times what each cost, exactly, whatever the rounds are."""
    found = cpu_bound.quantities(build.record(*SHORT))
    value = {key.removeprefix("cpu_bound."): one.value for key, one in found.items()}
    ratio = value["threads_over_processes"]
    assert ratio == pytest.approx(value["threads.wall_s"] / value["processes.wall_s"], rel=1e-5)
    factors = value["processes.at_once_to_threads_ratio"], value["threads.cost_to_processes_ratio"]
    assert ratio == pytest.approx(factors[0] * factors[1], rel=1e-5)


def test_times_and_ratios_are_of_the_same_rounds():
    """A round that lacks an arm tells nothing of the others."""
    arms = [short("for_loop", [1.0, 1.0, 9.0], 1.0, 3), short("threads", 1.0, 1.0, 2)]
    found = build.texts(cpu_bound.quantities(build.record(*arms)))
    assert found["cpu_bound.for_loop.wall_s"] == "1.00"
    assert found["cpu_bound.for_loop_over_threads"] == "1.00"


def test_a_take_has_its_own_times_and_no_ratio():
    """One a session; a job alone is as long as those of the for loop."""
    found = cpu_bound.quantities(build.record(take("for_loop", 8.0, 8.4), take("threads", 9.0)))
    assert build.texts(found) == {
        "cpu_bound.for_loop.take_s": "8.20",
        "cpu_bound.threads.take_s": "9.00",
        "cpu_bound.for_loop.job_s": "2.00",
    }
    assert found["cpu_bound.for_loop.take_s"].range_with_unit() == "8.00–8.40 s"


def test_a_way_that_comes_on_top_is_compared_with_processes():
    """Interpreters, Dask and joblib, where they were measured."""
    arms = [*SHORT, *(short(way, 0.5, 0.8) for way in ("interpreters", "dask", "joblib"))]
    found = build.texts(cpu_bound.quantities(build.record(*arms)))
    for way in ("interpreters", "dask", "joblib"):
        assert found[f"cpu_bound.{way}_over_processes"] == "0.960"
        assert found[f"cpu_bound.for_loop_over_{way}"] == "1.89"


def test_nothing_measured_nothing_said():
    """A record of another experiment."""
    assert cpu_bound.quantities(build.record(build.arm("control", "a", wall_s=1.0))) == {}
