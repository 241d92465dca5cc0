"""Figure 1: what it says of who ran when, and what it must not say."""

import dataclasses

import pytest

from scripts.conclude.stats import median, ratio_of
from scripts.draw import style
from scripts.experiments.cpu_bound import picture as cpu_bound
from tests.factory import add_dask, make_record


def drawn(record, theme=style.LIGHT):
    with style.context():
        return cpu_bound.draw(record, theme)


def panels(figure) -> list:
    """The axes that hold bars, from the top down."""
    return [ax for ax in figure.axes if len(ax.get_yticks())]


def texts(figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def test_the_values_are_wall_times_and_their_ratios():
    record = make_record(noise=0, rounds=5)
    assert {key: value.text for key, value in cpu_bound.values(record).items()} == {
        "cpu_bound.for_loop.wall_s": "21.2",
        "cpu_bound.threads.wall_s": "23.3",
        "cpu_bound.processes.wall_s": "10.6",
        "cpu_bound.for_loop.job_s": "5.30",
        "cpu_bound.threads_over_processes": "2.20",
        "cpu_bound.threads_over_for_loop": "1.10",
        "cpu_bound.for_loop_over_processes": "2.00",
    }


def test_dask_is_there_when_it_was_measured():
    """Its bars begin when the cluster is up, and its total is compared with that of processes."""
    without = make_record(noise=0.0)
    record = add_dask(without, start_s=2.0, noise=0.0)
    found = cpu_bound.values(record)
    assert found["cpu_bound.dask.wall_s"].text == "13.0"
    assert found["cpu_bound.dask_over_processes"].text == "1.23"
    assert not any("dask" in key for key in cpu_bound.values(without))
    rows = [row for row in cpu_bound.table(record)[1] if row[0] == "Dask"]
    assert [row[1] for row in rows] == ["job 0", "job 1", "job 2", "job 3", "all"]
    assert [row[2] for row in rows[:4]] == ["2.01 s"] * 4


def test_interpreters_are_there_when_they_were_measured():
    ways = ("for_loop", "threads", "processes", "interpreters")
    record = make_record(ways=ways)
    assert "cpu_bound.interpreters.wall_s" in cpu_bound.values(record)
    assert "Interpreters" in texts(drawn(record))
    assert len(panels(drawn(record))) == 4


def test_a_record_without_such_samples_has_no_values():
    assert cpu_bound.values(make_record(experiments=["interleaving"])) == {}


def test_every_bar_stands_in_the_table_and_below_them_the_total():
    record = make_record(noise=0, jobs=1, rounds=3, ways=["for_loop", "threads"])
    assert cpu_bound.table(record) == (
        ["Way", "Task", "Start", "Stop", "Duration"],
        [
            ["For Loop", "job 0", "0 s", "5.30 s", "5.30 s"],
            ["For Loop", "all", "0 s", "5.30 s", "5.30 s (median of 3 rounds, 5.30–5.30 s)"],
            ["Multi-Threading", "job 0", "0.000500 s", "5.83 s", "5.83 s"],
            [
                "Multi-Threading",
                "all",
                "0 s",
                "5.83 s",
                "5.83 s (median of 3 rounds, 5.83–5.83 s)",
            ],
        ],
    )


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (ratio_of([2.0, 2.1, 2.07, 2.2, 2.05]), "Processes finish 2.07× sooner than threads"),
        (ratio_of([0.5, 0.5, 0.5, 0.5, 0.51]), "Threads finish 2.00× sooner than processes"),
        (ratio_of([0.9, 1.1, 1.0, 1.2, 0.8]), "These rounds do not tell threads from processes"),
        (
            ratio_of([0.99, 1.01, 1.0, 1.02, 0.98]),
            "No difference between threads and processes here",
        ),
        (ratio_of([2.0]), "Processes finished 2.00× sooner than threads, in 1 round"),
        (ratio_of([2.0, 2.1, 2.2]), "Processes finished 2.10× sooner than threads, in 3 rounds"),
        (ratio_of([0.9, 1.1]), "2 rounds: too few to tell threads from processes"),
        (median([1.0], "ratio"), "1 round: too few to tell threads from processes"),
        (None, "The same jobs, and who ran when"),
    ],
)
def test_the_headline_says_no_more_than_the_interval(found, says):
    assert cpu_bound.headline(found) == says


