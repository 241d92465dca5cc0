"""Figure 4: which number of threads per core it calls the best, and what it says of the others."""

import dataclasses
import itertools
import math
import random
import re

import pytest

from scripts.draw import style
from scripts.experiments.io_threads import picture as io_threads
from scripts.record import Record, Sample
from tests.factory import make_record

WAIT_S = 0.012
# Seconds of CPU time per link, with and without parsing, and the numbers of threads per core.
COMPUTE_S = {0: 0.0004, 1: 0.003}
PER_CORE = {0: (1, 2, 4, 7, 12, 20, 32, 64), 1: (1, 2, 3, 5, 7, 12, 20)}
WAYS = ("for_loop", "threads", "processes", "asyncio")


def record_of(
    *, rounds=5, cores=2, gil=True, ways=WAYS, parse=(0, 1), noise=0.0, server=0.1, **fields
) -> Record:
    """A record of crawls as a simple model has them: more workers until the cores are full."""
    record = make_record(experiments=(), rounds=rounds, cores=cores, gil=gil, **fields)
    settings = {**record.settings, "io_links": 1000, "io_wait_ms": 6}
    rng = random.Random(1)
    samples = []
    for number, way, kind in itertools.product(range(1, rounds + 1), ways, parse):
        parallel = way == "processes" or (way == "threads" and not gil)
        at_most = (cores if parallel else 1) / COMPUTE_S[kind]
        for workers in counts(way, kind, cores):
            rate = min(workers / (WAIT_S + COMPUTE_S[kind]), at_most)
            rate *= rng.lognormvariate(0, noise)
            links = min(1000, 100 * math.ceil(rate * 0.4 / 100))
            samples.append(sample(record, number, way, kind, workers, links, rate, server))
    return dataclasses.replace(record, settings=settings, samples=tuple(samples))


def counts(way, kind, cores):
    """The numbers of workers that were tried."""
    if way == "threads":
        return [many * cores for many in PER_CORE[kind]]
    return {"for_loop": [1], "asyncio": [128], "processes": [2 * cores, 7 * cores]}[way]


def sample(record, number, way, kind, workers, links, rate, server) -> Sample:
    params = {"workers": workers, "parse": kind, "links": links, "scaled": links < 1000}
    params["pool"] = "warm" if way in ("threads", "processes") else "none"
    wall_s, failed, silent = links / rate, 3 * links // 100, links // 100
    ends = {"links_count": links, "fetched_count": links - failed - silent, "failed_count": failed}
    values = {
        "wall_s": wall_s,
        "cpu_s": links * COMPUTE_S[kind],
        "server_cpu_s": server * wall_s,
        **ends,
        "timed_out_count": silent,
        "timeout_ms": 200,
    }
    return Sample("io_threads", way, record.runtimes[0].id, number, params, values)


def drawn(record, theme=style.LIGHT):
    with style.context():
        return io_threads.draw(record, theme)


