"""Figure 3: which number of workers it calls the best, and what it shows of the others."""

import dataclasses
import itertools
import re

import pytest

from scripts.draw import style
from scripts.experiments.process_count import picture as process_count
from scripts.record import Sample
from tests.factory import add_dask, add_process_count, make_record


def record_of(memory="peak_pss_mb", noise=0.0, worker_s=0.004, **fields):
    record = make_record(experiments=(), **fields)
    return add_process_count(record, memory=memory, noise=noise, worker_s=worker_s)


def drawn(record, theme=style.LIGHT):
    with style.context():
        return process_count.draw(record, theme)


def texts(figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def names(figure) -> list[list[str]]:
    """What is written in each panel, from the top down."""
    return [[text.get_text() for text in ax.texts] for ax in figure.axes if len(ax.texts)]


def counts(walls: dict[int, list[float]]) -> dict[int, list[Sample]]:
    return {
        workers: [
            Sample("process_count", "processes", "python3.11", n + 1, {}, {"wall_s": wall_s})
            for n, wall_s in enumerate(rounds)
        ]
        for workers, rounds in walls.items()
    }


def test_the_values_are_speed_ups_over_the_for_loop_the_best_number_and_the_memory():
    found = process_count.values(record_of())
    of_processes = {
        key.removeprefix("process_count."): value.text
        for key, value in found.items()
        if ".threads." not in key
    }
    assert of_processes == {
        "for_loop.wall_s": "1.60",
        "for_loop.memory_mb": "13.4",
        "processes.best_workers": "2",
        "processes.best_speedup_ratio": "1.98",
        "processes.at_1_speedup_ratio": "0.998",
        "processes.at_2_speedup_ratio": "1.98",
        "processes.at_3_speedup_ratio": "1.97",
        "processes.at_4_speedup_ratio": "1.96",
        "processes.at_cores_speedup_ratio": "1.98",
        "processes.twice_cores_over_cores": "1.01",
        "processes.most_workers": "4",
        "processes.most_memory_mb": "25.6",
        "processes.memory_mb_per_worker": "2.40",
    }
    assert found["process_count.threads.best_workers"].value == 1
    assert found["process_count.processes.best_speedup_ratio"].interval == "bootstrap"


def test_dask_is_one_point_with_its_name_and_what_it_holds():
    """Its memory stands above the lines, which it would dwarf, and in the table."""
    record = add_dask(record_of(), start_s=1.0, noise=0.0)
    found = process_count.values(record)
    dask = {key: value.text for key, value in found.items() if ".dask." in key}
    assert dask == {
        "process_count.dask.at_cores_speedup_ratio": "0.797",
        "process_count.dask.memory_mb": "150",
    }
    rows = process_count.table(record)[1]
    assert [row for row in rows if row[0] == "Dask"] == [
        ["Dask", "2", "0.797× (0.797–0.797×)", "2.01 s (2.01–2.01 s)", "150 MB (150–150 MB)"]
    ]
    figure = drawn(record)
    assert "2.40 MB more for each process · Dask: 150 MB" in texts(figure)
    assert sum("Dask" in panel for panel in names(figure)) == 1
    assert "Dask" not in str([texts(drawn(record_of())), names(drawn(record_of()))])


def test_without_samples_there_is_nothing_to_say():
    assert process_count.values(make_record()) == {}


@pytest.mark.parametrize(
    ("walls", "best"),
    [
        # 4 is fastest, and by more than 5 % in every round.
        ({1: [4.0] * 5, 2: [2.0] * 5, 4: [1.0] * 5}, 4),
        # 4 is faster than 2 in every round, but by 3 %: not worth two more.
        ({1: [4.0] * 5, 2: [2.06] * 5, 4: [2.0] * 5}, 2),
        # 4 is faster than 2 by 10 % in the median, and slower in two of five rounds.
        ({1: [4.0] * 5, 2: [1.8, 1.8, 2.2, 2.2, 2.2], 4: [2.0] * 5}, 2),
        # A single round: only the 5 % can tell.
        ({1: [4.0], 2: [2.2], 4: [2.0]}, 4),
        # More workers make it slower.
        ({1: [1.0] * 5, 2: [1.1] * 5, 3: [1.2] * 5}, 1),
    ],
)
def test_the_best_number_is_the_least_that_none_clearly_beats(walls, best):
    assert process_count.best_workers(counts(walls)) == best


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "2 processes are best here, 1.98×"),
        ({"rounds": 3}, "2 processes were best here, 1.98×, in 3 rounds"),
        ({"rounds": 1}, "2 processes were best here, 1.98×, in 1 round"),
        ({"gil": False, "cores": 4}, "4 processes are best here, 3.85×; 4 threads, 4.00×"),
        ({"cores": 1}, "On 1 core no number of processes beats a for loop"),
        ({"cores": 16, "worker_s": 0.04}, "8 processes are best here, 3.08×"),
    ],
)
def test_the_headline_is_the_answer(fields, says):
    record = record_of(**fields)
    found = process_count.values(record)
    gil = record.runtimes[0].gil
    assert process_count.headline(found, record.machine.cores, gil) == says
    assert drawn(record).get_label() == says


