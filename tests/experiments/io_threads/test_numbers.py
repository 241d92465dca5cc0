"""What figure 4 says of the best numbers of workers, from crawls with known answers."""

import fnmatch

import pytest

from scripts.conclude.decide import decide
from scripts.experiments.io_threads import numbers as io_threads
from scripts.experiments.io_threads.declaration import DECLARATION, KINDS
from tests.experiments import build
from tests.experiments.io_threads.crawls import World, record_of

LINKS = 50


def crawl(way, workers, rate, wait_ms=5, parse=0, rounds=8, cpu_ms=0.25, server_ms=0.1):
    """Rounds of an arm that does `rate` links a second; a list has one for each round."""
    rates = rate if isinstance(rate, list) else [rate] * rounds
    params = {"workers": workers, "wait_ms": wait_ms, "parse": parse}
    return build.arm(
        "io_threads",
        way,
        params,
        rounds=len(rates),
        wall_s=[LINKS / each for each in rates],
        cpu_s=LINKS * cpu_ms / 1000,
        server_cpu_s=LINKS * server_ms / 1000,
        wait_s=0.0075,
        timeout_s=0.1,
        links_count=LINKS,
        fetched_count=46,
        timed_out_count=1,
        failed_count=3,
        tries_count=1,
    )


def said(*arms, cores=2, gil=True, prefix="wait_5."):
    """The texts of a record's quantities whose keys begin so."""
    runtime = build.RUNTIME if gil else build.NO_GIL
    if not gil:
        arms = [[_by(one, runtime.id) for one in arm] for arm in arms]
    record = build.record(*arms, cores=cores, runtimes=(runtime,))
    start = f"io_threads.{prefix}"
    found = build.texts(io_threads.quantities(record))
    return {key.removeprefix(start): text for key, text in found.items() if key.startswith(start)}


def _by(sample, runtime):
    return type(sample)(**{**vars(sample), "runtime": runtime})


LOOP = crawl("for_loop", 1, 100, cpu_ms=0.5)
THREADS = [
    crawl("threads", workers, rate)
    for workers, rate in ((4, 400), (14, 1400), (32, 3200), (64, 3250))
]


def test_all_that_is_said_of_a_crawl():
    """14 threads are the most of the author's rule on two cores; 32 are as good as 64."""
    found = said(LOOP, *THREADS, crawl("asyncio", 32, 4000), crawl("processes", 14, 2800))
    assert found == {
        "wait_ms": "7.50",
        "timeout_ms": "100",
        "for_loop.links_per_s": "100",
        "for_loop.compute_ms": "0.500",
        "threads.at_4.links_per_s": "400",
        "threads.at_14.links_per_s": "1,400",
        "threads.at_32.links_per_s": "3,200",
        "threads.at_64.links_per_s": "3,250",
        "threads.best_workers": "32",
        "threads.best_m": "16",
        "threads.best_links_per_s": "3,200",
        "threads.most_workers": "64",
        "threads.busy_percent": "80",
        "threads.speedup_ratio": "32.0",
        "threads.gain_beyond_7_ratio": "2.29",
        "threads.formula_workers": "16",
        "threads.service_ms": "0.308",
        "threads.formula_under_load_workers": "25",
        "asyncio.at_32.links_per_s": "4,000",
        "asyncio.best_links_per_s": "4,000",
        "asyncio.most_workers": "32",
        "asyncio.speedup_ratio": "40.0",
        "asyncio.throughput_over_threads_ratio": "1.25",
        "processes.at_14.links_per_s": "2,800",
        "processes.best_links_per_s": "2,800",
        "processes.most_workers": "14",
        "processes.speedup_ratio": "28.0",
        "processes.throughput_over_threads_ratio": "2.00",
    }


def test_every_link_is_accounted_for():
    """Over all arms and rounds; the server's share is that of the arm where it was busiest."""
    found = said(LOOP, *THREADS, prefix="")
    assert {key: text for key, text in found.items() if "wait" not in key} == {
        "links": "2,000",
        "fetched": "1,840",
        "timed_out": "40",
        "failed": "120",
        "server.most_cpu_percent": "32",
    }


def test_the_formula_counts_one_core_under_a_gil_and_all_without():
    """N · (1 + W / C) with W = 7.5 ms and C = 0.5 ms, to two digits."""
    assert said(LOOP, cores=4)["threads.formula_workers"] == "16"
    assert said(LOOP, cores=4, gil=False)["threads.formula_workers"] == "64"


def test_a_clock_too_coarse_for_what_a_link_costs_gives_no_formula():
    """It reads no CPU time at all."""
    found = said(crawl("for_loop", 1, 100, cpu_ms=0))
    assert "threads.formula_workers" not in found and "for_loop.compute_ms" not in found


def test_what_a_link_takes_full_cores_is_told_where_they_are_full():
    """The fastest number of threads that keep a core busy tells it; without one, nobody does."""
    lazy = [crawl("threads", number, rate, cpu_ms=0.1) for number, rate in ((14, 1400), (64, 3250))]
    assert "threads.service_ms" not in said(LOOP, *lazy)
    busy = crawl("threads", 128, 2000, cpu_ms=0.45)
    found = said(LOOP, *lazy, busy)
    assert found["threads.service_ms"] == "0.500"
    assert found["threads.formula_under_load_workers"] == "16"
    assert "threads.service_ms" not in said(LOOP, *lazy, busy, gil=False, cores=2)


