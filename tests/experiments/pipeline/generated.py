"""Records of a pipeline that no machine measured, from the line of each way of each step."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import NamedTuple

from scripts.experiments.pipeline.measure import STEPS, cases
from scripts.experiments.settings import Settings
from scripts.record import Machine, Record, Runtime, Sample, Session


class Way(NamedTuple):
    """What starting, loading, and carrying take in seconds, and how many times as fast as in the
    for loop an item is done."""

    start_s: float = 0.0
    load_s: float = 0.0
    carry_s: float = 0.0
    speedup: float = 1.0


# Seconds of an item in a for loop, and what each way makes of it; on two cores.
ITEMS_S = {
    "fetch": 0.011,
    "segment": 0.0008,
    "features": 0.00026,
    "large_array": 0.00024,
    "linear_algebra": 0.0013,
    "compress": 0.00085,
}
WAYS: dict[str, dict[str, Way]] = {
    "fetch": {"threads": Way(0.001, 0, 0, 1.95), "processes": Way(0.012, 0, 0, 1.9)},
    "segment": {
        "for_loop": Way(0, 0.58),
        "threads": Way(0.001, 0.58, 0, 0.97),
        "processes": Way(0.012, 0, 0.59, 1.9),
        "preloaded": Way(0.016, 0.58, 0, 1.9),
    },
    "features": {
        "threads": Way(0.001, 0, 0, 0.97),
        "processes": Way(0.012, 0, 0, 1.9),
        "vectorised": Way(0, 0.06, 0, 9),
    },
    "large_array": {
        "threads": Way(0.001, 0, 0, 0.98),
        "processes": Way(0.012, 0, 0.039, 1.9),
        "shared": Way(0.012, 0, 0.012, 1.9),
    },
    "linear_algebra": {
        "threads": Way(0.001, 0, 0, 1.02),
        "processes": Way(0.012, 0, 0, 1.0),
        "one_thread": Way(0, 0, 0, 0.62),
        "threads_unpinned": Way(0.001, 0, 0, 0.7),
        "processes_unpinned": Way(0.012, 0, 0, 0.3),
    },
    "compress": {"threads": Way(0.001, 0, 0, 1.9), "processes": Way(0.012, 0, 0, 1.85)},
}


def make_machine(cores: int) -> Machine:
    """A machine of so many cores that does not exist."""
    return Machine(
        "Generated CPU", "x86_64", "Linux 6.1", cores, cores, None, cores, False, 8 * 2**30
    )


def make_runtime(
    ways: tuple[str, ...] = ("for_loop", "threads", "processes"),
    gil: bool = True,
    start_method: str = "fork",
) -> Runtime:
    """An interpreter that has these ways."""
    return Runtime(
        "python3.11", "CPython", "3.11.7", "generated", gil, 0.005, start_method, ways, {}
    )


def make_record(
    ways: Mapping[str, Mapping[str, Way]] = WAYS,
    *,
    cores: int = 2,
    sessions: int = 3,
    rounds: int = 6,
    noise: float = 0.01,
    missing: tuple[str, ...] = (),
    quick: bool = False,
    available: tuple[str, ...] = ("for_loop", "threads", "processes"),
) -> Record:
    """A record of these ways; the same arguments give the same one.

    `noise` is the sigma of the log-normal noise of every time (0 for none at all), `missing` are
    the libraries that could not be imported, `available` the ways that the interpreter has.
    """
    rng = random.Random(1)
    machine, runtime = make_machine(cores), make_runtime(ways=available)
    settings = Settings()
    samples = [
        _sample(case, ways, rng, noise, missing, session, number)
        for session in range(1, sessions + 1)
        for number in range(1, rounds + 1)
        for case in cases(settings, machine, runtime, 3e-8)
        if case.name == "for_loop" or case.name in ways.get(case.group, {})
    ]
    day = "2000-01-0{}T00:00:00Z"
    return Record(
        quick=quick,
        settings={"pipeline_units": settings.pipeline_units},
        code={"pipeline": "0" * 64},
        machine=machine,
        runtimes=(runtime,),
        sessions=tuple(
            Session(f"2000010{n}T000000Z-00000000", day.format(n), day.format(n))
            for n in range(1, sessions + 1)
        ),
        samples=tuple(samples),
    )


def _sample(case, ways, rng, noise, missing, session, number) -> Sample:
    step = case.group
    library = "numpy" if case.name == "vectorised" else STEPS[step].library
    values = {} if library in missing else values_of(case, ways, rng, noise)
    return Sample("pipeline", case.name, "python3.11", number, case.params, values, session=session)


def values_of(case, ways, rng, noise) -> dict[str, float]:
    """What the lines of these ways give for a case."""
    step, way = case.group, ways.get(case.group, {}).get(case.name, Way())
    serial = case.name in ("for_loop", "threads", "vectorised", "one_thread")
    speedup = way.speedup
    if not (serial and speedup < 1.5) and case.name not in ("vectorised", "one_thread"):
        speedup *= case.params["workers"] / 2

    def noisy(seconds: float) -> float:
        return seconds * rng.lognormvariate(0, noise)

    values = {
        f"{size}_s": noisy(way.start_s + way.carry_s + case.params[size] * ITEMS_S[step] / speedup)
        for size in ("small", "middle", "large")
    }
    if way.start_s:
        values["start_s"] = noisy(way.start_s)
    if way.load_s:
        values["load_s"] = noisy(way.load_s)
    values.update(wall_s=sum(values.values()), cpu_s=0.1, checksum_count=len(step))
    if step == "segment":
        values.update(
            worker_load_s=1.17 if way.carry_s else 0.0, loads_count=2 if way.carry_s else 0
        )
    if step == "large_array":
        values["size_mb"] = 12.288
    return values