def test_bars_stand_where_the_jobs_ran_on_one_axis_that_fits_them():
    figure = drawn(make_record(noise=0))
    axes = panels(figure)
    assert len({ax.get_xlim() for ax in axes}) == 1
    assert axes[0].get_xlim()[0] == 0
    assert 23.3 < axes[0].get_xlim()[1] < 24.5
    bars = [[(bar.get_x(), bar.get_width()) for bar in ax.patches[1:]] for ax in axes]
    assert [round(x, 1) for x, _ in bars[0]] == [0, 5.3, 10.6, 15.9]
    assert [round(width, 1) for _, width in bars[0]] == [5.3] * 4
    assert [round(width, 1) for _, width in bars[1]] == [23.3] * 4
    assert [round(width, 1) for _, width in bars[2]] == [10.6] * 4
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        "job 0",
        "job 1",
        "job 2",
        "job 3",
    ]
    assert axes[2].get_xlabel() == "Seconds"


def test_titles_totals_and_where_the_numbers_come_from_are_printed():
    found = texts(drawn(make_record(noise=0)))
    for text in (
        "Tasks",
        "For Loop",
        "Multi-Threading",
        "Multi-Processing",
        "21.2 s",
        "23.3 s",
        "10.6 s",
        "Generated, 2 cores · CPython 3.11.7 · 2000-01-01",
        "Totals: median and range (shaded) of 5 rounds; bars: the median round",
    ):
        assert text in found
    assert not any("QUICK" in text or "Disturbed" in text for text in found)


def test_a_quick_run_is_stamped_and_disturbed_samples_are_counted():
    found = texts(drawn(make_record(quick=True, rounds=1, disturbed=2)))
    assert "QUICK RUN – small sizes, not for publication" in found
    assert "Disturbed by other work: 2 of 3 runs" in found
    assert "A single round" in found


def test_a_very_short_job_still_leaves_a_mark():
    axes = panels(drawn(make_record(lengths=(1, 1e-6, 3, 0.2))))
    assert min(bar.get_width() for bar in axes[0].patches[1:]) > 0.003 * axes[0].get_xlim()[1]


def test_many_jobs_are_all_drawn_and_only_some_are_named():
    axes = panels(drawn(make_record(jobs=16, workers=16)))
    assert len(axes[0].patches) == 1 + 16
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        f"job {number}" for number in range(0, 16, 2)
    ]


@pytest.mark.parametrize(
    "made",
    [
        {"jobs": 1},
        {"workers": 1},
        {"jobs": 64, "workers": 64},
        {"cores": 1},
        {"cores": 16},
        {"gil": False},
        {"additions": 10_000},
        {"additions": 10**12},
        {"rounds": 1},
        {"rounds": 2, "ways": ["processes"]},
        {"cpu_model": "Intel(R) Xeon(R) " + "Endless " * 20 + "$x_1$ CPU @ 2.40GHz"},
        {"cpu_model": "W" * 200},
    ],
    ids=str,
)
def test_no_text_leaves_the_picture(made):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.context():
        figure = cpu_bound.draw(make_record(**made), style.DARK)
        canvas = FigureCanvasAgg(figure)
        width, height = canvas.get_width_height()
        for text in figure.texts:
            box = text.get_window_extent(canvas.get_renderer())
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
            assert box.y0 >= 0, text
            assert box.y1 <= height, text


def test_the_bars_are_those_of_the_round_of_the_median():
    record = make_record(rounds=3, ways=["threads"], experiments=["cpu_bound"])
    walls = {1: 9.0, 2: 7.0, 3: 8.0}
    samples = tuple(
        dataclasses.replace(
            sample,
            values={"wall_s": walls[sample.round]},
            spans=(dataclasses.replace(sample.spans[0], start_s=0, stop_s=walls[sample.round]),),
        )
        for sample in record.samples
    )
    _, rows = cpu_bound.table(dataclasses.replace(record, samples=samples))
    assert rows[0] == ["Multi-Threading", "job 0", "0 s", "8.00 s", "8.00 s"]