def test_long_waits_take_the_cost_of_a_link_from_short_ones():
    """The same page costs the same however long it was waited for; parsing it costs more."""
    long = [crawl("threads", number, rate, wait_ms=50) for number, rate in ((64, 900), (256, 3200))]
    parsing = crawl("for_loop", 1, 90, parse=1, cpu_ms=2.0)
    arms = (LOOP, *THREADS, *long, parsing)
    assert said(*arms, prefix="wait_50.")["threads.formula_workers"] == "16"
    assert said(*arms, prefix="wait_50.")["for_loop.compute_ms"] == "0.500"
    assert "for_loop.links_per_s" not in said(*arms, prefix="wait_50.")
    assert said(*arms, prefix="wait_5_parsing.")["threads.formula_workers"] == "5"
    assert "threads.formula_workers" not in said(*THREADS, *long, prefix="wait_50.")


def test_what_is_best_for_short_waits_is_compared_where_waits_are_long():
    """With the number that is nearest to it; not where that is the best as well."""
    long = [crawl("threads", number, rate, wait_ms=50) for number, rate in ((64, 900), (256, 3600))]
    found = said(LOOP, *THREADS, *long, prefix="wait_50.")
    assert found["threads.gain_over_short_best_ratio"] == "4.00"
    level = [crawl("threads", number, 900, wait_ms=50) for number in (64, 256)]
    assert "threads.gain_over_short_best_ratio" not in said(
        LOOP, *THREADS, *level, prefix="wait_50."
    )
    assert "threads.gain_over_short_best_ratio" not in said(*long, prefix="wait_50.")


def test_without_a_number_within_the_rule_or_beyond_nothing_is_said_of_it():
    """Seven for each of ten cores are more than were tried."""
    assert "threads.gain_beyond_7_ratio" in said(*THREADS, cores=2)
    assert "threads.gain_beyond_7_ratio" not in said(*THREADS, cores=10)
    assert "threads.gain_beyond_7_ratio" not in said(*THREADS[2:], cores=1)


def test_too_few_rounds_do_not_tell_which_number_is_best():
    """Their rates are told all the same."""
    few = [crawl("threads", number, rate, rounds=2) for number, rate in ((14, 1400), (32, 3200))]
    found = said(*few)
    assert found["threads.at_14.links_per_s"] == "1,400"
    assert not any("best" in key for key in found)


def test_a_number_that_is_better_by_chance_is_not_the_best():
    """No larger one surely beats the smallest of these."""
    first = crawl("threads", 16, [1000, 1100, 900, 1050, 950, 1000, 1020, 980])
    second = crawl("threads", 64, [1010, 1080, 930, 1040, 970, 990, 1000, 1010])
    assert said(first, second)["threads.best_workers"] == "16"


def test_rounds_in_which_no_link_ended_are_told_and_not_compared():
    """The median stands for them; a ratio would be infinite."""
    none = crawl("threads", 4, 400)
    none = [type(one)(**{**vars(one), "values": {**one.values, "links_count": 0}}) for one in none]
    found = said(LOOP, none, *THREADS[1:])
    assert found["threads.at_4.links_per_s"] == "0"
    assert found["threads.best_workers"] == "32"


def test_ways_that_were_not_measured_are_left_out():
    """Nothing of what compares with them is said."""
    found = said(*THREADS)
    assert not any("asyncio" in key or "processes" in key or "speedup" in key for key in found)
    assert io_threads.quantities(build.record()) == {}


def test_a_ratio_is_that_of_the_rates_beside_it():
    """Whatever the noise, whoever divides them gets it."""
    found = io_threads.quantities(record_of(World(noise=0.1), rounds=12))
    for name in KINDS:
        best = {
            way: found.get(f"io_threads.{name}.{way}.best_links_per_s")
            for way in ("threads", "asyncio")
        }
        ratio = found[f"io_threads.{name}.asyncio.throughput_over_threads_ratio"]
        assert ratio.value == pytest.approx(best["asyncio"].value / best["threads"].value, rel=1e-4)


def test_more_rounds_in_more_sessions_are_one_answer():
    """Each session says its own."""
    found = io_threads.quantities(record_of(sessions=3))
    gain = found["io_threads.wait_50.threads.gain_over_short_best_ratio"]
    assert gain.n == 18 and len(gain.sessions) == 3
    assert decide(gain, 2) == "holds"


@pytest.mark.parametrize(
    ("world", "best"),
    [
        (World(), {"wait_5": 64, "wait_50": 256, "wait_500": 1024, "wait_5_parsing": 14}),
        (World(cores=1), {"wait_5": 64, "wait_50": 256, "wait_500": 1024, "wait_5_parsing": 16}),
        (World(cores=64), {"wait_5": 64, "wait_50": 448, "wait_500": 1024, "wait_5_parsing": 16}),
        (World(noise=1.5), {"wait_5": 14, "wait_50": 64, "wait_500": 256, "wait_5_parsing": 4}),
    ],
)
def test_the_best_numbers_of_machines_that_are_known(world, best):
    """The longer the wait the more, under a GIL on any machine; noise hides it."""
    found = io_threads.quantities(record_of(world, rounds=8))
    keys = {name: f"io_threads.{name}.threads.best_workers" for name in KINDS}
    assert {name: found[key].value for name, key in keys.items()} == best


@pytest.mark.parametrize("gil", [True, False])
@pytest.mark.parametrize("cores", [1, 2, 16, 64])
def test_no_key_that_is_not_declared(cores, gil):
    """With the unit that it is declared to have."""
    for name, quantity in io_threads.quantities(record_of(World(cores, gil))).items():
        declared = [
            key
            for pattern, key in DECLARATION.quantities.items()
            if fnmatch.fnmatchcase(name, pattern)
        ]
        assert [key.unit for key in declared] == [quantity.unit], name
