"""A run: the plan, step by step, each in a fresh interpreter, into a record."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.resources
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from scripts import units
from scripts.errors import BlogError
from scripts.measure import disturbance
from scripts.measure.interpreter import Interpreter
from scripts.measure.journal import Journal
from scripts.measure.machine import machine_facts
from scripts.measure.plan import Step, make_plan, sample_key
from scripts.measure.progress import PlainLog
from scripts.measure.settings import Settings
from scripts.record import Machine, Record, Runtime, Sample, Span, sha256


@dataclasses.dataclass(frozen=True)
class Options:
    """What the caller of a run may choose; the first of `executables` is the main interpreter."""

    settings: Settings
    quick: bool = False
    force: bool = False
    fresh: bool = False
    executables: Tuple[str, ...] = (sys.executable,)


def code_sha256() -> str:
    """A hash of all that measures, so that a record knows which code it came from."""

    def texts(folder: Any, prefix: str) -> List[str]:
        found = []
        for entry in folder.iterdir():
            if entry.is_dir() and entry.name != "__pycache__":
                found += texts(entry, f"{prefix}{entry.name}/")
            elif entry.name.endswith(".py"):
                found.append(f"{prefix}{entry.name}\n{entry.read_text(encoding='utf-8')}")
        return found

    return sha256(
        "\0".join(sorted(texts(importlib.resources.files("scripts.measure"), ""))).encode()
    )


def _utc_now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _probe(
    interpreter: Interpreter, options: Options, log: PlainLog
) -> Tuple[Dict[str, str], List[Runtime], Dict[str, float]]:
    """Facts and pace of each interpreter; one that cannot be used is named and left out."""
    executables, runtimes, addition_s = {}, [], {}
    for executable in options.executables:
        try:
            answer = interpreter.ask(executable, {"do": "facts"})
        except BlogError as error:
            if executable == options.executables[0]:
                raise
            log.note(f"{error}; going on without it")
            continue
        facts = answer["facts"]
        runtime = Runtime(**{**facts, "ways": tuple(facts["ways"])})
        if runtime.id not in executables:
            executables[runtime.id] = executable
            runtimes.append(runtime)
            addition_s[runtime.id] = answer["addition_s"]
    return executables, runtimes, addition_s


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
    """The samples of complete rounds. Half a round is measured anew: its samples are compared

    with each other, and hours may lie between the halves.
    """
    done = {sample_key(sample) for sample in samples}
    complete = {steps[0].round for steps in plan if all(step.key in done for step in steps)}
    return [sample for sample in samples if sample.round in complete]


def _refuse_noise(machine: Machine, options: Options, log: PlainLog) -> None:
    noise = disturbance.busy_before(machine.cpu_count)
    if noise and not options.force:
        raise BlogError(f"the machine is busy: {noise}", cure="wait, or set FORCE=1")
    if noise:
        log.note(f"the machine is busy: {noise}; measuring all the same, as FORCE=1 says")


def _measure_step(
    interpreter: Interpreter, executable: str, step: Step, settings: Settings, cpu_count: int
) -> Sample:
    question = {
        "do": "case",
        "experiment": step.experiment,
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


def measure(options: Options, journal_path: Path, log: PlainLog) -> Record:
    """Measure this machine. Raises BlogError; the journal keeps the finished rounds in any case."""
    journal = Journal(journal_path)
    machine = machine_facts()
    with Interpreter() as interpreter:
        executables, runtimes, addition_s = _probe(interpreter, options, log)
        same = _head(options, machine, runtimes)
        head = None if options.fresh else journal.resume(same)
        samples = journal.samples() if head else []
        if head is None:
            started = _utc_now()
            stamp = started.replace("-", "").replace(":", "")
            head = {**same, "run_id": f"{stamp}-{secrets.token_hex(4)}", "started": started}
        settings = options.settings
        plan = make_plan(settings, machine, runtimes, addition_s, head["run_id"])
        samples = _kept(samples, plan)
        _refuse_noise(machine, options, log)
        journal.start(head, samples)
        if samples:
            kept = max(sample.round for sample in samples)
            log.note(f"going on with the run of {head['started']}: {kept} rounds are there")

        done = {sample_key(sample) for sample in samples}
        left = [step for steps in plan for step in steps if step.key not in done]
        left_s = sum(step.case.estimate_s for step in left)
        log.note(f"{len(left)} timed runs on {machine.cpu_model}: about {units.duration(left_s)}")
        begin = time.monotonic()
        for step in left:
            log.start(step, settings.rounds, time.monotonic() - begin, left_s)
            sample = _measure_step(
                interpreter, executables[step.runtime], step, settings, machine.cpu_count
            )
            journal.add(sample)
            samples.append(sample)
            left_s -= step.case.estimate_s
    log.close()
    return Record(
        run_id=head["run_id"],
        quick=options.quick,
        started=head["started"],
        finished=_utc_now(),
        settings=dataclasses.asdict(settings),
        code_sha256=head["code_sha256"],
        machine=machine,
        runtimes=tuple(runtimes),
        samples=tuple(samples),
    )
