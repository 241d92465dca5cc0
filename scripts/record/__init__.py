"""The record: every sample of every session, with the machine, the interpreters and the settings.

Standard library only, since whoever measures writes one. All times are seconds on the
monotonic clock, counted from the moment at which the timed case began.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple, Union

from scripts.record.errors import BlogError

# History of the format:
# 1 (2026-11) first published one: one run, its samples one by one, one hash of all measuring code.
# 2 (2026-11) sessions, each with rounds of its own; a hash for each experiment; samples by arms.
SCHEMA = 2
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
Scalar = Union[str, int, float, bool, None]
# Published beside the records, for whoever reads them with another program.
SCHEMA_FILE = "record.schema.json"
# What reading a piece of JSON of another shape raises, besides KeyError.
_MALFORMED = (TypeError, ValueError, AttributeError, IndexError, OverflowError)


def _need(condition: bool, key: str, what: str) -> None:
    if not condition:
        raise ValueError(f"{key}: {what}")


def _need_numbers(values: Dict[str, Any], key: str) -> None:
    for name, value in values.items():
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (good and 0 <= value < math.inf):  # said for what is wrong only: there are thousands
            _need(False, f"{key}.{name}", f"is no finite number from 0 on: {value!r}")


@dataclasses.dataclass(frozen=True)
class Machine:
    """What the machine is; `cores` is what a program may use, the least of the three counts."""

    cpu_model: str
    architecture: str
    system: str
    cpu_count: int
    affinity_count: int
    quota_cores: float | None
    cores: int
    smt: bool | None
    memory_bytes: int | None

    def __post_init__(self) -> None:
        _need(bool(self.cpu_model.strip()), "cpu_model", "is empty")
        _need(self.cores >= 1, "cores", "is less than 1")

    @property
    def slug(self) -> str:
        """The name of this machine's record: "amd-epyc-2-cores"."""
        model = re.sub(r"[^a-z0-9]+", "-", self.cpu_model.lower()).strip("-")[:60]
        return f"{model or 'unknown'}-{self.cores}-core{'s' if self.cores > 1 else ''}"


@dataclasses.dataclass(frozen=True)
class Runtime:
    """One interpreter, as seen from inside the process that is timed, after its imports."""

    id: str
    implementation: str
    version: str
    build: str
    gil: bool
    switch_interval_s: float
    start_method: str
    ways: Tuple[str, ...]
    clock: Dict[str, Scalar]


@dataclasses.dataclass(frozen=True)
class Span:
    """Job number `job` ran from `start_s` to `stop_s`."""

    job: int
    start_s: float
    stop_s: float

    def __post_init__(self) -> None:
        _need(self.job >= 0, "job", "is negative")
        good = (
            math.isfinite(self.start_s)
            and math.isfinite(self.stop_s)
            and 0 <= self.start_s <= self.stop_s
        )
        _need(
            good, "start_s", f"the span {self.start_s!r} to {self.stop_s!r} is no interval of time"
        )


@dataclasses.dataclass(frozen=True)
class Sample:
    """One arm of one round: a case of an experiment, timed once in a fresh interpreter.

    `params` says which variant it was (workers, pool cold or warm, start method), `values` what
    was measured (names end in their unit), `spans` who ran when, `disturbance` what else went on.
    Samples of one comparison that have `session` and `round` in common lay next to each other in
    time, and are a pair.
    """

    experiment: str
    case: str
    runtime: str
    round: int
    params: Dict[str, Scalar]
    values: Dict[str, float]
    spans: Tuple[Span, ...] = ()
    disturbance: Dict[str, Scalar] = dataclasses.field(default_factory=dict)
    session: int = 1

    def __post_init__(self) -> None:
        _need(self.round >= 1, "round", "is less than 1")
        _need(self.session >= 1, "session", "is less than 1")
        _need_numbers(self.values, "values")

    @property
    def at(self) -> Tuple[int, int]:
        """Session and round: what samples that are compared with each other have in common."""
        return self.session, self.round

    @property
    def disturbed(self) -> bool:
        """Whether other work disturbed it, by the rule of scripts/runner/disturbance.py.

        Of joblib that cannot be told: it starts a process that nobody waits for, and what that one
        uses looks like somebody else's.
        """
        return bool(self.disturbance.get("disturbed")) and self.case != "joblib"


@dataclasses.dataclass(frozen=True)
class Session:
    """One stretch of measuring, from `started` to `finished` (UTC). `load_before` is null where
    the system does not tell it."""

    id: str
    started: str
    finished: str
    load_before: Optional[float] = None

    def __post_init__(self) -> None:
        _need(bool(_ID.fullmatch(self.id)), "id", f"is malformed: {self.id!r}")


