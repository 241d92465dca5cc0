"""The record: complete, exact, and refused when it is not."""

import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.record import Machine, Record, Runtime, Sample, Span, dumps, load, loads, sha256
from scripts.record.errors import BlogError

MACHINE = Machine(
    cpu_model="AMD EPYC",
    architecture="x86_64",
    system="Linux 6.1",
    cpu_count=4,
    affinity_count=4,
    quota_cores=2.0,
    cores=2,
    smt=None,
    memory_bytes=8 * 2**30,
)
RUNTIME = Runtime(
    id="python3.11",
    implementation="CPython",
    version="3.11.7",
    build="main",
    gil=True,
    switch_interval_s=0.005,
    start_method="fork",
    ways=("for_loop", "threads"),
    clock={"monotonic": True, "resolution": 1e-09},
)
SAMPLES = (
    Sample("cpu_bound", "threads", "python3.11", 2, {"pool": "cold"}, {"wall_s": 23.5}),
    Sample("cpu_bound", "threads", "python3.11", 1, {"pool": "warm"}, {"wall_s": 23.1}),
    Sample(
        "cpu_bound",
        "threads",
        "python3.11",
        1,
        {"pool": "cold"},
        {"wall_s": 23.4, "cpu_s": 23},
        (Span(0, 0.0, 23.123456), Span(1, 0.000001, 23.4)),
        {"model": "测"},
    ),
)
RECORD = Record(
    run_id="20261122T170102Z-1a2b3c4d",
    quick=False,
    started="2026-11-22T17:01:02Z",
    finished="2026-11-22T17:08:30Z",
    settings={"rounds": 2, "jobs": 2},
    code_sha256="0" * 64,
    machine=MACHINE,
    runtimes=(RUNTIME,),
    samples=SAMPLES,
)
TEXT = """{
 "schema": 1,
 "run_id": "20261122T170102Z-1a2b3c4d",
 "quick": false,
 "started": "2026-11-22T17:01:02Z",
 "finished": "2026-11-22T17:08:30Z",
 "settings": {
  "rounds": 2,
  "jobs": 2
 },
 "code_sha256": "0000000000000000000000000000000000000000000000000000000000000000",
 "machine": {
  "cpu_model": "AMD EPYC",
  "architecture": "x86_64",
  "system": "Linux 6.1",
  "cpu_count": 4,
  "affinity_count": 4,
  "quota_cores": 2.0,
  "cores": 2,
  "smt": null,
  "memory_bytes": 8589934592
 },
 "runtimes": [
  {
   "id": "python3.11",
   "implementation": "CPython",
   "version": "3.11.7",
   "build": "main",
   "gil": true,
   "switch_interval_s": 0.005,
   "start_method": "fork",
   "ways": [
    "for_loop",
    "threads"
   ],
   "clock": {
    "monotonic": true,
    "resolution": 1e-09
   }
  }
 ],
 "samples": [
{"experiment": "cpu_bound", "case": "threads", "runtime": "python3.11", "round": 2, \
"params": {"pool": "cold"}, "values": {"wall_s": 23.5}, "spans": [], "disturbance": {}},
{"experiment": "cpu_bound", "case": "threads", "runtime": "python3.11", "round": 1, \
"params": {"pool": "warm"}, "values": {"wall_s": 23.1}, "spans": [], "disturbance": {}},
{"experiment": "cpu_bound", "case": "threads", "runtime": "python3.11", "round": 1, \
"params": {"pool": "cold"}, "values": {"wall_s": 23.4, "cpu_s": 23}, \
"spans": [[0, 0.0, 23.123456], [1, 1e-06, 23.4]], "disturbance": {"model": "测"}}
]}
"""
AGAIN = "(measure again: make figures)"


def refusal(text):
    """The whole message with which a record is refused."""
    with pytest.raises(BlogError) as caught:
        loads(text, "static/records/r.json")
    return str(caught.value)


def changed(*path, to):
    """The record's JSON with one of its values changed."""
    fields = json.loads(TEXT)
    node = fields
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = to
    return json.dumps(fields)


def without(*path):
    """The record's JSON with one of its keys taken out."""
    fields = json.loads(TEXT)
    node = fields
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return json.dumps(fields)


def test_a_record_is_written_a_sample_a_line():
    """So that a diff shows which samples changed."""
    assert dumps(RECORD) == TEXT


def test_a_record_comes_back_as_it_was():
    """Nothing of it is lost, not even the order of its samples."""
    assert loads(TEXT, "r.json") == RECORD
    assert dumps(loads(TEXT, "r.json")) == TEXT


def test_times_are_kept_to_the_microsecond():
    """What is finer is noise and would fill the file."""
    span = Span(0, 0.12345649, 0.12345651)
    record = dataclasses.replace(RECORD, samples=(dataclasses.replace(SAMPLES[0], spans=(span,)),))
    assert loads(dumps(record), "r.json").samples[0].spans == (Span(0, 0.123456, 0.123457),)


def test_samples_are_selected_in_the_order_of_their_rounds():
    """By experiment, case and runtime, the first one by default, and by parameters."""
    assert RECORD.select("cpu_bound", "threads", pool="cold") == [SAMPLES[2], SAMPLES[0]]
    assert RECORD.select("cpu_bound", "threads", "python3.11", pool="warm") == [SAMPLES[1]]
    assert RECORD.select("cpu_bound", "threads", "python3.13t") == []
    assert RECORD.select("cpu_bound", "processes") == []


