"""From the record to data/measured.json: values with their text, verdicts and facts of the run."""

from __future__ import annotations

import dataclasses
import json

from scripts import experiments
from scripts.conclude.stats import ABSENT, Quantity, fact
from scripts.conclude.verdicts import Claim, verdicts
from scripts.draw.code import code_sha256
from scripts.experiments.control import picture as control
from scripts.experiments.settings import NAMES
from scripts.record import Record

# What is told of every run and machine; its sizes, settings.…, come to that.
FACTS = (
    "run.finished_date",
    "run.rounds",
    "machine.cpu_model",
    "machine.cores",
    "runtime.name",
    "runtime.version",
    "runtime.start_method",
    "runtime.switch_interval_ms",
)


def keys() -> list[str]:
    """What posts and claims may name; known before anything is measured."""
    return [*FACTS, *(f"settings.{name}" for name in NAMES), *experiments.keys()]


def facts(record: Record) -> dict[str, Quantity]:
    """What is not timed but known: sizes, machine, interpreter, date."""
    runtime = record.runtimes[0]
    found = {
        "run.finished_date": fact(record.finished[:10], "text"),
        "run.rounds": fact(record.settings["rounds"], "count"),
        "machine.cpu_model": fact(record.machine.cpu_model, "text"),
        "machine.cores": fact(record.machine.cores, "count"),
        "runtime.name": fact(f"{runtime.implementation} {runtime.version}", "text"),
        "runtime.version": fact(runtime.version, "text"),
        "runtime.start_method": fact(runtime.start_method, "text"),
        "runtime.switch_interval_ms": fact(runtime.switch_interval_s * 1000, "ms"),
    }
    for name, value in record.settings.items():
        found[f"settings.{name}"] = fact(value, "count")
    return found


def summarise(
    record: Record, record_name: str, record_sha256: str, pictures: dict, stated: list[Claim]
) -> dict:
    """What Hugo and `embed` read, derived from the record and from the claims that are `stated`.

    `pictures` is what `draw_all` said of the files it drew; `record_name` is the record's
    path from the root of the project. Raises BlogError for a claim about an unknown key.
    """
    values = {
        **dict.fromkeys(experiments.keys(), ABSENT),
        **facts(record),
        **experiments.values(record),
    }
    return {
        "run_id": record.run_id,
        "record": record_name,
        "record_sha256": record_sha256,
        "measured_by_sha256": record.code_sha256,
        "drawn_by_sha256": code_sha256(),
        "quick": record.quick,
        "finished": record.finished,
        "machine": dataclasses.asdict(record.machine),
        "runtimes": [dataclasses.asdict(runtime) for runtime in record.runtimes],
        "settings": record.settings,
        "steadiness": _steadiness(record, values),
        "values": {key: values[key].to_json() for key in sorted(values)},
        "verdicts": verdicts(stated, values, record, "data/claims.yaml"),
        "figures": pictures,
    }


def _steadiness(record: Record, values: dict[str, Quantity]) -> dict:
    """How calm the machine was: load before the first sample, marked samples, the control."""
    ratio = values.get("control.a_over_b")
    return {
        "load_before": next((s.disturbance.get("load_before") for s in record.samples), None),
        "samples": len(record.samples),
        "disturbed": sum(bool(s.disturbance.get("disturbed")) for s in record.samples),
        "control_differs": bool(ratio and control.differs(ratio)),
    }


def dumps(summary: dict) -> str:
    """The text of data/measured.json."""
    return json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
