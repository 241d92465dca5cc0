"""The crawler's links and lanes, and what its client makes of every kind of answer."""

import asyncio
import itertools
import socket
import time

import pytest

from scripts.measure import crawler, crawler_async
from scripts.measure.crawler import FAILED, TIMED_OUT, Course, Link, Tally, Visit
from scripts.measure.slow_server import HOST, Address, SlowServer, answer, page

SERVER = Address(80, "secret")
FOREVER = float("inf")
KINDS = ("page", "cut", "silent", "missing", "broken")


def course(links, lanes=1, parse=False, begin=0.0, start=0.0, stop=FOREVER):
    """A course that counts from the beginning, without an end."""
    return Course(links, lanes, parse, begin, start, stop)


# The links


def test_the_links_are_always_the_same():
    """One of each fault in fifty; half of the good ones wait for the median or less."""
    links = crawler.ring(SERVER, 10)
    assert links == crawler.ring(SERVER, 10)
    assert sorted(link.kind for link in links) == [
        "broken",
        "cut",
        "missing",
        *["page"] * 46,
        "silent",
    ]
    waits = sorted(link.wait_us for link in links)
    assert sum(wait <= 10_000 for wait in waits) == 25
    assert round(waits[41] / waits[24], 1) == 1.6  # one standard deviation of 0.5
    assert waits[0] == 3125 and waits[-1] == 32_001


def test_a_link_that_answers_does_so_long_before_its_timeout():
    """Which is one for all links, twice as long as the longest wait or longer."""
    timeouts = [{link.timeout_us for link in crawler.ring(SERVER, ms)} for ms in (1, 5, 50, 500)]
    assert timeouts == [{100_000}, {100_000}, {320_008}, {3_200_074}]


def test_any_few_links_that_follow_each_other_are_a_fair_sample():
    """The mean of eight of them, wherever they begin, is near that of all."""
    waits = [link.wait_us for link in crawler.ring(SERVER, 10)]
    mean = sum(waits) / len(waits)
    for place in range(len(waits)):
        eight = list(itertools.islice(itertools.cycle(waits), place, place + 8))
        assert 0.8 < sum(eight) / 8 / mean < 1.2


def test_the_mean_wait_has_the_timeout_of_the_link_that_never_answers():
    """The others wait by themselves."""
    links = crawler.ring(SERVER, 5)
    waits = sum(link.wait_us for link in links if link.kind != "silent")
    assert crawler.mean_wait_s(5) == round((waits + 100_000) / 50 / 1e6, 6) == 0.007545


def test_what_is_sent_names_the_link():
    """The path has the token of the server."""
    link = Link(SERVER, "page", 1200, 100_000)
    assert link.request == b"GET /secret/page/1200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


# The lanes


def test_a_lane_goes_round_and_round():
    """All links in their order, from the middle of one on, of which the rest is left."""
    links = [Link(SERVER, "page", wait, 100) for wait in (10, 20, 30)]
    begin, lane = course(links, 2).lane(0)
    found = list(itertools.islice(lane, 8))
    assert begin == 0.0
    assert [link.wait_us for link in found] == [15, 30, 10, 20, 30, 10, 20, 30]


def test_lanes_begin_one_after_the_other():
    """So much later than the first, and so much farther along the links."""
    links = [Link(SERVER, "page", 1_000_000, 9_000_000)]
    lanes = [course(links, 4, begin=5.0).lane(number) for number in range(4)]
    assert [begin for begin, _ in lanes] == [5.0, 5.0005, 5.001, 5.0015]
    assert [next(lane).wait_us for _, lane in lanes] == [875_000, 624_500, 374_000, 123_500]


def test_of_a_silent_link_the_rest_of_its_timeout_is_left():
    """It would never answer, however long it is waited for."""
    link = Link(SERVER, "silent", 7, 1000)
    assert next(course([link], 4).lane(1)[1]) == Link(SERVER, "silent", 7, 125)


@pytest.mark.parametrize("lanes", [1, 7, 64, 1000])
def test_a_crawl_is_in_full_course_from_its_beginning(lanes):
    """With links that only wait, any stretch of time has its fair share of their ends."""
    links = crawler.ring(SERVER, 5)
    whole_s = sum(link.lasts_us for link in links) / 1e6
    ends = []
    for begin, lane in map(course(links, lanes).lane, range(lanes)):
        clock = begin
        while clock < begin + lanes * crawler.PACE_S + whole_s:
            clock += next(lane).lasts_us / 1e6
            ends.append(clock)
    begun_s = lanes * crawler.PACE_S
    found = sum(begun_s <= end < begun_s + whole_s for end in ends)
    assert found == pytest.approx(50 * lanes, rel=0.01)


# What an answer means


def test_a_page_is_parsed():
    """Words and links are those of the text, not of its tags."""
    text = b'<h1 id="a">Two words</h1>\n<p>three <a href="/x">more</a> <a name="y">of\nthem</a>'
    assert crawler.read_page(text, True) == Visit("fetched", len(text), 6, 2)
    assert crawler.read_page(text, False) == Visit("fetched", len(text))


