"""Figure 3: how many workers it says are enough, and what it shows of the others."""

import dataclasses
import itertools

import pytest

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact
from scripts.draw import style
from scripts.draw.language import Say
from scripts.experiments.process_count import numbers
from scripts.experiments.process_count import picture as process_count
from tests.experiments import sheets
from tests.factory import make_record

EN, ZH = (Say(language, process_count.WORDS) for language in ("en", "zh"))


def made(**fields):
    """A generated record of this experiment, and what is known of it."""
    record = make_record(**{"experiments": ("process_count",), **fields})
    return record, numbers.quantities(record)


def drawn(**fields):
    record, about = made(**fields)
    return sheets.drawn(process_count, about, record)


def names(figure):
    """What is written in each panel, from the top down."""
    return [[text.get_text() for text in ax.texts] for ax in figure.axes if len(ax.texts)]


def known(best, low=0.0, high=0.0):
    """What is known where so many processes are enough, and gain so many times."""
    found = {"process_count.processes.best_workers": fact(best, "count")}
    if high:
        found["process_count.processes.best_speedup_ratio"] = Quantity(
            (low + high) / 2, "ratio", low, high, 20, "signed_rank", strict=(low, high)
        )
    return found


@pytest.mark.parametrize(
    ("about", "english", "chinese"),
    [
        (known(2, 1.9, 2.0), "On 2 cores, 2 processes are enough", "2核上，开2个进程就够了"),
        (known(1), "On 2 cores, more than one process gains nothing", "2核上，多开进程没有好处"),
        (
            known(2, 0.9, 1.9),
            "These rounds do not tell how many processes are best",
            "这几轮还看不出几个进程最好",
        ),
        (
            {"process_count.processes.at_1.wall_s": fact(1.0, "s")},
            "These rounds do not tell how many processes are best",
            "这几轮还看不出几个进程最好",
        ),
        ({}, "The same work by more and more threads", "同样的活，越来越多的线程"),
    ],
)
def test_the_title_is_the_answer_as_far_as_the_rounds_tell(about, english, chinese):
    """In both languages."""
    assert process_count.title(about, 2, EN) == english
    assert process_count.title(about, 2, ZH) == chinese


def test_lines_are_named_at_their_ends():
    """And what all cores give at best."""
    speed, memory = names(drawn(rounds=20, noise=0.005))
    assert {"all cores", "processes", "threads"} <= set(speed)
    assert memory == ["processes", "threads"]


def test_names_of_lines_that_end_at_one_place_do_not_cover_each_other():
    """However many cores there are."""
    for fields in ({}, {"gil": False}, {"cores": 1}, {"cores": 16}):
        figure = drawn(**fields)
        figure.draw_without_rendering()
        for ax in figure.axes:
            boxes = sorted(
                (text.get_window_extent() for text in ax.texts if "enough" not in text.get_text()),
                key=lambda box: box.y0,
            )
            assert all(a.y1 <= b.y0 + 1 for a, b in itertools.pairwise(boxes))


@pytest.mark.parametrize(
    ("cores", "labels"),
    [
        (1, ["1", "2", "3", "4"]),
        (2, ["1", "2 = cores", "3", "4"]),
        (4, ["1", "2", "", "4 = cores", "", "6", "7", "8"]),
        (16, ["1", "8", "16 = cores", "24", "32"]),
    ],
)
def test_the_cores_are_named_among_the_numbers_of_workers(cores, labels):
    """The others give way to them."""
    ax = drawn(cores=cores).axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == labels


def test_the_table_has_a_row_for_every_point():
    """One worker is what the others are compared with."""
    record, about = made(rounds=1, noise=0)
    columns, rows = process_count.table(record, about, EN)
    assert columns == ["Way", "Workers", "Speed-up", "Wall time", "Memory"]
    assert rows[:2] == [
        ["Processes", "1", "", "0.360 s", "18.4 MB"],
        ["Processes", "2", "1.90×", "0.189 s", "20.8 MB"],
    ]
    assert [row[:2] for row in rows] == [
        *(["Processes", str(count)] for count in (1, 2, 3, 4)),
        *(["Threads", str(count)] for count in (1, 2, 4)),
    ]
    assert process_count.table(record, about, ZH)[1][1] == [
        "多进程",
        "2",
        "1.90倍",
        "0.189秒",
        "20.8MB",
    ]


def test_memory_that_was_not_measured_is_no_zero():
    """Its panel is left out, and its cells are empty."""
    record, _ = made()
    samples = tuple(
        dataclasses.replace(
            one, values={name: v for name, v in one.values.items() if not name.endswith("_mb")}
        )
        for one in record.samples
        if one.case != "dictionary"
    )
    record = dataclasses.replace(record, samples=samples)
    about = numbers.quantities(record)
    assert not [key for key in about if "memory" in key]
    assert {row[-1] for row in process_count.table(record, about, EN)[1]} == {""}
    assert "Memory" not in sheets.texts(sheets.drawn(process_count, about, record))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cores": 1, "rounds": 1, "small": True},
        {"cores": 4, "gil": False, "noise": 0.5},
        {"cores": 16, "noise": 0.3},
        {"cores": 128, "gil": False},
    ],
    ids=str,
)
def test_no_text_leaves_the_picture(fields, language):
    """Whatever was measured."""
    record, about = made(**fields)
    assert sheets.outside(sheets.drawn(process_count, about, record, language)) == []


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([2.0, 5.0], [2.0, 5.0]),
        ([5.0, 2.0], [5.0, 2.0]),
        ([2.0, 2.1, 2.2], [2.0, 3.0, 4.0]),
        ([9.9, 9.8], [10.0, 9.0]),
        ([-3.0, 0.5], [0.0, 1.0]),
    ],
)
def test_names_are_pushed_apart_and_stay_in_their_order_and_bounds(places, moved):
    """Each at least its own height from the next."""
    assert style.apart(places, 1.0, 0.0, 10.0) == moved
