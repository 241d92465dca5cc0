"""Records that no machine measured: generated ones in the shape of real ones, for tests.

They are marked as generated in their run id, CPU model and code hash, and must never be published.
The noise is skewed to the right as on real machines: log-normal, with a rare slow round. The jobs
are scheduled by a small simulation, so that who ran when is consistent with cores and GIL.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence

from scripts.experiments.process_count.measure import worker_counts
from scripts.experiments.settings import Settings
from scripts.experiments.switch_interval.measure import INTERVALS_S
from scripts.record import Machine, Record, Runtime, Sample, Span

ADDITION_S = 5.3e-8
TICK_S = 1.1e-7
# What a kernel of 250 ticks a second gives a process before the next one has its turn.
TIME_SLICE_S = 0.004
FORK_S = 0.012


def make_machine(cores: int = 2, cpu_model: str = "Generated CPU") -> Machine:
    """A machine of `cores` usable cores that does not exist."""
    return Machine(cpu_model, "x86_64", "Linux 6.1", cores, cores, None, cores, False, 8 * 2**30)


def make_runtime(gil: bool = True, switch_interval_s: float = 0.005, **fields: object) -> Runtime:
    """CPython 3.11 with its GIL, or the free-threaded 3.13 without."""
    version = "3.11.7" if gil else "3.13.1"
    clock = {"implementation": "clock_gettime(CLOCK_MONOTONIC)", "resolution": 1e-09}
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


def make_record(
    *,
    cores: int = 2,
    gil: bool = True,
    rounds: int = 5,
    jobs: int = 4,
    workers: int = 4,
    additions: int = 10**8,
    ticks: int = 10**6,
    lengths: Sequence[float] = (),
    ways: Sequence[str] = ("for_loop", "threads", "processes"),
    experiments: Sequence[str] = ("cpu_bound", "interleaving"),
    switch_interval_s: float = 0.005,
    cpu_model: str = "Generated CPU",
    quick: bool = False,
    disturbed: int = 0,
    noise: float = 0.02,
    seed: int = 1,
    **fields: object,
) -> Record:
    """A generated record; the same arguments give the same record.

    `lengths` are the jobs' lengths relative to the usual one, `disturbed` is how many samples are
    marked as disturbed, `noise` is the sigma of the log-normal noise (0 for none at all), and
    `fields` replace those of the record itself.
    """
    rng = random.Random(seed)
    runtime = make_runtime(gil, switch_interval_s, ways=tuple(ways))
    world = _World(rng, noise, cores, gil, workers, switch_interval_s, runtime.id)
    scale = [*lengths, *[1.0] * jobs][:jobs]
    samples: list[Sample] = []
    for number in range(1, rounds + 1):
        if "cpu_bound" in experiments:
            work = [additions * ADDITION_S * length for length in scale]
            samples += [world.cpu_bound(way, work, number) for way in ways]
        if "interleaving" in experiments:
            work = [ticks * TICK_S * length for length in scale]
            cases = [way for way in ways if way != "for_loop"]
            samples += [world.interleaving(way, work, number) for way in cases]
    for index in range(min(disturbed, len(samples))):
        marked = {**samples[index].disturbance, "disturbed": True}
        samples[index] = dataclasses.replace(samples[index], disturbance=marked)
    record = Record(
        run_id="20000101T000000Z-00000000",
        quick=quick,
        started="2000-01-01T00:00:00Z",
        finished="2000-01-01T00:07:28Z",
        settings=dataclasses.asdict(
            Settings(rounds=rounds, workers=workers, jobs=jobs, additions=additions, ticks=ticks)
        ),
        code_sha256="0" * 64,
        machine=make_machine(cores, cpu_model),
        runtimes=(runtime,),
        samples=tuple(samples),
    )
    return dataclasses.replace(record, **fields)


def add_checks(record: Record, *, noise: float = 0.02, seed: int = 1) -> Record:
    """`record` with samples of what checks the measuring: pool_start, control and harness."""
    rng = random.Random(seed)
    runtime, samples = record.runtimes[0], list(record.samples)
    workers, loop_s = int(record.settings["workers"]), 1.06
    warm_s = {
        "threads": loop_s if runtime.gil else loop_s / record.machine.cores,
        "processes": loop_s / record.machine.cores,
    }
    start_s = {"": 0.0002, "fork": 0.003, "spawn": 0.08, "forkserver": 0.04}

    def add(number: int, experiment: str, case: str, params: dict, **values: float) -> None:
        noisy = {name: value * rng.lognormvariate(0, noise) for name, value in values.items()}
        samples.append(Sample(experiment, case, runtime.id, number, params, noisy))

    for number in range(1, int(record.settings["rounds"]) + 1):
        pools = [("threads", ""), *(("processes", method) for method in start_s if method)]
        for way, method in pools:
            params = {"workers": workers, **({"start_method": method} if method else {})}
            warm, start = warm_s[way], workers * start_s[method]
            cold = {"wall_s": warm + start, "cpu_s": loop_s}
            add(number, "pool_start", way, {**params, "pool": "cold"}, **cold)
            up = {"wall_s": warm, "cpu_s": loop_s, "start_s": start}
            add(number, "pool_start", way, {**params, "pool": "warm"}, **up)
        params = {"workers": workers, "pool": "cold", "start_method": runtime.start_method}
        for case in ("a", "b"):
            add(number, "control", case, params, wall_s=warm_s["processes"])
        sides = {"bare_s": 0.1, "timed_s": 0.1, "clock_s": 0.05, "tracker_s": 0.07}
        add(number, "harness", "for_loop", {"workers": 1, "pool": "none"}, **sides)
    return dataclasses.replace(record, samples=tuple(samples))


def add_process_count(
    record: Record,
    *,
    loop_s: float = 1.6,
    worker_s: float = 0.004,
    noise: float = 0.02,
    memory: str = "peak_pss_mb",
    seed: int = 1,
) -> Record:
    """`record` with samples of process_count; starting a worker takes `worker_s`.

    `memory` names the value that holds the memory, "" for none.
    """
    runtime, cores = record.runtimes[0], record.machine.cores
    rng = random.Random(seed)
    samples = list(record.samples)

    def measured(way: str, number: int, workers: int, wall_s: float, held_mb: float) -> Sample:
        params: dict[str, object] = {"workers": workers, "pool": "cold"}
        if way == "for_loop":
            params["pool"] = "none"
        if way == "processes":
            params["start_method"] = runtime.start_method
        values = {"wall_s": wall_s * rng.lognormvariate(0, noise), "cpu_s": loop_s}
        if memory:
            values[memory] = held_mb * rng.lognormvariate(0, noise / 10)
        return Sample("process_count", way, runtime.id, number, params, values)

    for number in range(1, int(record.settings["rounds"]) + 1):
        samples.append(measured("for_loop", number, 1, loop_s, 13.4))
        for workers in worker_counts(cores):
            at_once = loop_s / min(workers, cores)
            threads_s = 1.04 * loop_s if runtime.gil else at_once
            samples.append(measured("threads", number, workers, threads_s, 13.6 + 0.1 * workers))
            processes_s = at_once + worker_s * workers
            samples.append(
                measured("processes", number, workers, processes_s, 16.0 + 2.4 * workers)
            )
    sizes = {"process_count_jobs": 8, "process_count_additions": 4_000_000}
    return dataclasses.replace(
        record, samples=tuple(samples), settings={**record.settings, **sizes}
    )


def add_dask(record: Record, *, start_s: float = 1.3, noise: float = 0.02, seed: int = 1) -> Record:
    """`record` with samples of Dask: what its processes took, and `start_s` before and after."""
    rng = random.Random(seed)
    runtime, cores = record.runtimes[0], record.machine.cores
    samples = list(record.samples)
    for one in record.samples:
        at_cores = one.experiment == "process_count" and one.params["workers"] == cores
        if one.case != "processes" or not (at_cores or one.experiment == "cpu_bound"):
            continue
        shift = start_s * rng.lognormvariate(0, noise)
        values = {**one.values, "wall_s": one.values["wall_s"] + 1.2 * shift}
        if "peak_pss_mb" in values:
            values["peak_pss_mb"] = 90 + 30 * cores
        params = {"workers": one.params["workers"], "pool": "cold"}
        spans = tuple(Span(s.job, s.start_s + shift, s.stop_s + shift) for s in one.spans)
        samples.append(
            dataclasses.replace(one, case="dask", params=params, values=values, spans=spans)
        )
    for number in range(1, int(record.settings["rounds"]) + 1):
        for way, wall_s in (("threads", 0.016), ("processes", 0.08), ("dask", 0.6)):
            params = {"workers": cores, "pool": "warm"}
            values = {"wall_s": wall_s * rng.lognormvariate(0, noise), "start_s": start_s}
            samples.append(Sample("task_cost", way, runtime.id, number, params, values))
    runtime = dataclasses.replace(runtime, ways=(*runtime.ways, "dask"))
    return dataclasses.replace(
        record,
        runtimes=(runtime, *record.runtimes[1:]),
        samples=tuple(samples),
        settings={**record.settings, "task_cost_tasks": 1000},
    )


def add_runtimes(
    record: Record,
    *others: Runtime,
    loop_s: float = 1.2,
    switch: bool = True,
    noise: float = 0.02,
    seed: int = 1,
) -> Record:
    """`record` with samples of runtimes, of its own and of `others`, and of switch_interval."""
    rng = random.Random(seed)
    samples = list(record.samples)
    workers, cores = int(record.settings["workers"]), record.machine.cores
    for number in range(1, int(record.settings["rounds"]) + 1):
        for runtime in (*record.runtimes, *others):
            world = _World(
                rng, noise, cores, runtime.gil, workers, runtime.switch_interval_s, runtime.id
            )
            jobs = int(record.settings["jobs"])
            alone_s = loop_s / jobs * (1.0 if runtime.gil else 1.15)
            for way in runtime.ways:
                sample = world.cpu_bound(way, [alone_s] * jobs, number)
                samples.append(dataclasses.replace(sample, experiment="runtimes"))
            tracked = world.interleaving("threads", [0.05] * jobs, number)
            samples.append(
                dataclasses.replace(tracked, experiment="runtimes", case="tracker_threads")
            )
        main = record.runtimes[0]
        for interval_s in INTERVALS_S if switch and main.gil else ():
            params = {"workers": 2, "pool": "cold", "switch_interval_s": interval_s}
            turn_s = (interval_s + 0.0001) * rng.lognormvariate(0, noise)
            values = {"wall_s": 0.7, "cpu_s": 0.7, "median_turn_s": turn_s, "switches_count": 12}
            samples.append(Sample("switch_interval", "threads", main.id, number, params, values))
    sizes = {"runtimes_additions": 7_000_000, "runtimes_ticks": 400_000}
    sizes["switch_interval_ticks"] = 4_000_000
    return dataclasses.replace(
        record,
        samples=tuple(samples),
        settings={**record.settings, **sizes},
        runtimes=(*record.runtimes, *others),
    )


@dataclasses.dataclass
class _World:
    """What decides who runs when."""

    rng: random.Random
    noise: float
    cores: int
    gil: bool
    workers: int
    switch_interval_s: float
    runtime: str

    def cpu_bound(self, way: str, work: Sequence[float], number: int) -> Sample:
        at_once, workers = self._room(way)
        slower = self._slower() * (1.1 if way == "threads" and self.gil else 1.0)
        spans = _shared([part * slower for part in work], workers, at_once, self._start(way))
        busy = sum(work) * slower
        return self._sample("cpu_bound", way, number, spans, busy)

    def interleaving(self, way: str, work: Sequence[float], number: int) -> Sample:
        at_once, workers = self._room(way)
        slower = self._slower()
        turn_s = self.switch_interval_s if way == "threads" and self.gil else TIME_SLICE_S
        spans = _turns(
            [part * slower for part in work],
            workers,
            at_once,
            self._start(way),
            lambda: turn_s * self._slower(),
        )
        return self._sample("interleaving", way, number, spans, sum(work) * slower)

    def _room(self, way: str) -> tuple[int, int]:
        """How many jobs can run at once, and how many may have begun."""
        if way == "for_loop":
            return 1, 1
        return (1 if way == "threads" and self.gil else self.cores), self.workers

    def _start(self, way: str) -> float:
        return {"for_loop": 0.0, "threads": 0.0005}.get(way, FORK_S)

    def _slower(self) -> float:
        spike = 1.15 if self.noise and self.rng.random() < 0.05 else 1.0
        return self.rng.lognormvariate(0, self.noise) * spike

    def _sample(
        self, experiment: str, way: str, number: int, spans: list[Span], busy: float
    ) -> Sample:
        wall_s = max(span.stop_s for span in spans) + 0.0003
        params: dict[str, object] = {"workers": self.workers, "pool": "cold"}
        if way == "for_loop":
            params = {"workers": 1, "pool": "none"}
        if way == "processes":
            params["start_method"] = "fork"
        return Sample(
            experiment,
            way,
            self.runtime,
            number,
            params,
            {"wall_s": wall_s, "cpu_s": busy},
            tuple(spans),
            {"load_before": 0.1, "throttled": 0, "disturbed": False},
        )


def _shared(work: Sequence[float], workers: int, at_once: int, start: float) -> list[Span]:
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
