"""Records as somebody else would send them.

They are made from a measured fixture, under the name of another machine; tests alone see them.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import Any

from scripts.machines.untrusted import NEEDED
from scripts.record import Record, dumps
from tests import machine_records as machines


def record(number: int = 1, cpu_model: str = "Somebody CPU", kind: str = "two-cores") -> Record:
    """A sound record of a machine elsewhere; each `number` is another run."""
    base = machines.load(kind)
    return dataclasses.replace(
        base,
        run_id=f"20260101T000000Z-{number:08x}",
        started="2026-01-01T00:00:00Z",
        finished="2026-01-01T00:07:00Z",
        quick=False,
        machine=dataclasses.replace(base.machine, cpu_model=cpu_model),
    )


def small(experiment: str = "cpu_bound") -> dict[str, Any]:
    """The JSON of a sound record that holds little: what none may lack, and one experiment more.

    It has one round, one variant of each case and a few spans.
    """
    return json.loads(_small(experiment))


@functools.cache
def _small(experiment: str) -> str:
    base = record()
    first = {}
    for sample in base.samples:
        if sample.experiment in (*NEEDED, experiment) and sample.runtime == base.runtimes[0].id:
            short = dataclasses.replace(sample, round=1, spans=sample.spans[:2])
            first.setdefault((sample.experiment, sample.case), short)
    settings = {**base.settings, "rounds": 1}
    kept = dataclasses.replace(base, samples=tuple(first.values()), settings=settings)
    return dumps(dataclasses.replace(kept, runtimes=base.runtimes[:1]))
