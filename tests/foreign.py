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
from tests.machine_records import SCHEMA_1


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


def several() -> dict[str, Any]:
    """The JSON of a sound record of several interpreters and two sessions of three rounds."""
    return json.loads(_several())


@functools.cache
def _several() -> str:
    base = record()
    kept = []
    for sample in base.samples:
        short = sample.params.get("size") != "take"
        if sample.experiment in (NEEDED, "control", "runtimes") and short and sample.round == 1:
            kept.append(dataclasses.replace(sample, spans=()))
    later = Session("20260102T000000Z-00000009", "2026-01-02T00:00:00Z", "2026-01-02T00:07:00Z")
    samples = tuple(
        dataclasses.replace(
            one,
            session=session,
            round=number,
            values={
                name: _varied(name, value, session, number) for name, value in one.values.items()
            },
        )
        for one in kept
        for session in (1, 2)
        for number in (1, 2, 3)
    )
    code = {name: base.code[name] for name in {one.experiment for one in kept}}
    sessions = (*base.sessions, later)
    return dumps(dataclasses.replace(base, samples=samples, code=code, sessions=sessions))


def _varied(name: str, value: float, session: int, number: int) -> float:
    return value if name.endswith("_count") else value * (1 + session / 100 + number / 1000)


def schema_1() -> dict[str, Any]:
    """The JSON of a record of the first published format, with one sample of each case."""
    fields = json.loads(SCHEMA_1.read_text(encoding="utf-8"))
    first = {(one["experiment"], one["case"]): one for one in reversed(fields["samples"])}
    few = [{**one, "spans": one["spans"][:2]} for one in first.values()]
    return {**fields, "samples": few}
