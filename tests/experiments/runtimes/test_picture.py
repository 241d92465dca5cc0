"""Figure 6: what the interpreters at hand show of the GIL, and what is left out without them."""

import dataclasses

import pytest

from scripts.conclude.quantity import Quantity
from scripts.draw.language import Say
from scripts.experiments.runtimes import numbers
from scripts.experiments.runtimes import picture as runtimes
from tests.experiments import sheets
from tests.factory import make_record, make_runtime

EN, ZH = (Say(language, runtimes.WORDS) for language in ("en", "zh"))
WITH_INTERPRETERS = make_runtime(
    id="python3.14",
    version="3.14.0",
    ways=("for_loop", "threads", "processes", "interpreters"),
)
FREE = make_runtime(gil=False)


def made(*others, **fields):
    """A generated record with these interpreters beside the first, and what is known of it."""
    experiments = ("runtimes", "switch_interval")
    record = make_record(**{"experiments": experiments, "others": others, "noise": 0.0, **fields})
    return record, numbers.quantities(record)


def drawn(*others, **fields):
    record, about = made(*others, **fields)
    return sheets.drawn(runtimes, about, record)


def titled(record, about, say=EN):
    return runtimes.title(about, numbers.measured(record), say)


def ratio(key, low, high):
    """A ratio with this interval, that of the claims too."""
    middle = (low + high) / 2
    return {key: Quantity(middle, "ratio", low, high, 20, "signed_rank", strict=(low, high))}


FREE_THREADS = "runtimes.no_gil.for_loop_to_threads_ratio"
APART = "runtimes.interpreters.for_loop_to_interpreters_ratio"


@pytest.mark.parametrize(
    ("others", "about", "english", "chinese"),
    [
        (
            (),
            {},
            "One interpreter here: CPython 3.11.7, GIL",
            "这里只有一个解释器：CPython 3.11.7，有GIL",
        ),
        (
            (FREE,),
            ratio(FREE_THREADS, 1.9, 2.1),
            "Without the GIL, threads are 2.00 times as fast as a for loop",
            "没有GIL，多线程的速度是for循环的2.00倍",
        ),
        (
            (FREE,),
            ratio(FREE_THREADS, 0.8, 0.9),
            "Even without the GIL, threads do not beat a for loop here",
            "没有GIL，多线程也没能快过for循环",
        ),
        (
            (FREE,),
            ratio(FREE_THREADS, 0.9, 1.9),
            "These rounds do not tell whether threads gain without the GIL",
            "没有GIL，多线程快不快还看不出来",
        ),
        (
            (WITH_INTERPRETERS,),
            ratio(APART, 1.8, 2.0),
            "Interpreters side by side are 1.90 times as fast as a for loop",
            "一个进程里几个解释器，速度是for循环的1.90倍",
        ),
        (
            (WITH_INTERPRETERS,),
            ratio(APART, 0.9, 2.0),
            "2 interpreters here, and threads share a GIL in each",
            "这里有2个解释器，线程都要等GIL",
        ),
    ],
)
def test_the_title_is_the_answer_as_far_as_the_rounds_tell(others, about, english, chinese):
    """By the interpreters at hand, in both languages."""
    record, _ = made(*others)
    assert titled(record, about) == english
    assert titled(record, about, ZH) == chinese


def test_every_interpreter_has_a_panel_with_a_bar_for_every_way():
    """With its time and how many jobs ran at once."""
    figure = drawn(WITH_INTERPRETERS, FREE)
    shown = sheets.texts(figure)
    heads = ["CPython 3.11.7, GIL", "CPython 3.14.0, GIL", "CPython 3.13.5, no GIL"]
    assert [text for text in shown if text in heads] == heads
    bars = [[label.get_text() for label in ax.get_yticklabels()] for ax in figure.axes]
    ways = ["For loop", "Threads", "Processes"]
    assert bars[:3] == [ways, [*ways, "Interpreters"], ways]
    assert [text.get_text() for text in figure.axes[0].texts] == [
        *("1.00", "0.360 s"),
        *("1.00", "0.360 s"),
        *("1.90", "0.189 s"),
    ]


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (1.0, "The turns of threads are the GIL's"),
        (3.0, "The turns of threads are not the GIL's alone"),
    ],
)
def test_the_strip_says_whether_the_points_lie_on_the_diagonal(factor, says):
    """Turns that are as long as the interval are the GIL's."""
    record, about = made()
    samples = tuple(
        dataclasses.replace(
            one, values={**one.values, "median_turn_s": factor * one.values["median_turn_s"]}
        )
        if one.experiment == "switch_interval"
        else one
        for one in record.samples
    )
    record = dataclasses.replace(record, samples=samples)
    figure = sheets.drawn(runtimes, about, record)
    assert says in sheets.texts(figure)


def test_without_a_gil_there_is_no_strip():
    """Nobody has to ask there."""
    assert not [text for text in sheets.texts(drawn(gil=False)) if "turns" in text]


def test_the_table_has_a_row_for_every_bar_and_point():
    """Of a single round there is no range."""
    record, about = made(FREE, rounds=1)
    columns, rows = runtimes.table(record, about, EN)
    assert columns == ["Interpreter", "Way", "Time", "CPU time over wall time"]
    assert rows == [
        ["CPython 3.11.7, GIL", "For loop", "0.360 s", "1.00"],
        ["CPython 3.11.7, GIL", "Threads", "0.360 s", "1.00"],
        ["CPython 3.11.7, GIL", "Processes", "0.189 s", "1.90"],
        ["CPython 3.13.5, no GIL", "For loop", "0.360 s", "1.00"],
        ["CPython 3.13.5, no GIL", "Threads", "0.189 s", "1.90"],
        ["CPython 3.13.5, no GIL", "Processes", "0.189 s", "1.90"],
        ["CPython 3.11.7, GIL", "Switch interval 0.5 ms", "0.500 ms", "median turn of a thread"],
        ["CPython 3.11.7, GIL", "Switch interval 5 ms", "5.00 ms", "median turn of a thread"],
        ["CPython 3.11.7, GIL", "Switch interval 50 ms", "50.0 ms", "median turn of a thread"],
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_leaves_the_sheet(language):
    """With all kinds of interpreters, small and noisy."""
    record, about = made(WITH_INTERPRETERS, FREE, small=True, rounds=2, noise=0.3)
    assert sheets.outside(sheets.drawn(runtimes, about, record, language)) == []
