"""A crawler: its links, what is asked of each, what an answer means, and a client that blocks.

Who waits otherwise (crawler_async) asks and understands by the same code: bytes go out, bytes come
in, and a Visit is what came of a link.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import math
import socket
import statistics
import time
from html.parser import HTMLParser
from http.client import HTTPException, HTTPResponse
from typing import Any, Iterable, Iterator, List, NamedTuple, Sequence, Tuple

from scripts.measure.meter import metered
from scripts.measure.slow_server import HOST, Address, page

# So many different links there are, which every crawler fetches round and round.
RING = 50
# The standard deviation of the logarithm of the waits: the longest is three times the middle one.
SIGMA = 0.5
# The faulty ones, by their place among the waits; the others are good pages.
FAULTS = {24: "silent", 14: "cut", 4: "missing", 34: "broken"}
# Steps of this size through the sorted waits make any few links that follow each other a fair
# sample. It has no factor in common with RING.
STRIDE = 31
LEAST_TIMEOUT_US = 100_000
# The workers of a crawl begin so many seconds one after the other.
PACE_S = 0.0005
# A socket that must not wait at all would be one that does not block.
SHORTEST_S = 0.001


class Link(NamedTuple):
    """A link to `kind` (one of KINDS), which `server` answers after `wait_us`.

    The crawler gives it up after `timeout_us` without a word.
    """

    server: Address
    kind: str
    wait_us: int
    timeout_us: int

    @property
    def lasts_us(self) -> int:
        """How long there is nothing to do but wait, in microseconds."""
        return self.timeout_us if self.kind == "silent" else self.wait_us

    @property
    def request(self) -> bytes:
        """What the crawler sends."""
        path = self.server.path(self.kind, self.wait_us)
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


class Visit(NamedTuple):
    """What came of one link: "fetched", "timed_out" or "failed", and what was in it."""

    end: str
    size: int = 0
    words: int = 0
    links: int = 0


TIMED_OUT, FAILED = Visit("timed_out"), Visit("failed")


def ring(server: Address, median_ms: int) -> List[Link]:
    """The links of a server, half of which wait for `median_ms` or less.

    Their waits are the quantiles of a log-normal distribution. The timeout is so late that no link
    that does answer is given up on a busy machine.
    """
    normal = statistics.NormalDist(math.log(median_ms * 1000), SIGMA)
    waits = [round(math.exp(normal.inv_cdf((place + 0.5) / RING))) for place in range(RING)]
    timeout_us = max(LEAST_TIMEOUT_US, 2 * waits[-1])
    places = [STRIDE * number % RING for number in range(RING)]
    return [Link(server, FAULTS.get(place, "page"), waits[place], timeout_us) for place in places]


def mean_wait_s(median_ms: int) -> float:
    """How long a link lets a crawler wait on average, with those that never answer."""
    return round(sum(link.lasts_us for link in ring(Address(0, ""), median_ms)) / RING / 1e6, 6)


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


class _Received:
    """As much of a socket as HTTPResponse needs, of which everything has been received."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def understood(data: bytes, parse: bool) -> Visit:
    """What came of a link whose server sent `data` until it closed the connection."""
    reply = HTTPResponse(_Received(data), method="GET")
    try:
        reply.begin()
        body = reply.read()
    except HTTPException:
        return FAILED
    return read_page(body, parse) if reply.status == 200 else FAILED


@dataclasses.dataclass(frozen=True)
class Course:
    """A crawl of `links` in so many `lanes`, each of which one worker goes along.

    It begins at `begin`; what ends from `start` to `stop` is counted. All three are times of
    perf_counter, which is the same for all processes.
    """

    links: Sequence[Link]
    lanes: int
    parse: bool
    begin: float
    start: float
    stop: float

    def lane(self, number: int) -> Tuple[float, Iterator[Link]]:
        """When lane `number` begins, and its links: all of them, round and round, without an end.

        The lanes begin one after the other, as no machine can begin many at once, and at even
        distances in time along the links, in the middle of one: of the first link there is left
        what is left at that time. So the crawl has its full course as soon as all have begun, as
        if it had been under way for long.
        """
        late_s = number * PACE_S
        whole_us = sum(link.lasts_us for link in self.links)
        passed_us = ((number + 0.5) / self.lanes * whole_us + late_s * 1e6) % whole_us
        return self.begin + late_s, self._from(passed_us)

    def _from(self, passed_us: float) -> Iterator[Link]:
        place = 0
        while passed_us >= self.links[place].lasts_us:
            passed_us -= self.links[place].lasts_us
            place += 1
        first = self.links[place]
        rest_us = math.ceil(first.lasts_us - passed_us)
        yield first._replace(**{"timeout_us" if first.kind == "silent" else "wait_us": rest_us})
        yield from itertools.islice(itertools.cycle(self.links), place + 1, None)


class Tally:
    """What came of the links of a course: how many of them ended how, while it was counted.

    `wrong` is what came of the first link, at any time, that came out otherwise than it must.
    """

    def __init__(self, course: Course) -> None:
        self.ends = dict.fromkeys(("fetched", "timed_out", "failed"), 0)
        self.wrong = ""
        self._start, self._stop = course.start, course.stop
        self._wanted = dict.fromkeys(FAULTS.values(), FAILED)
        self._wanted.update(silent=TIMED_OUT, page=read_page(page(), course.parse))

    def add(self, link: Link, visit: Visit) -> bool:
        """Count a link that has come to its end just now; False when the course is over."""
        now = time.perf_counter()
        if now >= self._stop:
            return False
        if visit != self._wanted[link.kind] and not self.wrong:
            self.wrong = f"a link of the kind {link.kind!r} gave {visit}"
        self.ends[visit.end] += now >= self._start
        return True


def fetch(link: Link, parse: bool, stop: float) -> Visit:
    """Fetch one link over a connection of its own, waiting for no longer than until `stop`.

    Raises ConnectionRefusedError: that is no fault of a link, but a server that is gone.
    """
    patience_s = max(SHORTEST_S, min(link.timeout_us / 1e6, stop - time.perf_counter()))
    received = []
    try:
        address = HOST, link.server.port
        with socket.create_connection(address, timeout=patience_s) as connection:
            connection.sendall(link.request)
            while data := connection.recv(65536):
                received.append(data)
    except ConnectionRefusedError:
        raise
    except socket.timeout:
        return TIMED_OUT
    except OSError:
        return FAILED
    return understood(b"".join(received), parse)


def crawl(links: Iterable[Link], course: Course) -> Tally:
    """Fetch link after link until there are no more, or the course is over."""
    tally = Tally(course)
    for link in links:
        if not tally.add(link, fetch(link, course.parse, course.stop)):
            break
    return tally


def crawl_lane(number: int, course: Course) -> Tally:
    """Fetch the links of one lane until the course is over: what one worker does."""
    begin, links = course.lane(number)
    time.sleep(max(0.0, begin - time.perf_counter()))
    return crawl(links, course)


def crawl_alone(number: int, course: Course) -> Tuple[Tally, float]:
    """The same by a process of its own; with the CPU time of the process while it was counted."""
    with metered((time.process_time,), course.start, course.stop) as reading:
        tally = crawl_lane(number, course)
    return tally, reading.grown[0]
