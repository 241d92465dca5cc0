"""Figure 4's crawler: every link accounted for in every way, and which cases there are."""

import dataclasses
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.experiments.io_threads import measure as io_threads
from scripts.experiments.io_threads.declaration import DECLARATION, KINDS
from scripts.measure import crawler
from scripts.measure.jobs import Case
from scripts.measure.slow_server import SlowServer

ROOT = Path(__file__).parents[3]
SHORT = SimpleNamespace(io_window_ms=60, io_longest_wait_ms=5)
WAYS = {"for_loop": 1, "threads": 10, "processes": 2, "asyncio": 10}


def case(way, parse=0, wait_ms=1, **params):
    """A case of a way with a few workers."""
    params = {"workers": WAYS[way], "parse": parse, "wait_ms": wait_ms, **params}
    if way == "processes":
        params.setdefault("start_method", "fork")
    return Case(way, params, 0.0)


# The crawl


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("parse", [0, 1])
def test_every_link_is_accounted_for_in_every_way(way, parse):
    """Fetched, timed out and failed add up; what a sample must have is there."""
    found = io_threads.run(case(way, parse), SHORT).values
    assert set(found) == set(DECLARATION.values)
    ends = [found[f"{end}_count"] for end in ("fetched", "timed_out", "failed")]
    assert sum(ends) == found["links_count"] > 0
    assert found["cpu_s"] > 0 and found["server_cpu_s"] > 0
    assert found["wait_s"] == crawler.mean_wait_s(1) and found["timeout_s"] == 0.1
    assert found["tries_count"] == 1
    if way != "for_loop":
        assert found["wall_s"] == 0.06


