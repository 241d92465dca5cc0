"""How many links a crawler does in a second, by which way with how many workers.

The best number is the knee: the smallest one that no larger one surely beats. That is no winner
picked for its luck, so its rate is that of all rounds, and ratios are those of the rates shown.

Beside it stands what the formula says, cores · (1 + waiting / computing) with one core under a GIL:
once with what a link costs the for loop, and once with what it costs when there is much to do.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from typing import Dict, List, Mapping, Optional

from scripts.conclude.quantity import ByRound, Quantity
from scripts.conclude.stats import fact, knee, known, ratio, scaled, shared, typical
from scripts.experiments.io_threads.declaration import ENDS, KINDS, MANY, WAYS
from scripts.record import Record, Sample

# The author's rule of thumb for n_threads = m · n_cores: try m in range(2, 8).
RULE = (2, 7)
# A program that keeps less than this part of a core busy still has time for more workers.
BUSY = 0.8
Counts = Dict[int, List[Sample]]


@dataclasses.dataclass(frozen=True)
class Crawl:
    """All samples of one kind of crawl: by way, then by the number of workers, rising."""

    name: str
    ways: Dict[str, Counts]
    cores: int
    gil: bool

    @property
    def one(self) -> Sample:
        """Any of its samples."""
        return self.arms[0][0]

    @property
    def full(self) -> int:
        """How many cores its threads can keep busy: one under a GIL."""
        return 1 if self.gil else self.cores

    @property
    def arms(self) -> List[List[Sample]]:
        """The samples of each way with each number of workers."""
        return [samples for counts in self.ways.values() for samples in counts.values()]

    def rates(self, way: str) -> Dict[int, ByRound]:
        """Links per second of a way by the number of workers, of the rounds that have all."""
        counts = self.ways.get(way, {})
        return dict(zip(counts, shared(*map(links_per_s, counts.values())))) if counts else {}

    def best(self, way: str) -> Optional[int]:
        """The best number of workers of a way; None when too few rounds tell, or no number."""
        return _best(self.rates(way))

    def at_best(self, way: str) -> ByRound:
        """Links per second of a way with its best number; the only one it has needs no choice."""
        rates = self.rates(way)
        return next(iter(rates.values())) if len(rates) == 1 else rates.get(self.best(way), {})


def _best(rates: Mapping[int, ByRound]) -> Optional[int]:
    rates = {number: rate for number, rate in rates.items() if rate and min(rate.values()) > 0}
    return knee(rates, smallest=False) if rates else None


def links_per_s(samples: List[Sample]) -> ByRound:
    """Links per second, by round."""
    return {one.at: one.values["links_count"] / one.values["wall_s"] for one in samples}


def crawls(record: Record) -> Dict[str, Crawl]:
    """The kinds of crawl that the record has, by name, in the order of KINDS."""
    found = {}
    for name, (wait_ms, parse) in KINDS.items():
        ways: Dict[str, Counts] = {}
        for way in WAYS:
            for sample in record.select("io_threads", way, wait_ms=wait_ms, parse=parse):
                counts = ways.setdefault(way, {})
                counts.setdefault(int(sample.params["workers"]), []).append(sample)
        if ways:
            ways = {way: dict(sorted(counts.items())) for way, counts in ways.items()}
            found[name] = Crawl(name, ways, record.machine.cores, record.runtimes[0].gil)
    return found


def quantities(record: Record) -> Dict[str, Quantity]:
    """Rates, best numbers of workers, what the formula says, and what the server used."""
    every = crawls(record)
    found: Dict[str, Quantity] = {}
    for name, crawl in every.items():
        # A link costs the same however long it waits, and is measured where a for loop crawls.
        costly = every.get("wait_5", crawl) if "parsing" not in name else crawl
        own = {**_curves(crawl), **_bests(crawl), **_formula(crawl, costly), **_compared(crawl)}
        own.update(**_beyond_the_rule(crawl), **_beyond_short_waits(crawl, every))
        found.update({f"io_threads.{name}.{key}": value for key, value in own.items()})
    return known({**found, **_of_all(every)})


def _curves(crawl: Crawl) -> Dict[str, Quantity]:
    found = {
        "wait_ms": fact(round(1000 * crawl.one.values["wait_s"], 2), "ms"),
        "timeout_ms": fact(round(1000 * crawl.one.values["timeout_s"], 2), "ms"),
    }
    for way, counts in crawl.ways.items():
        for workers, samples in counts.items():
            point = way if way == "for_loop" else f"{way}.at_{workers}"
            found[f"{point}.links_per_s"] = typical(links_per_s(samples), "per_s")
    return found


def _bests(crawl: Crawl) -> Dict[str, Quantity]:
    """The best number of workers of a way, the most that was tried, and the rate of the best."""
    found = {}
    for way in (way for way in MANY if way in crawl.ways):
        best, rate = crawl.best(way), crawl.at_best(way)
        found[f"{way}.most_workers"] = fact(max(crawl.ways[way]), "count")
        if best and len(crawl.ways[way]) > 1:
            found[f"{way}.best_workers"] = fact(best, "count")
        found[f"{way}.best_links_per_s"] = typical(rate, "per_s")
    best = found.get("threads.best_workers")
    if best:
        whole, rest = divmod(best.value, crawl.cores)
        samples = crawl.ways["threads"][best.value]
        busy = {one.at: 100 * _busy(one) / crawl.full for one in samples}
        found["threads.busy_percent"] = typical(busy, "percent")
        found["threads.best_m"] = fact(best.value / crawl.cores if rest else whole, "count")
    return found


def _formula(crawl: Crawl, costly: Crawl) -> Dict[str, Quantity]:
    """How many threads the formula wants, by what a link costs in `costly`: the CPU time of the
    for loop, and the time that it takes full cores."""
    found = {}
    computing_s = {
        one.at: one.values["cpu_s"] / one.values["links_count"]
        for one in costly.ways.get("for_loop", {}).get(1, [])
        # Where the clock of CPU time is coarse, a round may read 0.
        if one.values["links_count"] and one.values["cpu_s"]
    }
    if computing_s:
        found["for_loop.compute_ms"] = typical(scaled(computing_s, 1000), "ms")
        found["threads.formula_workers"] = _wanted(crawl, computing_s)
    service_s = {at: crawl.full / rate for at, rate in _fullest(costly).items()}
    if service_s:
        found["threads.service_ms"] = typical(scaled(service_s, 1000), "ms")
        found["threads.formula_under_load_workers"] = _wanted(crawl, service_s)
    return found


def _fullest(crawl: Crawl) -> ByRound:
    """The links per second of the fastest number of threads among those that keep cores busy.

    No number does on a machine whose server holds the crawl up, or with few workers.
    """
    full = [
        links_per_s(samples)
        for samples in crawl.ways.get("threads", {}).values()
        if statistics.median(map(_busy, samples)) >= BUSY * crawl.full
    ]
    full = [rate for rate in full if min(rate.values()) > 0]
    return max(full, key=lambda rate: typical(rate, "per_s").value, default={})


def _busy(sample: Sample) -> float:
    return sample.values["cpu_s"] / sample.values["wall_s"]


def _wanted(crawl: Crawl, computing_s: ByRound) -> Quantity:
    """The formula's number of workers, to two digits: it is no better than what goes into it."""
    wait_s = crawl.one.values["wait_s"]
    wanted = {at: crawl.full * (1 + wait_s / each) for at, each in computing_s.items()}
    found = typical(wanted, "count")
    digits = {name: _two_digits(getattr(found, name)) for name in ("value", "low", "high")}
    return dataclasses.replace(found, **digits)


