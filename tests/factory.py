"""Records that no machine measured: generated ones in the shape of real ones, for tests.

They are marked as generated in their session ids, CPU model and code hashes, and must never be
published. Which arms there are, the experiments' own `cases` say; what an arm gives follows from a
small model of a machine: what an addition costs, how many cores there are, whether there is a GIL,
and how much is noise, which is skewed to the right as on real machines.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence

from scripts import experiments as known
from scripts.experiments import Case
from scripts.experiments.pitfalls.measure import ERRORS, HUNG
from scripts.experiments.settings import Settings, quick
from scripts.measure.sweep import sweep, turns
from scripts.measure.ways import WAYS
from scripts.record import Machine, Record, Runtime, Sample, Session, Span
from tests.experiments.io_threads import crawls
from tests.experiments.pipeline import generated as pipelines

ADDITION_S = 3.6e-8
TICK_S = 1.1e-7
# What a kernel of 250 ticks a second gives a process before the next one has its turn.
TIME_SLICE_S = 0.004
# What starting a pool takes: all of it, and each worker.
START_S = {
    "threads": (0.0002, 0.0001),
    "fork": (0.002, 0.001),
    "forkserver": (0.04, 0.02),
    "spawn": (0.02, 0.02),
    "interpreters": (0.005, 0.02),
    "dask": (0.8, 0.3),
    "joblib": (0.3, 0.05),
}
NUMPY_S = 0.09
# How much of what all cores give jobs of a pool reach.
REACHED = 0.95
TASK_US = {"threads": 16, "processes": 90, "chunked": 3, "dask": 700, "joblib": 60}
# How the programs with the usual mistakes end: by which errors, in the program and in its worker.
MISTAKES = {
    "lambda": ("PicklingError", ""),
    "no_guard": ("BrokenProcessPool", "RuntimeError"),
    "no_file": ("BrokenProcessPool", "AttributeError"),
    "fork_with_thread": ("", ""),
    "initializer": ("BrokenProcessPool", "ValueError"),
}
Values = dict[str, float]


def make_machine(cores: int = 2, cpu_model: str = "Generated CPU") -> Machine:
    """A machine of `cores` usable cores that does not exist."""
    return Machine(cpu_model, "x86_64", "Linux 6.1", cores, cores, None, cores, False, 8 * 2**30)


def make_runtime(gil: bool = True, switch_interval_s: float = 0.005, **fields: object) -> Runtime:
    """CPython 3.11 with its GIL, or the free-threaded 3.13 without."""
    version = "3.11.7" if gil else "3.13.5"
    clock = {"implementation": "clock_gettime(CLOCK_MONOTONIC)", "resolution_s": 1e-09}
    ways = ("for_loop", "threads", "processes")
    made = Runtime(
        f"python{version[:4]}{'' if gil else 't'}",
        "CPython",
        version,
        "generated",
        gil,
        switch_interval_s,
        "fork",
        ways,
        clock,
    )
    return dataclasses.replace(made, **fields)


def session_id(number: int) -> str:
    """The id of session `number` of a generated record."""
    return f"200001{number:02}T000000Z-{number - 1:08x}"


def make_record(
    *,
    cores: int = 2,
    gil: bool = True,
    rounds: int = 6,
    sessions: int = 1,
    ways: Sequence[str] = ("for_loop", "threads", "processes"),
    experiments: Sequence[str] = ("cpu_bound", "interleaving"),
    others: Sequence[Runtime] = (),
    switch_interval_s: float = 0.005,
    cpu_model: str = "Generated CPU",
    small: bool = False,
    disturbed: int = 0,
    noise: float = 0.02,
    room: float = 0,
    sizes: dict[str, int] | None = None,
    seed: int = 1,
    **fields: object,
) -> Record:
    """A generated record; the same arguments give the same record.

    `room` is how many cores' time there is, unless that is `cores`; `noise` the sigma of the
    log-normal noise (0 for none at all); `disturbed` how many samples are marked as disturbed;
    `sizes` are settings that are not as usual, `small` makes them those of a QUICK run; `others`
    are further interpreters. `fields` replace those of the record itself.
    """
    settings = Settings(**(sizes or {}))
    settings = quick(settings) if small else settings
    runtime = make_runtime(gil, switch_interval_s, ways=tuple(ways))
    machine = make_machine(cores, cpu_model)
    world = World(machine, settings, noise, room or cores, random.Random(seed))
    samples = [
        sample
        for session in range(1, sessions + 1)
        for name in experiments
        for sample in world.samples(name, (runtime, *others), session, rounds)
    ]
    for index in range(min(disturbed, len(samples))):
        marked = {**samples[index].disturbance, "disturbed": 1}
        samples[index] = dataclasses.replace(samples[index], disturbance=marked)
    record = Record(
        quick=small,
        settings=dataclasses.asdict(settings),
        code=dict.fromkeys(experiments, "0" * 64),
        machine=machine,
        runtimes=(runtime, *others),
        sessions=tuple(
            Session(
                session_id(day), f"2000-01-{day:02}T00:00:00Z", f"2000-01-{day:02}T00:08:00Z", 0.1
            )
            for day in range(1, sessions + 1)
        ),
        samples=tuple(samples),
    )
    return dataclasses.replace(record, **fields)


def make_whole(**options: object) -> Record:
    """A generated record with samples of every experiment."""
    return make_record(**{"experiments": tuple(known.declarations()), **options})


@dataclasses.dataclass
class World:
    """What decides how long things take: `room` is how many cores' time there is."""

    machine: Machine
    settings: Settings
    noise: float
    room: float
    rng: random.Random

    def samples(
        self, experiment: str, runtimes: Sequence[Runtime], session: int, rounds: int
    ) -> Iterator[Sample]:
        """All arms of all rounds of an experiment in one session."""
        declared = known.declarations()[experiment]
        for runtime in runtimes if declared.runtimes == "all" else runtimes[:1]:
            planned = known.experiment(experiment).cases(
                self.settings, self.machine, runtime, ADDITION_S
            )
            for number in range(1, rounds + 1):
                for case in planned:
                    if not case.rounds or number <= case.rounds:
                        yield self._sample(experiment, case, runtime, session, number)

    def _sample(
        self, experiment: str, case: Case, runtime: Runtime, session: int, number: int
    ) -> Sample:
        told = {"core": 0, "disturbed": 0, "elapsed_s": round(case.estimate_s, 3)}
        where = {"throttled_count": 0, "began_s": round(480 * number / 100, 1)}
        blank = Sample(
            experiment,
            case.name,
            runtime.id,
            number,
            case.params,
            {},
            disturbance={**told, **where},
            session=session,
        )
        made = getattr(self, f"_{experiment}")(case, runtime, number, session)
        values, spans = made if isinstance(made, tuple) else (made, ())
        return dataclasses.replace(blank, values=values, spans=tuple(spans))

    def _noisy(self, seconds: float) -> float:
        return seconds * self.rng.lognormvariate(0, self.noise)

    def _at_once(self, way: str, workers: int, gil: bool) -> float:
        most = WAYS[way].at_once(workers, self.machine.cores, gil)
        return min(most, self.room) if most > 1 else 1

    def _start(self, params: dict, way: str) -> float:
        fixed, each = START_S.get(str(params.get("start_method", way)), (0.0, 0.0))
        return fixed + each * int(params["workers"]) if params.get("pool") == "cold" else 0.0

    def _added(self, case: Case, way: str, gil: bool, additions: int) -> Values:
        """Jobs of so many additions each: `worked` of scripts.measure.jobs."""
        cost_s = self._noisy(ADDITION_S)
        jobs = self.settings.jobs
        at_once = min(jobs, self._at_once(way, int(case.params["workers"]), gil))
        at_once *= REACHED if at_once > 1 else 1
        wall_s = jobs * additions * cost_s / at_once + self._start(case.params, way)
        cheap, dear = (1e9 * cost_s * by for by in (0.99, 1.01))
        cpu_s = jobs * additions * cost_s
        return {"wall_s": wall_s, "cpu_s": cpu_s, "cheapest_ns": cheap, "dearest_ns": dear}

    def _cpu_bound(self, case: Case, runtime: Runtime, *_: int) -> object:
        if case.params["size"] == "short":
            return self._added(case, case.name, runtime.gil, self.settings.short_additions)
        values = self._added(case, case.name, runtime.gil, self.settings.additions)
        work = [values["cpu_s"] / self.settings.jobs] * self.settings.jobs
        workers = int(case.params["workers"])
        at_once = self._at_once(case.name, workers, runtime.gil)
        spans = _shared(work, workers, at_once, self._start(case.params, case.name))
        wall_s = max(span.stop_s for span in spans) + 0.0003
        return {"wall_s": wall_s, "cpu_s": values["cpu_s"]}, spans

    def _tracked(self, case: Case, runtime: Runtime, ticks: int) -> tuple[Values, list[Span]]:
        """Jobs that read the clock: `tracked` of scripts.measure.sweep, and who ran when."""
        way = "processes" if case.name == "processes" else "threads"
        workers = int(case.params["workers"])
        at_once = int(self._at_once(way, workers, runtime.gil))
        serial = way == "threads" and runtime.gil
        turn_s = runtime.switch_interval_s if serial else TIME_SLICE_S
        work = [ticks * self._noisy(TICK_S)] * self.settings.jobs
        start_s = self._start(case.params, way)
        spans = _turns(work, workers, at_once, start_s, lambda: self._noisy(turn_s))
        swept = sweep(spans)
        own = [[(s.start_s, s.stop_s) for s in spans if s.job == job] for job in range(len(work))]
        lengths = sorted(turns(own))
        values = {
            "wall_s": max(span.stop_s for span in spans) + 0.0003,
            "cpu_s": sum(work),
            "running_s": swept.running_s,
            "overlap_percent": swept.overlap_percent,
            "switches_count": swept.switches,
            "median_run_s": swept.median_run_s,
            "median_turn_s": lengths[len(lengths) // 2],
        }
        return values, spans

    def _interleaving(self, case: Case, runtime: Runtime, *_: int) -> object:
        values, spans = self._tracked(case, runtime, self.settings.ticks)
        return (values, spans) if case.params["size"] == "take" else values

    def _control(self, case: Case, runtime: Runtime, *_: int) -> Values:
        way = str(case.params["kind"])
        values = self._added(case, way, runtime.gil, self.settings.control_additions)
        return {name: values[name] for name in ("wall_s", "cpu_s")}

    def _harness(self, *_: object) -> Values:
        bare, clock = self._noisy(0.007), self._noisy(0.001)
        job, tracker = self._noisy(1.001), self._noisy(1.3)
        return {
            "bare_s": bare,
            "timed_s": bare * job,
            "timed_over_bare_ratio": job,
            "clock_s": clock,
            "tracker_s": clock * tracker,
            "tracker_over_clock_ratio": tracker,
        }

    def _runtimes(self, case: Case, runtime: Runtime, *_: int) -> Values:
        if case.name == "tracker_threads":
            return self._tracked(case, runtime, self.settings.runtimes_ticks)[0]
        way = "threads" if case.name == "numpy_threads" else case.name
        values = self._added(case, way, runtime.gil, self.settings.runtimes_additions)
        if case.name == "numpy_threads":
            values.update(numpy_count=1, gil_count=0)
        return values

    def _switch_interval(self, case: Case, *_: object) -> Values:
        wall_s = self._noisy(2 * self.settings.switch_interval_ticks * TICK_S)
        turn_s = self._noisy(float(case.params["switch_interval_s"]))
        times = {"wall_s": wall_s, "cpu_s": wall_s, "median_turn_s": turn_s}
        return {**times, "switches_count": max(1, int(wall_s / turn_s))}

    def _task_cost(self, case: Case, *_: object) -> Values:
        pool = "chunked" if case.params["chunk"] > 1 else case.name
        return {"wall_s": self._noisy(case.params["tasks"] * TASK_US[pool] / 1e6)}

    def _pool_start(self, case: Case, *_: object) -> Values:
        fixed, each = START_S[str(case.params.get("start_method", case.name))]
        if case.params["library"] == "numpy" and case.params.get("start_method") != "fork":
            each += NUMPY_S
        workers, cores = int(case.params["workers"]), self.machine.cores
        counts = {"start_one_s": 1, "start_cores_s": cores, "start_twice_s": 2 * cores}
        if WAYS[case.name].extra:
            counts = {"start_cores_s": cores}
        return {
            name: self._noisy(fixed + each * count)
            for name, count in counts.items()
            if count <= workers
        }

    def _process_count(self, case: Case, runtime: Runtime, *_: int) -> Values:
        workers = int(case.params["workers"])
        if case.name == "dictionary":
            return self._dictionary(str(case.params["start_method"]), workers)
        way = "processes" if case.name == "spinner" else case.name
        total = self.settings.process_count_jobs * self.settings.process_count_additions
        if case.name == "spinner":
            total = workers * self.settings.spinner_additions
        at_once = self._at_once(way, workers, runtime.gil)
        cpu_s = total * self._noisy(ADDITION_S)
        at_once *= REACHED if at_once > 1 and case.name != "spinner" else 1
        held_mb = 13.6 + 0.1 * workers if way == "threads" else 16.0 + 2.4 * workers
        peak_mb = held_mb * self.rng.lognormvariate(0, self.noise / 10)
        return {"wall_s": cpu_s / at_once, "cpu_s": cpu_s, "peak_pss_mb": peak_mb}

    def _dictionary(self, method: str, workers: int) -> Values:
        size_mb = self._noisy(40)
        each_mb = 3 if method == "fork" else 48
        fixed, each = START_S[method]
        return {
            "wall_s": self._noisy(fixed + (each + (0.02 if method == "fork" else 0.3)) * workers),
            "cpu_s": 0.1,
            "parent_mb": 20 + size_mb,
            "dictionary_mb": size_mb,
            "peak_pss_mb": 20 + size_mb + each_mb * workers,
        }

    def _pitfalls(self, case: Case, *_: object) -> Values:
        error, of_worker = (ERRORS.index(name) for name in MISTAKES[case.name])
        hangs = case.name == "fork_with_thread"
        return {
            "wall_s": self._noisy(2.04 if hangs else 0.08),
            "status_count": HUNG if hangs else 1,
            "hung_count": int(hangs),
            "error_count": error,
            "worker_error_count": of_worker,
            "warned_count": 0,
        }

    def _io_threads(self, case: Case, runtime: Runtime, number: int, session: int) -> Values:
        world = crawls.World(cores=self.machine.cores, gil=runtime.gil, noise=self.noise)
        sample = crawls.sample_of(world, runtime.id, case, session, number, self.rng)
        return sample.values

    def _pipeline(self, case: Case, runtime: Runtime, *_: int) -> Values:
        if case.name != "for_loop" and case.name not in pipelines.WAYS[case.group]:
            return {}  # as where a library is missing
        return pipelines.values_of(case, pipelines.WAYS, self.rng, self.noise)


def _shared(work: Sequence[float], workers: int, at_once: float, start: float) -> list[Span]:
    """One span a job, from its begin to its end, when the running jobs share the room evenly."""
    left = list(work)
    begun: dict[int, float] = {}
    spans: list[Span] = []
    clock, queue = start, list(range(len(work)))
    active: list[int] = []
    while queue or active:
        while queue and len(active) < workers:
            active.append(queue.pop(0))
            begun[active[-1]] = clock
        speed = min(1.0, at_once / len(active))
        step = min(left[job] for job in active) / speed
        clock += step
        for job in list(active):
            left[job] -= step * speed
            if left[job] <= 1e-12:
                active.remove(job)
                spans.append(Span(job, begun[job], clock))
    return sorted(spans, key=lambda span: span.job)


def _turns(
    work: Sequence[float], workers: int, at_once: int, start: float, turn_s: Callable[[], float]
) -> list[Span]:
    """The intervals in which each job really ran, when those that are ready take turns."""
    left = list(work)
    queue = list(range(len(work)))
    active: list[int] = []
    spans: list[Span] = []
    clock = start
    while queue or active:
        while queue and len(active) < workers:
            active.append(queue.pop(0))
        running = active[:at_once]
        step = min([turn_s(), *(left[job] for job in running)])
        for job in running:
            left[job] -= step
            spans.append(Span(job, clock, clock + step))
        clock += step
        active = [job for job in active[at_once:] + running if left[job] > 1e-9]
    return _joined(spans)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The spans by job and time; those of a job that touch are one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.job, span.start_s)):
        last = joined[-1] if joined else None
        if last and last.job == span.job and span.start_s - last.stop_s < 1e-4:
            joined[-1] = Span(span.job, last.start_s, span.stop_s)
        else:
            joined.append(span)
    return joined
