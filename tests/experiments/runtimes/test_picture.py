"""Figure 6: what the interpreters at hand show of the GIL, and what is left out without them."""

import dataclasses

import pytest

from scripts.draw import style
from scripts.experiments.runtimes import picture as runtimes
from tests.factory import add_runtimes, make_record, make_runtime

WITH_INTERPRETERS = make_runtime(
    id="python3.14",
    version="3.14.0",
    ways=("for_loop", "threads", "processes", "interpreters"),
)
FREE = make_runtime(gil=False)


def record_of(*others, switch=True, noise=0.0, **fields):
    record = make_record(experiments=(), noise=noise, **fields)
    return add_runtimes(record, *others, switch=switch, noise=noise)


def drawn(record, theme=style.LIGHT):
    with style.context():
        return runtimes.draw(record, theme)


def texts(figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def prefixes(record) -> set[str]:
    return {key.split(".")[1] for key in runtimes.values(record)}


def test_each_kind_of_interpreter_has_its_values():
    found = runtimes.values(record_of(WITH_INTERPRETERS, FREE))
    assert found["runtimes.count"].value == 3
    shown = {key.removeprefix("runtimes."): value.text for key, value in found.items()}
    assert {key: text for key, text in shown.items() if key.startswith("no_gil.")} == {
        "no_gil.version": "3.13.1",
        "no_gil.name": "CPython 3.13.1",
        "no_gil.for_loop_wall_s": "1.38",
        "no_gil.for_loop_parallelism_ratio": "1.00",
        "no_gil.threads_wall_s": "0.691",
        "no_gil.threads_parallelism_ratio": "2.00",
        "no_gil.for_loop_over_threads": "2.00",
        "no_gil.threads_over_for_loop": "0.500",
        "no_gil.processes_wall_s": "0.702",
        "no_gil.processes_parallelism_ratio": "1.96",
        "no_gil.for_loop_over_processes": "1.97",
        "no_gil.threads_overlap_percent": "100",
        "no_gil.single_thread_price_ratio": "1.15",
        "no_gil.single_thread_base_version": "3.14.0",
    }
    assert {key: text for key, text in shown.items() if key.startswith("interpreters.")} == {
        "interpreters.version": "3.14.0",
        "interpreters.name": "CPython 3.14.0",
        "interpreters.wall_s": "0.612",
        "interpreters.parallelism_ratio": "1.96",
        "interpreters.for_loop_over_interpreters": "1.96",
        "interpreters.interpreters_over_processes": "1.00",
    }
    assert shown["gil.version"] == "3.11.7"
    assert shown["gil.for_loop_over_threads"] == "0.909"
    assert shown["gil.threads_overlap_percent"] == "0"
    assert shown["switch_interval.median_turn_at_0_5_ms"] == "0.600"
    assert shown["switch_interval.median_turn_at_50_ms"] == "50.1"
    assert shown["switch_interval.switches_at_5_count"] == "12"


def test_kinds_that_are_not_at_hand_have_no_values():
    assert prefixes(record_of()) == {"count", "gil", "switch_interval"}
    assert prefixes(record_of(gil=False)) == {"count", "no_gil"}
    assert prefixes(record_of(FREE, switch=False)) == {"count", "gil", "no_gil"}
    assert runtimes.values(make_record()) == {}


def test_interpreters_are_those_of_a_build_with_the_gil_if_there_is_one():
    free = dataclasses.replace(FREE, ways=WITH_INTERPRETERS.ways)
    found = runtimes.values(record_of(free, WITH_INTERPRETERS))
    assert found["runtimes.interpreters.version"].value == "3.14.0"
    assert runtimes.values(record_of(free))["runtimes.interpreters.version"].value == "3.13.1"


@pytest.mark.parametrize(
    ("others", "fields", "says"),
    [
        ((), {}, "One interpreter here, with the GIL: CPython 3.11.7"),
        ((), {"gil": False}, "One interpreter here, without the GIL: CPython 3.13.1"),
        (
            (WITH_INTERPRETERS, FREE),
            {},
            "Without the GIL, threads finish 2.00× sooner than a for loop; with it, they do not",
        ),
        (
            (FREE,),
            {"rounds": 1},
            "Without the GIL, threads finished 2.00× sooner than a for loop; with it, they did not",
        ),
        ((FREE,), {"cores": 1}, "Even without the GIL, threads do not beat a for loop here"),
        ((WITH_INTERPRETERS,), {}, "Interpreters side by side finish 1.96× sooner than a for loop"),
        (
            (WITH_INTERPRETERS,),
            {"cores": 1},
            "2 interpreters here, and threads share a GIL in each",
        ),
    ],
)
def test_the_headline_is_the_answer(others, fields, says):
    assert drawn(record_of(*others, **fields)).get_label() == says


def test_rounds_that_differ_too_much_give_no_answer():
    record = record_of(FREE)
    walls = {1: 0.5, 2: 1.0, 3: 2.0, 4: 0.9, 5: 1.7}
    noisy = [
        dataclasses.replace(one, values={**one.values, "wall_s": walls[one.round]})
        if (one.runtime, one.case) == (FREE.id, "threads")
        else one
        for one in record.samples
    ]
    figure = drawn(dataclasses.replace(record, samples=tuple(noisy)))
    assert figure.get_label() == "These rounds do not tell whether threads gain without the GIL"


def test_every_interpreter_has_a_panel_with_a_bar_for_every_way():
    figure = drawn(record_of(WITH_INTERPRETERS, FREE))
    shown = texts(figure)
    heads = ["CPython 3.11.7, GIL", "CPython 3.14.0, GIL", "CPython 3.13.1, no GIL"]
    assert [text for text in shown if text in heads] == heads
    bars = [[label.get_text() for label in ax.get_yticklabels()] for ax in figure.axes]
    assert bars[:3] == [
        ["for loop", "threads", "processes"],
        ["for loop", "threads", "processes", "interpreters"],
        ["for loop", "threads", "processes"],
    ]
    assert [text.get_text() for text in figure.axes[0].texts] == [
        "1.00",
        "1.20 s",
        "0.999",
        "1.32 s",
        "1.96",
        "0.612 s",
    ]
    assert "A single thread takes 1.15× as long as on 3.14.0." in shown


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (1.0, "The turns of threads are the GIL's"),
        (3.0, "The turns of threads are not the GIL's alone"),
    ],
)
def test_the_strip_says_whether_the_points_lie_on_the_diagonal(factor, says):
    record = record_of()
    samples = [
        dataclasses.replace(
            one, values={**one.values, "median_turn_s": factor * one.values["median_turn_s"]}
        )
        if one.experiment == "switch_interval"
        else one
        for one in record.samples
    ]
    figure = drawn(dataclasses.replace(record, samples=tuple(samples)))
    assert says in texts(figure)
    assert len([text for text in figure.axes[1].texts if text.get_text().endswith(" ms")]) == 3


