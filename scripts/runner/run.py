"""A run: the plan, step by step, each in a fresh interpreter, into a record."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence, Set, Tuple

from scripts.experiments.settings import Settings
from scripts.record import Machine, Record, Runtime, Sample, Span, sha256, units
from scripts.record.errors import BlogError
from scripts.runner import disturbance
from scripts.runner.interpreter import Interpreter
from scripts.runner.journal import Journal
from scripts.runner.machine import machine_facts
from scripts.runner.plan import Step, make_plan, sample_key
from scripts.runner.progress import PlainLog
from scripts.runner.runtime import kind, pythons_on_path


@dataclasses.dataclass(frozen=True)
class Options:
    """What the caller of a run may choose.

    The first of `executables` is the main interpreter; with none, the one that runs this and every
    other kind of it on PATH are measured.
    """

    settings: Settings
    quick: bool = False
    force: bool = False
    fresh: bool = False
    executables: Tuple[str, ...] = ()


def code_sha256() -> str:
    """A hash of all that runs in a timed process, so that a record knows its code."""
    scripts = Path(__file__).parents[1]
    files = [
        *(scripts / "measure").rglob("*.py"),
        *(scripts / "experiments").glob("*/measure.py"),
    ]
    texts = (
        f"{path.relative_to(scripts).as_posix()}\n{path.read_text(encoding='utf-8')}"
        for path in sorted(files)
    )
    return sha256("\0".join(texts).encode())


def _utc_now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclasses.dataclass(frozen=True)
class Probe:
    """An interpreter that answered: how it is started, what it is, and its pace."""

    executable: str
    runtime: Runtime
    addition_s: float


def _ask_facts(interpreter: Interpreter, executable: str) -> Probe:
    answer = interpreter.ask(executable, {"do": "facts"})
    facts = answer["facts"]
    runtime = Runtime(**{**facts, "ways": tuple(facts["ways"])})
    return Probe(executable, runtime, answer["addition_s"])


def _probe(interpreter: Interpreter, options: Options, log: PlainLog) -> List[Probe]:
    if options.executables:
        return _probe_named(interpreter, options.executables, log)
    return _probe_all_kinds(interpreter)


def _probe_named(interpreter: Interpreter, names: Sequence[str], log: PlainLog) -> List[Probe]:
    """The interpreters that were asked for; one that does not answer is named and left out."""
    found: List[Probe] = []
    for name in names:
        try:
            found.append(_ask_facts(interpreter, name))
        except BlogError as error:
            log.note(f"{error}; going on without it")
    if not found:
        raise BlogError("none of RUNTIMES can be used", cure='RUNTIMES="python3.11 …"')
    return list({probe.runtime.id: probe for probe in reversed(found)}.values())[::-1]


def _probe_all_kinds(interpreter: Interpreter) -> List[Probe]:
    """The interpreter that runs this, and the newest on PATH of every other kind."""
    found = [_ask_facts(interpreter, sys.executable)]
    for name in pythons_on_path():
        try:
            probe = _ask_facts(interpreter, name)
        except BlogError:
            continue  # a name on PATH promises nothing
        if kind(probe.runtime) not in ("GIL", *(kind(other.runtime) for other in found)):
            found.append(probe)
    return found


def _head(options: Options, machine: Machine, runtimes: Sequence[Runtime]) -> Dict[str, Any]:
    """What must be the same for a stopped run to be gone on with."""
    return {
        "quick": options.quick,
        "settings": dataclasses.asdict(options.settings),
        "code_sha256": code_sha256(),
        "machine": dataclasses.asdict(machine),
        "runtimes": [{**dataclasses.asdict(r), "ways": list(r.ways)} for r in runtimes],
    }


def _kept(samples: List[Sample], plan: List[List[Step]]) -> List[Sample]:
    """The samples of complete rounds.

    Half a round is measured anew: its samples are compared with each other, and hours may lie
    between the halves.
    """
    done = {sample_key(sample) for sample in samples}
    complete = {steps[0].round for steps in plan if all(step.key in done for step in steps)}
    return [sample for sample in samples if sample.round in complete]


def _refuse_noise(machine: Machine, options: Options, log: PlainLog) -> None:
    noise = disturbance.busy_before(machine.cpu_count)
    if noise and not options.force:
        raise BlogError(
            f"the machine is busy: {noise}", cure="wait, or set FORCE=1; measure.pyz: --force"
        )
    if noise:
        log.note(f"the machine is busy: {noise}; measuring all the same, since it is forced")


def _measure_step(
    interpreter: Interpreter, executable: str, step: Step, settings: Settings, cpu_count: int
) -> Sample:
    question = {
        "do": "case",
        "module": f"scripts.experiments.{step.experiment}.measure",
        "case": step.case.name,
        "params": step.case.params,
        "settings": dataclasses.asdict(settings),
    }
    before = disturbance.read()
    try:
        answer = interpreter.ask(executable, question)
    except BlogError as error:
        cure = "run it again: finished rounds are kept"
        raise BlogError(error.what, where=f"{step}, round {step.round}", cure=cure) from None
    after = disturbance.read()
    return Sample(
        experiment=step.experiment,
        case=step.case.name,
        runtime=step.runtime,
        round=step.round,
        params=step.case.params,
        values={name: round(value, 9) for name, value in answer["values"].items()},
        spans=tuple(Span(*span) for span in answer["spans"]),
        disturbance=disturbance.between(before, after, cpu_count),
    )


@dataclasses.dataclass
class _Run:
    """A run that is going on: what it is, what is still to do, and what is there."""

    head: Dict[str, Any]
    plan: List[List[Step]]
    samples: List[Sample]
    broken: Set[str] = dataclasses.field(default_factory=set)

    def left(self) -> List[Step]:
        """The steps that no sample is there of."""
        done = {sample_key(sample) for sample in self.samples}
        steps = [step for steps in self.plan for step in steps]
        return [s for s in steps if s.key not in done and s.runtime not in self.broken]


def _begin(
    options: Options, machine: Machine, probes: List[Probe], journal: Journal, log: PlainLog
) -> _Run:
    """Go on with the run in the journal if it is the same one, else begin a new one."""
    runtimes = [probe.runtime for probe in probes]
    same = _head(options, machine, runtimes)
    head = None if options.fresh else journal.resume(same)
    samples = journal.samples() if head else []
    if head is None:
        started = _utc_now()
        stamp = started.replace("-", "").replace(":", "")
        head = {**same, "run_id": f"{stamp}-{secrets.token_hex(4)}", "started": started}
    pace = {probe.runtime.id: probe.addition_s for probe in probes}
    plan = make_plan(options.settings, machine, runtimes, pace, head["run_id"])
    samples = _kept(samples, plan)
    journal.start(head, samples)
    if samples:
        kept = len({sample.round for sample in samples})
        log.note(f"going on with the run of {head['started']}: rounds there: {kept}")
    return _Run(head, plan, samples)


def _measure_all(
    run: _Run,
    interpreter: Interpreter,
    probes: List[Probe],
    options: Options,
    machine: Machine,
    journal: Journal,
    log: PlainLog,
) -> None:
    """Do what is left, step by step.

    An interpreter that breaks, unless it is the main one, is named and left out; what it measured
    before is no part of the record.
    """
    executables = {probe.runtime.id: probe.executable for probe in probes}
    begin = time.monotonic()
    while left := run.left():
        step, left_s = left[0], sum(step.case.estimate_s for step in left)
        log.start(step, options.settings.rounds, time.monotonic() - begin, left_s)
        executable = executables[step.runtime]
        try:
            sample = _measure_step(
                interpreter, executable, step, options.settings, machine.cpu_count
            )
        except BlogError as error:
            if step.runtime == probes[0].runtime.id:
                raise
            log.note(f"{error.where}: {error.what}; going on without {step.runtime}")
            run.broken.add(step.runtime)
            run.samples = [sample for sample in run.samples if sample.runtime != step.runtime]
            continue
        journal.add(sample)
        run.samples.append(sample)


def measure(options: Options, journal_path: Path, log: PlainLog) -> Record:
    """Measure this machine. Raises BlogError; the journal keeps the finished rounds in any case."""
    journal = Journal(journal_path)
    machine = machine_facts()
    with Interpreter() as interpreter:
        probes = _probe(interpreter, options, log)
        _refuse_noise(machine, options, log)
        run = _begin(options, machine, probes, journal, log)
        left = run.left()
        names = ", ".join(probe.runtime.id for probe in probes)
        estimate = units.duration(sum(step.case.estimate_s for step in left))
        log.note(f"{len(left)} timed runs on {machine.cpu_model} with {names}: about {estimate}")
        _measure_all(run, interpreter, probes, options, machine, journal, log)
    return Record(
        run_id=run.head["run_id"],
        quick=options.quick,
        started=run.head["started"],
        finished=_utc_now(),
        settings=dataclasses.asdict(options.settings),
        code_sha256=run.head["code_sha256"],
        machine=machine,
        runtimes=tuple(p.runtime for p in probes if p.runtime.id not in run.broken),
        samples=tuple(run.samples),
    )