@dataclasses.dataclass(frozen=True)
class Record:
    """All sessions of one machine with the same settings.

    `code` has for each experiment the SHA-256 of what runs in its timed processes.
    """

    quick: bool
    settings: Dict[str, int]
    code: Dict[str, str]
    machine: Machine
    runtimes: Tuple[Runtime, ...]
    sessions: Tuple[Session, ...]
    samples: Tuple[Sample, ...]
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        _need(len(self.runtimes) > 0, "runtimes", "is empty")
        _need(len(self.sessions) > 0, "sessions", "is empty")
        known = {runtime.id for runtime in self.runtimes}
        for sample in self.samples:
            where = f"{sample.experiment} {sample.case}"
            _need(sample.runtime in known, where, f"{sample.runtime!r} is not among the runtimes")
            there = sample.session <= len(self.sessions)
            _need(there, where, f"there is no session {sample.session}")

    @property
    def run_id(self) -> str:
        """What tells this state of the record from all others: the id of its last session."""
        return self.sessions[-1].id

    @property
    def finished(self) -> str:
        """When the last session ended."""
        return self.sessions[-1].finished

    def select(
        self, experiment: str, case: str, runtime: str | None = None, **params: Scalar
    ) -> List[Sample]:
        """The samples of one case in the order of their rounds; by default of the first runtime."""
        runtime = runtime or self.runtimes[0].id
        found = [
            sample
            for sample in self._by_case.get((experiment, case, runtime), ())
            if all(sample.params.get(name) == value for name, value in params.items())
        ]
        return sorted(found, key=lambda sample: sample.at)

    @functools.cached_property
    def _by_case(self) -> Dict[Tuple[str, str, str], List[Sample]]:
        found: Dict[Tuple[str, str, str], List[Sample]] = {}
        for sample in self.samples:
            found.setdefault((sample.experiment, sample.case, sample.runtime), []).append(sample)
        return found


def arm_of(sample: Sample) -> Tuple:
    """What samples of the same arm have in common, in whatever round they are."""
    variant = tuple(sorted(sample.params.items()))
    return sample.experiment, sample.case, sample.runtime, variant


def dumps(record: Record) -> str:
    """The record as JSON: samples by arms, one a line, so that a diff shows what changed."""
    head = {
        "$schema": SCHEMA_FILE,
        "schema": record.schema,
        "quick": record.quick,
        "settings": record.settings,
        "code": record.code,
        "machine": dataclasses.asdict(record.machine),
        "runtimes": [dataclasses.asdict(runtime) for runtime in record.runtimes],
        "sessions": [dataclasses.asdict(session) for session in record.sessions],
    }
    arms: Dict[Tuple, List[Sample]] = {}
    for sample in record.samples:
        arms.setdefault(arm_of(sample), []).append(sample)
    lines = ",\n".join(_arm_lines(samples) for _, samples in sorted(arms.items(), key=str))
    return f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n "arms": [\n{lines}\n]}}\n'


def _arm_lines(samples: List[Sample]) -> str:
    first = samples[0]
    values = sorted({name for sample in samples for name in sample.values})
    facts = sorted({name for sample in samples for name in sample.disturbance})
    head = {
        "experiment": first.experiment,
        "case": first.case,
        "runtime": first.runtime,
        "params": first.params,
        "values": values,
        "disturbance": facts,
    }
    rows = []
    for sample in sorted(samples, key=lambda one: one.at):
        row: List[Any] = [*sample.at, [sample.values.get(name) for name in values]]
        row.append([sample.disturbance.get(name) for name in facts])
        if sample.spans:
            row.append(
                [[one.job, round(one.start_s, 6), round(one.stop_s, 6)] for one in sample.spans]
            )
        rows.append(json.dumps(row, separators=(",", ":")))
    joined = ",\n  ".join(rows)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": [\n  {joined}]}}'


def sample_row(sample: Sample) -> Dict[str, Any]:
    """A sample alone as a JSON object, as the journal holds it."""
    row = dataclasses.asdict(sample)
    row["spans"] = [[span.job, span.start_s, span.stop_s] for span in sample.spans]
    return row


def sample_from(row: Dict[str, Any]) -> Sample:
    """A sample from its JSON object. Raises TypeError, ValueError or KeyError."""
    return Sample(**{**row, "spans": _spans(row.get("spans", ()))})


def _spans(rows: Iterable[Any]) -> Tuple[Span, ...]:
    return tuple(Span(int(job), float(start), float(stop)) for job, start, stop in rows)


