"""Starting costs, from samples with known answers."""

import dataclasses

from scripts.conclude.stats import Quantity
from scripts.experiments.control import picture as control
from scripts.experiments.pool_start import picture as pool_start
from scripts.record import Sample
from tests.factory import make_record


def sample(experiment, case, number, params, **values):
    """One sample of the only runtime."""
    runtime = make_record().runtimes[0].id
    return Sample(experiment, case, runtime, number, {"workers": 4, **params}, values)


def record_of(*samples):
    """A record that holds these samples only."""
    return dataclasses.replace(make_record(), samples=samples)


def test_cost_per_worker_and_cold_beside_warm():
    """The own start method stands under `processes`, each method under its name."""
    samples = [
        sample("pool_start", "threads", 1, {"pool": "cold"}, wall_s=1.01),
        sample("pool_start", "threads", 1, {"pool": "warm"}, wall_s=1.0, start_s=0.002),
    ]
    for method, start_s in (("fork", 0.04), ("spawn", 0.4)):
        own = {"start_method": method}
        samples.append(sample("pool_start", "processes", 1, {"pool": "cold", **own}, wall_s=0.7))
        warm = {"pool": "warm", **own}
        samples.append(sample("pool_start", "processes", 1, warm, wall_s=0.5, start_s=start_s))
    found = {key: value.text for key, value in pool_start.values(record_of(*samples)).items()}
    assert found == {
        "pool_start.threads.cold_s": "1.01",
        "pool_start.threads.warm_s": "1.00",
        "pool_start.threads.per_worker_ms": "0.500",
        "pool_start.processes.cold_s": "0.700",
        "pool_start.processes.warm_s": "0.500",
        "pool_start.processes.per_worker_ms": "10.0",
        "pool_start.fork.per_worker_ms": "10.0",
        "pool_start.spawn.per_worker_ms": "100",
    }


def test_nothing_measured_nothing_said():
    """A record without these experiments has no such values."""
    assert pool_start.values(record_of()) == {}
    assert control.values(record_of()) == {}


def test_the_control_compares_the_same_case_with_itself():
    """The ratio is paired by rounds."""
    samples = [
        sample("control", case, number, {}, wall_s=wall_s * number)
        for number in range(1, 6)
        for case, wall_s in (("a", 1.0), ("b", 2.0))
    ]
    found = control.values(record_of(*samples))
    assert found["control.a_over_b"].text == "0.500"
    assert control.differs(found["control.a_over_b"])


def test_a_difference_that_matters_nothing_is_none():
    """The whole interval must be more than two per cent away from one, over enough rounds."""
    assert not control.differs(Quantity(1.015, "ratio", 1.01, 1.03, 5, "bootstrap"))
    assert control.differs(Quantity(1.05, "ratio", 1.03, 1.08, 5, "bootstrap"))
    assert control.differs(Quantity(0.95, "ratio", 0.93, 0.97, 5, "bootstrap"))
    assert not control.differs(Quantity(1.5, "ratio", 1.4, 1.6, 4, "range"))
