"""From how much work on a way pays, how fast it is in the end, and which one is the best."""

import dataclasses

import pytest

from scripts.experiments.pipeline import lines
from scripts.experiments.pipeline import numbers as pipeline
from scripts.experiments.pipeline.declaration import DECLARATION, STEPS
from scripts.experiments.pipeline.measure import PASSES, arms_of
from scripts.record.errors import BlogError
from tests.experiments.pipeline.generated import WAYS, Way, make_record


def texts_of(record, key):
    return {
        name.removeprefix(f"pipeline.{key}."): value.text()
        for name, value in pipeline.quantities(record).items()
        if name.startswith(f"pipeline.{key}.")
    }


def only(step, **ways):
    """A quiet record of one step with these ways."""
    return make_record({step: ways}, noise=0, missing=())


def of_step(step, name, **ways):
    """The text of a quantity of a step with these ways; None where it is not there."""
    return texts_of(only(step, **ways), step).get(name)


def test_the_declared_steps_ways_and_passes_are_the_measured_ones():
    """What is timed declares nothing, so that a new key never asks for a new measurement."""
    assert {step: set(arms_of(step)) for step in STEPS} == {
        step: set(ways) for step, ways in STEPS.items()
    }
    assert lines.PASSES == PASSES
    chosen = {way for ways in STEPS.values() for way in ways} - set(pipeline.EXPLAINS)
    assert chosen == set(pipeline.SIMPLEST)


def test_a_way_has_its_times_its_line_and_from_where_it_pays():
    assert texts_of(make_record(noise=0), "features.processes") == {
        "wall_s": "0.170",
        "item_ms": "0.137",
        "start_ms": "12.0",
        "speedup_ratio": "1.76",
        "pays": "from",
        "pays_from_items": "124",
    }


def test_ratios_are_those_of_the_times_beside_them():
    """To the digits that are shown, in noise, too."""
    found = pipeline.quantities(make_record(noise=0.05))
    checked = 0
    for key, value in found.items():
        step, way, name = key.split(".")[1:] if key.count(".") == 3 else ("", "", "")
        if name == "speedup_ratio":
            above, below = (found[f"pipeline.{step}.{one}.wall_s"] for one in ("for_loop", way))
            assert value.as_shown == pytest.approx(above.as_shown / below.as_shown, rel=0.005)
            checked += 1
    assert checked == 18


def test_a_way_that_never_pays_has_no_number_of_items():
    assert of_step("features", "threads.pays", threads=Way(0.001, 0, 0, 0.97)) == "never"
    assert of_step("features", "threads.pays_from_items", threads=Way(0.001, 0, 0, 0.97)) is None


def test_what_is_loaded_once_belongs_to_both_sides():
    """The for loop loads the dictionary, too: processes that each load it lose nothing by that."""
    ways = {"for_loop": Way(0, 0.58), "processes": Way(0.012, 0, 0.58, 1.9)}
    assert of_step("segment", "processes.pays_from_items", **ways) == "235"
    ways = {"for_loop": Way(0, 0.58), "processes": Way(0.012, 0, 0.0, 1.9)}
    assert of_step("segment", "processes.pays_from_items", **ways) == "1"


def test_a_large_array_pays_from_so_much_computing_for_each_megabyte():
    found = texts_of(make_record(noise=0), "large_array")
    assert found["processes.pays_from_ms_per_mb"] == "11.1"
    assert found["shared.pays_from_ms_per_mb"] == "5.23"
    assert found["processes.carry_ms_per_mb"] == "3.17"
    assert found["shared.carry_ms_per_mb"] == "0.977"
    assert found["most_ms_per_mb"] == "20.0"
    assert "processes.pays_from_items" not in found


def test_loading_and_too_many_threads_have_their_values():
    segment = texts_of(make_record(noise=0), "segment")
    algebra = texts_of(make_record(noise=0), "linear_algebra")
    assert (segment["load_s"], segment["processes.loads_count"]) == ("0.580", "2")
    assert segment["processes.worker_load_s"] == "1.17"
    assert algebra["one_thread_over_for_loop"] == "1.62"
    assert algebra["threads_unpinned_over_threads"] == "1.46"
    assert algebra["processes_unpinned_over_processes"] == "3.33"


