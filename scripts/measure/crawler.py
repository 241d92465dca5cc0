"""A crawler: which links there are, how one of them is fetched, and what came of all of them."""

from __future__ import annotations

import dataclasses
import math
import random
import socket
import statistics
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import Any, List, NamedTuple, Sequence

from scripts.measure.slow_server import HOST, Address, page

# Links are made by the hundred: each hundred has the same waits and the same faults, so that a
# few hundred of them are a fair sample of all.
BLOCK = 100
# The standard deviation of the logarithm of the waits.
SIGMA = 1.0
# The faulty ones of a hundred, by their place among the waits; the others are good pages.
FAULTS = {49: "silent", 29: "cut", 9: "missing", 69: "broken"}
LEAST_TIMEOUT_MS = 200
SEED = 20190523


class Link(NamedTuple):
    """A link to `kind` (one of KINDS), which `server` answers after `wait_us`."""

    server: Address
    kind: str
    wait_us: int
    timeout_ms: int

    @property
    def path(self) -> str:
        """The address without the host."""
        return self.server.path(self.kind, self.wait_us)


class Visit(NamedTuple):
    """What came of one link: "fetched", "timed_out" or "failed", and what was in it."""

    end: str
    size: int = 0
    words: int = 0
    links: int = 0


@dataclasses.dataclass(frozen=True)
class Tally:
    """What came of a crawl; the three ends add up to the links."""

    links: int
    fetched: int
    timed_out: int
    failed: int
    bytes: int
    words_found: int
    links_found: int


def waits_us(median_ms: int) -> List[int]:
    """The waits of a hundred links: the quantiles of a log-normal distribution."""
    normal = statistics.NormalDist(math.log(median_ms * 1000), SIGMA)
    return [round(math.exp(normal.inv_cdf((place + 0.5) / BLOCK))) for place in range(BLOCK)]


def timeout_ms(median_ms: int) -> int:
    """When to give a link up: so late that none that does answer is given up on a busy machine."""
    return max(LEAST_TIMEOUT_MS, 2 * waits_us(median_ms)[-1] // 1000)


def mean_wait_s(median_ms: int) -> float:
    """How long the server lets a link wait on average; one that never answers, till the timeout."""
    waits = waits_us(median_ms)
    for place, kind in FAULTS.items():
        if kind == "silent":
            waits[place] = 1000 * timeout_ms(median_ms)
    return sum(waits) / BLOCK / 1e6


def make_links(count: int, server: Address, median_ms: int) -> List[Link]:
    """`count` links in an order that is always the same.

    The slowest tenth of them stands in the first quarter: how long a crawl takes should not hang
    on which link happens to be the last.
    """
    rng = random.Random(SEED)
    waits, timeout = waits_us(median_ms), timeout_ms(median_ms)
    links: List[Link] = []
    while len(links) < count:
        kinds = [FAULTS.get(place, "page") for place in range(BLOCK)]
        block = [Link(server, kind, wait, timeout) for kind, wait in zip(kinds, waits)]
        rng.shuffle(block)
        links += block
    slow_us = waits[-BLOCK // 10]
    slow, others = [], []
    for link in links[:count]:
        (slow if link.kind == "silent" or link.wait_us >= slow_us else others).append(link)
    beside = max(0, count // 4 - len(slow))
    early = slow + others[:beside]
    rng.shuffle(early)
    return early + others[beside:]


class PageReader(HTMLParser):
    """Counts the words that a page shows and the links that it has, in pure Python."""

    def __init__(self) -> None:
        super().__init__()
        self.words = self.links = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Count a link."""
        self.links += tag == "a"

    def handle_data(self, data: str) -> None:
        """Count the words of a piece of text."""
        self.words += len(data.split())


def read_page(body: bytes, parse: bool) -> Visit:
    """What a fetched page holds; without `parse` only its size is looked at."""
    if not parse:
        return Visit("fetched", len(body))
    reader = PageReader()
    reader.feed(body.decode())
    return Visit("fetched", len(body), reader.words, reader.links)


def fetch(link: Link, parse: bool) -> Visit:
    """Fetch one link over a connection of its own, and wait until it is done with.

    Raises ConnectionRefusedError: that is no fault of a link, but a server that is gone.
    """
    connection = HTTPConnection(HOST, link.server.port, timeout=link.timeout_ms / 1000)
    try:
        connection.request("GET", link.path)
        reply = connection.getresponse()
        body = reply.read()
    except ConnectionRefusedError:
        raise
    except socket.timeout:
        return Visit("timed_out")
    except (HTTPException, OSError):
        return Visit("failed")
    finally:
        connection.close()
    return read_page(body, parse) if reply.status == 200 else Visit("failed")


def tally(visits: Sequence[Visit]) -> Tally:
    """Count what came of a crawl."""
    ends = [visit.end for visit in visits]
    return Tally(
        links=len(visits),
        fetched=ends.count("fetched"),
        timed_out=ends.count("timed_out"),
        failed=ends.count("failed"),
        bytes=sum(visit.size for visit in visits),
        words_found=sum(visit.words for visit in visits),
        links_found=sum(visit.links for visit in visits),
    )


def expected(links: Sequence[Link], parse: bool) -> Tally:
    """What must come of crawling these links, whatever the way."""
    ends = {"page": read_page(page(), parse), "silent": Visit("timed_out")}
    return tally([ends.get(link.kind, Visit("failed")) for link in links])
