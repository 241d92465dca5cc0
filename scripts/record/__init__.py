"""The record: every sample of a run, with the machine, the interpreters and the settings.

Standard library only, since whoever measures writes one. All times are seconds on the
monotonic clock, counted from the moment at which the timed case began.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any, Dict, Tuple, Union

from scripts.record.errors import BlogError

# History of the format: 1 (2026-11) first published one.
SCHEMA = 1
Scalar = Union[str, int, float, bool, None]


def _need(condition: bool, key: str, what: str) -> None:
    if not condition:
        raise ValueError(f"{key}: {what}")


def _need_numbers(values: Dict[str, Any], key: str) -> None:
    for name, value in values.items():
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        _need(
            good and math.isfinite(value) and value >= 0,
            f"{key}.{name}",
            f"is no finite number from 0 on: {value!r}",
        )


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
    """One timed run of one case of an experiment, in a fresh interpreter.

    `params` says which variant it was (workers, pool cold or warm, start method), `values` what
    was measured (names end in their unit), `spans` who ran when, `disturbance` what else went on.
    """

    experiment: str
    case: str
    runtime: str
    round: int
    params: Dict[str, Scalar]
    values: Dict[str, float]
    spans: Tuple[Span, ...] = ()
    disturbance: Dict[str, Scalar] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        _need(self.round >= 1, "round", "is less than 1")
        _need_numbers(self.values, "values")


@dataclasses.dataclass(frozen=True)
class Record:
    """A whole run on one machine."""

    run_id: str
    quick: bool
    started: str
    finished: str
    settings: Dict[str, Scalar]
    code_sha256: str
    machine: Machine
    runtimes: Tuple[Runtime, ...]
    samples: Tuple[Sample, ...]
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        _need(
            bool(re.fullmatch(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}", self.run_id)),
            "run_id",
            f"is malformed: {self.run_id!r}",
        )
        _need(len(self.runtimes) > 0, "runtimes", "is empty")
        known = {runtime.id for runtime in self.runtimes}
        for index, sample in enumerate(self.samples):
            _need(
                sample.runtime in known,
                f"samples[{index}].runtime",
                f"{sample.runtime!r} is not among the runtimes",
            )

    def select(
        self, experiment: str, case: str, runtime: str | None = None, **params: Scalar
    ) -> list[Sample]:
        """The samples of one case in the order of their rounds; by default of the first runtime."""
        runtime = runtime or self.runtimes[0].id
        found = [
            sample
            for sample in self.samples
            if (sample.experiment, sample.case, sample.runtime) == (experiment, case, runtime)
            and all(sample.params.get(name) == value for name, value in params.items())
        ]
        return sorted(found, key=lambda sample: sample.round)


def dumps(record: Record) -> str:
    """The record as JSON, one sample a line, so that a diff shows what changed."""
    fields = dataclasses.asdict(record)
    samples = fields.pop("samples")
    for sample in samples:
        sample["spans"] = [
            [span["job"], round(span["start_s"], 6), round(span["stop_s"], 6)]
            for span in sample["spans"]
        ]
    rows = ",\n".join(json.dumps(sample, ensure_ascii=False, sort_keys=False) for sample in samples)
    head = json.dumps({"schema": fields.pop("schema"), **fields}, ensure_ascii=False, indent=1)
    return f'{head[:-2]},\n "samples": [\n{rows}\n]}}\n'


def sample_from(row: Dict[str, Any]) -> Sample:
    """A sample from its JSON object. Raises TypeError, ValueError or KeyError."""
    spans = tuple(
        Span(int(job), float(start), float(stop)) for job, start, stop in row.get("spans", ())
    )
    return Sample(**{**row, "spans": spans})


def loads(text: str, where: str) -> Record:
    """The record in `text`; `where` names it in errors. Raises BlogError for anything malformed."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BlogError(
            f"the record is cut off or no JSON: {error}",
            where=where,
            cure="measure again: make figures",
        ) from None
    schema = fields.get("schema") if isinstance(fields, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise BlogError(
            f"the record has schema {schema}, this program reads up to {SCHEMA}",
            where=where,
            cure="update the program: git pull",
        )
    key = ""
    try:
        _need(schema is not True and schema == SCHEMA, "schema", f"is {schema!r}, not {SCHEMA}")
        for part in ("machine", "runtimes", "samples"):
            if part not in fields:
                raise KeyError(part)
        key = "machine"
        fields["machine"] = Machine(**fields["machine"])
        key = "runtimes"
        fields["runtimes"] = tuple(
            Runtime(**{**row, "ways": tuple(row["ways"])}) for row in fields["runtimes"]
        )
        samples = []
        for index, row in enumerate(fields["samples"]):
            key = f"samples[{index}]"
            samples.append(sample_from(row))
        key = ""
        return Record(**{**fields, "samples": tuple(samples)})
    except KeyError as error:
        raise BlogError(
            f"{key} {error.args[0]!r} is missing".strip(),
            where=where,
            cure="measure again: make figures",
        ) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise BlogError(f"{key} {error}", where=where, cure="measure again: make figures") from None


def load(path: Path) -> Record:
    """The record in the file `path`, whose name must be the machine's. Raises BlogError."""
    try:
        record = loads(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise BlogError(
            "there is no record", where=str(path), cure="measure: make figures"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
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
