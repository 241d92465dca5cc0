"""The most that is possible: what a quantity cannot be, however it was measured."""

from __future__ import annotations

from typing import Optional

from scripts.record import Record
from scripts.record.declaration import Key


def ceiling_of(key: Key, record: Record) -> Optional[float]:
    """The most that a quantity of this record can be, by its declaration; None where nothing is.

    "one" is what a for loop can do, and threads under a GIL; "cores" what the machine has;
    "at_once" the least of workers, jobs and cores, since no more can run at the same moment;
    "serial" is 1 where the first interpreter's GIL lets one thread compute, and else what "at_once"
    is; "cheaper" is that or 2, since what an addition costs differs from way to way, too. Raises
    ValueError for another name.
    """
    if not key.ceiling:
        return None
    cores, settings = record.machine.cores, record.settings
    at_once = min(cores, settings.get("workers", cores), settings.get("jobs", cores))
    serial = 1 if record.runtimes[0].gil else at_once
    ceilings = {
        "one": 1,
        "cores": cores,
        "at_once": at_once,
        "serial": serial,
        "cheaper": max(2, serial),
    }
    if key.ceiling not in ceilings:
        raise ValueError(f"unknown ceiling {key.ceiling!r}; known are {', '.join(ceilings)}")
    return float(ceilings[key.ceiling])
