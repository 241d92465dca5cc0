"""Starting costs, from samples with known answers."""

from scripts.experiments.pool_start import numbers as pool_start
from tests.experiments import build


def started(way, one, cores, twice=None, **params):
    """Pools of one, two and four workers."""
    values = {"start_one_s": one, "start_cores_s": cores}
    if twice:
        values["start_twice_s"] = twice
    return build.arm("pool_start", way, {"library": "none", **params}, **values)


def test_a_fixed_part_and_one_for_every_worker():
    """The own start method stands under `processes`, too."""
    fork = started("processes", 0.004, 0.006, 0.010, start_method="fork")
    spawn = started("processes", 0.060, 0.090, 0.150, start_method="spawn")
    numpy = started("processes", 0.160, 0.270, start_method="spawn", library="numpy")
    found = build.texts(pool_start.quantities(build.record(fork, spawn, numpy)))
    assert found == {
        "pool_start.processes.fixed_ms": "2.00",
        "pool_start.processes.per_worker_ms": "2.00",
        "pool_start.processes.at_cores_ms": "6.00",
        "pool_start.fork.fixed_ms": "2.00",
        "pool_start.fork.per_worker_ms": "2.00",
        "pool_start.fork.at_cores_ms": "6.00",
        "pool_start.spawn.fixed_ms": "30.0",
        "pool_start.spawn.per_worker_ms": "30.0",
        "pool_start.spawn.at_cores_ms": "90.0",
        "pool_start.spawn.to_fork_ratio": "15.0",
        "pool_start.spawn_numpy.fixed_ms": "50.0",
        "pool_start.spawn_numpy.per_worker_ms": "110",
        "pool_start.spawn_numpy.at_cores_ms": "270",
        "pool_start.spawn_numpy.to_bare_ratio": "3.00",
    }


def test_one_size_has_no_line():
    """Dask is started with as many workers as cores only; so is everything on one core."""
    dask = build.arm("pool_start", "dask", {"library": "none"}, start_cores_s=1.5)
    found = pool_start.quantities(build.record(dask))
    assert build.texts(found) == {"pool_start.dask.at_cores_ms": "1,500"}
    numpy = started("processes", 0.16, 0.16, start_method="fork", library="numpy")
    found = pool_start.quantities(build.record(numpy, cores=1))
    assert build.texts(found) == {"pool_start.fork_numpy.at_cores_ms": "160"}


def test_where_numpy_was_not_there_nothing_is_said_of_it():
    """Its samples are empty."""
    empty = build.arm("pool_start", "processes", {"library": "numpy", "start_method": "fork"})
    assert pool_start.quantities(build.record(empty)) == {}