@pytest.mark.parametrize(
    ("model", "cores", "slug"),
    [
        ("AMD EPYC", 2, "amd-epyc-2-cores"),
        (
            "Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz",
            1,
            "intel-r-core-tm-i7-8565u-cpu-1-80ghz-1-core",
        ),
        ("鲲鹏", 4, "unknown-4-cores"),
        ("x" * 100, 2, f"{'x' * 60}-2-cores"),
        ("../../etc", 2, "etc-2-cores"),
    ],
)
def test_the_name_of_a_record_says_what_machine_it_is(model, cores, slug):
    """Only letters, digits and hyphens, so it is a file's name everywhere."""
    machine = dataclasses.replace(MACHINE, cpu_model=model, cores=cores)
    assert machine.slug == slug


@given(st.integers(0, len(TEXT) - 2))
def test_a_record_that_is_cut_off_is_refused(length):
    """Wherever it ends too early."""
    message = refusal(TEXT[:length])
    assert re.fullmatch(
        r"static/records/r\.json: the record is cut off or no JSON: .* "
        r"\(measure again: make figures\)",
        message,
    )


def test_a_record_of_a_newer_format_asks_for_a_newer_program():
    """It is not called malformed, and measuring again is not the cure."""
    assert refusal(changed("schema", to=2)) == (
        "static/records/r.json: the record has schema 2, this program reads up to 1 "
        "(update the program: git pull)"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "schema: is None, not 1"),
        ("3", "schema: is None, not 1"),
        ("{}", "schema: is None, not 1"),
        (changed("schema", to=0), "schema: is 0, not 1"),
        (changed("schema", to="1"), "schema: is '1', not 1"),
        (changed("machine", "cores", to=0), "machine cores: is less than 1"),
        (changed("machine", "cpu_model", to=" "), "machine cpu_model: is empty"),
        (changed("runtimes", to=[]), "runtimes: is empty"),
        (changed("run_id", to="today"), "run_id: is malformed: 'today'"),
        (changed("samples", 1, "round", to=0), "samples[1] round: is less than 1"),
        (
            changed("samples", 1, "runtime", to="python2"),
            "samples[1].runtime: 'python2' is not among the runtimes",
        ),
        (
            changed("samples", 0, "values", to={"wall_s": -1}),
            "samples[0] values.wall_s: is no finite number from 0 on: -1",
        ),
        (
            changed("samples", 0, "values", to={"wall_s": float("nan")}),
            "samples[0] values.wall_s: is no finite number from 0 on: nan",
        ),
        (
            changed("samples", 0, "values", to={"wall_s": float("inf")}),
            "samples[0] values.wall_s: is no finite number from 0 on: inf",
        ),
        (
            changed("samples", 0, "values", to={"wall_s": True}),
            "samples[0] values.wall_s: is no finite number from 0 on: True",
        ),
        (
            changed("samples", 0, "values", to={"wall_s": "1"}),
            "samples[0] values.wall_s: is no finite number from 0 on: '1'",
        ),
        (
            changed("samples", 2, "spans", to=[[0, 2, 1]]),
            "samples[2] start_s: the span 2.0 to 1.0 is no interval of time",
        ),
        (
            changed("samples", 2, "spans", to=[[0, 0, float("inf")]]),
            "samples[2] start_s: the span 0.0 to inf is no interval of time",
        ),
        (changed("samples", 2, "spans", to=[[-1, 1, 2]]), "samples[2] job: is negative"),
        (
            changed("samples", 2, "spans", to=[[0, 1]]),
            "samples[2] not enough values to unpack (expected 3, got 2)",
        ),
        (changed("samples", 0, to=7), "samples[0] 'int' object has no attribute 'get'"),
        (
            without("samples", 0, "case"),
            "samples[0] Sample.__init__() missing 1 required positional argument: 'case'",
        ),
        (
            changed("samples", 0, "colour", to="red"),
            "samples[0] Sample.__init__() got an unexpected keyword argument 'colour'",
        ),
        (
            without("machine", "cores"),
            "machine Machine.__init__() missing 1 required positional argument: 'cores'",
        ),
        (
            without("run_id"),
            "Record.__init__() missing 1 required positional argument: 'run_id'",
        ),
    ],
)
def test_a_malformed_record_is_refused_with_its_place(text, what):
    """The message says what is wrong, at which key or sample, and the cure."""
    assert refusal(text) == f"static/records/r.json: {what} {AGAIN}"


@pytest.mark.parametrize("key", ["machine", "runtimes", "samples"])
def test_a_part_that_is_missing_is_named(key):
    """And no other part."""
    assert refusal(without(key)) == f"static/records/r.json: {key!r} is missing {AGAIN}"


def test_a_record_is_loaded_from_the_file_named_after_its_machine(tmp_path):
    """UTF-8, and whole."""
    path = tmp_path / "amd-epyc-2-cores.json"
    path.write_text(TEXT, encoding="utf-8")
    assert load(path) == RECORD


def test_a_record_of_another_machine_is_refused(tmp_path):
    """A file that was copied under this machine's name does not count as measured here."""
    path = tmp_path / "intel-8-cores.json"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(BlogError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: the record is of another machine: amd-epyc-2-cores "
        "(rename it, or measure here: make figures)"
    )


def test_a_missing_record_asks_to_measure(tmp_path):
    """There is nothing to measure again yet."""
    path = tmp_path / "none.json"
    with pytest.raises(BlogError) as caught:
        load(path)
    assert str(caught.value) == f"{path}: there is no record (measure: make figures)"


def test_a_record_that_is_no_text_is_refused(tmp_path):
    """Bytes that are not UTF-8."""
    path = tmp_path / "none.json"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(BlogError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: the record cannot be read: 'utf-8' codec can't decode byte 0xff in position 7: "
        f"invalid start byte {AGAIN}"
    )


def test_the_hash_is_sha_256():
    """As `sha256sum` prints it."""
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
