"""The summary: all that follows from a record, which is what texts, pages and checks read.

It is made once and whole by `summarise`, but for its pictures, which are drawn from it. As JSON it
is data/measured.json; measured.schema.json beside this module describes it.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, TypedDict

from scripts.conclude import quantity as quantities
from scripts.conclude import verdicts as judging
from scripts.conclude.ceilings import ceiling_of
from scripts.conclude.claims import Claim
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact, for_claims
from scripts.conclude.steadiness import Speed, Steadiness, steadiness
from scripts.conclude.verdicts import Verdict
from scripts.record import Machine, Record, Runtime, Session
from scripts.record.declaration import Declaration, Key
from scripts.record.errors import BlogError

SCHEMA_FILE = "measured.schema.json"
# Where it is, seen from data/measured.json.
_SCHEMA = f"../scripts/conclude/{SCHEMA_FILE}"
# What is told of every record; the sizes, settings.…, come to that.
FACTS = (
    "run.finished_date",
    "run.sessions",
    "run.apart_h",
    "run.arms",
    "machine.cpu_model",
    "machine.cores",
    "runtime.name",
    "runtime.version",
    "runtime.start_method",
    "runtime.switch_interval_ms",
)
# Why a key has no value: the record is older than the experiment, or this machine, interpreter or
# environment lacks what it takes.
OLDER, LACKING = "older", "lacking"

# What a summary hands on of its record as it is.
_OF_RECORD = (
    "run_id", "finished", "quick", "machine", "runtimes", "settings", "code", "sessions"
)  # fmt: skip

Quantities = Callable[[Record], Mapping[str, Quantity]]


class PictureTable(TypedDict):
    """What a picture shows, as text."""

    columns: List[str]
    rows: List[List[str]]


class Picture(TypedDict, total=False):
    """What is known of a drawn picture.

    Width and height are in pixels, in Chinese `height_zh`, where words wrap otherwise; `files` has
    the SHA-256 of each file by its name, `table` what it shows by language, `made_of` a hash of all
    that decides what it looks like.
    """

    width: int
    height: int
    height_zh: int
    files: Dict[str, str]
    table: Dict[str, PictureTable]
    made_of: str


class Download(TypedDict):
    """What is known of measure.pyz."""

    bytes: int
    sha256: str


@dataclasses.dataclass(frozen=True)
class Summary:
    """All that follows from one record.

    `values` holds every key that was measured, `missing` the reason for every other one. `code` is
    the hash of what was timed, by experiment. `figures` and `download` are what the blog knows of
    its pictures and of measure.pyz; nothing until they are made.
    """

    record: str
    record_sha256: str
    run_id: str
    finished: str
    quick: bool
    machine: Machine
    runtimes: Tuple[Runtime, ...]
    settings: Mapping[str, int]
    code: Mapping[str, str]
    sessions: Tuple[Session, ...]
    steadiness: Steadiness
    values: Mapping[str, Quantity]
    missing: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    figures: Mapping[str, Picture] = dataclasses.field(default_factory=dict)
    download: Optional[Download] = None

    @property
    def above_ceiling(self) -> Tuple[str, ...]:
        """The keys whose values are more than is possible."""
        return tuple(key for key in sorted(self.values) if self.values[key].above_ceiling)

    @property
    def apart_h(self) -> float:
        """The hours from the begin of the first session to that of the last."""
        return _apart_h(self.sessions)


def keys(declarations: Mapping[str, Declaration]) -> List[str]:
    """What posts and claims may name, known before anything is measured.

    The points of curves, whose keys are declared with a star, are not: every machine has others.
    """
    declared = [key for one in declarations.values() for key in one.quantities if "*" not in key]
    return [*FACTS, *(f"settings.{name}" for name in _sizes(declarations)), *declared]


def summarise(
    record: Record,
    name: str,
    record_sha256: str,
    declarations: Mapping[str, Declaration],
    measured: Quantities,
    claims: Sequence[Claim],
    where: str = "data/claims.yaml",
) -> Summary:
    """The summary of a record, but for pictures.

    `name` is the record's path from the root of the project. `measured` gives the quantities of
    the experiments that `declarations` declare; `claims` stand in the file `where`. Raises
    BlogError for a quantity that is not declared and for a claim that cannot be judged.
    """
    found = dict(measured(record))
    steady = steadiness(record, found)
    declared = {key: declaration_of(key, declarations) for key in found}
    values = {
        key: dataclasses.replace(
            for_claims(quantity, len(claims)),
            ceiling=ceiling_of(declared[key], record),
            resolution=None if quantity.n is None else steady.resolution,
        )
        for key, quantity in found.items()
    }
    values.update(facts(record, declarations))
    return Summary(
        record=name,
        record_sha256=record_sha256,
        **{field: getattr(record, field) for field in _OF_RECORD},
        steadiness=steady,
        values=values,
        missing=_missing(record, declarations, values),
        verdicts=judging.verdicts(claims, values, record, where),
    )


def facts(record: Record, declarations: Mapping[str, Declaration]) -> Dict[str, Quantity]:
    """What is not timed but known: sizes, machine, interpreter, date."""
    runtime = record.runtimes[0]
    found = {
        "run.finished_date": fact(record.finished[:10], "text"),
        "run.sessions": fact(len(record.sessions), "count"),
        "run.apart_h": fact(_apart_h(record.sessions), "h"),
        "run.arms": fact(len(record.samples), "count"),
        "machine.cpu_model": fact(record.machine.cpu_model, "text"),
        "machine.cores": fact(record.machine.cores, "count"),
        "runtime.name": fact(f"{runtime.implementation} {runtime.version}", "text"),
        "runtime.version": fact(runtime.version, "text"),
        "runtime.start_method": fact(runtime.start_method, "text"),
        "runtime.switch_interval_ms": fact(runtime.switch_interval_s * 1000, "ms"),
    }
    for name in _sizes(declarations):
        if name in record.settings:
            found[f"settings.{name}"] = fact(record.settings[name], "count")
    return found


def _sizes(declarations: Mapping[str, Declaration]) -> List[str]:
    return [size.name for one in declarations.values() for size in one.sizes]


def _apart_h(sessions: Sequence[Session]) -> float:
    first, last = (
        datetime.datetime.strptime(one.started, "%Y-%m-%dT%H:%M:%SZ")
        for one in (sessions[0], sessions[-1])
    )
    return round((last - first).total_seconds() / 3600, 2)


def declaration_of(key: str, declarations: Mapping[str, Declaration]) -> Key:
    """What is declared of a key: by itself, or as a point of a curve by one with a star.

    Raises BlogError.
    """
    known = declarations[key.split(".")[0]].quantities if key.split(".")[0] in declarations else {}
    if key in known:
        return known[key]
    for pattern, declared in known.items():
        begin, star, end = pattern.partition("*")
        if star and key.startswith(begin) and key.endswith(end) and len(key) > len(begin + end):
            return declared
    raise BlogError(f"{key!r} is not declared", where="scripts/experiments", cure="declare it")


def _missing(
    record: Record, declarations: Mapping[str, Declaration], values: Mapping[str, Quantity]
) -> Dict[str, str]:
    """Why each key that is not among `values` is not.

    What an experiment measured before it was what it is now, its numbers leave aside: of such
    samples there is not one value.
    """
    measured = {sample.experiment for sample in record.samples}
    told = {key.split(".")[0] for key in values}
    found = {}
    for key in keys(declarations):
        name = key.split(".")[0]
        lacking = name in record.code and (name in told or name not in measured)
        if key not in values:
            found[key] = LACKING if lacking else OLDER
    return found


def to_json(summary: Summary) -> Dict[str, Any]:
    """The content of data/measured.json."""
    values = {key: quantity.to_json() for key, quantity in summary.values.items()}
    values.update({key: {"missing": reason} for key, reason in summary.missing.items()})
    return {
        "$schema": _SCHEMA,
        **{
            field.name: getattr(summary, field.name)
            for field in dataclasses.fields(summary)
            if field.name not in ("values", "missing", "verdicts", "download")
        },
        "machine": dataclasses.asdict(summary.machine),
        "runtimes": [dataclasses.asdict(runtime) for runtime in summary.runtimes],
        "sessions": [dataclasses.asdict(session) for session in summary.sessions],
        "apart_h": summary.apart_h,
        "steadiness": dataclasses.asdict(summary.steadiness),
        "above_ceiling": list(summary.above_ceiling),
        "values": {key: values[key] for key in sorted(values)},
        "verdicts": {name: verdict.to_json() for name, verdict in summary.verdicts.items()},
        **({"download": summary.download} if summary.download else {}),
    }


def from_json(data: Mapping[str, Any]) -> Summary:
    """The summary of the content of data/measured.json, but for the values of single rounds.

    Raises KeyError, TypeError or ValueError for what is none.
    """
    steady = data["steadiness"]
    values = {key: entry for key, entry in data["values"].items() if "missing" not in entry}
    missing = {key: entry["missing"] for key, entry in data["values"].items() if "missing" in entry}
    resolution = steady["resolution"]
    names = (
        "record", "record_sha256", "run_id", "finished", "quick", "settings", "code", "figures"
    )  # fmt: skip
    return Summary(
        **{name: data[name] for name in names},
        machine=Machine(**data["machine"]),
        runtimes=tuple(Runtime(**{**one, "ways": tuple(one["ways"])}) for one in data["runtimes"]),
        sessions=tuple(Session(**one) for one in data["sessions"]),
        steadiness=Steadiness(
            **{**steady, "speeds": tuple(Speed(**one) for one in steady["speeds"])}
        ),
        values={key: quantities.from_json(entry, resolution) for key, entry in values.items()},
        missing=missing,
        verdicts={name: judging.from_json(entry) for name, entry in data["verdicts"].items()},
        download=data.get("download"),
    )


def dumps(summary: Summary) -> str:
    """The text of data/measured.json."""
    return json.dumps(to_json(summary), ensure_ascii=False, indent=1) + "\n"


def loads(text: str, where: str) -> Summary:
    """The summary in `text`; `where` names it in errors. Raises BlogError for what is none."""
    try:
        return from_json(json.loads(text))
    except KeyError as error:
        what = f"{error.args[0]!r} is missing"
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        what = f"is no summary: {error}"
    raise BlogError(what, where=where, cure="run make redraw")
