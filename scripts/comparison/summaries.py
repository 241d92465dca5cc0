"""One small summary per record, in data/machines/: what /machines/ and its figure are made from.

A record speaks for its machine through its first interpreter, which measured everything. Its other
interpreters have a line each, from the smaller work of the experiment `runtimes`. Numbers of
different records stand side by side and are never merged.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from scripts import experiments
from scripts.comparison.speedup import Point
from scripts.conclude import quantity, summary, verdicts
from scripts.conclude.ceilings import ceiling_of
from scripts.conclude.claims import Claim
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import for_claims
from scripts.conclude.summary import Summary
from scripts.conclude.verdicts import Verdict
from scripts.project import Project, records_in
from scripts.record import Record, Runtime, loads, sha256, units
from scripts.record.code import closure, sha256_of
from scripts.record.errors import BlogError
from scripts.written import claims, config

# What a line of the table shows, and the key that it comes from.
QUANTITIES = {
    "for_loop": "cpu_bound.for_loop.wall_s",
    "threads": "cpu_bound.threads.wall_s",
    "processes": "cpu_bound.processes.wall_s",
    "ratio": "cpu_bound.threads_over_processes",
    "threads_speedup": "cpu_bound.for_loop_over_threads",
    "processes_speedup": "cpu_bound.for_loop_over_processes",
    "best_processes": "process_count.processes.best_workers",
}


# What data/measured.json says of a quantity and a line of the table does not show.
_UNSHOWN = ("sessions",)


class Line(TypedDict):
    """One interpreter of a record: what of QUANTITIES it has, and what verdicts that bears out."""

    id: str
    name: str
    gil: bool
    work: str
    work_zh: str
    quantities: dict[str, dict[str, Any]]
    verdicts: dict[str, str]


class OfMachine(TypedDict):
    """A file of data/machines/; `record` is the path of what it sums up."""

    record: str
    record_sha256: str
    code_sha256: str
    run_id: str
    finished: str
    sessions: int
    quick: bool
    machine: dict[str, Any]
    resolution: float | None
    above_ceiling: list[str]
    interpreters: list[Line]


def name_of(record: Record) -> str:
    """What tells a record from all others: "amd-epyc-2-cores-python3.11-286e47c1"."""
    return f"{record.machine.slug}-{record.runtimes[0].id}-{record.run_id[-8:]}"


def names(folder: Path) -> set[str]:
    """The names of the records, or of their summaries, in `folder`."""
    return {path.stem for path in records_in(folder)}


def others(project: Project) -> dict[str, bytes]:
    """The records from elsewhere by their names, as they stand there; nothing is checked."""
    return {path.stem: path.read_bytes() for path in records_in(project.others)}


def code_sha256(project: Project) -> str:
    """A hash of what decides what a summary says: code and claims."""
    numbers = [f"scripts.experiments.{name}.numbers" for name in experiments.having("numbers")]
    code = sha256_of(closure((__name__, *numbers)))
    return hashlib.sha256(project.claims.read_bytes() + b"\0" + code.encode()).hexdigest()


def summaries(
    project: Project,
    record: Record,
    own: Summary,
    elsewhere: Mapping[str, bytes],
    whole_of: Callable[[str], tuple[Record, Summary]],
    anew: bool = False,
) -> dict[str, OfMachine]:
    """The summaries of `record`, of which `own` tells all, and of the records from elsewhere.

    `whole_of` gives one of those, and all that follows from it, by its name. What has not changed
    since it was summed up is not summed up again, except `anew`. Raises BlogError for a record that
    is not sound.
    """
    code = code_sha256(project)
    where = project.relative(project.claims)
    stated = claims.load(project.claims, where), where
    found = {name_of(record): _summary(record, own, code, *stated)}
    for name, text in sorted(elsewhere.items()):
        old = None if anew else kept(project.machines / f"{name}.json")
        if old and (old["record_sha256"], old["code_sha256"]) == (sha256(text), code):
            found[name] = old
        else:
            found[name] = _summary(*whole_of(name), code, *stated)
    return found


def kept(path: Path) -> OfMachine | None:
    """The summary that stands at `path`; None when there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    good = isinstance(found, dict) and {"record_sha256", "code_sha256"} <= set(found)
    return found if good else None


def whole(path: str, text: bytes, stated: Sequence[Claim], where: str) -> tuple[Record, Summary]:
    """The record of that path and text, from elsewhere, and all that follows. Raises BlogError."""
    # Checked when it was taken in, and by the rules of that time: what it lacks was not measured.
    try:
        record = loads(text.decode("utf-8", "replace"), path)
    except BlogError as error:
        cure = f"put back what was taken in, or do without it: git rm {path}"
        raise BlogError(error.what, where=path, cure=cure) from None
    known = experiments.declarations(), experiments.quantities
    return record, summary.summarise(record, path, sha256(text), *known, stated, where)