@pytest.mark.parametrize(
    ("ways", "winner"),
    [
        ({"threads": Way(0.001, 0, 0, 1.9), "processes": Way(0.012, 0, 0, 1.5)}, "threads"),
        # As good in the end, but not in the beginning.
        ({"threads": Way(0.030, 0, 0, 1.9), "processes": Way(0.012, 0, 0, 1.9)}, "processes"),
        # As good from beginning to end: the simpler one.
        ({"threads": Way(0.012, 0, 0, 1.9), "processes": Way(0.012, 0, 0, 1.9)}, "threads"),
        ({"threads": Way(0.001, 0, 0, 1.02), "processes": Way(0.012, 0, 0, 1.0)}, "for_loop"),
    ],
)
def test_the_best_way_is_cheap_in_the_end_and_pays_soon(ways, winner):
    assert of_step("compress", "best", **ways) == winner


def test_what_explains_a_step_is_no_way_to_do_it():
    ways = {"threads": Way(0.001, 0, 0, 0.9), "one_thread": Way(0, 0, 0, 3.0)}
    assert of_step("linear_algebra", "best", **ways) == "for_loop"
    assert of_step("linear_algebra", "one_thread.pays", **ways) is None


def test_rounds_that_differ_too_much_have_no_best_way():
    """They cannot tell whether threads are as good as the loop, or a tenth better."""
    ways = {"compress": {"threads": Way(0.001, 0, 0, 1.1), "processes": Way(0.012, 0, 0, 0.9)}}
    found = pipeline.quantities(make_record(ways, noise=0.1))
    assert found["pipeline.compress.best"].value == "none"


def test_too_few_rounds_tell_neither_the_best_way_nor_where_one_pays():
    found = pipeline.quantities(make_record(sessions=1, rounds=5))
    assert found["pipeline.features.best"].value == "none"
    assert found["pipeline.features.processes.pays"].value == "undecided"
    assert "pipeline.features.processes.pays_from_items" not in found


def test_one_way_throughout_is_most_behind_where_numpy_wins():
    found = pipeline.quantities(make_record(noise=0))
    texts = {key: value.text() for key, value in found.items() if ".single" in key}
    assert texts == {
        "pipeline.single": "processes",
        "pipeline.single.worst_step": "features",
        "pipeline.single.best_there": "vectorised",
        "pipeline.single.worst_over_best": "4.74",
    }
    behind = found["pipeline.single.worst_over_best"]
    assert {number % 2 for _, number in behind.rounds} == {0}


def test_on_sixteen_cores_the_for_loop_is_continued_by_its_line():
    """It was given fewer items than what runs on all cores, whose far end it is compared at."""
    found = texts_of(make_record(cores=16, noise=0), "compress")
    assert found["most_items"] == "3,072"
    assert found["for_loop.wall_s"] == "2.61"
    assert found["threads.speedup_ratio"] == "15.1"


def test_ways_that_do_not_compute_the_same_are_an_error():
    record = make_record()
    other = next(s for s in record.samples if s.case == "threads" and (s.at == (2, 3)))
    wrong = dataclasses.replace(other, values={**other.values, "checksum_count": 99})
    samples = tuple(wrong if one is other else one for one in record.samples)
    with pytest.raises(BlogError) as caught:
        pipeline.quantities(dataclasses.replace(record, samples=samples))
    assert str(caught.value) == (
        "session 2, round 3: pipeline: fetch by threads did not compute what for_loop did "
        "(measure again: make figures FRESH=1)"
    )


def test_what_was_not_measured_has_no_values():
    assert pipeline.quantities(dataclasses.replace(make_record(), samples=())) == {}
    found = pipeline.quantities(make_record(missing=("numpy", "jieba")))
    assert {key.split(".")[1] for key in found} == {
        *("fetch", "features", "compress", "single", "workers")
    }
    assert not any("vectorised" in key for key in found)


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_every_quantity_is_declared_with_its_unit(cores):
    """And of a machine that has everything, every declared one is there."""
    available = ("for_loop", "threads", "processes", "interpreters", "joblib")
    ways = {
        step: {way: WAYS[step].get(way, Way(0.1, 0, 0, 1.7)) for way in STEPS[step]}
        for step in STEPS
    }
    for step in STEPS:
        if step != "segment":
            ways[step]["for_loop"] = Way()
    found = pipeline.quantities(make_record(ways, cores=cores, available=available))
    for key, value in found.items():
        assert DECLARATION.quantities[key].unit == value.unit
    if cores == 16:
        missing = DECLARATION.quantities.keys() - found.keys()
        assert {key.split(".")[-1] for key in missing} == {
            "pays_from_items", "pays_from_ms_per_mb"
        }  # fmt: skip


def test_a_record_with_joblib_has_it_as_one_more_way():
    ways = {"features": {"joblib": Way(0.3, 0, 0, 1.9)}}
    record = make_record(ways, available=("for_loop", "joblib"), noise=0)
    assert texts_of(record, "features.joblib")["pays_from_items"] == "3,088"
