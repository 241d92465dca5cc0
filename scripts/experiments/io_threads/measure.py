"""Waiting: a crawler in a for loop, in ever more threads, in processes and by an event loop.

Every way fetches the same links from a server of slow links, once for the fetching alone and once
with the parsing of each page, since it is waiting over computing that decides what is best.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING, Callable, Dict, Iterator, List, Tuple

from scripts.measure.jobs import Case, Outcome, Run, run_jobs, timed
from scripts.measure.pools import run_warm, warm_pool
from scripts.measure.slow_server import SlowServer

if TYPE_CHECKING:  # loading it takes time that is no part of other experiments
    from scripts.experiments.settings import Settings
    from scripts.measure.crawler import Link, Tally, Visit
    from scripts.record import Machine, Runtime

# Threads per core: the author's 2 … 7, one, and far beyond; parsing keeps cores busy before 20.
# The one core that a GIL lets work is filled by the same number of threads on any machine: more
# than FILLING are not tried with one, but for the author's seven per core.
PER_CORE = {0: (1, 2, 4, 7, 12, 20, 32, 64, 128), 1: (1, 2, 3, 5, 7, 12, 20)}
PER_CORE_QUICK = (1, 7)
FILLING = 128
PROCESSES_PER_CORE = (2, 7)
PROCESSES_PER_CORE_QUICK = (2,)
# A process costs memory and takes its time to start.
MOST_PROCESSES = 64
LOOP_AT_ONCE = 128
# With fewer links than this only a few numbers of workers are tried.
FEW_LINKS = 200

# What a link costs here and there in seconds of CPU time, and how long a case should take: the
# slow ways crawl a sample. These are fixed, so that a run that is gone on with has the same cases.
FETCH_S, PARSE_S = 0.0003, 0.0016
CASE_S = 0.3
# The same costs as so many additions of naive_add, and the start of interpreter and server.
FETCH_ADDITIONS, PARSE_ADDITIONS = 8_000, 40_000
START_S = 0.3

# Files that an interpreter needs besides its sockets.
RESERVED_FILES = 64
# A machine that stands still for long enough makes a good link look like one that never answers.
TRIES = 3
REHEARSAL_US = 20_000
# The visits, the seconds that they took, and the seconds of CPU time of the jobs.
Crawled = Tuple[List["Visit"], float, float]


def socket_limit() -> int:
    """How many sockets a process may have open at once (`ulimit -n`), with a reserve."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 10**6 if soft == resource.RLIM_INFINITY else max(1, soft - RESERVED_FILES)