@pytest.mark.parametrize(
    ("data", "visit"),
    [
        (answer("page"), Visit("fetched", len(page()))),
        (answer("cut"), FAILED),
        (answer("missing"), FAILED),
        (answer("broken"), FAILED),
        (b"", FAILED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", Visit("fetched", 3)),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Visit("fetched", 10)),
        (b"something else\r\n\r\n", FAILED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", FAILED),
    ],
)
def test_bytes_come_in_and_a_visit_comes_out(data, visit):
    """Whatever a server sent until it closed the connection."""
    assert crawler.understood(data, False) == visit


@pytest.mark.parametrize("parse", [False, True])
def test_both_clients_see_the_same_of_every_kind_of_link(parse):
    """They differ in how they wait, and in nothing else; and it is what is wanted."""
    with SlowServer() as server:
        for kind in KINDS:
            link = Link(server.address, kind, 100, 50_000)
            visit = crawler.fetch(link, parse, FOREVER)
            assert asyncio.run(crawler_async.fetch(link, parse)) == visit
            tally = Tally(course([link], parse=parse))
            assert tally.add(link, visit) and tally.wrong == ""
            assert tally.ends[visit.end] == 1


def test_no_link_is_waited_for_longer_than_the_course_lasts():
    """The rest of a course is its last timeout."""
    with SlowServer() as server:
        link = Link(server.address, "silent", 0, 30_000_000)
        begin = time.perf_counter()
        assert crawler.fetch(link, False, begin + 0.05) == TIMED_OUT
        assert 0.05 <= time.perf_counter() - begin < 5


def test_a_server_that_is_gone_is_no_failing_link():
    """Nobody listens there any more."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        link = Link(Address(free.getsockname()[1], ""), "page", 0, 50_000)
        with pytest.raises(ConnectionRefusedError):
            crawler.fetch(link, False, FOREVER)
        with pytest.raises(ConnectionRefusedError):
            asyncio.run(crawler_async.fetch(link, False))


# What is counted


def test_only_what_ends_while_it_is_counted_is_counted():
    """What ended earlier is looked at, too; what ends later tells that the course is over."""
    now = time.perf_counter()
    link, good = Link(SERVER, "page", 0, 1), Visit("fetched", len(page()))
    early = Tally(course([link], start=now + 60, stop=now + 120))
    assert early.add(link, good) and early.ends == {"fetched": 0, "timed_out": 0, "failed": 0}
    assert early.add(link, FAILED)
    assert (
        early.wrong
        == "a link of the kind 'page' gave Visit(end='failed', size=0, words=0, links=0)"
    )
    during = Tally(course([link], start=now, stop=now + 60))
    assert during.add(link, good) and during.ends["fetched"] == 1
    late = Tally(course([link], start=now - 2, stop=now - 1))
    assert not late.add(link, FAILED) and late.wrong == "" and sum(late.ends.values()) == 0


@pytest.mark.parametrize(
    ("kind", "visit"),
    [
        ("page", Visit("fetched", 1)),
        ("silent", FAILED),
        ("cut", TIMED_OUT),
        ("missing", Visit("fetched", len(page()))),
    ],
)
def test_a_link_that_comes_out_otherwise_than_it_must_is_wrong(kind, visit):
    """A page that is not whole, and a fault that did not show."""
    tally = Tally(course([]))
    assert tally.add(Link(SERVER, kind, 0, 1), visit)
    assert tally.wrong == f"a link of the kind {kind!r} gave {visit}"
    tally.add(Link(SERVER, "page", 0, 1), TIMED_OUT)
    assert repr(kind) in tally.wrong  # the first one is told


@pytest.mark.parametrize("parse", [False, True])
def test_a_worker_goes_along_its_lane_until_the_course_is_over(parse):
    """It begins when its lane does; alone in a process it tells its CPU time as well."""
    with SlowServer() as server:
        now = time.perf_counter()
        links = crawler.ring(server.address, 1)
        along = Course(links, 3, parse, now + 0.05, now + 0.1, now + 0.3)
        tally, cpu_s = crawler.crawl_alone(1, along)
        assert now + 0.3 <= time.perf_counter() < now + 5
    assert tally.wrong == "" and 0 < sum(tally.ends.values()) < 200
    assert 0 < cpu_s < 0.3


# The event loop


def test_the_event_loop_crawls_all_lanes_at_once():
    """And leaves no connection open when the course is over."""
    with SlowServer() as server:
        now = time.perf_counter()
        links = crawler.ring(server.address, 20)
        along = Course(links, 10, False, now, now + 0.1, now + 0.4)
        tally = asyncio.run(crawler_async.crawl(along))
        assert now + 0.4 <= time.perf_counter() < now + 5
    assert tally.wrong == "" and sum(tally.ends.values()) > 20


def test_an_event_loop_that_is_busy_gives_no_link_up(monkeypatch):
    """Parsing that takes longer than the timeout makes no good link look like a silent one."""
    monkeypatch.setattr(crawler_async, "understood", lambda data, parse: time.sleep(0.03) or FAILED)

    async def ten(link):
        return await asyncio.gather(*(crawler_async.fetch(link, True) for _ in range(10)))

    with SlowServer() as server:
        link = Link(server.address, "page", 5_000, 150_000)
        assert asyncio.run(ten(link)) == [FAILED] * 10


class _Transport:
    """What a connection does with its transport, without a network."""

    def __init__(self):
        self.written, self.aborted = b"", False

    def write(self, data):
        self.written += data

    def abort(self):
        self.aborted = True


def test_an_answer_that_is_complete_cannot_time_out_any_more():
    """A busy loop may look at the timer before it tells that the connection is closed."""

    async def talk():
        link = Link(SERVER, "page", 0, 10_000)
        connection = crawler_async.Connection(link, asyncio.get_running_loop())
        transport = _Transport()
        connection.connection_made(transport)
        assert transport.written == link.request
        connection.data_received(b"all of it")
        connection.eof_received()
        await asyncio.sleep(0.03)
        assert not connection.reply.done() and not transport.aborted
        connection.connection_lost(None)
        return await connection.reply

    assert asyncio.run(talk()) == b"all of it"
