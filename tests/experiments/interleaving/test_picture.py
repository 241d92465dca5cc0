"""Figure 2: what follows from the moments at which the jobs ran, and what is said of it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.conclude.stats import median
from scripts.draw import style
from scripts.experiments.interleaving import picture as interleaving
from scripts.experiments.interleaving.picture import Sweep, sweep, zoom_s, zoom_ticks
from scripts.record import Span
from tests.factory import make_record, make_runtime


def drawn(record, theme=style.LIGHT):
    with style.context():
        return interleaving.draw(record, theme)


def texts(figure) -> str:
    return " ".join(text.get_text().replace("\u00a0", " ") for text in figure.texts)


def test_jobs_that_take_turns_never_overlap():
    spans = [Span(0, 1, 2), Span(1, 2, 3), Span(0, 3, 4), Span(1, 4, 5)]
    assert sweep(spans) == Sweep(extent_s=4, running_s=4, overlap_s=0, switches=3, median_run_s=1)
    assert (sweep(spans).overlap_percent, sweep(spans).parallelism_ratio) == (0, 1)


def test_jobs_that_run_at_once_overlap_however_many_they_are():
    spans = [Span(0, 0, 4), Span(1, 1, 3), Span(2, 2, 3)]
    found = sweep(spans)
    assert found == Sweep(extent_s=4, running_s=7, overlap_s=2, switches=2, median_run_s=2)
    assert (found.overlap_percent, found.parallelism_ratio) == (50, 1.75)


def test_time_in_which_nobody_ran_counts():
    found = sweep([Span(0, 0, 1), Span(1, 9, 10)])
    assert (found.extent_s, found.parallelism_ratio) == (10, 0.2)


def test_a_job_that_goes_on_after_a_pause_is_no_hand_over():
    assert sweep([Span(0, 0, 1), Span(0, 2, 3), Span(1, 4, 5), Span(1, 6, 7)]).switches == 1


def test_a_span_of_no_length_does_no_harm():
    found = sweep([Span(0, 1, 1)])
    assert (found.overlap_percent, found.parallelism_ratio) == (0, 0)


def test_without_spans_there_is_nothing_to_go_through():
    with pytest.raises(ValueError, match="no spans"):
        sweep([])


@st.composite
def schedules(draw):
    """Jobs that each run in intervals of their own, which do not overlap themselves."""
    spans = []
    for job in range(draw(st.integers(1, 4))):
        edges = sorted(draw(st.lists(st.integers(0, 50), min_size=2, max_size=8, unique=True)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        spans += [Span(job, start, stop) for start, stop in pairs]
    return spans


@given(schedules())
def test_the_sweep_counts_what_looking_at_every_moment_counts(spans):
    begin, end = min(span.start_s for span in spans), max(span.stop_s for span in spans)
    running = [
        sum(span.start_s <= moment < span.stop_s for span in spans) for moment in range(begin, end)
    ]
    found = sweep(spans)
    assert found.extent_s == len(running)
    assert found.running_s == sum(running)
    assert found.overlap_s == sum(count >= 2 for count in running)


def test_the_values_are_medians_of_the_rounds():
    record = make_record(noise=0, rounds=3)
    found = {key: value.text for key, value in interleaving.values(record).items()}
    assert found == {
        "interleaving.threads.wall_s": "0.441",
        "interleaving.threads.overlap_percent": "0",
        "interleaving.threads.parallelism_ratio": "1.00",
        "interleaving.threads.switches_count": "87",
        "interleaving.threads.median_run_ms": "5.00",
        "interleaving.processes.wall_s": "0.232",
        "interleaving.processes.overlap_percent": "100",
        "interleaving.processes.parallelism_ratio": "2.00",
        "interleaving.processes.switches_count": "111",
        "interleaving.processes.median_run_ms": "4.00",
    }
    assert interleaving.values(make_record(experiments=["cpu_bound"])) == {}


def test_samples_without_spans_are_no_samples():
    record = make_record(rounds=1)
    bare = tuple(dataclasses.replace(sample, spans=()) for sample in record.samples)
    assert interleaving.values(dataclasses.replace(record, samples=bare)) == {}


def test_the_table_has_threads_beside_processes():
    columns, rows = interleaving.table(make_record(noise=0, rounds=1))
    assert columns == ["Measure", "Multithreading", "Multiprocessing"]
    assert rows == [
        ["Two or more jobs at once", "0 %", "100 %"],
        ["Jobs running at once, on average", "1.00", "2.00"],
        ["Hand-overs from job to job", "87", "111"],
        ["Median run", "5.00 ms", "4.00 ms"],
        ["Wall time", "0.441 s", "0.232 s"],
    ]
    _, rows = interleaving.table(make_record(noise=0, rounds=2))
    assert rows[1][1:] == ["1.00 (1.00–1.00)", "2.00 (2.00–2.00)"]


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
            "Two or more at once: threads 0 %, processes 36 % of the time",
        ),
        ({"processes": 97}, 4, "Processes run at the same moment"),
        ({"threads": 0, "processes": 0}, 1, "A single job has nobody to take turns with"),
    ],
)
def test_the_headline_follows_the_overlap(overlaps, jobs, says):
    assert interleaving.headline(overlaps, jobs) == says


def test_threads_with_a_gil_are_said_to_ask_for_it_every_switch_interval():
    found = texts(drawn(make_record()))
    assert "Lines: every 5 ms, when a thread that waits asks for the GIL." in found
    assert "Gaps: the operating system gave the core to other work." in found


def test_another_switch_interval_is_named_and_shown():
    record = make_record(switch_interval_s=0.0005)
    assert "Lines: every 0.5 ms" in texts(drawn(record))
    assert zoom_ticks(5.0, 0.5) == [n / 2 for n in range(11)]


def test_nothing_is_said_of_hand_overs_where_there_is_no_gil():
    found = texts(drawn(make_record(gil=False)))
    assert "Lines" not in found
    assert "asks for the GIL" not in found
    assert "No GIL to wait for." in found
    assert "CPython 3.13.1 without GIL" in found
    assert "Threads and processes both" in found


def test_rows_without_gaps_are_not_explained_by_gaps():
    run = median([100.0], "ms")
    found = interleaving.remark("processes", [Span(0, 0, 1), Span(1, 0, 1)], make_runtime(), run)
    assert found == "No gaps: nothing stopped a job before its end."


def test_the_zoom_shows_ten_switch_intervals_or_half_of_the_shortest_run():
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
    assert zoom_ticks(window_ms, interval_ms) == pytest.approx(expected)


def test_both_ways_share_the_scale_of_the_run_and_that_of_the_zoom():
    figure = drawn(make_record())
    named = [ax for ax in figure.axes if len(ax.get_yticks())]
    over, zoom = named[::2], named[1::2]
    assert [ax.get_xlabel() for ax in named] == ["Seconds", "ms"] * 2
    assert over[0].get_xlim() == over[1].get_xlim()
    assert zoom[0].get_xlim() == zoom[1].get_xlim() == (0, 50)
    assert list(zoom[0].get_xticks()) == [5 * n for n in range(11)]


def test_the_zoom_cuts_what_lies_outside_of_it():
    spans = [Span(0, 0, 1), Span(0, 2, 4), Span(1, 4.5, 9), Span(0, 9, 10)]
    assert interleaving._cut(spans, 3, 3) == [Span(0, 0, 1000), Span(1, 1500, 3000)]


@pytest.mark.parametrize(
    "made",
    [
        {"jobs": 1},
        {"workers": 1},
        {"jobs": 16, "workers": 16},
        {"lengths": (1, 0.001, 3, 0.2)},
        {"ticks": 100},
        {"ticks": 10**7, "rounds": 1},
        {"rounds": 1, "quick": True},
        {"cores": 1},
        {"cores": 16},
        {"ways": ["threads"]},
        {"switch_interval_s": 0.05},
        {"cpu_model": "W" * 200, "disturbed": 25},
    ],
    ids=str,
)
def test_it_is_drawn_whatever_was_measured_and_no_text_leaves_it(made):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.context():
        figure = interleaving.draw(make_record(**made), style.DARK)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        width = canvas.get_width_height()[0]
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in figure.texts]
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= width
