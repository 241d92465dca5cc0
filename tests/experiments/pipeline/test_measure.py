"""The pipeline's steps: every way computes the same, and what does not load has no time."""

import itertools
import os
import subprocess
import sys
import types
import zlib
from pathlib import Path

import pytest

from scripts.experiments.pipeline import measure as pipeline
from scripts.experiments.pipeline.declaration import DECLARATION, STEPS
from scripts.experiments.settings import Settings
from scripts.measure.jobs import Case
from scripts.measure.steps import compress, corpus, divide, fetch, large_array, linear_algebra
from scripts.measure.ways import WAYS
from tests.experiments.pipeline.generated import make_machine, make_runtime

SETTINGS = types.SimpleNamespace(pipeline_units=1)
MACHINE, RUNTIME = make_machine(2), make_runtime()
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _here(monkeypatch, tmp_path):
    """Pinning BLAS changes the environment, jieba's cache the temporary folder: leave them."""
    for name in linear_algebra.THREAD_VARIABLES:
        monkeypatch.setenv(name, "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def cases(runtime=RUNTIME, machine=MACHINE, settings=SETTINGS):
    """The cases of a step and way, by both."""
    found = pipeline.cases(settings, machine, runtime, 3e-8)
    return {(case.group, case.name): case for case in found}


def run(step, way, **fields):
    """What a small case of `step` by `way` gives."""
    case = cases().get((step, way)) or Case(way, {**cases()[step, "threads"].params, **fields}, 0)
    return pipeline.run(case, SETTINGS).values


@pytest.fixture
def whole_jieba():
    """jieba as in a process that has not loaded its dictionary."""
    module = pytest.importorskip("jieba")
    module.dt.initialized = False
    yield module
    module.dt.initialized = False


@pytest.fixture
def jieba(whole_jieba, monkeypatch, tmp_path):
    """The same with a hundredth of its dictionary, and as if there were a cache of all of it."""
    with whole_jieba.dt.get_dict_file() as file:
        (tmp_path / "words").write_bytes(b"".join(itertools.islice(file, 0, None, 100)))
    monkeypatch.setattr(whole_jieba.dt, "dictionary", str(tmp_path / "words"))
    (tmp_path / "jieba").mkdir()
    (tmp_path / "jieba" / "jieba.cache").touch()
    return whole_jieba


def test_the_cases_are_what_the_experiment_declares():
    """All ways of all steps, by an interpreter that has all ways; a step is a comparison."""
    ways = ("for_loop", "threads", "processes", "interpreters", "joblib", "dask")
    found = cases(make_runtime(ways=ways))
    assert sorted(found) == sorted((step, way) for step in STEPS for way in STEPS[step])
    assert {case.name for case in found.values()} <= set(DECLARATION.cases)
    for case in found.values():
        assert set(case.params) <= set(DECLARATION.params)
        assert case.extra == (case.name == "joblib")
        assert case.estimate_s > 0


def test_an_interpreter_without_a_way_has_no_cases_of_it():
    found = cases()
    assert {way for _, way in found} & {"interpreters", "joblib", "dask"} == set()
    assert len(found) == 24


def test_there_is_a_worker_for_every_core_and_as_much_more_to_do():
    """What runs at once is given as much as it has workers; a for loop, what two have."""
    sixteen = cases(machine=make_machine(16), settings=Settings())
    two = cases(settings=Settings())

    def sizes(case):
        return tuple(case.params[size] for size in pipeline.PASSES)

    assert sizes(two["features", "for_loop"]) == (72, 288, 1152)
    assert sizes(two["features", "processes"]) == (72, 288, 1152)
    assert sizes(sixteen["features", "for_loop"]) == (72, 288, 1152)
    assert sizes(sixteen["features", "threads"]) == (72, 288, 1152)
    assert sizes(sixteen["features", "processes"]) == (576, 2304, 9216)
    assert sizes(sixteen["compress", "threads"]) == (192, 768, 3072)
    assert sixteen["compress", "threads"].params["workers"] == 16
    free = cases(make_runtime(gil=False), make_machine(16), Settings())
    assert sizes(free["features", "threads"]) == (576, 2304, 9216)


def test_on_one_core_there_is_a_pool_of_one():
    found = cases(machine=make_machine(1))
    assert {case.params["workers"] for case in found.values()} == {1}


def test_preloading_forks_whatever_the_interpreter_does():
    found = cases(make_runtime(start_method="spawn"))
    methods = {way: found["segment", way].params["start_method"] for way in
               ("processes", "preloaded")}  # fmt: skip
    assert methods == {"processes": "spawn", "preloaded": "fork"}


@pytest.mark.parametrize("step", ["fetch", "features", "compress"])
def test_every_way_computes_the_same(step):
    """By all ways that this interpreter has; each pool has a start, the for loop none."""
    found = {way: run(step, way) for way in STEPS[step] if way not in WAYS or WAYS[way].works()}
    assert len({values["checksum_count"] for values in found.values()}) == 1
    for way, values in found.items():
        times = {"small_s", "middle_s", "large_s", "wall_s", "cpu_s", "checksum_count"}
        pooled = {"start_s"} if way not in ("for_loop", "vectorised") else set()
        loaded = {"load_s"} if way == "vectorised" else set()
        assert set(values) == times | pooled | loaded
        parts = (f"{name}_s" for name in ("small", "middle", "large", "start", "load"))
        assert values["wall_s"] == sum(values.get(name, 0) for name in parts)


def test_the_checksum_does_not_depend_on_how_many_share_the_work():
    """Nor on how much each way is given beyond what is checked."""
    blocks = list(range(100))
    for workers in (1, 2, 3, 16):
        parts = divide(blocks, workers, 12)
        assert sorted(item for part in parts for item in part.items) == blocks
        assert sum(sum(part.items[: part.checked]) for part in parts) == sum(range(12))
    assert sum(part.checked for part in divide(blocks[:5], 3, 12)) == 5


def test_a_large_array_gives_the_same_copied_and_shared():
    """The shared memory is gone afterwards."""
    pytest.importorskip("numpy")
    found = [run("large_array", way) for way in ("for_loop", "threads", "processes", "shared")]
    assert len({values["checksum_count"] for values in found}) == 1
    assert {values["size_mb"] for values in found} == {large_array.SIZE_MB}
    assert not list(Path("/dev/shm").glob(f"pipeline-{os.getpid()}"))


def test_a_loop_over_a_row_goes_round_and_ends_where_it_should():
    """After the last value of a row comes its first; what is checked is the beginning alone."""
    numpy = pytest.importorskip("numpy")
    row = numpy.arange(large_array.COLUMNS, dtype=float)

    def smoothed(count):
        level = 0.0
        for place in range(count):
            level = 0.9 * level + 0.1 * row[place % large_array.COLUMNS]
        return int(level * 10**6)

    table = row.reshape(1, -1)
    for count in (10, 256, 300, 700):
        assert large_array.smooth((table, count, 10)).checksum == smoothed(10)
        whole = min(count, large_array.COLUMNS)
        assert large_array.smooth((table, count, whole)).checksum == smoothed(whole)


def test_linear_algebra_is_exact_with_any_number_of_threads_and_workers(monkeypatch):
    """Whole numbers sum to the same in any order; a smaller table is still worth threads."""
    pytest.importorskip("numpy")
    monkeypatch.setattr(linear_algebra, "ROWS", 300)
    monkeypatch.setattr(linear_algebra, "COLUMNS", 200)
    ways = [way for way in STEPS["linear_algebra"] if way not in WAYS or WAYS[way].works()]
    values = {way: run("linear_algebra", way) for way in ways}
    # Into interpreters of one process NumPy cannot be loaded.
    assert {way for way, found in values.items() if not found} <= {"interpreters"}
    assert len({found["checksum_count"] for found in values.values() if found}) == 1


def test_blas_is_told_its_threads_or_nothing():
    """Pinned, every variable says so; not pinned, none is left to say anything."""
    linear_algebra.pin_blas(1)
    assert {os.environ[name] for name in linear_algebra.THREAD_VARIABLES} == {"1"}
    linear_algebra.pin_blas(0)
    assert not set(linear_algebra.THREAD_VARIABLES) & set(os.environ)


def test_the_program_loads_the_dictionary_once_and_processes_each_for_themselves(jieba):
    """Loading in the program is timed apart, and what workers load is counted."""
    threads = run("segment", "threads")
    assert threads["load_s"] > 0 and threads["loads_count"] == 0
    jieba.dt.initialized = False
    processes = run("segment", "processes")
    assert "load_s" not in processes
    assert processes["loads_count"] == 2 and processes["worker_load_s"] > 0
    preloaded = run("segment", "preloaded")
    assert preloaded["load_s"] > 0 and preloaded["loads_count"] == 0
    checksums = {each["checksum_count"] for each in (threads, processes, preloaded)}
    texts = corpus.documents(12)
    assert checksums == {sum(zlib.crc32("/".join(jieba.lcut(text)).encode()) for text in texts)}


def test_the_dictionary_has_its_cache_before_the_clock_starts(whole_jieba, tmp_path):
    """As whoever has used jieba before has one; it is made once, and by another process."""
    with pipeline.segment.ready(1):
        made = list((tmp_path / "jieba").iterdir())
        assert [path.name for path in made] == ["jieba.cache"]
        assert not whole_jieba.dt.initialized
    before = made[0].stat().st_mtime_ns
    with pipeline.segment.ready(1) as (_, folder):
        assert Path(folder) == tmp_path / "jieba"
    assert made[0].stat().st_mtime_ns == before


BROKEN = [ImportError("no module"), AttributeError("half a module"), SystemError("other ABI")]


@pytest.mark.parametrize("error", BROKEN)
@pytest.mark.parametrize(
    ("library", "step", "way"),
    [
        ("jieba", "segment", "processes"),
        ("numpy", "linear_algebra", "for_loop"),
        ("numpy", "large_array", "shared"),
        ("numpy", "features", "vectorised"),
    ],
)
def test_a_library_that_does_not_load_is_no_time_and_no_error(
    monkeypatch, library, step, way, error
):
    """It may be missing, or be there and broken, in any way: there are no values then."""
    imported = pipeline.importlib.import_module

    def fail(name, *rest):
        if name == library:
            raise error
        return imported(name, *rest)

    monkeypatch.setattr(pipeline.importlib, "import_module", fail)
    assert run(step, way) == {}
    assert run("features", "for_loop")["wall_s"] > 0


def test_a_dictionary_that_cannot_be_loaded_is_no_time(monkeypatch, jieba):
    def fail():
        raise OSError("the dictionary is gone")

    monkeypatch.setattr(jieba, "initialize", fail)
    assert run("segment", "for_loop") == {}


def test_a_library_that_interpreters_cannot_import_is_not_measured_there(monkeypatch):
    """NumPy is there, but not in the interpreters of a pool."""

    def fail(job, arguments, workers, start_method):
        raise ImportError("numpy does not support loading in subinterpreters")

    pytest.importorskip("numpy")
    here = types.SimpleNamespace(run=fail, works=lambda: True)
    monkeypatch.setitem(WAYS, "interpreters", here)
    assert run("large_array", "interpreters") == {}
    assert run("large_array", "for_loop")["wall_s"] > 0


def test_a_page_that_is_an_error_is_no_page():
    """A fetch that failed must not count as a fast one."""
    with fetch.ready(2) as (port, pages), pytest.raises(RuntimeError) as caught:
        missing = pages[0].replace("/page/", "/missing/")
        fetch.fetch((port, divide([*pages, missing], 1, 1)[0]))
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


def test_the_corpus_is_chinese_text_and_no_two_texts_are_the_same():
    """A few kilobytes, of which every text has a part; each must be sent, so each is another."""
    assert 2_000 < len("".join(corpus.PARAGRAPHS).encode()) < 10_000
    texts = corpus.documents(3 * len(corpus.PARAGRAPHS))
    assert len(set(texts)) == len(texts)
    assert texts[0].removeprefix("第0篇。") == texts[8].removeprefix("第8篇。")
    assert all(text.count("\n") == corpus.LENGTH - 1 for text in texts)


def test_blocks_to_compress_are_the_same_in_every_process_and_objects_of_their_own():
    """Otherwise the ways would have different work, or the same block would be sent once only."""
    with compress.ready(20) as once, compress.ready(20) as again:
        assert once == again and len(set(once)) == compress.DIFFERENT
        assert len({id(block) for block in once}) == 20


def test_the_other_experiments_load_nothing_of_it():
    """Neither the libraries nor a web client come with the experiments."""
    code = "import sys, scripts.experiments as e; e.all_experiments(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert not {"numpy", "jieba", "http.client", "asyncio"} & set(loaded.stdout.split())