@dataclasses.dataclass(frozen=True)
class _Planner:
    """What decides which cases there are, and how many links each of them crawls."""

    settings: Settings
    cores: int
    runtime: Runtime
    addition_s: float

    def ways(self, parse: int) -> List[Tuple[str, int]]:
        """Every way with every number of workers that is tried."""
        most = min(MOST_PROCESSES, socket_limit())
        per_core = PROCESSES_PER_CORE_QUICK if self._quick() else PROCESSES_PER_CORE
        processes = sorted({min(many * self.cores, most) for many in per_core})
        return [
            ("for_loop", 1),
            ("asyncio", min(LOOP_AT_ONCE, socket_limit(), self.settings.io_links)),
            *(("threads", count) for count in self._threads(parse)),
            *(("processes", count) for count in processes),
        ]

    def case(self, way: str, workers: int, parse: int) -> Case:
        """A case with as many hundreds of links as it can crawl in about CASE_S."""
        rate = self._links_per_s(way, workers, FETCH_S + parse * PARSE_S)
        hundreds = max(round(CASE_S * rate / 100), math.ceil(2 * workers / 100))
        links = min(self.settings.io_links, 100 * hundreds)
        params = {"workers": workers, "parse": parse, "links": links}
        params["scaled"] = links < self.settings.io_links
        params["pool"] = "warm" if way in ("threads", "processes") else "none"
        if way == "processes":
            params["start_method"] = self.runtime.start_method
        computing_s = self.addition_s * (FETCH_ADDITIONS + parse * PARSE_ADDITIONS)
        return Case(way, params, START_S + links / self._links_per_s(way, workers, computing_s))

    def _quick(self) -> bool:
        return self.settings.io_links < FEW_LINKS

    def _threads(self, parse: int) -> List[int]:
        """One per core, and more where there are the sockets, and two links for each thread."""
        most = min(socket_limit(), max(self.cores, self.settings.io_links // 2))
        return [
            many * self.cores
            for many in (PER_CORE_QUICK if self._quick() else PER_CORE[parse])
            if many * self.cores <= most
            and (many <= 7 or many * self.cores <= FILLING or not self.runtime.gil)
        ]

    def _links_per_s(self, way: str, workers: int, computing_s: float) -> float:
        """What to expect: workers that wait most of the time, until the cores have no time left."""
        from scripts.measure.crawler import mean_wait_s

        wait_s = mean_wait_s(self.settings.io_wait_ms)
        parallel = way == "processes" or (way == "threads" and not self.runtime.gil)
        at_most = (self.cores if parallel else 1) / computing_s
        return min(workers / (wait_s + computing_s), at_most)


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every way, with and without parsing; threads and processes in several numbers."""
    planner = _Planner(settings, machine.cores, runtime, addition_s)
    return [
        planner.case(way, workers, parse)
        for parse in (0, 1)
        for way, workers in planner.ways(parse)
    ]


def run(case: Case, settings: Settings) -> Outcome:
    """Time one crawl, by workers that are up and have fetched a link each before the clock starts.

    `cpu_s` is the CPU time of the jobs, `server_cpu_s` the server's in the same time; a server that
    used up to about `wall_s` was what held the crawl up. Raises RuntimeError when another number
    of links was fetched, timed out or failed than must be, or when the server is gone.
    """
    from scripts.measure import crawler

    timeout_ms = crawler.timeout_ms(settings.io_wait_ms)
    with SlowServer() as server, _crawl(case) as crawl:
        links = crawler.make_links(int(case.params["links"]), server.address, settings.io_wait_ms)
        wanted = crawler.expected(links, bool(case.params["parse"]))
        rehearsal = crawler.Link(server.address, "page", REHEARSAL_US, timeout_ms)
        _watched(server, crawl, [rehearsal] * int(case.params["workers"]))
        for tries in range(1, TRIES + 1):
            visits, spent = _watched(server, crawl, links)
            found = crawler.tally(visits)
            if found == wanted:
                told = {"timeout_ms": timeout_ms, "tries_count": tries}
                return Outcome({**spent, **_counts(found), **told})
    raise RuntimeError(f"the crawl gave {found} and not {wanted}, {TRIES} times")


def _watched(
    server: SlowServer, crawl: Callable[[List[Link]], Crawled], links: List[Link]
) -> Tuple[List[Visit], Dict[str, float]]:
    """The visits of a crawl, and the times that it and the server took."""
    before = server.cpu_s()
    try:
        visits, wall_s, cpu_s = crawl(links)
    finally:  # that the server is gone explains whatever else went wrong
        server_cpu_s = server.cpu_s() - before
    return visits, {"wall_s": wall_s, "cpu_s": cpu_s, "server_cpu_s": server_cpu_s}


def _counts(found: Tally) -> Dict[str, float]:
    """Every link accounted for."""
    return {
        "links_count": found.links,
        "fetched_count": found.fetched,
        "timed_out_count": found.timed_out,
        "failed_count": found.failed,
    }


@contextmanager
def _crawl(case: Case) -> Iterator[Callable[[List[Link]], Crawled]]:
    """A function that crawls links as `case` says, by workers that are up."""
    from scripts.measure import crawler

    workers, parse = int(case.params["workers"]), bool(case.params["parse"])
    fetch = functools.partial(crawler.fetch, parse=parse)
    if case.name == "asyncio":
        yield functools.partial(_by_event_loop, parse=parse, at_once=workers)
    elif case.name == "for_loop":
        yield lambda links: _told(run_jobs("for_loop", fetch, links, 1, ""))
    else:
        method = str(case.params.get("start_method", ""))
        with warm_pool(case.name, workers, method) as (pool, _):
            yield lambda links: _told(run_warm(pool, fetch, links))


def _told(ran: Run) -> Crawled:
    return [job.result for job in ran.jobs], ran.wall_s, ran.cpu_s


def _by_event_loop(links: List[Link], parse: bool, at_once: int) -> Crawled:
    import asyncio

    from scripts.measure.crawler_async import crawl

    ran = timed(asyncio.run, crawl(links, parse, at_once))
    return ran.result, ran.stop - ran.start, ran.cpu_s