def read_as(own: str, lines: Mapping[str, OfMachine], wanted: list[str] | None) -> list[str]:
    """The records that the post can be read as besides its own: those `wanted`.

    For None they are the last full ones of the same machine, one for each other interpreter.
    """
    if wanted is not None:
        return wanted
    found = {
        line["interpreters"][0]["id"]: name
        for name, line in sorted(lines.items(), key=lambda item: item[1]["finished"])
        if not line["quick"] and _machine(line) == _machine(lines[own])
    }
    found.pop(lines[own]["interpreters"][0]["id"], None)
    return sorted(found.values())[-config.MOST :]


def _machine(line: OfMachine) -> dict[str, Any]:
    """What tells a machine from others; its memory is not always the same to the byte."""
    return {**line["machine"], "memory_bytes": None}


def _summary(
    record: Record, own: Summary, code: str, stated: Sequence[Claim], where: str
) -> OfMachine:
    main, *rest = record.runtimes
    lines = [_line(main, _work(record, "short_additions"), own.values, own.verdicts)]
    smaller = _work(record, "runtimes_additions")
    for runtime, did in _smaller_work(record):
        if runtime in rest:
            values, said = _alone(record, runtime, did, own, stated, where)
            lines.append(_line(runtime, smaller, values, said))
    return {
        "record": own.record,
        "record_sha256": own.record_sha256,
        "code_sha256": code,
        "run_id": record.run_id,
        "finished": record.finished,
        "sessions": len(record.sessions),
        "quick": record.quick,
        "machine": dataclasses.asdict(record.machine),
        "resolution": own.steadiness.resolution,
        "above_ceiling": list(own.above_ceiling),
        "interpreters": lines,
    }


def _smaller_work(record: Record) -> list[tuple[Runtime, dict[str, Quantity]]]:
    """What each interpreter did of it; nothing in a blog without that experiment."""
    if "runtimes" not in experiments.having("numbers"):
        return []
    numbers = importlib.import_module("scripts.experiments.runtimes.numbers")
    return [(one.runtime, numbers.of_interpreter(one)) for one in numbers.measured(record)]


def _work(record: Record, size: str) -> dict[str, str]:
    """How many additions each way did in a round, all jobs together, as each language writes it."""
    many = record.settings["jobs"] * record.settings.get(size, 0)
    return {"work": units.count(many), "work_zh": units.count(many, "zh")}


def _line(
    runtime: Runtime,
    work: Mapping[str, str],
    values: Mapping[str, Quantity],
    said: Mapping[str, Verdict],
) -> Line:
    shown = {name: values[key] for name, key in QUANTITIES.items() if key in values}
    return {
        "id": runtime.id,
        "name": f"{runtime.implementation} {runtime.version}",
        "gil": runtime.gil,
        **work,
        "quantities": {name: _entry(value) for name, value in shown.items()},
        "verdicts": {name: one.verdict for name, one in said.items()},
    }


def _entry(value: Quantity) -> dict[str, Any]:
    return {name: entry for name, entry in value.to_json().items() if name not in _UNSHOWN}


def _alone(
    record: Record,
    runtime: Runtime,
    did: Mapping[str, Quantity],
    own: Summary,
    stated: Sequence[Claim],
    where: str,
) -> tuple[dict[str, Quantity], dict[str, Verdict]]:
    """The values of an interpreter that did the smaller work, and what verdicts they bear out."""
    by_itself = dataclasses.replace(record, runtimes=(runtime,), samples=())
    declared = experiments.keys()
    values = {
        key: dataclasses.replace(
            for_claims(value, len(stated)),
            ceiling=ceiling_of(declared[key], by_itself),
            resolution=own.steadiness.resolution,
        )
        for key, value in did.items()
    }
    borne = [claim for claim in stated if set(claim.keys) <= set(values)]
    return values, verdicts.verdicts(borne, values, by_itself, where)


def points(found: Mapping[str, OfMachine]) -> list[Point]:
    """The points of the figure over all machines, those of this machine's own record first."""
    return [
        Point(
            machine=one["machine"]["cpu_model"],
            cores=one["machine"]["cores"],
            interpreter=line["name"],
            gil=line["gil"],
            threads=_quantity(one, line, "threads_speedup"),
            processes=_quantity(one, line, "processes_speedup"),
        )
        for one in found.values()
        for line in one["interpreters"]
        if "processes_speedup" in line["quantities"]
    ]


def _quantity(one: OfMachine, line: Line, name: str) -> Quantity | None:
    entry = line["quantities"].get(name)
    return quantity.from_json(entry, one["resolution"]) if entry else None


def dumps(one: OfMachine) -> str:
    """The text of a file of data/machines/."""
    return json.dumps(one, ensure_ascii=False, indent=1) + "\n"