def test_the_for_loop_goes_round_once():
    """Every link of the ring, the one that never answers with its timeout."""
    found = io_threads.run(case("for_loop"), SHORT).values
    counts = {name: value for name, value in found.items() if name.endswith("_count")}
    assert counts == {
        "links_count": 50,
        "fetched_count": 46,
        "timed_out_count": 1,
        "failed_count": 3,
        "tries_count": 1,
    }
    assert found["wall_s"] >= 0.1


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_processes_crawl_however_they_are_started(method):
    """Those that import everything anew have done so before the crawl begins."""
    found = io_threads.run(case("processes", 1, start_method=method), SHORT).values
    assert found["links_count"] > 0 and found["cpu_s"] > 0


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
        time.sleep(0.1)
        os.kill(started[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    begin = time.monotonic()
    with pytest.raises(RuntimeError) as caught:
        io_threads.run(case(way, wait_ms=20), SimpleNamespace(io_window_ms=500))
    killer.join()
    assert str(caught.value) == "the server of slow links ended with status -9"
    assert time.monotonic() - begin < 5


def test_a_way_that_gets_something_else_is_an_error(monkeypatch):
    """The message says what came; the same links were tried three times."""
    crawls = []
    good = crawler.fetch

    def bad(link, parse, stop):
        visit = good(link, parse, stop)
        crawls.append(visit)
        return crawler.FAILED if link.kind == "silent" else visit

    monkeypatch.setattr(crawler, "fetch", bad)
    with pytest.raises(RuntimeError) as caught:
        io_threads.run(case("for_loop"), SHORT)
    assert len(crawls) == 1 + 3 * 50
    wrong = f"a link of the kind 'silent' gave {crawler.FAILED}, in the last of 3 crawls"
    assert str(caught.value) == wrong


def test_a_machine_that_stood_still_once_is_forgiven_and_told(monkeypatch):
    """The crawl is measured anew, and the number of tries is in the record."""
    good, left = crawler.fetch, [crawler.TIMED_OUT]

    def once_bad(link, parse, stop):
        visit = good(link, parse, stop)
        return left.pop() if left and stop < float("inf") and link.kind == "page" else visit

    monkeypatch.setattr(crawler, "fetch", once_bad)
    assert io_threads.run(case("threads"), SHORT).values["tries_count"] == 2


def test_threads_that_cannot_all_start_are_no_hang(monkeypatch):
    """Those that have started are let go."""
    start, started = threading.Thread.start, []

    def limited(self):
        if len(started) == 5:
            raise RuntimeError("can't start new thread")
        started.append(self)
        start(self)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        io_threads.run(case("threads"), SHORT)
    assert not any(thread.is_alive() for thread in started)


def test_a_case_runs_in_a_fresh_interpreter():
    """Through the child of the runner, as every timed case."""
    question = {
        "do": "case",
        "module": "scripts.experiments.io_threads.measure",
        "case": "threads",
        "params": case("threads").params,
        "settings": {"io_window_ms": 60},
    }
    ran = subprocess.run(
        [sys.executable, "-m", "scripts.measure.child"],
        input=json.dumps(question),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(ran.stdout)
    assert answer["values"]["fetched_count"] > 0 and answer["spans"] == []


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


def planned(cores=2, gil=True, addition_s=3.5e-8, method="fork", window_ms=120, longest_ms=500):
    """The cases of a machine."""
    settings = SimpleNamespace(io_window_ms=window_ms, io_longest_wait_ms=longest_ms)
    runtime = SimpleNamespace(gil=gil, start_method=method)
    return io_threads.cases(settings, SimpleNamespace(cores=cores), runtime, addition_s)


def workers(cases):
    """The numbers of workers, by group and way."""
    found = {}
    for one in cases:
        found.setdefault(one.group, {}).setdefault(one.name, []).append(one.params["workers"])
    return found


@pytest.fixture(autouse=True)
def _many_files(monkeypatch):
    """No test of cases depends on the limits of the machine that runs it."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (10**5, 10**5))
    monkeypatch.setattr(io_threads, "CONTAINER_THREADS", ())


def test_two_cores():
    """All ways with the same numbers where they are compared; 14 are the author's 7 per core."""
    found = planned()
    assert workers(found) == {
        "wait_5": {
            "threads": [14, 32, 64, 128],
            "asyncio": [32, 128],
            "processes": [14],
            "for_loop": [1],
        },
        "wait_5_parsing": {
            "threads": [4, 14, 32],
            "asyncio": [14],
            "processes": [14],
            "for_loop": [1],
        },
        "wait_50": {"threads": [14, 64, 256], "asyncio": [64, 256]},
        "wait_500": {"threads": [256, 1024], "asyncio": [1024]},
    }
    assert found[0].params == {"workers": 14, "pool": "warm", "wait_ms": 5, "parse": 0}
    processes = next(one for one in found if one.name == "processes")
    assert processes.params == {**found[0].params, "start_method": "fork"}
    assert next(one for one in found if one.name == "asyncio").params["pool"] == "none"


def test_six_rounds_take_about_a_minute():
    """With a tenth of a second to start each of the processes; no arm is too short or too long."""
    found = planned()
    assert 60 < 6 * sum(one.estimate_s + 0.1 for one in found) < 75
    assert all(0.2 < one.estimate_s < 1.3 for one in found)


@pytest.mark.parametrize(
    ("cores", "gil", "threads", "processes"),
    [
        (1, True, {"wait_5": [7, 16, 32, 64, 128], "wait_50": [7, 16, 64, 256]}, 7),
        (4, True, {"wait_5": [16, 28, 64, 128], "wait_50": [16, 28, 64, 256]}, 28),
        (16, True, {"wait_5": [16, 32, 64, 112], "wait_50": [16, 64, 112, 256]}, 64),
        (64, True, {"wait_5": [16, 32, 64, 128, 448], "wait_50": [16, 64, 256, 448]}, 64),
        (600, True, {"wait_5": [16, 32, 64, 128], "wait_50": [16, 64, 256]}, 64),
        (4, False, {"wait_5": [16, 28, 64, 128, 512], "wait_50": [16, 28, 64, 256, 1024]}, 28),
    ],
)
def test_other_machines(cores, gil, threads, processes):
    """Seven per core are tried where they are not far from the rest; processes are not too many,
    and as many as some threads."""
    found = workers(planned(cores, gil))
    assert {group: found[group]["threads"] for group in threads} == threads
    assert found["wait_5"]["processes"] == [processes]
    for ways in found.values():
        assert set(ways.get("processes", [])) <= set(ways["threads"])
        assert max(ways["threads"]) <= 1024


def test_the_cases_do_not_hang_on_the_pace_of_the_moment():
    """A run that is gone on with has the same cases; only their estimates differ."""
    slow, fast = planned(addition_s=2e-7), planned(addition_s=2e-8)
    without = [dataclasses.replace(one, estimate_s=0.0) for one in fast]
    assert [dataclasses.replace(one, estimate_s=0.0) for one in slow] == without
    assert all(one.estimate_s > other.estimate_s for one, other in zip(slow, fast, strict=True))


def test_a_quick_run_has_few_cases():
    """The shortest wait, with the fewest and the most workers."""
    sizes = {size.name: size.quick for size in DECLARATION.sizes}
    assert sizes == {"io_longest_wait_ms": 5, "io_window_ms": 60}
    assert workers(planned(window_ms=60, longest_ms=5)) == {
        "wait_5": {"threads": [14, 128], "asyncio": [128], "processes": [14], "for_loop": [1]},
        "wait_5_parsing": {
            "threads": [4, 14, 32],
            "asyncio": [14],
            "processes": [14],
            "for_loop": [1],
        },
    }


@pytest.mark.parametrize(("longest_ms", "groups"), [(1, 2), (49, 2), (50, 3), (10**6, 4)])
def test_the_longest_wait_is_a_setting(longest_ms, groups):
    """The shortest is there in any case."""
    assert len(workers(planned(longest_ms=longest_ms))) == groups


def test_starting_processes_anew_is_estimated_to_take_longer():
    """Than copying this one."""
    spawned, forked = (
        next(one.estimate_s for one in planned(method=method) if one.name == "processes")
        for method in ("spawn", "fork")
    )
    assert spawned > forked + 0.3


@pytest.mark.parametrize(
    ("files", "threads", "container", "limit"),
    [
        (20_000, 10**5, "max", 1024),
        (1024, 10**5, "max", 960),
        (256, 10**5, "max", 192),
        (100, 10**5, "max", 36),
        (10, 10**5, "max", 1),
        (20_000, 400, "max", 136),
        (20_000, 10**5, "512", 192),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, "", 1024),
    ],
)
def test_the_limits_of_the_system_are_respected(
    files, threads, container, limit, monkeypatch, tmp_path
):
    """`ulimit -n` and `-u`, and what a container may have, each less a reserve."""
    limits = {resource.RLIMIT_NOFILE: (files, files), resource.RLIMIT_NPROC: (threads, threads)}
    monkeypatch.setattr(resource, "getrlimit", limits.__getitem__)
    told = tmp_path / "pids.max"
    told.write_text(f"{container}\n")
    monkeypatch.setattr(io_threads, "CONTAINER_THREADS", (str(tmp_path / "missing"), str(told)))
    assert io_threads.worker_limit() == limit
    for one in planned():
        assert 1 <= one.params["workers"] <= limit


def test_windows_has_no_such_limits(monkeypatch):
    """The module that knows them is not there."""
    monkeypatch.setitem(sys.modules, "resource", None)
    assert io_threads.worker_limit() == io_threads.MOST_WORKERS


def test_few_files_leave_a_sensible_plan(monkeypatch):
    """What is more than is possible becomes what is possible, once."""
    few = {resource.RLIMIT_NOFILE: (100, 100), resource.RLIMIT_NPROC: (10**5, 10**5)}
    monkeypatch.setattr(resource, "getrlimit", few.__getitem__)
    assert workers(planned()) == {
        "wait_5": {
            "threads": [14, 32, 36],
            "asyncio": [32, 36],
            "processes": [14],
            "for_loop": [1],
        },
        "wait_5_parsing": {
            "threads": [4, 14, 32],
            "asyncio": [14],
            "processes": [14],
            "for_loop": [1],
        },
        "wait_50": {"threads": [14, 36], "asyncio": [36]},
        "wait_500": {"threads": [36], "asyncio": [36]},
    }


def test_the_groups_are_the_kinds_that_are_declared():
    """What is timed and what is told of it name the same crawls."""
    timed = {kind.group: (kind.wait_ms, int(kind.parse)) for kind in io_threads.KINDS}
    assert timed == KINDS