def texts(figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def names(figure) -> list[list[str]]:
    """What is written in each panel, from the top down."""
    return [[text.get_text() for text in ax.texts] for ax in figure.axes if len(ax.texts)]


def test_the_values_of_the_crawler_that_only_fetches():
    found = io_threads.values(record_of())
    fetching = {
        key.removeprefix("io_threads."): value.text
        for key, value in found.items()
        if ".parsing_" not in key
    }
    assert fetching == {
        "for_loop.links": "100",
        "for_loop.links_per_s": "80.6",
        "for_loop.compute_ms": "0.400",
        "for_loop.wait_ms": "12.0",
        "for_loop.wait_over_compute_ratio": "30.0",
        "asyncio.at_once": "128",
        "asyncio.links_per_s": "2,500",
        "asyncio.speedup_ratio": "31.0",
        "processes.best_workers": "14",
        "processes.best_links_per_s": "1,130",
        "processes.speedup_ratio": "14.0",
        "threads.best_workers": "40",
        "threads.best_links_per_s": "2,500",
        "threads.speedup_ratio": "31.0",
        "threads.expected_workers": "31",
        "threads.best_m": "20",
        "threads.most_m": "64",
        "threads.at_1_links_per_s": "161",
        "threads.at_2_links_per_s": "323",
        "threads.at_4_links_per_s": "645",
        "threads.at_7_links_per_s": "1,130",
        "threads.at_12_links_per_s": "1,940",
        "threads.at_20_links_per_s": "2,500",
        "threads.at_32_links_per_s": "2,500",
        "threads.at_64_links_per_s": "2,500",
        "threads.gain_beyond_7_ratio": "2.21",
        "threads.throughput_over_processes_ratio": "2.21",
        "threads.throughput_over_asyncio_ratio": "1.00",
        "threads.links": "1,000",
        "threads.fetched": "960",
        "threads.timed_out": "10",
        "threads.failed": "30",
        "server.most_cpu_percent": "10",
        "server.timeout_ms": "200",
    }
    assert found["io_threads.threads.speedup_ratio"].interval == "bootstrap"
    assert found["io_threads.threads.best_links_per_s"].interval == "range"
    best = found["io_threads.threads.best_m"]
    assert (best.low, best.high, best.n, best.interval) == (20, 20, 5, "range")


def test_parsing_wants_fewer_threads_and_has_the_same_keys():
    found = io_threads.values(record_of())
    assert found["io_threads.parsing_threads.best_m"].value == 3
    assert found["io_threads.parsing_threads.gain_beyond_7_ratio"].value == 1
    assert found["io_threads.parsing_threads.expected_workers"].value == 5
    plain = {key for key in found if "parsing_" not in key and ".at_" not in key}
    parsing = {key.replace("parsing_", "") for key in found if "parsing_" in key}
    assert {key for key in parsing if ".at_" not in key} == {
        key for key in plain if ".server." not in key
    }


def test_posts_may_name_every_value_but_the_points_of_the_curve():
    found = io_threads.values(record_of())
    assert len(set(io_threads.KEYS)) == len(io_threads.KEYS)
    assert set(io_threads.KEYS) == {key for key in found if not re.search(r"\.at_\d", key)}


def test_without_a_gil_all_cores_compute():
    """Twice as many threads are expected on two cores."""
    found = io_threads.values(record_of(gil=False))
    assert found["io_threads.threads.expected_workers"].value == 62
    assert found["io_threads.threads.best_m"].value == 32


def test_without_samples_there_is_nothing_to_say():
    assert io_threads.values(make_record()) == {}


@pytest.mark.parametrize(
    ("rates", "best", "low", "high"),
    [
        # 8 is fastest, and by more than 5 % in every round.
        ({2: [100] * 5, 4: [200] * 5, 8: [400] * 5}, 8, 8, 8),
        # 8 is faster than 4 in every round, but by 3 %.
        ({2: [100] * 5, 4: [200] * 5, 8: [206] * 5}, 4, 4, 4),
        # 8 is faster than 4 in three of five rounds.
        ({2: [100] * 5, 4: [230, 230, 200, 200, 200], 8: [220] * 5}, 8, 4, 8),
        # More threads make it slower.
        ({2: [100] * 5, 4: [90] * 5, 8: [80] * 5}, 2, 2, 2),
        # Half a round is missing: of what is there, the best.
        ({2: [100] * 3, 4: [200] * 2}, 4, 2, 4),
    ],
)
def test_the_best_number_is_the_least_that_comes_near_the_fastest(rates, best, low, high):
    counts = {
        workers: [
            Sample("io_threads", "threads", "python3.11", n + 1, {}, {"links_per_s": rate})
            for n, rate in enumerate(rounds)
        ]
        for workers, rounds in rates.items()
    }
    found = io_threads.Crawl({"threads": counts}, 2, True).best("threads")
    assert (found.value, found.low, found.high) == (best, low, high)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "20 threads per core are best here, 31.0× the for loop; with parsing 3"),
        (
            {"rounds": 3},
            "20 threads per core were best here, 31.0× the for loop; with parsing 3, in 3 rounds",
        ),
        ({"parse": (0,)}, "20 threads per core are best here, 31.0× the for loop"),
        ({"parse": (1,)}, "How much a crawler fetches, by each way"),
        ({"ways": ("for_loop",)}, "How much a crawler fetches, by each way"),
        ({"ways": ("threads",)}, "20 threads per core fetch most here"),
        ({"cores": 64}, "1 thread per core is best here, 31.0× the for loop; with parsing 1"),
        (
            {"cores": 8, "gil": False},
            "32 threads per core are best here, 248× the for loop; with parsing 5",
        ),
    ],
)
def test_the_headline_is_the_answer(fields, says):
    record = record_of(**fields)
    assert io_threads.headline(io_threads.values(record)) == says
    assert drawn(record).get_label() == says


