"""Waiting: a crawler in a for loop, in ever more threads, in processes and by an event loop.

All of them fetch the same links by the same code from a server of slow links, which wait short or
long; once each page is parsed as well, since it is waiting over computing that decides how many
workers are best. A crawl is in full course when the clock starts, and still is when it stops: what
is counted is how many links it has done with in between. So neither its first moments nor its last
link decide, nor how many links there happen to be.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Callable, Dict, Iterator, List, Sequence, Set, Tuple

from scripts.measure.jobs import Case, Outcome
from scripts.measure.meter import metered
from scripts.measure.pools import warm_pool
from scripts.measure.slow_server import SlowServer
from scripts.measure.ways import WAYS

if TYPE_CHECKING:  # loading it takes time that is no part of other experiments
    from concurrent import futures
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.measure.crawler import Course, Tally
    from scripts.record import Machine, Runtime

# What came of every worker's links, and the times that it took.
Crawled = Tuple[List["Tally"], Dict[str, float]]


@dataclasses.dataclass(frozen=True)
class Kind:
    """What is crawled: half of the links wait `wait_ms` at most; each page is parsed, or not.

    `threads` and `asyncio` are the numbers of workers that are tried, from few to more than one
    core has the time for. With `others` the for loop and processes crawl it, too: a long wait
    would take the one minutes, and as many of the other as it wants are too many.
    """

    wait_ms: int
    parse: bool
    threads: Tuple[int, ...]
    asyncio: Tuple[int, ...]
    others: bool = False

    @property
    def group(self) -> str:
        """Its name, as in the keys: "wait_5", "wait_5_parsing"."""
        return f"wait_{self.wait_ms}{'_parsing' if self.parse else ''}"


KINDS = (
    Kind(5, False, (16, 32, 64, 128), (32, 128), others=True),
    Kind(5, True, (4, 16, 32), (16,), others=True),
    Kind(50, False, (16, 64, 256), (64, 256)),
    Kind(500, False, (256, 1024), (1024,)),
)
# The author's rule is 2 … 7 threads for each core. His most are tried, too: in place of a number
# that is less than NEAR times as many or as few, and not where all are FAR from it.
MOST_PER_CORE, NEAR, FAR = 7, 1.5, 4
# Threads of an interpreter without a GIL fill more than one core: so many times the most of others.
BEYOND = 4
# A process costs memory and takes its time to start; the server has room for so many connections.
MOST_PROCESSES, MOST_WORKERS = 64, 1024
# Who watches for a shorter time than this tries the fewest and the most workers only.
SHORT_MS = 100

# A crawl has so much time to get into its course from when the last of its workers has begun.
LEAD_S = 0.1
# What a link and its page cost, and the start of a server, as so many additions of naive_add.
FETCH_ADDITIONS, PARSE_ADDITIONS, START_ADDITIONS = 10_000, 35_000, 2_000_000
# Files and threads that an interpreter needs besides those of its workers.
RESERVED = 64
CONTAINER_THREADS = ("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max")
# A machine that stands still for long enough makes a good link look like one that never answers.
TRIES = 3
REHEARSAL_US = 20_000


def worker_limit() -> int:
    """How many workers can have a socket and a thread each, with a reserve.

    What limits them are `ulimit -n`, `ulimit -u` and the container; half of the threads is left to
    other programs.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return MOST_WORKERS
    files, threads = (
        resource.getrlimit(name)[0] for name in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)
    )
    limits = [files, *(number // 2 for number in (threads, *_container_threads()))]
    bounded = [number - RESERVED for number in limits if number > 0]  # infinity is negative
    return max(1, min([MOST_WORKERS, *bounded]))


def _container_threads() -> Iterator[int]:
    """How many threads and processes this container may have, where that is limited."""
    for path in CONTAINER_THREADS:
        with suppress(OSError, ValueError), open(path, encoding="ascii") as file:
            yield int(file.read())


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every kind of crawl by each of its ways, with every number of workers."""
    found = []
    for kind in KINDS:
        if kind.wait_ms > max(settings.io_longest_wait_ms, KINDS[0].wait_ms):
            continue
        for way, workers in _arms(kind, settings.io_window_ms, machine.cores, runtime.gil):
            params = {"workers": workers, "pool": "none"}
            if way in WAYS:
                params = WAYS[way].params(workers, "warm", runtime.start_method)
            params.update(wait_ms=kind.wait_ms, parse=int(kind.parse))
            wall_s = _estimate_s(way, params, settings.io_window_ms, addition_s)
            found.append(Case(way, params, wall_s, kind.group))
    return found


def _arms(kind: Kind, window_ms: int, cores: int, gil: bool) -> List[Tuple[str, int]]:
    """Every way that crawls it, with every number of workers."""
    rule, threads, tasks = MOST_PER_CORE * cores, kind.threads, kind.asyncio
    if window_ms < SHORT_MS:
        threads, tasks = threads[:: len(threads) - 1], tasks[-1:]
    if not gil:
        threads = (*threads, BEYOND * threads[-1])
    numbers = _with_rule(threads, rule)
    if min(abs(math.log(number / rule)) for number in numbers) < math.log(FAR):
        numbers.add(rule)
    limit = worker_limit()
    counts, tasks = ({min(number, limit) for number in each} for each in (numbers, tasks))
    found = [("threads", number) for number in sorted(counts)]
    found += [("asyncio", number) for number in sorted(_with_rule(tasks, rule))]
    if kind.others:
        few = [number for number in counts if number <= min(rule, MOST_PROCESSES)]
        found += [("processes", max(few, default=min(counts))), ("for_loop", 1)]
    return found


def _with_rule(numbers: Sequence[int], rule: int) -> Set[int]:
    """The numbers, with the rule's in place of one that is near it."""
    return {rule if 1 / NEAR < number / rule < NEAR else number for number in numbers}


def _estimate_s(way: str, params: Dict, window_ms: int, addition_s: float) -> float:
    """What an arm takes: its start and its course, or of the for loop every link once."""
    from scripts.measure.crawler import RING, mean_wait_s

    additions, workers = START_ADDITIONS, int(params["workers"])
    if way in WAYS:
        additions += WAYS[way].start_additions(params)
    if way == "for_loop":
        additions += RING * (FETCH_ADDITIONS + params["parse"] * PARSE_ADDITIONS)
        return additions * addition_s + RING * mean_wait_s(int(params["wait_ms"]))
    return additions * addition_s + _lead_s(workers) + window_ms / 1000


def _lead_s(workers: int) -> float:
    from scripts.measure.crawler import PACE_S

    return LEAD_S + workers * PACE_S


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time one crawl: `links_count` links came to their end within `wall_s`.

    `cpu_s` is the CPU time of the crawler in that time, `server_cpu_s` the server's; one that used
    up about `wall_s` was what held the crawl up. `wait_s` is how long the links let wait on average
    and `timeout_s` how long those do that never answer. Raises RuntimeError when a link came out
    otherwise than it must, again and again, or when the server is gone.
    """
    from scripts.measure import crawler

    workers, parse = int(case.params["workers"]), bool(case.params["parse"])
    wait_ms, window_s = int(case.params["wait_ms"]), settings.io_window_ms / 1000
    with SlowServer() as server, _crawler(case, server) as crawl:
        links = crawler.ring(server.address, wait_ms)
        facts = {"wait_s": crawler.mean_wait_s(wait_ms), "timeout_s": links[0].timeout_us / 1e6}
        for tries in range(1, TRIES + 1):
            begin = time.perf_counter()
            start = begin + _lead_s(workers)
            course = crawler.Course(links, workers, parse, begin, start, start + window_s)
            try:
                tallies, spent = crawl(course)
            finally:  # that the server is gone explains whatever else went wrong
                server.cpu_s()
            wrong = [tally.wrong for tally in tallies if tally.wrong]
            if not wrong:
                return Outcome({**facts, **spent, **_counts(tallies), "tries_count": tries})
    raise RuntimeError(f"{wrong[0]}, in the last of {TRIES} crawls")


def _counts(tallies: Sequence[Tally]) -> Dict[str, float]:
    """Every link accounted for."""
    found = {f"{end}_count": sum(tally.ends[end] for tally in tallies) for end in tallies[0].ends}
    return {**found, "links_count": sum(found.values())}


@contextmanager
def _crawler(case: Case, server: SlowServer) -> Iterator[Callable[[Course], Crawled]]:
    """A function that crawls a course as `case` says, for which all is up and imported."""
    from scripts.measure import crawler

    workers = int(case.params["workers"])
    rehearsal = crawler.Link(server.address, "page", REHEARSAL_US, crawler.LEAST_TIMEOUT_US)
    fetch = functools.partial(crawler.fetch, parse=True, stop=math.inf)
    if case.name == "processes":
        with warm_pool("processes", workers, str(case.params["start_method"])) as (pool, _):
            list(pool.map(fetch, [rehearsal] * workers))
            yield functools.partial(_by_processes, server, pool)
        return
    fetch(rehearsal)
    if case.name == "for_loop":
        yield functools.partial(_once, server)
    elif case.name == "threads":
        with WAYS["threads"].pool(workers, "") as pool:
            _start_threads(pool, workers)
            yield functools.partial(_here, server, functools.partial(_by_threads, pool))
    else:
        import asyncio

        from scripts.measure import crawler_async

        yield functools.partial(
            _here, server, lambda course: [asyncio.run(crawler_async.crawl(course))]
        )


def _once(server: SlowServer, course: Course) -> Crawled:
    """Every link of the course once, one after the other."""
    from scripts.measure import crawler

    whole = dataclasses.replace(course, start=0.0, stop=math.inf)
    counters = time.perf_counter, time.process_time, server.cpu_s
    before = [counter() for counter in counters]
    tally = crawler.crawl(whole.links, whole)
    spent = [counter() - value for counter, value in zip(counters, before)]
    return [tally], dict(zip(("wall_s", "cpu_s", "server_cpu_s"), spent))


def _start_threads(pool: futures.Executor, workers: int) -> None:
    """Have all threads of the pool up: one that works could not be told from one that is not."""
    gate = threading.Event()
    try:
        waiting = [pool.submit(gate.wait) for _ in range(workers)]
    finally:
        gate.set()
    for one in waiting:
        one.result()


def _by_threads(pool: futures.Executor, course: Course) -> List[Tally]:
    from scripts.measure import crawler

    crawl = functools.partial(crawler.crawl_lane, course=course)
    return list(pool.map(crawl, range(course.lanes)))


def _here(server: SlowServer, crawl: Callable[[Course], List[Tally]], course: Course) -> Crawled:
    """A crawl by this process alone."""
    with metered((time.process_time, server.cpu_s), course.start, course.stop) as reading:
        tallies = crawl(course)
    return tallies, _spent(course, *reading.grown)


def _by_processes(server: SlowServer, pool: futures.Executor, course: Course) -> Crawled:
    from scripts.measure import crawler

    crawl = functools.partial(crawler.crawl_alone, course=course)
    with metered((server.cpu_s,), course.start, course.stop) as reading:
        done = list(pool.map(crawl, range(course.lanes)))
    return [tally for tally, _ in done], _spent(course, sum(cpu for _, cpu in done), *reading.grown)


def _spent(course: Course, cpu_s: float, server_cpu_s: float) -> Dict[str, float]:
    wall_s = round(course.stop - course.start, 6)
    return {"wall_s": wall_s, "cpu_s": cpu_s, "server_cpu_s": server_cpu_s}