def _two_digits(number: float) -> int:
    return round(float(f"{number:.2g}"))


def _compared(crawl: Crawl) -> Dict[str, Quantity]:
    """How many times as many links as the for loop and as threads, each with its best number.

    Processes are as many as the threads beside them.
    """
    found: Dict[str, Optional[Quantity]] = {}
    loop = crawl.rates("for_loop").get(1, {})
    for way in MANY:
        found[f"{way}.speedup_ratio"] = ratio(crawl.at_best(way), loop)
    threads = crawl.rates("threads")
    pair = crawl.at_best("asyncio"), crawl.at_best("threads")
    found["asyncio.throughput_over_threads_ratio"] = ratio(*pair)
    for workers, rate in crawl.rates("processes").items():
        found["processes.throughput_over_threads_ratio"] = ratio(rate, threads.get(workers, {}))
    return found


def _beyond_the_rule(crawl: Crawl) -> Dict[str, Quantity]:
    """What more threads than the rule's most gain over those within the rule, at best each."""
    rates = crawl.rates("threads")
    few, most = (many * crawl.cores for many in RULE)
    within = {number: rate for number, rate in rates.items() if few <= number <= most}
    beyond = {number: rate for number, rate in rates.items() if number > most}
    pair = (beyond.get(_best(beyond), {}), within.get(_best(within), {}))
    return {"threads.gain_beyond_7_ratio": ratio(*pair)}


def _beyond_short_waits(crawl: Crawl, every: Mapping[str, Crawl]) -> Dict[str, Quantity]:
    """What the best number gains here over the number that is best for short waits."""
    short = every["wait_5"].best("threads") if "wait_5" in every else None
    rates, best = crawl.rates("threads"), crawl.best("threads")
    if crawl.name in ("wait_5", "wait_5_parsing") or not (short and best):
        return {}
    near = min(rates, key=lambda number: abs(math.log(number / short)))
    if near == best:
        return {}
    return {"threads.gain_over_short_best_ratio": ratio(rates[best], rates[near])}


def _of_all(every: Mapping[str, Crawl]) -> Dict[str, Quantity]:
    """What the server used where it used most, and what came of all links."""
    arms = [arm for crawl in every.values() for arm in crawl.arms]
    if not arms:
        return {}
    found = {}
    for end in ENDS:
        total = sum(one.values[f"{end}_count"] for arm in arms for one in arm)
        found[f"io_threads.{end}"] = fact(int(total), "count")
    shares = [typical(_server_percent(arm), "percent") for arm in arms]
    found["io_threads.server.most_cpu_percent"] = max(shares, key=lambda share: share.value)
    return found


def _server_percent(samples: List[Sample]) -> ByRound:
    return {one.at: 100 * one.values["server_cpu_s"] / one.values["wall_s"] for one in samples}