def test_a_best_number_at_the_edge_is_called_a_least_one(monkeypatch):
    """Nobody knows what still more threads would have done."""
    monkeypatch.setitem(PER_CORE, 0, (1, 2, 4, 7))
    monkeypatch.setitem(PER_CORE, 1, (1, 2))
    said = io_threads.headline(io_threads.values(record_of()))
    assert said == (
        "At least 7 threads per core are best here, 14.0× the for loop; with parsing at least 2"
    )


def test_lines_are_named_at_their_ends_and_the_best_number_is_marked():
    fetching, parsing = names(drawn(record_of()))
    ends = ["for loop", "threads", "processes", "asyncio"]
    assert fetching == ["rule of thumb: 2 … 7", *ends, "best: 20"]
    assert parsing == ["rule of thumb: 2 … 7", *ends, "best: 3"]


def test_rounds_that_differ_on_the_best_number_are_told():
    figure = drawn(record_of(noise=0.2))
    assert names(figure)[0][-1] == "best: 20 (20–64)"
    assert figure.get_label().startswith("20–64 threads per core are best here, ")


def test_what_a_link_costs_and_how_much_was_measured_is_told():
    said = texts(drawn(record_of()))
    assert "A link costs 12.0 ms of waiting, 0.400 ms of computing." in said
    assert "A link costs 12.0 ms of waiting, 3.00 ms of computing." in said
    whole = " ".join(said)
    assert "Median and range of 5 rounds; slow ways fetch a fair sample" in whole
    assert "half of them answer after 6 ms or more, one in a hundred never" in whole
    assert "it is given up after 200 ms." in whole
    assert "server was busy" not in whole


def test_a_server_that_held_the_crawl_up_is_told():
    """Then it is the server that was measured."""
    said = " ".join(texts(drawn(record_of(server=0.9))))
    assert "The server was busy for 90 % of the time" in said


@pytest.mark.parametrize("theme", style.THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"noise": 0.2},
        {"cores": 1},
        {"cores": 64},
        {"rounds": 1},
        {"quick": True},
        {"ways": ("threads",)},
        {"ways": ("processes", "asyncio")},
        {"ways": ("for_loop",), "parse": (1,)},
    ],
)
def test_no_text_covers_another_or_leaves_the_sheet(fields, theme):
    figure = drawn(record_of(**fields), theme)
    figure.canvas.draw()
    for ax in figure.axes:
        ends = [text for text in ax.texts if ":" not in text.get_text()]
        boxes = sorted((text.get_window_extent() for text in ends), key=lambda box: box.y0)
        assert all(low.y1 <= high.y0 + 1 for low, high in itertools.pairwise(boxes))
        for text in ax.texts:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1


def test_the_table_has_a_row_for_every_way_and_number_of_workers():
    columns, rows = io_threads.table(record_of(noise=0.01))
    assert columns == [
        "Crawler",
        "Way",
        "Workers",
        "Links",
        "Links per second",
        "Over the for loop",
    ]
    assert len(rows) == 2 * (1 + 2 + 1) + len(PER_CORE[0]) + len(PER_CORE[1])
    assert all(len(row) == len(columns) for row in rows)
    assert rows[0][:4] == ["Fetching", "For loop", "1", "100 (a sample)"]
    assert rows[-1][:4] == ["Fetching and parsing", "asyncio", "128", "200 (a sample)"]


def test_a_table_without_the_for_loop_has_no_ratio():
    _, rows = io_threads.table(record_of(ways=("threads",), rounds=1))
    assert rows[0] == ["Fetching", "Threads", "2", "100 (a sample)", "161/s", "–"]
