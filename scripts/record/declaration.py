"""How an experiment declares itself: its sizes, cases, parameters, values, quantities, picture.

Everything that must know of an experiment follows from this: the settings and their QUICK sizes,
what config.yaml may say, the plan and its labels, what a record from elsewhere may hold, the keys
that texts may name, the ceilings, and the name of the picture.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Dict, Iterable, Tuple, Union

from scripts.record.units import unit_of


@dataclasses.dataclass(frozen=True)
class Size:
    """A whole number from 1 on that config.yaml may set, under its `name`.

    `quick` is what a QUICK run takes at most; `says` is what it is, in half a sentence.
    """

    name: str
    default: int
    quick: int
    says: str


@dataclasses.dataclass(frozen=True)
class Number:
    """A measured value or a parameter: a number in `unit` from `low` to `high`, both included."""

    unit: str
    low: float
    high: float
    whole: bool = False


@dataclasses.dataclass(frozen=True)
class Choice:
    """A parameter that is one of `names`; `label` says whether a plan's line shows it."""

    names: Tuple[str, ...]
    label: bool = False


@dataclasses.dataclass(frozen=True)
class Flag:
    """A parameter that is true or false."""


Kind = Union[Number, Choice, Flag]

COUNT = Number("count", 0, 2**53, whole=True)
SOME = Number("count", 1, 2**53, whole=True)
SECONDS = Number("s", 0, 10**6)
WALL = Number("s", 1e-9, 10**6)
MEGABYTES = Number("mb", 0.001, 10**9)
SHARE = Number("ratio", 0, 1)

WAYS = ("for_loop", "threads", "processes", "interpreters", "asyncio", "dask", "joblib")
# What most cases have; the start method only where there are processes.
POOL: Dict[str, Kind] = {
    "workers": Number("count", 1, 100_000, whole=True),
    "pool": Choice(("cold", "warm", "none"), label=True),
    "start_method": Choice(("fork", "forkserver", "spawn"), label=True),
}
TIMED: Dict[str, Kind] = {"wall_s": WALL, "cpu_s": WALL}


@dataclasses.dataclass(frozen=True)
class Key:
    """A quantity that texts and claims may name, in `unit`.

    `ceiling` is the most that is possible: "one", "cores" (what the machine has), "at_once" (the
    least of workers, jobs and cores), "serial" (1 where a GIL lets one thread compute, else
    "at_once"), "cheaper" ("serial", or 2), or "" where there is none. A value above it withholds
    its verdicts and is marked, never cut.
    """

    unit: str
    ceiling: str = ""


def keys(*patterns: str, unit: str = "", ceiling: str = "", **names: Iterable[str]):
    """A Key for every way to fill the braces of the patterns: keys("{way}.wall_s", way=WAYS).

    The unit is the one that the last part of the key names, where none is given.
    """
    filled = [dict(zip(names, values)) for values in itertools.product(*names.values())]
    found = [pattern.format(**fields) for pattern in patterns for fields in filled]
    return {key: Key(unit or unit_of(key), ceiling) for key in found}


@dataclasses.dataclass(frozen=True)
class Declaration:
    """One experiment.

    `cases` are the names that its samples may have; without the first `needed` of them, by each
    interpreter that measures it, a record of the experiment says nothing. `params` and `values`
    are what a sample may hold; `required` are the values without which it is none (a case whose
    needs were not there may be empty where `empty`). `sums` are values that others add up to.
    `share` is the experiment's share of a session's time, in parts of all shares. `runtimes` is
    "main" or "all". `picture` is the stem of its files, "" for none.
    """

    name: str
    cases: Tuple[str, ...]
    needed: int
    params: Dict[str, Kind]
    values: Dict[str, Kind]
    required: Tuple[str, ...]
    quantities: Dict[str, Key] = dataclasses.field(default_factory=dict)
    sizes: Tuple[Size, ...] = ()
    share: float = 1.0
    runtimes: str = "main"
    picture: str = ""
    empty: bool = False
    sums: Dict[str, Tuple[str, ...]] = dataclasses.field(default_factory=dict)
