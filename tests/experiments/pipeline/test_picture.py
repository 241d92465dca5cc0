"""Figure 5: what it calls the best way of a step, and whether one way is enough for all."""

import dataclasses
import random

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from scripts.draw import style
from scripts.experiments.pipeline import picture as pipeline
from scripts.record import Sample
from scripts.record.errors import BlogError
from tests.factory import make_record

# Generated seconds of each step and variant in a for loop, and how much faster the ways are.
STEPS = {
    ("fetch",): (0.4, {"threads": 3.8, "processes": 3.2}),
    ("segment", "preloaded", 0): (1.0, {"threads": 1.0, "processes": 0.7}),
    ("segment", "preloaded", 1): (1.0, {"processes": 1.25}),
    ("features",): (0.4, {"threads": 0.97, "processes": 1.8}),
    ("large_array", "shared", 0): (0.4, {"threads": 0.96, "processes": 0.66}),
    ("large_array", "shared", 1): (0.4, {"processes": 1.6}),
    ("linear_algebra", "blas_threads", 1): (0.4, {"threads": 1.9, "processes": 1.75}),
    ("linear_algebra", "blas_threads", 0): (0.25, {"threads": 0.9, "processes": 0.5}),
    ("compress",): (0.4, {"threads": 1.9, "processes": 1.7}),
}
LIBRARIES = {"segment": "jieba", "large_array": "numpy", "linear_algebra": "numpy"}
VALUES = {"segment": {"load_s": 0.65, "loads_count": 1}, "large_array": {"size_mb": 21.0}}


def sample(way, variant, number, wall_s, missing=()):
    step, params = variant[0], dict([variant[1:]] if variant[1:] else [])
    values = {"wall_s": wall_s, "cpu_s": wall_s, "checksum_count": len(step)}
    values |= VALUES.get(step, {})
    if params.get("shared"):
        values["handover_s"] = 0.02
    if way == "processes" and step == "segment":
        values |= {"load_s": 2.6, "loads_count": 4}
    pool = {"workers": 1, "pool": "none"} if way == "for_loop" else {"workers": 4, "pool": "cold"}
    values = {} if LIBRARIES.get(step) in missing else values
    return Sample("pipeline", way, "python3.11", number, {"step": step, **params, **pool}, values)


def record_of(steps=STEPS, rounds=5, noise=0.01, missing=(), **fields):
    """A generated record of a pipeline."""
    rng = random.Random(1)
    samples = []
    for number in range(1, rounds + 1):
        for variant, (loop_s, speedups) in steps.items():
            alone = {} if variant[1:] in (("preloaded", 1), ("shared", 1)) else {"for_loop": 1}
            for way, speedup in {**alone, **speedups}.items():
                wall_s = loop_s / speedup * rng.lognormvariate(0, noise)
                samples.append(sample(way, variant, number, wall_s, missing))
    record = make_record(experiments=(), rounds=rounds, **fields)
    return dataclasses.replace(record, samples=tuple(samples))


def every_step(threads, processes):
    """All steps alike, without remedies."""
    return {
        variant: (0.4, {"threads": threads, "processes": processes})
        for variant in STEPS
        if variant[1:] not in (("preloaded", 1), ("shared", 1))
    }


def texts_of(record, key):
    return {
        name.removeprefix(f"pipeline.{key}."): value.text
        for name, value in pipeline.values(record).items()
        if name.startswith(f"pipeline.{key}.")
    }


def headline(record):
    return pipeline.headline(pipeline.values(record))


def drawn(record, theme=style.LIGHT):
    with style.context():
        return pipeline.draw(record, theme)


def panels(figure):
    """The lanes of each panel, from the top down: their names, and what stands in them."""
    found = []
    for ax in figure.axes:
        names = [label.get_text() for label in ax.get_yticklabels()]
        if names:
            found.append((names, [text.get_text() for text in ax.texts]))
    return found


def test_a_step_has_its_times_speed_ups_and_best_way():
    assert texts_of(record_of(noise=0), "features") == {
        "for_loop_wall_s": "0.400",
        "threads_wall_s": "0.412",
        "threads_speedup_ratio": "0.970",
        "processes_wall_s": "0.222",
        "processes_speedup_ratio": "1.80",
        "winner": "processes",
    }
    assert pipeline.values(record_of())["pipeline.features.threads_speedup_ratio"].n == 5


