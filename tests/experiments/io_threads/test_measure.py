"""Figure 4's crawler: every link accounted for in every way, and which cases there are."""

import asyncio
import collections
import os
import signal
import subprocess
import sys
import threading
import time
import unittest.mock
from pathlib import Path

import pytest
from scripts.record.settings import Settings

from scripts.experiments import Case
from scripts.experiments.io_threads import measure as io_threads
from scripts.measure import crawler, crawler_async
from scripts.measure.slow_server import Address, SlowServer, page
from scripts.record import settings
from scripts.record.errors import BlogError
from scripts.runner.interpreter import Interpreter
from tests.factory import make_machine, make_runtime

ROOT = Path(__file__).parents[3]
SMALL = Settings(io_links=100, io_wait_ms=1)
SERVER = Address(80, "secret")
WAYS = {"for_loop": 1, "threads": 10, "processes": 2, "asyncio": 10}


def case(way, parse=0, links=100):
    """A case of a way with a few workers."""
    params = {"workers": WAYS[way], "parse": parse, "links": links, "scaled": False}
    if way == "processes":
        params["start_method"] = "fork"
    return Case(way, params, 0.0)


def kinds(links):
    """How many links there are of each kind."""
    return dict(collections.Counter(link.kind for link in links))


# The links


def test_every_hundred_links_are_alike():
    """The same faults and the same waits in each, so that a part is a fair sample of the whole."""
    links = crawler.make_links(1000, SERVER, 10)
    assert kinds(links) == {"page": 960, "cut": 10, "silent": 10, "missing": 10, "broken": 10}
    assert kinds(crawler.make_links(300, SERVER, 10))["page"] == 288
    waits = sorted(link.wait_us for link in crawler.make_links(100, SERVER, 10))
    assert sorted(link.wait_us for link in links) == sorted(waits * 10)


def test_the_links_and_their_order_are_always_the_same():
    """The order is no sorted one."""
    links = crawler.make_links(200, SERVER, 10)
    assert links == crawler.make_links(200, SERVER, 10)
    assert links != sorted(links, key=lambda link: link.wait_us)


def test_waits_are_log_normal_and_a_link_that_answers_does_so_in_time():
    """Half of them wait for the median or less; the timeout leaves room after the longest."""
    waits = crawler.waits_us(10)
    assert waits == sorted(waits) and sum(wait <= 10_000 for wait in waits) == 50
    assert round(waits[83] / waits[50], 1) == 2.6 and waits[-1] == 131_422
    assert [crawler.timeout_ms(median) for median in (1, 6, 10, 1000)] == [200, 200, 262, 26284]
    assert round(crawler.mean_wait_s(6), 5) == round(
        (sum(crawler.waits_us(6)) - 5925) / 1e8 + 0.002, 5
    )


