"""Figure 2: when each job ran, and what is said of it."""

import pytest

from scripts.conclude.quantity import Quantity
from scripts.draw.language import Say
from scripts.experiments.interleaving import numbers
from scripts.experiments.interleaving import picture as interleaving
from scripts.experiments.interleaving.picture import zoom_s, zoom_ticks
from scripts.measure.sweep import sweep
from scripts.record import Span
from tests.experiments import sheets
from tests.experiments.sheets import panels
from tests.factory import make_record, make_runtime

EN, ZH = (Say(language, interleaving.WORDS) for language in ("en", "zh"))


def made(**fields):
    """A generated record of this experiment, and what is known of it."""
    record = make_record(**{"experiments": ("interleaving",), **fields})
    return record, numbers.quantities(record)


def drawn(**fields):
    record, about = made(**fields)
    return sheets.drawn(interleaving, about, record)


def texts(figure):
    return " ".join(sheets.texts(figure))


def test_the_table_has_threads_beside_processes():
    """With the interval of the rounds, where there is more than one."""
    record, about = made(noise=0, rounds=1)
    columns, rows = interleaving.table(record, about, EN)
    assert columns == ["Measure", "Multithreading", "Multiprocessing"]
    assert rows == [
        ["Two or more jobs at once", "0 %", "100 %"],
        ["Jobs running at once, on average", "0.999", "2.00"],
        ["Hand-overs from job to job", "87", "111"],
        ["Median run", "5.00 ms", "4.00 ms"],
        ["Wall time", "0.440 s", "0.220 s"],
    ]
    record, about = made(noise=0, rounds=2)
    assert interleaving.table(record, about, ZH)[1][3] == [
        "一口气跑多久，中位数",
        "5.00毫秒（5.00–5.00毫秒）",
        "4.00毫秒（4.00–4.00毫秒）",
    ]


def shares(**percent):
    """What is known where these are the shares of the time, as good as exactly."""
    return {
        f"interleaving.{way}.overlap_percent": Quantity(
            value, "percent", value, value, 40, "order", strict=(value, value)
        )
        for way, value in percent.items()
    }


@pytest.mark.parametrize(
    ("overlaps", "jobs", "says"),
    [
        (
            {"threads": 0, "processes": 97},
            4,
            "Threads take turns, processes run at the same moment",
        ),
        (
            {"threads": 99, "processes": 97},
            4,
            "Threads and processes both run at the same moment here",
        ),
        ({"threads": 0, "processes": 1}, 4, "Threads and processes both take turns here"),
        (
            {"threads": 0, "processes": 36},
            4,
            "Two or more at once: Multithreading 0 %, Multiprocessing 36 % of the time",
        ),
        ({"processes": 97}, 4, "Two or more at once: Multiprocessing 97 % of the time"),
        ({"threads": 0, "processes": 0}, 1, "A single job has nobody to take turns with"),
    ],
)
def test_the_title_follows_the_overlap(overlaps, jobs, says):
    """By the thresholds of the claims."""
    assert interleaving.title(shares(**overlaps), jobs, EN) == says


def test_threads_with_a_gil_are_said_to_ask_for_it_every_switch_interval():
    """Lines stand where one may do so."""
    found = texts(drawn())
    assert "Lines: every 5 ms, when a thread that waits asks for the GIL." in found
    assert "Gaps: 4 jobs share 2 cores, as the system decides." in found


def test_another_switch_interval_is_named_and_shown():
    """What the interpreter says it is."""
    assert "Lines: every 0.5 ms" in texts(drawn(switch_interval_s=0.0005))
    assert zoom_ticks(5.0, 0.5) == [n / 2 for n in range(11)]


def test_nothing_is_said_of_hand_overs_where_there_is_no_gil():
    """There threads run like processes."""
    found = texts(drawn(gil=False))
    assert "Lines" not in found
    assert "asks for the GIL" not in found
    assert "No GIL to wait for." in found
    assert "CPython 3.13.5 without GIL" in found
    assert "Threads and processes both" in found


def test_rows_without_gaps_are_not_explained_by_gaps():
    """As many spans as jobs."""
    run = Quantity(100.0, "ms", 100.0, 100.0, 5, "spread")
    spans = [Span(0, 0, 1), Span(1, 0, 1)]
    found = interleaving.remark("processes", spans, make_record(), run, EN)
    assert found == "No gaps: nothing stopped a job before its end."


def test_the_zoom_shows_ten_switch_intervals_or_half_of_the_shortest_run():
    """And never nothing."""
    runtime = make_runtime()
    long, short = sweep([Span(0, 0, 9)]), sweep([Span(0, 0, 0.02)])
    assert zoom_s(runtime, [long]) == 0.05
    assert zoom_s(runtime, [long, short]) == 0.01
    assert zoom_s(make_runtime(switch_interval_s=0.0), [long]) == 0.05
    assert zoom_s(runtime, [sweep([Span(0, 1, 1)])]) > 0


@pytest.mark.parametrize(
    ("window_ms", "interval_ms", "expected"),
    [
        (50, 5, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]),
        (12, 5, [0, 5, 10]),
        (0.33, 5, [0, 0.1, 0.2, 0.3]),
        (8, 5, [0, 2, 4, 6, 8]),
        (1000, 5, [0, 200, 400, 600, 800, 1000]),
        (50, 0, [0, 10, 20, 30, 40, 50]),
    ],
)
def test_the_lines_of_the_zoom_are_the_switch_intervals_or_round(window_ms, interval_ms, expected):
    """Round where intervals would be too many or too few."""
    assert zoom_ticks(window_ms, interval_ms) == pytest.approx(expected)


def test_both_ways_share_the_scale_of_the_run_and_that_of_the_zoom():
    """So that their rows can be compared."""
    named = panels(drawn())
    over, zoom = named[::2], named[1::2]
    assert [ax.get_xlabel() for ax in named] == ["Seconds", "ms"] * 2
    assert over[0].get_xlim() == over[1].get_xlim()
    assert zoom[0].get_xlim() == zoom[1].get_xlim() == (0, 50)
    assert list(zoom[0].get_xticks()) == [5 * n for n in range(11)]


def test_the_zoom_cuts_what_lies_outside_of_it():
    """In milliseconds from its begin."""
    spans = [Span(0, 0, 1), Span(0, 2, 4), Span(1, 4.5, 9), Span(0, 9, 10)]
    assert interleaving._cut(spans, 3, 3) == [Span(0, 0, 1000), Span(1, 1500, 3000)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "fields",
    [
        {"sizes": {"jobs": 1}},
        {"sizes": {"workers": 1}},
        {"sizes": {"jobs": 16, "workers": 16}},
        {"sizes": {"ticks": 100}},
        {"sizes": {"ticks": 10**7}, "rounds": 1},
        {"rounds": 1, "small": True},
        {"cores": 1},
        {"cores": 16},
        {"switch_interval_s": 0.05},
        {"cpu_model": "W" * 200, "disturbed": 12},
    ],
    ids=str,
)
def test_it_is_drawn_whatever_was_measured_and_no_text_leaves_it(fields, language):
    """In both languages."""
    record, about = made(**fields)
    assert sheets.outside(sheets.drawn(interleaving, about, record, language)) == []