def test_loading_copying_and_too_many_threads_have_their_values():
    found = {
        **texts_of(record_of(noise=0), "segment"),
        **texts_of(record_of(noise=0), "large_array"),
        **texts_of(record_of(noise=0), "linear_algebra"),
    }
    wanted = {
        "load_s": "0.650",
        "processes_load_s": "2.60",
        "processes_loads_count": "4",
        "preloaded_speedup_ratio": "1.25",
        "size_mb": "21.0",
        "shared_handover_s": "0.0200",
        "shared_speedup_ratio": "1.60",
        "oversubscribed_over_pinned": "2.19",
        "threads_oversubscribed_over_pinned": "1.32",
    }
    assert {name: found[name] for name in wanted} == wanted


def test_blas_that_is_not_pinned_is_compared_with_the_pinned_for_loop():
    assert texts_of(record_of(noise=0), "linear_algebra_unpinned") == {
        "for_loop_wall_s": "0.250",
        "for_loop_speedup_ratio": "1.60",
        "threads_wall_s": "0.278",
        "threads_speedup_ratio": "1.44",
        "processes_wall_s": "0.500",
        "processes_speedup_ratio": "0.800",
        "winner": "for_loop",
    }


def test_the_whole_adds_the_six_steps_up_way_by_way_and_with_the_fastest_of_each():
    assert texts_of(record_of(noise=0), "whole") == {
        "for_loop_wall_s": "3.00",
        "threads_wall_s": "2.36",
        "processes_wall_s": "2.85",
        "best_wall_s": "1.80",
        "threads_speedup_ratio": "1.27",
        "processes_speedup_ratio": "1.05",
        "best_speedup_ratio": "1.67",
        "single": "threads",
        "single_over_best": "1.31",
        "steps_count": "6",
    }


@pytest.mark.parametrize(
    ("speedups", "winner"),
    [
        ({"threads": 1.9, "processes": 1.5}, "threads"),
        # A tie goes to the simpler way.
        ({"threads": 1.9, "processes": 1.9}, "threads"),
        ({"threads": 1.0, "processes": 1.0}, "for_loop"),
        ({"threads": 0.8, "processes": 0.9}, "for_loop"),
    ],
)
def test_the_best_way_is_the_simplest_that_none_provably_beats(speedups, winner):
    record = record_of({("features",): (0.4, speedups)}, noise=0.02)
    assert pipeline.values(record)["pipeline.features.winner"].value == winner


def test_rounds_that_differ_too_much_have_no_winner():
    """A tie is a tie only if it is a close one."""
    record = record_of(noise=0.6)
    found = pipeline.values(record)
    winners = {key.split(".")[1] for key in found if found[key].text == "none"}
    assert {"features", "large_array", "linear_algebra"} <= winners
    assert headline(record) == "The rounds differ too much to tell whether one way is enough"
    footer = " ".join(text.get_text() for text in drawn(record).texts[-4:])
    assert footer.endswith("Without a best: the rounds differ too much to tell.")


def test_what_a_post_may_quote_are_the_keys_of_a_full_record():
    """But for those of interpreters, which the generated interpreter does not have."""
    quoted = {key for key in pipeline.KEYS if "interpreters" not in key}
    assert quoted == set(pipeline.values(record_of()))
    assert set(pipeline.values(record_of(missing=("numpy",)))) < quoted


def test_too_few_rounds_have_no_winner():
    found = pipeline.values(record_of(rounds=4))
    assert found["pipeline.features.winner"].value == "none"
    assert found["pipeline.features.processes_speedup_ratio"].interval == "range"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (
            record_of(noise=0),
            "One way is not enough: threads everywhere 1.27×, the best for each step 1.67×",
        ),
        (record_of(every_step(1.0, 1.9), noise=0), "One way is enough: processes everywhere 1.90×"),
        (record_of(every_step(0.8, 0.9), noise=0), "Nothing beats the for loop here"),
        (
            record_of(
                {
                    ("fetch",): (0.4, {"threads": 3.8, "processes": 3.0}),
                    ("features",): (4.0, {"threads": 0.5, "processes": 0.5}),
                },
                noise=0,
            ),
            "One way is not enough: for loops everywhere 1×, the best for each step 1.07×",
        ),
        (record_of(rounds=4), "4 rounds: too few to tell the ways apart"),
        (record_of(rounds=1), "1 round: too few to tell the ways apart"),
    ],
)
def test_the_headline_is_the_answer(record, text):
    assert headline(record) == text


