"""The pipeline's steps: every way computes the same, and what a runtime lacks has no time."""

import dataclasses
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from scripts.experiments import Case
from scripts.experiments.pipeline import measure as pipeline
from scripts.experiments.settings import Settings
from scripts.measure.executors import WAYS
from scripts.measure.steps import Done, compress, corpus, fetch, large_array, linear_algebra
from scripts.runner.plan import key_of
from tests.factory import make_machine, make_runtime

SETTINGS = Settings(pipeline_items=2, jobs=2, workers=2)
POOL = {"for_loop": {"workers": 1, "pool": "none"}, "threads": {"workers": 2, "pool": "cold"}}
POOL["processes"] = {**POOL["threads"], "start_method": "fork"}
POOL["interpreters"] = POOL["threads"]


@pytest.fixture(autouse=True)
def _same_environment(monkeypatch):
    """Pinning BLAS changes the environment: leave it as it was."""
    for name in linear_algebra.THREAD_VARIABLES:
        monkeypatch.setenv(name, "1")


def run(way, step, **params):
    """What a small case of `step` gives."""
    return pipeline.run(Case(way, {"step": step, **params, **POOL[way]}, 0.0), SETTINGS).values


@pytest.fixture
def jieba():
    """jieba as in a process that has not loaded its dictionary."""
    module = pytest.importorskip("jieba")
    module.dt.initialized = False
    return module


def test_the_cases_are_every_step_by_every_way_and_the_remedies():
    """Each is a way with the step in its parameters, and none is there twice."""
    found = pipeline.cases(SETTINGS, make_machine(), make_runtime(), 1e-8)
    told = {(case.name, *[str(v) for k, v in case.params.items() if k not in POOL["processes"]])
            for case in found}  # fmt: skip
    ways = ("for_loop", "threads", "processes")
    plain = {(way, step) for way in ways for step in ("fetch", "features", "compress")}
    variants = [("segment", "0"), ("large_array", "0"), *[("linear_algebra", n) for n in "10"]]
    assert told == {
        *plain,
        *[(way, *variant) for way in ways for variant in variants],
        ("processes", "segment", "1"),
        ("processes", "large_array", "1"),
    }
    keys = {key_of("pipeline", case.name, "python3.11", 1, case.params) for case in found}
    assert len(keys) == len(found) == 23
    assert all(case.estimate_s > 0 for case in found)


def test_an_interpreter_with_more_ways_has_more_cases():
    """Interpreters are measured where there are any, and take no start method."""
    runtime = make_runtime(ways=("for_loop", "interpreters"), start_method="forkserver")
    found = pipeline.cases(SETTINGS, make_machine(1), runtime, 1e-8)
    interpreters = [case for case in found if case.name == "interpreters"]
    assert len(interpreters) == 7
    assert not any("start_method" in case.params for case in interpreters)
    preloaded = [case for case in found if case.params.get("preloaded")]
    assert [case.params["start_method"] for case in preloaded] == ["fork"]


@pytest.mark.parametrize("step", ["fetch", "features", "compress"])
def test_every_way_computes_the_same(step):
    """The checksums of all ways of this interpreter agree; times are more than nothing."""
    found = [run(way, step) for way in WAYS if way != "dask"]
    assert len({values["checksum_count"] for values in found}) == 1
    assert all(values["wall_s"] > 0 for values in found)
    assert all(set(values) == {"wall_s", "cpu_s", "checksum_count"} for values in found)


def test_a_large_array_gives_the_same_copied_and_shared():
    """What sharing takes is part of the wall time, and the shared memory is gone afterwards."""
    pytest.importorskip("numpy")
    copied = [run(way, "large_array", shared=0) for way in ("for_loop", "threads", "processes")]
    shared = run("processes", "large_array", shared=1)
    assert {values["checksum_count"] for values in copied} == {shared["checksum_count"]}
    assert 0 < shared["handover_s"] < shared["wall_s"]
    assert shared["size_mb"] == 2 * large_array.BYTES_PER_ITEM / 1e6
    assert not list(Path("/dev/shm").glob(f"pipeline-{os.getpid()}"))


@pytest.mark.parametrize("blas_threads", [1, 0])
def test_linear_algebra_is_exact_with_any_number_of_threads(blas_threads):
    """Whole numbers sum to the same in any order."""
    pytest.importorskip("numpy")
    ways = ("for_loop", "threads", "processes")
    found = {
        run(way, "linear_algebra", blas_threads=blas_threads)["checksum_count"] for way in ways
    }
    assert found == {linear_algebra.multiply(1).checksum}


def test_blas_is_told_its_threads_or_nothing():
    """Pinned, every variable says so; not pinned, none is left to say anything."""
    linear_algebra.pin_blas(1)
    assert {os.environ[name] for name in linear_algebra.THREAD_VARIABLES} == {"1"}
    linear_algebra.pin_blas(0)
    assert not set(linear_algebra.THREAD_VARIABLES) & set(os.environ)