def test_without_a_gil_there_is_no_strip():
    assert not [text for text in texts(drawn(record_of(gil=False))) if "turns" in text]


def test_the_table_has_a_row_for_every_bar_and_point():
    columns, rows = runtimes.table(record_of(FREE, rounds=1))
    assert columns == ["Interpreter", "Way", "Time", "CPU time over wall time"]
    assert rows == [
        ["CPython 3.11.7, GIL", "For loop", "1.20 s", "1.00×"],
        ["CPython 3.11.7, GIL", "Threads", "1.32 s", "0.999×"],
        ["CPython 3.11.7, GIL", "Processes", "0.612 s", "1.96×"],
        ["CPython 3.13.1, no GIL", "For loop", "1.38 s", "1.00×"],
        ["CPython 3.13.1, no GIL", "Threads", "0.691 s", "2.00×"],
        ["CPython 3.13.1, no GIL", "Processes", "0.702 s", "1.96×"],
        ["CPython 3.11.7, GIL", "Switch interval 0.5 ms", "0.600 ms", "median turn of a thread"],
        ["CPython 3.11.7, GIL", "Switch interval 5 ms", "5.10 ms", "median turn of a thread"],
        ["CPython 3.11.7, GIL", "Switch interval 50 ms", "50.1 ms", "median turn of a thread"],
    ]


def test_no_text_leaves_the_sheet():
    record = record_of(WITH_INTERPRETERS, FREE, quick=True, rounds=2, noise=0.3)
    for theme in style.THEMES:
        figure = drawn(record, theme)
        figure.canvas.draw()
        everything = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
        for text in everything:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, text.get_text()


def test_a_post_may_name_every_value_of_any_kind_of_interpreter():
    free = dataclasses.replace(FREE, ways=WITH_INTERPRETERS.ways)
    everything = runtimes.values(record_of(WITH_INTERPRETERS, free)).keys()
    assert everything <= set(runtimes.KEYS)
    # The first interpreter with a GIL has no interpreters here.
    assert {key.split(".")[1] for key in set(runtimes.KEYS) - everything} == {"gil"}


def test_switch_intervals_alone_are_no_figure():
    record = record_of()
    samples = tuple(one for one in record.samples if one.experiment == "switch_interval")
    assert samples
    assert runtimes.values(dataclasses.replace(record, samples=samples)) == {}
