"""Records of crawls that no machine measured, after a simple model of waiting and computing."""

import dataclasses
import math
import random
from types import SimpleNamespace

from scripts.experiments.io_threads import measure
from scripts.experiments.io_threads.declaration import KINDS
from scripts.measure import crawler
from scripts.record import Record, Sample, Session
from tests.experiments import build

# CPU time of a link in ms: by itself, and when there is no pause; parsing comes on top.
ALONE_MS, BUSY_MS, PARSE_MS = 0.4, 0.3, 1.3
SERVER_MS = 0.08


@dataclasses.dataclass(frozen=True)
class World:
    """What decides how many links a second are done with."""

    cores: int = 2
    gil: bool = True
    noise: float = 0.02
    server_ms: float = SERVER_MS
    asyncio_ms: float = 0.24
    waiting: float = 1.0

    def links_per_s(self, case: measure.Case) -> float:
        """Workers that wait most of the time, until the cores have no time left."""
        wait_s = self.waiting * crawler.mean_wait_s(int(case.params["wait_ms"]))
        cost_s = self.cost_s(case)
        alone = case.params["workers"] / (wait_s + cost_s)
        parallel = case.name == "processes" or (case.name == "threads" and not self.gil)
        most = min((self.cores if parallel else 1) / cost_s, 1000 / self.server_ms)
        return alone if case.name == "for_loop" else (alone**-4 + most**-4) ** -0.25

    def cost_s(self, case: measure.Case) -> float:
        """The CPU time of a link."""
        ways = {"for_loop": ALONE_MS, "asyncio": self.asyncio_ms}
        return (ways.get(case.name, BUSY_MS) + PARSE_MS * case.params["parse"]) / 1000


def record_of(
    world: World = World(),
    *,
    rounds: int = 6,
    sessions: int = 1,
    names: tuple = tuple(KINDS),
    ways: tuple = ("for_loop", "threads", "processes", "asyncio"),
    limit: int = 1024,
    quick: bool = False,
    seed: int = 1,
) -> Record:
    """A record of the crawls that such a machine plans; the same arguments give the same one."""
    rng = random.Random(seed)
    runtime = build.RUNTIME if world.gil else build.NO_GIL
    settings = SimpleNamespace(io_window_ms=60 if quick else 120, io_longest_wait_ms=500)
    machine = build.machine(world.cores)
    measured = measure.worker_limit
    try:
        measure.worker_limit = lambda: limit
        cases = measure.cases(settings, machine, runtime, 3.5e-8)
    finally:
        measure.worker_limit = measured
    cases = [case for case in cases if case.group in names and case.name in ways]
    samples = [
        sample_of(world, runtime.id, case, session, number, rng)
        for session in range(1, sessions + 1)
        for number in range(1, rounds + 1)
        for case in cases
    ]
    ids = [f"200001{day:02}T000000Z-00000000" for day in range(1, sessions + 1)]
    return Record(
        quick=quick,
        settings=vars(settings),
        code={"io_threads": "0" * 64},
        machine=machine,
        runtimes=(runtime,),
        sessions=tuple(
            Session(one, "2000-01-01T00:00:00Z", "2000-01-01T00:08:00Z", 0.1) for one in ids
        ),
        samples=tuple(samples),
    )


def sample_of(world, runtime, case, session, number, rng):
    """What such a world gives for a case; `runtime` is the id of an interpreter."""
    wait_ms = int(case.params["wait_ms"])
    rate = world.links_per_s(case) * rng.lognormvariate(0, world.noise)
    links = 50 if case.name == "for_loop" else math.floor(0.12 * rate + rng.random())
    wall_s = links / rate if case.name == "for_loop" else 0.12
    silent, failed = round(0.02 * links), round(0.06 * links)
    values = {
        "wall_s": wall_s,
        "cpu_s": links * world.cost_s(case),
        "server_cpu_s": links * world.server_ms / 1000,
        "wait_s": crawler.mean_wait_s(wait_ms),
        "timeout_s": crawler.ring(None, wait_ms)[0].timeout_us / 1e6,
        "links_count": links,
        "fetched_count": links - silent - failed,
        "timed_out_count": silent,
        "failed_count": failed,
        "tries_count": 1,
    }
    return Sample("io_threads", case.name, runtime, number, case.params, values, session=session)