def test_threads_load_the_dictionary_once_and_processes_each_for_themselves(jieba):
    """Loading is counted by the one who does it; loaded before the fork, nobody has to."""
    threads = run("threads", "segment", preloaded=0)
    assert threads["loads_count"] == 1 and threads["load_s"] > 0
    jieba.dt.initialized = False
    processes = run("processes", "segment", preloaded=0)
    assert processes["loads_count"] == 2 and processes["load_s"] > threads["load_s"]
    jieba.dt.initialized = False
    preloaded = run("processes", "segment", preloaded=1)
    assert preloaded["loads_count"] == 0 and preloaded["handover_s"] > 0
    checksums = {each["checksum_count"] for each in (threads, processes, preloaded)}
    words = ["/".join(jieba.lcut(text)).encode() for text in corpus.documents(2)]
    assert checksums == {zlib.crc32(words[1], zlib.crc32(words[0]))}


@pytest.mark.parametrize(
    ("library", "step", "params"),
    [
        ("jieba", "segment", {"preloaded": 0}),
        ("jieba", "segment", {"preloaded": 1}),
        ("numpy", "linear_algebra", {"blas_threads": 1}),
        ("numpy", "large_array", {"shared": 0}),
        ("numpy", "large_array", {"shared": 1}),
    ],
)
def test_a_missing_library_is_no_time_and_no_error(monkeypatch, library, step, params):
    """There are no values at all then: never a zero."""
    monkeypatch.setitem(sys.modules, library, None)
    assert run("processes", step, **params) == {}


def test_a_step_without_a_library_does_not_hide_a_broken_import(monkeypatch):
    """Only what a step needs may be missing."""
    monkeypatch.setitem(sys.modules, "http.client", None)
    with pytest.raises(ImportError):
        run("for_loop", "fetch")


def test_jobs_that_do_not_agree_are_an_error(monkeypatch):
    """Something else is no time."""
    numbers = iter(range(2))
    step = dataclasses.replace(pipeline.STEPS["features"], job=lambda texts: Done(next(numbers)))
    monkeypatch.setitem(pipeline.STEPS, "features", step)
    with pytest.raises(RuntimeError) as caught:
        run("threads", "features")
    expected = "features by threads gave 2 different results of the same job"
    assert str(caught.value) == expected


def test_a_page_that_is_an_error_is_no_page():
    """A fetch that failed must not count as a fast one."""
    with fetch.ready(2, {}) as (port, pages), pytest.raises(RuntimeError) as caught:
        fetch.fetch((port, [*pages, pages[0].replace("page", "missing")]))
    assert str(caught.value) == "a page answered 404"


def test_shared_memory_of_a_killed_case_is_freed(tmp_path):
    """A name that holds a process that is gone goes; living ones and other files stay."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f"pipeline-{gone.pid}", f"pipeline-{os.getpid()}", "pipeline-1", "pipeline-x", "other"]
    for name in names:
        (tmp_path / name).touch()
    large_array.remove_left_over(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_the_corpus_is_chinese_text_and_goes_round():
    """A few kilobytes, of which every document is a part; after the last one the first follows."""
    assert 2_000 < len("".join(corpus.PARAGRAPHS).encode()) < 10_000
    texts = corpus.documents(len(corpus.PARAGRAPHS) + 1)
    assert texts[0] == texts[-1] and len(set(texts)) == len(corpus.PARAGRAPHS)
    assert all(text.count("\n") == corpus.LENGTH - 1 for text in texts)
    assert len("".join(texts)) > 3 * 300


def test_blocks_to_compress_are_the_same_in_every_process_and_differ_from_each_other():
    """Otherwise the ways would have different work."""
    with compress.ready(3, {}) as once, compress.ready(3, {}) as again:
        assert once == again and len(set(once)) == 3


def test_the_other_experiments_load_nothing_of_it():
    """Neither the libraries nor a web client come with the experiments."""
    code = "import sys, scripts.experiments as e; e.all_experiments(); print(*sys.modules)"
    root = Path(__file__).parents[3]
    loaded = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert not {"numpy", "jieba", "http.client", "asyncio"} & set(loaded.stdout.split())


def test_a_library_that_interpreters_cannot_import_is_not_measured_there(monkeypatch):
    """NumPy is there, but not in the interpreters of a pool."""

    def fail(library):
        raise ImportError(f"{library} does not support loading in subinterpreters")

    pytest.importorskip("numpy")
    monkeypatch.setitem(WAYS, "interpreters", WAYS["for_loop"])
    monkeypatch.setattr(pipeline, "_import", fail)
    assert run("interpreters", "large_array", shared=0) == {}
    assert run("for_loop", "large_array", shared=0)["wall_s"] > 0
