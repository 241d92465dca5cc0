"""Records of a few samples with known values, for the tests of what is concluded from them."""

import dataclasses

from scripts.experiments.settings import Settings
from scripts.record import Machine, Record, Runtime, Sample, Session

RUNTIME = Runtime(
    "python3.11", "CPython", "3.11.7", "", True, 0.005, "fork", ("for_loop", "threads"), {}
)
NO_GIL = dataclasses.replace(RUNTIME, id="python3.13t", version="3.13.5", gil=False)
NEWER = dataclasses.replace(
    RUNTIME, id="python3.14", version="3.14.0", ways=("for_loop", "interpreters")
)


def machine(cores=2):
    """A machine that does not exist."""
    return Machine("Generated CPU", "x86_64", "Linux 6.1", cores, cores, None, cores, False, 2**33)


def runtime(**fields):
    """CPython 3.11 with its GIL, unless `fields` say otherwise."""
    return dataclasses.replace(RUNTIME, **fields)


def arm(experiment, case, params=None, by="python3.11", spans=(), rounds=8, **values):
    """The samples of an arm, one a round; a value is the same in all of them, or a list of them."""
    return [
        Sample(
            experiment,
            case,
            by,
            number,
            params or {},
            {name: _at(value, number) for name, value in values.items()},
            tuple(spans),
        )
        for number in range(1, rounds + 1)
    ]


def _at(value, number):
    return value[number - 1] if isinstance(value, list) else value


def record(*arms, cores=2, runtimes=(RUNTIME,), **sizes):
    """One session of these arms; `sizes` are the settings that are not as usual."""
    return Record(
        quick=False,
        settings=dataclasses.asdict(Settings(**sizes)),
        code={},
        machine=machine(cores),
        runtimes=tuple(runtimes),
        sessions=(Session("20000101T000000Z-00000000", "2000-01-01T00:00:00Z", ""),),
        samples=tuple(sample for samples in arms for sample in samples),
    )


def texts(quantities):
    """Each quantity as prose shows it, by its key."""
    return {key: quantity.text() for key, quantity in quantities.items()}


def sizes(**fields):
    """The settings of a run, as a case finds them."""
    return Settings(**fields)