def test_one_process_can_be_the_best_even_if_it_beats_the_for_loop():
    record = record_of(rounds=3, cores=1)
    faster = [
        dataclasses.replace(one, values={**one.values, "wall_s": 0.9 * one.values["wall_s"]})
        if one.case == "processes"
        else one
        for one in record.samples
    ]
    found = process_count.values(dataclasses.replace(record, samples=tuple(faster)))
    said = process_count.headline(found, 1, True)
    assert said == "More processes than one gained nothing here, in 3 rounds"


def test_rounds_that_differ_too_much_give_no_best_number():
    record = record_of()
    walls = {1: 0.5, 2: 1.0, 3: 2.0, 4: 0.9, 5: 1.7}
    noisy = [
        dataclasses.replace(one, values={**one.values, "wall_s": walls[one.round]})
        if one.case == "processes"
        else one
        for one in record.samples
    ]
    found = process_count.values(dataclasses.replace(record, samples=tuple(noisy)))
    said = process_count.headline(found, 2, True)
    assert said == "These rounds do not tell how many processes are best"


def test_lines_are_named_at_their_ends_and_the_best_number_is_marked():
    speed, memory = names(drawn(record_of()))
    assert speed == ["ideal", "for loop", "processes", "threads", "best: 2"]
    assert memory == ["processes", "threads"]


def test_names_of_lines_that_end_at_one_place_do_not_cover_each_other():
    for fields in ({}, {"gil": False}, {"cores": 1}, {"cores": 16}):
        figure = drawn(record_of(**fields))
        figure.canvas.draw()
        for ax in figure.axes:
            boxes = sorted(
                (text.get_window_extent() for text in ax.texts if "best" not in text.get_text()),
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
    ax = drawn(record_of(cores=cores)).axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == labels


def test_the_table_has_a_row_for_every_point():
    columns, rows = process_count.table(record_of(rounds=1, noise=0))
    assert columns == ["Way", "Workers", "Speed-up", "Wall time", "Memory"]
    assert rows[:3] == [
        ["For loop", "1", "1×", "1.60 s", "13.4 MB"],
        ["Processes", "1", "0.998×", "1.60 s", "18.4 MB"],
        ["Processes", "2", "1.98×", "0.808 s", "20.8 MB"],
    ]
    assert len(rows) == 9


def test_memory_that_was_not_measured_is_no_zero():
    record = record_of(memory="")
    assert not [key for key in process_count.values(record) if "memory" in key]
    assert {row[-1] for row in process_count.table(record)[1]} == {"not measured here"}
    assert "Memory" not in texts(drawn(record))


@pytest.mark.parametrize(("memory", "how"), [("peak_pss_mb", "once"), ("peak_rss_mb", "in each")])
def test_the_small_print_says_how_shared_memory_was_counted(memory, how):
    small = " ".join(texts(drawn(record_of(memory=memory, rounds=3))))
    assert "Points: median of 3 rounds; strokes: range." in small
    assert f"what processes share is counted {how}" in small


def test_disturbed_and_quick_runs_say_so():
    record = record_of(quick=True, rounds=2)
    marked = dataclasses.replace(record.samples[0], disturbance={"disturbed": True})
    record = dataclasses.replace(record, samples=(marked, *record.samples[1:]))
    said = " ".join(texts(drawn(record, style.DARK)))
    assert style.QUICK in said and "1 of 18 runs" in said


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cores": 1, "rounds": 1, "quick": True},
        {"cores": 4, "gil": False, "noise": 0.5},
        {"cores": 16, "noise": 0.3},
        {"cores": 128, "gil": False},
    ],
    ids=str,
)
def test_no_text_leaves_the_picture(fields):
    figure = drawn(record_of(**fields), style.DARK)
    figure.canvas.draw()
    for ax in figure.axes:
        for text in [*figure.texts, *ax.texts, *ax.get_yticklabels(), *ax.get_xticklabels()]:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, text


@pytest.mark.parametrize("fields", [{}, {"cores": 1}, {"cores": 16, "gil": False}], ids=str)
def test_a_post_may_name_every_value_but_the_points_of_the_curve(fields):
    found = process_count.values(add_dask(record_of(**fields)))
    points = {key for key in found if re.search(r"\.at_\d", key)}
    assert set(found) - points == set(process_count.KEYS)


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
    assert style.apart(places, 1.0, 0.0, 10.0) == moved