@pytest.mark.parametrize("count", [1, 2, 50, 100, 101, 1000])
def test_the_slowest_links_are_not_the_last(count):
    """No number of links is too small; the tail holds neither a silent one nor a slow one."""
    links = crawler.make_links(count, SERVER, 10)
    slowest = crawler.waits_us(10)[90]
    assert len(links) == count
    for link in links[count // 2 + 1 :]:
        assert link.kind != "silent" and link.wait_us < slowest


def test_a_page_is_parsed():
    """Words and links are those of the text, not of its tags."""
    text = b'<h1 id="a">Two words</h1>\n<p>three <a href="/x">more</a> <a name="y">of\nthem</a>'
    assert crawler.read_page(text, True) == crawler.Visit("fetched", len(text), 6, 2)
    assert crawler.read_page(text, False) == crawler.Visit("fetched", len(text))


# The crawl


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("parse", [0, 1])
def test_every_link_is_accounted_for_in_every_way(way, parse):
    """Fetched, timed out and failed add up, and are the same numbers whatever the way."""
    found = io_threads.run(case(way, parse), SMALL).values
    counts = {name: value for name, value in found.items() if name.endswith("_count")}
    assert counts == {
        "links_count": 100,
        "fetched_count": 96,
        "timed_out_count": 1,
        "failed_count": 3,
        "tries_count": 1,
    }
    assert found["wall_s"] >= 0.2  # one link never answers
    assert found["server_cpu_s"] > 0 and found["cpu_s"] > 0


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_server_that_dies_in_the_middle_is_one_line_and_no_hang(way, monkeypatch):
    """It is neither a crawl of failed links nor a wait for the next one."""
    started = []
    monkeypatch.setattr(
        io_threads, "SlowServer", lambda: started.append(SlowServer()) or started[0]
    )

    def kill():
        while not (started and hasattr(started[0], "address")):
            time.sleep(0.001)
        time.sleep(0.15)
        os.kill(started[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    slow = Settings(io_links=100, io_wait_ms=50)
    begin = time.monotonic()
    with pytest.raises(RuntimeError) as caught:
        io_threads.run(case(way), slow)
    killer.join()
    assert str(caught.value) == "the server of slow links ended with status -9"
    assert time.monotonic() - begin < 5


def test_a_way_that_gets_something_else_is_an_error(monkeypatch):
    """The message says what came and what had to come; the same links were tried three times."""
    crawls = []
    good = crawler.fetch

    def bad(link, parse):
        visit = good(link, parse)
        crawls.append(visit)
        return crawler.Visit("failed") if link.kind == "silent" else visit

    monkeypatch.setattr(crawler, "fetch", bad)
    with pytest.raises(RuntimeError) as caught:
        io_threads.run(case("for_loop"), SMALL)
    assert len(crawls) == 1 + 3 * 100
    message = str(caught.value)
    assert message.startswith("the crawl gave Tally(links=100, fetched=")
    assert message.endswith(", 3 times") and " and not Tally(links=100, " in message


def test_a_machine_that_stood_still_once_is_forgiven_and_told(monkeypatch):
    """The crawl is measured anew, and the number of tries is in the record."""
    tallies = []
    good = crawler.tally

    def once_bad(visits):
        tallies.append(good(visits))
        return "another" if len(tallies) == 2 else tallies[-1]

    monkeypatch.setattr(crawler, "tally", once_bad)
    assert io_threads.run(case("threads"), SMALL).values["tries_count"] == 2


def test_an_event_loop_that_is_busy_gives_no_link_up(monkeypatch):
    """Parsing that takes longer than the timeout makes no good link look like a silent one."""
    monkeypatch.setattr(crawler_async, "read_page", lambda body, parse: time.sleep(0.03) or "read")
    with SlowServer() as server:
        links = [crawler.Link(server.address, "page", 5_000, 150)] * 10
        visits = asyncio.run(crawler_async.crawl(links, True, 10))
    assert visits == ["read"] * 10


def test_an_answer_that_is_complete_cannot_time_out_any_more():
    """A busy loop may look at the timer before it tells that the connection is closed."""

    async def talk():
        link = crawler.Link(SERVER, "page", 0, 10)
        connection = crawler_async.Connection(link, asyncio.get_running_loop())
        connection.connection_made(unittest.mock.Mock())
        connection.data_received(b"all of it")
        connection.eof_received()
        await asyncio.sleep(0.03)
        assert not connection.reply.done()
        connection.connection_lost(None)
        return await connection.reply

    assert asyncio.run(talk()) == b"all of it"


@pytest.mark.parametrize("parse", [False, True])
def test_both_crawlers_see_the_same_of_every_kind_of_link(parse):
    """Threads and the event loop differ in how they wait, and in nothing else."""
    whole = crawler.read_page(page(), parse)
    ends = {"page": whole, "silent": crawler.Visit("timed_out")}
    with SlowServer() as server:
        for kind in ("page", "cut", "silent", "missing", "broken"):
            link = crawler.Link(server.address, kind, 100, 50)
            expected = ends.get(kind, crawler.Visit("failed"))
            assert crawler.fetch(link, parse) == expected
            assert asyncio.run(crawler_async.crawl([link], parse, 1)) == [expected]


def test_a_case_runs_in_a_fresh_interpreter():
    """Through the child of the runner, as every timed case; what goes wrong there is one line."""
    question = {
        "do": "case",
        "experiment": "io_threads",
        "case": "threads",
        "params": case("threads").params,
        "settings": {"io_links": 100, "io_wait_ms": 1},
    }
    with Interpreter() as interpreter:
        answer = interpreter.ask(sys.executable, question)
        assert answer["values"]["fetched_count"] == 96 and answer["spans"] == []
        with pytest.raises(BlogError) as caught:
            interpreter.ask(sys.executable, {**question, "params": {}})
    assert str(caught.value) == f"{Path(sys.executable).name}: KeyError: 'workers'"


def test_other_experiments_are_not_burdened_with_a_web_client():
    """A pool that forks would copy it, one that spawns would load it, in every timed case."""
    program = (
        "import sys; from scripts.experiments import all_experiments; all_experiments();"
        "print({'asyncio', 'http.client', 'html.parser', 'ssl'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "set()\n"


# The cases


def planned(cores=2, gil=True, addition_s=5e-8, **sizes):
    """The cases of a machine."""
    runtime = make_runtime(gil=gil)
    return io_threads.cases(Settings(**sizes), make_machine(cores), runtime, addition_s)


def workers(cases, way, parse=0):
    """The numbers of workers of a way."""
    return [
        one.params["workers"] for one in cases if one.name == way and one.params["parse"] == parse
    ]


def test_two_cores():
    """Threads from one per core to far beyond the best; the slow ways crawl a sample."""
    found = planned()
    assert workers(found, "threads") == [2, 4, 8, 14, 24, 40, 64, 128]
    assert workers(found, "threads", 1) == [2, 4, 6, 10, 14, 24, 40]
    assert workers(found, "processes") == workers(found, "processes", 1) == [4, 14]
    assert found[0] == Case(
        "for_loop",
        {"workers": 1, "parse": 0, "links": 100, "scaled": True, "pool": "none"},
        found[0].estimate_s,
    )
    assert 1 < found[0].estimate_s < 2 and sum(one.estimate_s for one in found) < 30
    samples = {one.params["links"] for one in found}
    assert max(samples) == 1000 and all(links % 100 == 0 for links in samples)


@pytest.mark.parametrize(
    ("cores", "gil", "threads"),
    [
        (1, True, [1, 2, 4, 7, 12, 20, 32, 64, 128]),
        (4, True, [4, 8, 16, 28, 48, 80, 128]),
        (4, False, [4, 8, 16, 28, 48, 80, 128, 256]),
        (8, False, [8, 16, 32, 56, 96, 160, 256]),
        (64, True, [64, 128, 256, 448]),
        (600, True, [600]),
    ],
)
def test_other_machines(cores, gil, threads):
    """The author's seven per core are tried wherever a thread has two links to fetch."""
    found = planned(cores, gil)
    assert workers(found, "threads") == threads
    assert max(workers(found, "processes")) <= 64
    for one in found:
        assert 1 <= one.params["links"] <= 1000
        assert one.params["scaled"] == (one.params["links"] < 1000)


def test_the_cases_do_not_hang_on_the_pace_of_the_moment():
    """A run that is gone on with has the same cases; only their estimates differ."""
    slow, fast = planned(addition_s=2e-7), planned(addition_s=2e-8)
    assert [(one.name, one.params) for one in slow] == [(one.name, one.params) for one in fast]
    assert slow[-1].estimate_s > fast[-1].estimate_s


def test_a_quick_run_has_few_cases():
    """Some fifty links, of which every thread still has two."""
    small = settings.quick(Settings())
    found = planned(io_links=small.io_links)
    assert workers(found, "threads") == workers(found, "threads", 1) == [2, 14]
    assert workers(found, "processes") == [4]
    assert {one.params["links"] for one in found} == {50}
    assert sum(one.estimate_s for one in found) < 8


def test_a_single_link_is_enough():
    """Every way has a case, none with an event loop for more links than there are."""
    found = planned(io_links=1)
    assert workers(found, "threads") == [2] and workers(found, "asyncio") == [1]
    assert {one.params["links"] for one in found} == {1}


def test_the_limit_of_open_files_is_respected(monkeypatch):
    """No case has more sockets open at once than `ulimit -n` allows, less a reserve."""
    monkeypatch.setattr(io_threads.resource, "getrlimit", lambda _: (100, 200))
    found = planned()
    assert io_threads.socket_limit() == 36
    assert workers(found, "threads") == [2, 4, 8, 14, 24] and workers(found, "asyncio") == [36]
    monkeypatch.setattr(
        io_threads.resource, "getrlimit", lambda _: (io_threads.resource.RLIM_INFINITY,) * 2
    )
    assert workers(planned(), "threads")[-1] == 128
