"""Records as somebody else would send them.

They are made from a measured fixture, under the name of another machine; tests alone see them.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import Any

from scripts.machines.untrusted import NEEDED
from scripts.record import Record, Session, arm_of, dumps
from tests import machine_records as machines


def record(number: int = 1, cpu_model: str = "Ampere Altra", kind: str = "two-cores") -> Record:
    """A sound record of a machine elsewhere; each `number` is another run."""
    base = machines.load(kind)
    moments = ("2026-01-01T00:00:00Z", "2026-01-01T00:07:00Z")
    return dataclasses.replace(
        base,
        sessions=(Session(f"20260101T000000Z-{number:08x}", *moments, 0.1),),
        quick=False,
        machine=dataclasses.replace(base.machine, cpu_model=cpu_model),
    )


def small(experiment: str = NEEDED) -> dict[str, Any]:
    """The JSON of a sound record that holds little: what none may lack, and one experiment more.

    It has one round of the first variant of each case, with a few spans.
    """
    return json.loads(_small(experiment))


@functools.cache
def _small(experiment: str) -> str:
    base = record()
    first = {}
    for sample in base.samples:
        if sample.experiment in (NEEDED, experiment) and sample.runtime == base.runtimes[0].id:
            short = dataclasses.replace(sample, round=1, spans=sample.spans[:2])
            size = sample.params.get("size", "") if sample.experiment == NEEDED else ""
            first.setdefault((*arm_of(sample)[:2], size), short)
    kept = dataclasses.replace(base, samples=tuple(first.values()), runtimes=base.runtimes[:1])
    code = {name: base.code[name] for name in {NEEDED, experiment}}
    return dumps(dataclasses.replace(kept, code=code))
