"""Figure 1: what it says of who ran when, and what it must not say."""

import dataclasses

import pytest

from scripts.conclude.quantity import Quantity
from scripts.draw.language import Say
from scripts.experiments.cpu_bound import numbers
from scripts.experiments.cpu_bound import picture as cpu_bound
from tests.experiments import sheets
from tests.experiments.sheets import panels, texts
from tests.factory import make_record

EN, ZH = (Say(language, cpu_bound.WORDS) for language in ("en", "zh"))
SIZES = {"additions": 10**8, "short_additions": 10**7}


def made(**fields):
    """A generated record of this experiment, and what is known of it."""
    record = make_record(**{"experiments": ("cpu_bound",), "sizes": SIZES, **fields})
    return record, numbers.quantities(record)


def drawn(**fields):
    record, about = made(**fields)
    return sheets.drawn(cpu_bound, about, record)


def test_every_bar_stands_in_the_table_and_below_them_the_total():
    """In both languages; of one take there is no range."""
    record, about = made(noise=0, sizes={**SIZES, "jobs": 1}, ways=["for_loop"])
    assert cpu_bound.table(record, about, EN) == (
        ["Way", "Task", "Start", "Stop", "Duration"],
        [
            ["For Loop", "job 0", "0 s", "3.60 s", "3.60 s"],
            ["For Loop", "all", "0 s", "3.60 s", "3.60 s"],
        ],
    )
    assert cpu_bound.table(record, about, ZH) == (
        ["办法", "任务", "开始", "结束", "用时"],
        [
            ["for循环", "任务0", "0秒", "3.60秒", "3.60秒"],
            ["for循环", "全部", "0秒", "3.60秒", "3.60秒"],
        ],
    )


def test_of_several_takes_the_range_is_told_and_the_middle_one_drawn():
    """A take of every session."""
    record, _ = made(ways=["threads"], sessions=3)
    walls = {1: 9.0, 2: 7.0, 3: 8.0}
    samples = tuple(
        dataclasses.replace(
            one,
            values={**one.values, "wall_s": walls[one.session]},
            spans=tuple(dataclasses.replace(span, stop_s=walls[one.session]) for span in one.spans),
        )
        for one in record.samples
    )
    record = dataclasses.replace(record, samples=samples)
    _, rows = cpu_bound.table(record, numbers.quantities(record), EN)
    assert [row[3] for row in rows[:4]] == ["8.00 s"] * 4
    assert rows[-1][:4] == ["Multi-Threading", "all", "0 s", "7.96 s"]
    assert rows[-1][-1] == "7.96 s (3 rounds, 7.00–9.00 s)"


def ratio(*ends, shown):
    """A ratio whose interval, that of the claims too, has these ends."""
    low, high = ends
    return Quantity(shown, "ratio", low, high, 20, "signed_rank", strict=ends)


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (
            ratio(1.9, 2.2, shown=2.07),
            "Processes are 2.07 times as fast as threads",
            "多进程的速度是多线程的2.07倍",
        ),
        (
            ratio(0.45, 0.55, shown=0.5),
            "Threads are 2.00 times as fast as processes",
            "多线程的速度是多进程的2.00倍",
        ),
        (
            ratio(0.9, 1.2, shown=1.05),
            "Threads and processes cannot be told apart here",
            "在这里，多线程和多进程分不出快慢",
        ),
        (None, "The same jobs, and who ran when", "同样的活，谁在什么时候跑"),
    ],
)
def test_the_title_says_no_more_than_the_interval(found, english, chinese):
    """It is the ratio of the short rounds that decides."""
    about = {"cpu_bound.threads_over_processes": found} if found else {}
    assert cpu_bound.title(about, EN) == english
    assert cpu_bound.title(about, ZH) == chinese


def test_with_too_few_rounds_nothing_is_told_apart():
    """Whatever came out."""
    _, about = made(rounds=2)
    assert cpu_bound.title(about, EN) == "Threads and processes cannot be told apart here"


def test_bars_stand_where_the_jobs_ran_on_one_axis_that_fits_them():
    """One job after the other, all at once and slow, or two at once."""
    axes = panels(drawn(noise=0))
    assert len({ax.get_xlim() for ax in axes}) == 1
    assert axes[0].get_xlim()[0] == 0
    bars = [[(bar.get_x(), bar.get_width()) for bar in ax.patches] for ax in axes]
    assert [round(x, 1) for x, _ in bars[0]] == [0, 3.6, 7.2, 10.8]
    assert [round(width, 1) for _, width in bars[0]] == [3.6] * 4
    assert [round(width, 1) for _, width in bars[1]] == [14.4] * 4
    assert [round(width, 1) for _, width in bars[2]] == [7.2] * 4
    labels = [label.get_text() for label in axes[0].get_yticklabels()]
    assert labels == ["job 0", "job 1", "job 2", "job 3"]
    assert axes[2].get_xlabel() == "Seconds"


def test_titles_totals_and_where_the_numbers_come_from_are_printed():
    """The ratio in the title beside the two times that it is made of."""
    record, about = made(noise=0)
    found = texts(sheets.drawn(cpu_bound, about, record))
    for text in (
        "Tasks",
        "For Loop",
        "Multi-Threading",
        "Multi-Processing",
        "14.4 s",
        "7.21 s",
        "Generated, 2 cores · CPython 3.11.7 · 2000-01-01",
        "Bars: from start to stop; the time includes making the pool.",
    ):
        assert text in found, text
    sheet = " ".join(found)
    for key in ("cpu_bound.threads.wall_s", "cpu_bound.processes.wall_s"):
        assert about[key].with_unit() in sheet
    assert "QUICK" not in sheet and "Disturbed" not in sheet


def test_a_quick_run_is_stamped_and_disturbed_samples_are_counted():
    """So that nobody takes the picture for another one."""
    found = texts(drawn(small=True, sizes={}, rounds=1, disturbed=2))
    assert "QUICK RUN – small sizes, not for publication" in found
    assert "Disturbed by other work: 2 of 3 runs" in found


def test_many_jobs_are_all_drawn_and_only_some_are_named():
    """A label needs room."""
    axes = panels(drawn(sizes={**SIZES, "jobs": 16, "workers": 16}))
    assert len(axes[0].patches) == 16
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        f"job {number}" for number in range(0, 16, 2)
    ]


def test_what_else_was_measured_has_its_panel():
    """Interpreters, Dask and joblib."""
    ways = ("for_loop", "threads", "processes", "interpreters", "dask", "joblib")
    figure = drawn(ways=ways)
    assert len(panels(figure)) == len(ways)
    assert {"Interpreters", "Dask", "joblib"} <= set(texts(figure))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "fields",
    [
        {"sizes": {**SIZES, "jobs": 1}},
        {"sizes": {**SIZES, "workers": 1}},
        {"sizes": {**SIZES, "jobs": 64, "workers": 64}},
        {"cores": 1},
        {"gil": False},
        {"sizes": {"additions": 10_000}},
        {"sizes": {"additions": 10**12}},
        {"rounds": 2, "ways": ["processes"]},
        {"cpu_model": "Intel(R) Xeon(R) " + "Endless " * 20 + "$x_1$ CPU @ 2.40GHz"},
        {"cpu_model": "W" * 200},
    ],
    ids=str,
)
def test_no_text_leaves_the_picture(fields, language):
    """Whatever was measured."""
    record, about = made(**fields)
    assert sheets.outside(sheets.drawn(cpu_bound, about, record, language)) == []
