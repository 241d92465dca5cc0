"""A session: the plan, arm by arm, each in a fresh interpreter, into a record."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from scripts.experiments.settings import Settings
from scripts.record import Machine, Record, Runtime, Sample, Session, Span, units
from scripts.record.errors import BlogError
from scripts.runner import disturbance, preflight
from scripts.runner.code import code_sha256s
from scripts.runner.interpreter import Interpreter, NotMeasured
from scripts.runner.journal import Journal
from scripts.runner.machine import machine_facts
from scripts.runner.plan import (
    FEWEST_ROUNDS,
    QUICK_ROUNDS,
    START_S,
    Comparison,
    Step,
    in_order,
    key_of,
    make_plan,
    total_s,
)
from scripts.runner.progress import PlainLog
from scripts.runner.runtime import kind, pythons_on_path
from scripts.runner.sessions import Here, Work, choose

# An arm that takes so many times its estimate, and a minute besides, hangs.
PATIENCE, PATIENCE_S = 20.0, 60.0
# Disturbed rounds are made up for at the end for so much of the planned time.
EXTRA = 0.1


@dataclasses.dataclass(frozen=True)
class Options:
    """What the caller of a session may choose.

    The first of `executables` is the main interpreter; with none, the one that runs this and every
    other kind of it on PATH are measured. `rounds`, unless 0, is how many rounds each comparison
    has, whatever time that takes. `fresh` begins a new record, and gives up a stopped session.
    """

    settings: Settings
    quick: bool = False
    force: bool = False
    fresh: bool = False
    rounds: int = 0
    executables: Tuple[str, ...] = ()


def _utc_now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds_since(started: str) -> float:
    """The seconds since the moment `started`, by the clock of the day: a session may be stopped."""
    begin = datetime.datetime.strptime(started, "%Y-%m-%dT%H:%M:%SZ")
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    return max(0.0, (now - begin).total_seconds())


@dataclasses.dataclass(frozen=True)
class Probe:
    """An interpreter that answered: how it is started, what it is, and its pace."""

    executable: str
    runtime: Runtime
    addition_s: float


def _ask_facts(interpreter: Interpreter, executable: str) -> Probe:
    answer = interpreter.ask(executable, {"do": "facts"}, PATIENCE_S)
    facts = answer["facts"]
    runtime = Runtime(**{**facts, "ways": tuple(facts["ways"])})
    return Probe(executable, runtime, answer["addition_s"])


def _probe(interpreter: Interpreter, options: Options, log: PlainLog) -> List[Probe]:
    if options.executables:
        return _probe_named(interpreter, options.executables, log)
    return _probe_all_kinds(interpreter)


def _probe_named(interpreter: Interpreter, names: Sequence[str], log: PlainLog) -> List[Probe]:
    """The interpreters that were asked for; one that does not answer is named and left out."""
    probes: List[Probe] = []
    for name in names:
        try:
            probes.append(_ask_facts(interpreter, name))
        except BlogError as error:
            log.note(f"{error}; going on without it")
    if not probes:
        raise BlogError("none of RUNTIMES can be used", cure='RUNTIMES="python3.11 …"')
    return list({probe.runtime.id: probe for probe in reversed(probes)}.values())[::-1]


def _probe_all_kinds(interpreter: Interpreter) -> List[Probe]:
    """The interpreter that runs this, and the newest on PATH of every other kind."""
    probes = [_ask_facts(interpreter, sys.executable)]
    for name in pythons_on_path():
        try:
            probe = _ask_facts(interpreter, name)
        except BlogError:
            continue  # a name on PATH promises nothing
        if kind(probe.runtime) not in ("GIL", *(kind(other.runtime) for other in probes)):
            probes.append(probe)
    return probes


def _refuse_noise(machine: Machine, options: Options, log: PlainLog) -> None:
    noise = disturbance.busy_before(machine.cpu_count)
    if noise and not options.force:
        raise BlogError(
            f"the machine is busy: {noise}", cure="wait, or set FORCE=1; measure.pyz: --force"
        )
    if noise:
        log.note(f"the machine is busy: {noise}; measuring all the same, since it is forced")


class _Session:
    """A session that is going on: its plan, what is still to do, and what is there."""

    def __init__(
        self, work: Work, plan: List[Comparison], head: Dict[str, Any], samples: List[Sample]
    ) -> None:
        self.work, self.plan, self.head = work, plan, head
        rounds = in_order(plan, head["id"])
        there = {key_of(sample) for sample in samples}
        self.left = [steps for steps in rounds if not all(step.key in there for step in steps)]
        # Half a round is measured anew: hours may lie between its halves.
        halves = {step.key for steps in self.left for step in steps}
        self.samples = [sample for sample in samples if key_of(sample) not in halves]
        self.broken: Set[str] = set()
        self.not_measured: Dict[Tuple, str] = {}

    def rounds_of(self, step: Step) -> int:
        """How many rounds the comparison of a step has."""
        return next(
            one.rounds
            for one in self.plan
            if (one.experiment, one.group) == (step.experiment, step.case.group)
        )

    def is_off(self, step: Step) -> bool:
        """Whether the step is one that cannot be measured here."""
        return step.runtime in self.broken or step.key[0] in self.not_measured

    def left_s(self) -> float:
        """The seconds that the rest is expected to take."""
        return sum(
            step.case.estimate_s + START_S
            for steps in self.left
            for step in steps
            if not self.is_off(step)
        )

    def extra_rounds(self, spare_s: float) -> Iterator[List[Step]]:
        """One more round for every disturbed one, as long as there is time. None is dropped."""
        for one in self.plan:
            if all(case.rounds for case, _ in one.arms):
                continue
            keys = {step.key[0] for step in one.steps(1)}
            mine = [sample for sample in self.samples if key_of(sample)[0] in keys]
            disturbed = {s.round for s in mine if s.disturbed}
            done = max((sample.round for sample in mine), default=0)
            for number in range(done + 1, one.rounds + len(disturbed) + 1):
                spare_s -= one.round_s
                if spare_s < 0:
                    return
                yield one.steps(number)


class _Measuring:
    def __init__(
        self,
        session: _Session,
        interpreter: Interpreter,
        probes: List[Probe],
        options: Options,
        cpu_count: int,
        journal: Journal,
        log: PlainLog,
    ) -> None:
        self._session, self._interpreter, self._log = session, interpreter, log
        self._journal, self._cpu_count = journal, cpu_count
        self._sizes = dataclasses.asdict(options.settings)
        self._main = probes[0].runtime.id
        self._executables = {probe.runtime.id: probe.executable for probe in probes}
        self._begin_s = time.monotonic()

    def all(self) -> None:
        """Measure what is left of the plan, then make up for disturbed rounds."""
        session = self._session
        planned_s = session.left_s()
        while session.left:
            self._round(session.left[0])
            del session.left[0]
        late_s = max(0.0, time.monotonic() - self._begin_s - planned_s)
        for steps in session.extra_rounds(EXTRA * planned_s - late_s):
            self._round(steps)
        if not session.samples:
            reason = next(iter(session.not_measured.values()), "there is nothing to measure")
            raise BlogError(f"nothing could be measured here: {reason}")

    def _round(self, steps: List[Step]) -> None:
        session = self._session
        for step in steps:
            if session.is_off(step):
                continue
            elapsed_s = time.monotonic() - self._begin_s
            self._log.start(step, session.rounds_of(step), elapsed_s, session.left_s())
            try:
                sample = self._sample(step)
            except NotMeasured as error:
                session.not_measured[step.key[0]] = error.reason
                self._log.note(f"{step}: not measured here, because {error.reason}")
            except BlogError as error:
                self._give_up(step, error)
            else:
                self._journal.add(sample)
                session.samples.append(sample)

    def _give_up(self, step: Step, error: BlogError) -> None:
        """Go on without an interpreter that breaks, unless it is the main one.

        What it measured before is no part of the record.
        """
        session = self._session
        if step.runtime == self._main:
            raise BlogError(error.what, where=f"{step}, round {step.round}", cure=error.cure)
        self._log.note(f"{step}: {error.what}; going on without {step.runtime}")
        session.broken.add(step.runtime)
        session.samples = [one for one in session.samples if one.runtime != step.runtime]

    def _sample(self, step: Step) -> Sample:
        question = {
            "do": "case",
            "module": f"scripts.experiments.{step.experiment}.measure",
            "case": step.case.name,
            "params": step.case.params,
            "settings": self._sizes,
        }
        limit_s = PATIENCE_S + PATIENCE * step.case.estimate_s
        began_s = _seconds_since(self._session.head["started"])
        before = disturbance.read()
        answer = self._interpreter.ask(self._executables[step.runtime], question, limit_s)
        after = disturbance.read()
        stopped, core = answer["stopped"], answer.get("core", -1)
        disturbed = disturbance.between(before, after, self._cpu_count, stopped, core)
        try:
            return Sample(
                experiment=step.experiment,
                case=step.case.name,
                runtime=step.runtime,
                round=step.round,
                params=step.case.params,
                values={name: round(value, 9) for name, value in answer["values"].items()},
                spans=tuple(Span(*span) for span in answer["spans"]),
                disturbance={"began_s": round(began_s, 1), **disturbed},
                session=self._session.work.number,
            )
        except ValueError as error:  # what no record may hold: others may well be measured
            raise NotMeasured(str(error)) from None


def _begin(
    options: Options,
    here: Here,
    work: Work,
    pace_s: Dict[str, float],
    journal: Journal,
    log: PlainLog,
) -> _Session:
    """Go on with the session in the journal if it is the same one, else begin a new one."""
    same = {
        "quick": here.quick,
        "rounds": options.rounds,
        "settings": dict(here.settings),
        "code": dict(here.code),
        "machine": dataclasses.asdict(here.machine),
        "runtimes": [{**dataclasses.asdict(r), "ways": list(r.ways)} for r in here.runtimes],
        "after": work.base.run_id if work.base else "",
        "reasons": work.reasons,
    }
    head = None if options.fresh else journal.resume(same)
    samples = journal.samples() if head else []
    if head is None:
        started = _utc_now()
        stamp = started.replace("-", "").replace(":", "")
        identity = {"id": f"{stamp}-{secrets.token_hex(4)}", "started": started}
        # The pace decides how many rounds there are: a session that is gone on with keeps its own.
        head = {**same, **identity, "load_before": disturbance.load(), "pace_s": pace_s}
    rounds = QUICK_ROUNDS if options.quick and not options.rounds else options.rounds
    plan = make_plan(
        options.settings, here.machine, here.runtimes, head["pace_s"], list(work.reasons), rounds
    )
    session = _Session(work, plan, head, samples)
    journal.start(head, session.samples)
    if session.samples:
        log.note(f"going on with the session of {head['started']}: {len(session.samples)} arms")
    return session


def _say_plan(session: _Session, options: Options, names: str, machine: Machine, log: PlainLog):
    """What will be measured, why, in how many rounds, and how long that takes."""
    reasons: Dict[str, List[str]] = {}
    for name, why in session.work.reasons.items():
        rounds = [one.rounds for one in session.plan if one.experiment == name]
        if rounds:
            many = (
                f"{min(rounds)}" if min(rounds) == max(rounds) else f"{min(rounds)}–{max(rounds)}"
            )
            reasons.setdefault(why, []).append(f"{name} {many}")
    log.note(f"session {session.work.number} on {machine.cpu_model} with {names}; rounds of each:")
    for why, experiments in reasons.items():
        log.note(f"  {why}: {', '.join(experiments)}")
    arms = sum(len(steps) for steps in session.left)
    log.note(f"  {arms} timed arms, about {units.duration(session.left_s())}")
    asked_s = 60 * options.settings.minutes
    needed_s = total_s(session.plan)
    if not options.quick and not options.rounds and needed_s > 1.5 * asked_s:
        log.note(
            f"  minutes: {options.settings.minutes} is too short for {FEWEST_ROUNDS} rounds of"
            f" everything here, which take about {units.duration(needed_s)}"
        )


def measure(
    options: Options, journal_path: Path, log: PlainLog, current: Optional[Record] = None
) -> Record:
    """Measure this machine: a new record, or `current` with one more session.

    Raises BlogError; the journal keeps the finished rounds in any case.
    """
    journal = Journal(journal_path)
    machine = machine_facts()
    with Interpreter() as interpreter:
        probes = _probe(interpreter, options, log)
        _refuse_noise(machine, options, log)
        for line in preflight.lacking(interpreter, probes[0].executable):
            log.note(line)
        runtimes = tuple(probe.runtime for probe in probes)
        sizes = dataclasses.asdict(options.settings)
        here = Here(options.quick, sizes, code_sha256s(), machine, runtimes)
        work = choose(None if options.fresh else current, here)
        pace_s = {probe.runtime.id: probe.addition_s for probe in probes}
        session = _begin(options, here, work, pace_s, journal, log)
        names = ", ".join(runtime.id for runtime in runtimes)
        _say_plan(session, options, names, machine, log)
        _Measuring(session, interpreter, probes, options, machine.cpu_count, journal, log).all()
    return _record(session, here)


def _record(session: _Session, here: Here) -> Record:
    base, head = session.work.base, session.head
    new = Session(head["id"], head["started"], _utc_now(), head["load_before"])
    return Record(
        quick=here.quick,
        settings=dict(here.settings),
        code={**(base.code if base else {}), **{n: here.code[n] for n in session.work.reasons}},
        machine=here.machine,
        runtimes=tuple(one for one in here.runtimes if one.id not in session.broken),
        sessions=(*(base.sessions if base else ()), new),
        samples=(*(base.samples if base else ()), *session.samples),
    )