def _samples_of(arm: Dict[str, Any]) -> Iterator[Sample]:
    names, facts = arm["values"], arm["disturbance"]
    for index, (session, number, values, disturbance, *spans) in enumerate(arm["rows"]):
        with _placed(f"rows[{index}]"):
            _need(len(values) == len(names), "values", f"are {len(values)}, not {len(names)}")
            yield Sample(
                experiment=arm["experiment"],
                case=arm["case"],
                runtime=arm["runtime"],
                round=number,
                params=arm["params"],
                values={name: value for name, value in zip(names, values) if value is not None},
                spans=_spans(spans[0]) if spans else (),
                disturbance={name: v for name, v in zip(facts, disturbance) if v is not None},
                session=session,
            )


@contextlib.contextmanager
def _placed(place: str) -> Iterator[None]:
    """Say where it is that something is malformed."""
    try:
        yield
    except KeyError as error:
        raise ValueError(f"{place} {error.args[0]!r} is missing") from None
    except _MALFORMED as error:
        raise ValueError(f"{place} {error}") from None


def _from_schema_1(fields: Dict[str, Any]) -> Dict[str, Any]:
    """A record of schema 1 in the words of today: one session, a sample an arm and row."""
    arms = []
    for index, row in enumerate(fields["samples"]):
        with _placed(f"samples[{index}]"):
            arms.append(json.loads(_arm_lines([sample_from(row)])))
    experiments = sorted({arm["experiment"] for arm in arms})
    load = fields["samples"][0].get("disturbance", {}).get("load_before") if arms else None
    session = {
        "id": fields["run_id"],
        "started": fields["started"],
        "finished": fields["finished"],
        "load_before": load,
    }
    return {
        "schema": SCHEMA,
        **{name: fields[name] for name in ("quick", "settings", "machine", "runtimes")},
        "code": dict.fromkeys(experiments, fields["code_sha256"]),
        "sessions": [session],
        "arms": arms,
    }


def _known(kind: Any, row: Dict[str, Any]) -> Dict[str, Any]:
    """What `kind` has a field for: a record may hold more than this program knows."""
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: value for name, value in row.items() if name in names}


def loads(text: str, where: str) -> Record:
    """The record in `text`; `where` names it in errors. Raises BlogError for anything malformed."""
    again = "measure again: make figures"
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"the record is cut off or no JSON: {error}"
        raise BlogError(what, where=where, cure=again) from None
    schema = fields.get("schema") if isinstance(fields, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        what = f"the record has schema {schema}, this program reads up to {SCHEMA}"
        raise BlogError(what, where=where, cure="update the program: git pull")
    try:
        known = type(schema) is int and schema >= 1
        _need(known, "schema", f"is {schema!r}, not one of 1 to {SCHEMA}")
        return from_fields(_from_schema_1(fields) if schema == 1 else fields)
    except KeyError as error:
        raise BlogError(f"{error.args[0]!r} is missing", where=where, cure=again) from None
    except _MALFORMED as error:
        raise BlogError(str(error), where=where, cure=again) from None


def from_fields(fields: Dict[str, Any]) -> Record:
    """The record of a piece of JSON of today's format. Raises KeyError, TypeError, ValueError, …"""
    for name, kind in (("quick", bool), ("settings", dict), ("code", dict), ("arms", list)):
        _need(isinstance(fields[name], kind), name, f"is no {kind.__name__}: {fields[name]!r:.40}")
    held = fields["machine"]
    with _placed("machine"):
        machine = Machine(**_known(Machine, held))
    runtimes, sessions, samples = [], [], []
    for row in fields["runtimes"]:
        with _placed(f"runtimes[{len(runtimes)}]"):
            runtimes.append(Runtime(**_known(Runtime, {**row, "ways": tuple(row["ways"])})))
    for row in fields["sessions"]:
        with _placed(f"sessions[{len(sessions)}]"):
            sessions.append(Session(**_known(Session, row)))
    for index, arm in enumerate(fields["arms"]):
        with _placed(f"arms[{index}]"):
            samples += _samples_of(arm)
    return Record(
        quick=fields["quick"],
        settings=fields["settings"],
        code=fields["code"],
        machine=machine,
        runtimes=tuple(runtimes),
        sessions=tuple(sessions),
        samples=tuple(samples),
    )


def load(path: Path) -> Record:
    """The record in the file `path`, whose name must be the machine's. Raises BlogError."""
    try:
        record = loads(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise BlogError(
            "there is no record", where=str(path), cure="measure: make figures"
        ) from None
    except UnicodeDecodeError as error:
        raise BlogError(
            f"the record cannot be read: {error}",
            where=str(path),
            cure="measure again: make figures",
        ) from None
    if record.machine.slug != path.stem:
        raise BlogError(
            f"the record is of another machine: {record.machine.slug}",
            where=str(path),
            cure="rename it, or measure here: make figures",
        )
    return record


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
