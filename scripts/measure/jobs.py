"""Running jobs by one of the ways with a clock in the hand."""

from __future__ import annotations

import dataclasses
import functools
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Sequence, Union

from scripts.measure.meeting import worker_id
from scripts.measure.ways import WAYS, Way

if TYPE_CHECKING:
    from scripts.record import Machine, Runtime

Scalar = Union[str, int, float, bool, None]


@dataclasses.dataclass(frozen=True)
class Case:
    """One variant of an experiment: an arm of the comparison `group`.

    The arms of a comparison are timed next to each other in every round, in random order.
    `estimate_s` is a guess of the arm's wall time. How many rounds a comparison has follows from
    the time there is, but for one with `rounds`, which is shown as it ran and not compared. The
    time of an arm that is `extra` comes on top: it needs a library that not everybody has.
    """

    name: str
    params: Dict[str, Scalar]
    estimate_s: float
    group: str = ""
    rounds: int = 0
    extra: bool = False


@dataclasses.dataclass(frozen=True)
class Span:
    """Job number `job` ran from `start_s` to `stop_s`, counted from the begin of the case."""

    job: int
    start_s: float
    stop_s: float


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a timed case gave: values by name (each ends in its unit), and who ran when."""

    values: Dict[str, float]
    spans: List[Span] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class JobTime:
    """One job, as its worker saw it: seconds on the system-wide monotonic clock."""

    worker: str
    start: float
    stop: float
    cpu_s: float
    gil: bool
    result: Any


def estimate_s(
    way: Way,
    params: Dict[str, Scalar],
    work_s: float,
    jobs: int,
    machine: Machine,
    runtime: Runtime,
    addition_s: float,
) -> float:
    """What `jobs` that are `work_s` of work altogether may take by a pool of `way`, with its start.

    `addition_s` is what an addition of naive_add takes by this interpreter.
    """
    at_once = way.at_once(int(params["workers"]), machine.cores, runtime.gil)
    return work_s / min(at_once, jobs) + way.start_additions(params) * addition_s


def gil_enabled() -> bool:
    """Whether this interpreter has its GIL switched on now (always, before 3.13)."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def core_number() -> int:
    """The core that runs this thread now; -1 where the system does not tell."""
    try:
        with open("/proc/thread-self/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[36])
    except (OSError, IndexError, ValueError):
        return -1


def timed(function: Callable, argument: Any) -> JobTime:
    """Run one job in its worker and note when it ran, and for how much CPU time."""
    cpu = time.thread_time()
    start = time.perf_counter()
    result = function(argument)
    stop = time.perf_counter()
    return JobTime(worker_id(), start, stop, time.thread_time() - cpu, gil_enabled(), result)


@dataclasses.dataclass(frozen=True)
class Run:
    """All jobs of one case. `wall_s` spans the making of the pool, the jobs, and its closing."""

    zero: float
    wall_s: float
    jobs: List[JobTime]

    @property
    def cpu_s(self) -> float:
        """CPU time of all jobs together, in seconds."""
        return sum(job.cpu_s for job in self.jobs)

    def spans(self) -> List[Span]:
        """One span per job, counted from the moment before the pool was made."""
        return [
            Span(number, job.start - self.zero, job.stop - self.zero)
            for number, job in enumerate(self.jobs)
        ]


def run_jobs(
    way: str, function: Callable, arguments: Sequence, workers: int, start_method: str
) -> Run:
    """Run `function` over `arguments` by `way` in a pool of its own (cold), timing it all.

    Raises RuntimeError when a worker's GIL is not what this process has.
    """
    WAYS[way].load()
    job = functools.partial(timed, function)
    zero = time.perf_counter()
    jobs = WAYS[way].run(job, arguments, workers, start_method)
    wall_s = time.perf_counter() - zero
    for done in jobs:
        if done.gil != gil_enabled():
            raise RuntimeError(f"a worker of {way} has its GIL {'on' if done.gil else 'off'}")
    return Run(zero, wall_s, jobs)


def worked(ran: Run, additions: int) -> Dict[str, float]:
    """What jobs of so many additions each took, and what one addition cost the cheapest and the
    dearest of them, in nanoseconds of CPU time: identical work should cost the same."""
    costs = [1e9 * job.cpu_s / additions for job in ran.jobs]
    return {
        "wall_s": ran.wall_s,
        "cpu_s": ran.cpu_s,
        "cheapest_ns": min(costs),
        "dearest_ns": max(costs),
    }