def test_ways_that_do_not_compute_the_same_are_an_error():
    record = record_of()
    other = next(one for one in record.samples if one.case == "threads" and one.round == 3)
    wrong = dataclasses.replace(other, values={**other.values, "checksum_count": 1})
    samples = tuple(wrong if one is other else one for one in record.samples)
    with pytest.raises(BlogError) as caught:
        pipeline.values(dataclasses.replace(record, samples=samples))
    assert str(caught.value) == (
        "round 3: pipeline: fetch by threads did not compute what for_loop did "
        "(measure again: make figures FRESH=1)"
    )


def test_without_samples_there_is_nothing_to_say():
    assert pipeline.values(make_record()) == {}
    everything = ("numpy", "jieba")
    left = {key.split(".")[1] for key in pipeline.values(record_of(missing=everything))}
    assert left == {"fetch", "features", "compress", "whole"}


def test_the_table_has_a_row_for_each_step_and_says_what_was_not_measured():
    columns, lines = pipeline.table(record_of(rounds=1, noise=0, missing=("numpy",)))
    assert columns == ["Step", "For loop", "Threads", "Processes", "Remedy", "Best"]
    missing = ["not measured here"] * 3 + ["–", "–"]
    assert lines == [
        ["Fetching pages (waits for a server)", "0.400 s", "3.80×", "3.20×", "–", "undecided"],
        [
            "Word segmentation (loads a dictionary)",
            "1.00 s",
            "1.00×",
            "0.700×",
            "preloaded: 1.25×",
            "undecided",
        ],
        ["Text features (pure Python)", "0.400 s", "0.970×", "1.80×", "–", "undecided"],
        ["Large array (goes to each job)", *missing],
        ["Linear algebra (BLAS with 1 thread)", *missing],
        ["Linear algebra (BLAS not pinned)", *missing],
        ["Compression (zlib)", "0.400 s", "1.90×", "1.70×", "–", "undecided"],
    ]


def test_each_panel_has_its_ways_and_marks_the_best_with_a_word():
    found = panels(drawn(record_of(noise=0)))
    assert found == [
        (["threads", "processes"], ["3.80×", "best", "3.20×"]),
        (["threads", "processes", "preloaded"], ["1.00×", "0.700×", "1.25×", "best"]),
        (["threads", "processes"], ["0.970×", "1.80×", "best"]),
        (["threads", "processes", "shared memory"], ["0.960×", "0.660×", "1.60×", "best"]),
        (["threads", "processes"], ["1.90×", "best", "1.75×"]),
        (["for loop", "threads", "processes"], ["1.60×", "best", "1.44×", "0.800×"]),
        (["threads", "processes"], ["1.90×", "best", "1.70×"]),
        (["threads", "processes", "best of each"], ["1.27×", "1.05×", "1.67×", "best"]),
    ]


def test_what_was_not_measured_is_said_to_be_and_is_no_bar():
    """Here NumPy is missing, and nothing was measured in interpreters."""
    ways = ("for_loop", "threads", "processes", "interpreters")
    figure = drawn(record_of(rounds=1, missing=("numpy",), ways=ways))
    lanes = panels(figure)
    assert lanes[0][0] == ["threads", "processes", "interpreters"]
    assert lanes[0][1][-1] == "not measured here"
    assert lanes[3] == ([""], ["not measured here"])
    measured = [ax for ax in figure.axes if ax.patches]
    assert len(measured) == 5  # four steps and the whole


def test_a_for_loop_that_is_the_best_has_a_lane_of_its_own():
    figure = drawn(record_of(every_step(0.8, 0.9)))
    assert panels(figure)[0][0] == ["for loop", "threads", "processes"]
    assert panels(figure)[0][1][:2] == ["1.00×", "best"]


@pytest.mark.parametrize("theme", style.THEMES)
@pytest.mark.parametrize("fields", [{"cores": 1, "disturbed": 2}, {"quick": True, "rounds": 1}])
def test_it_can_be_drawn_from_whatever_was_measured(theme, fields):
    """Nothing is written outside the sheet."""
    record = record_of(**{"rounds": 5, **fields})
    with style.context():
        canvas = FigureCanvasAgg(pipeline.draw(record, theme))
        canvas.draw()
    for text in canvas.figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= canvas.figure.bbox.width, text.get_text()
