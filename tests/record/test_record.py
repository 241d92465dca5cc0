"""The record: complete, exact, and refused when it is not."""

import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.record import (
    Machine,
    Record,
    Runtime,
    Sample,
    Session,
    Span,
    arm_of,
    dumps,
    load,
    loads,
    sample_from,
    sample_row,
    sha256,
)
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
SESSIONS = (
    Session("20261122T170102Z-1a2b3c4d", "2026-11-22T17:01:02Z", "2026-11-22T17:08:30Z", 0.25),
    Session("20261122T183000Z-5e6f7a8b", "2026-11-22T18:30:00Z", "2026-11-22T18:38:00Z"),
)
COLD, WARM = {"pool": "cold"}, {"pool": "warm"}
SAMPLES = (
    Sample(
        "cpu_bound",
        "threads",
        "python3.11",
        1,
        COLD,
        {"wall_s": 23.4, "cpu_s": 23},
        (Span(0, 0.0, 23.123456), Span(1, 0.000001, 23.4)),
        {"model": "测"},
    ),
    Sample("cpu_bound", "threads", "python3.11", 2, COLD, {"wall_s": 23.5}),
    Sample("cpu_bound", "threads", "python3.11", 1, COLD, {"wall_s": 23.6}, session=2),
    Sample("cpu_bound", "threads", "python3.11", 1, WARM, {"wall_s": 23.1}),
)
RECORD = Record(
    quick=False,
    settings={"minutes": 8, "jobs": 2},
    code={"cpu_bound": "0" * 64},
    machine=MACHINE,
    runtimes=(RUNTIME,),
    sessions=SESSIONS,
    samples=SAMPLES,
)
TEXT = """{
 "$schema": "record.schema.json",
 "schema": 2,
 "quick": false,
 "settings": {
  "minutes": 8,
  "jobs": 2
 },
 "code": {
  "cpu_bound": "0000000000000000000000000000000000000000000000000000000000000000"
 },
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
 "sessions": [
  {
   "id": "20261122T170102Z-1a2b3c4d",
   "started": "2026-11-22T17:01:02Z",
   "finished": "2026-11-22T17:08:30Z",
   "load_before": 0.25
  },
  {
   "id": "20261122T183000Z-5e6f7a8b",
   "started": "2026-11-22T18:30:00Z",
   "finished": "2026-11-22T18:38:00Z",
   "load_before": null
  }
 ],
 "arms": [
{"experiment": "cpu_bound", "case": "threads", "runtime": "python3.11", \
"params": {"pool": "cold"}, "values": ["cpu_s", "wall_s"], "disturbance": ["model"], "rows": [
  [1,1,[23,23.4],["\\u6d4b"],[[0,0.0,23.123456],[1,1e-06,23.4]]],
  [1,2,[null,23.5],[null]],
  [2,1,[null,23.6],[null]]]},
{"experiment": "cpu_bound", "case": "threads", "runtime": "python3.11", \
"params": {"pool": "warm"}, "values": ["wall_s"], "disturbance": [], "rows": [
  [1,1,[23.1],[]]]}
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


def test_a_record_is_written_by_arms_a_sample_a_line():
    """So that a diff shows which samples changed, and names stand there once."""
    assert dumps(RECORD) == TEXT


def test_a_record_comes_back_as_it_was():
    """Nothing of it is lost."""
    assert loads(TEXT, "r.json") == RECORD
    assert dumps(loads(TEXT, "r.json")) == TEXT


def test_the_order_in_which_was_measured_is_no_part_of_a_record():
    """Samples of an arm stand together, by session and round."""
    record = dataclasses.replace(RECORD, samples=SAMPLES[::-1])
    assert dumps(record) == TEXT
    assert arm_of(SAMPLES[0]) == arm_of(SAMPLES[2]) != arm_of(SAMPLES[3])


def test_a_sample_alone_comes_back_as_it_was():
    """As the journal keeps it."""
    for sample in SAMPLES:
        assert sample_from(json.loads(json.dumps(sample_row(sample)))) == sample


def test_a_record_is_known_by_its_last_session():
    """Another session makes another state of it."""
    assert (RECORD.run_id, RECORD.finished) == ("20261122T183000Z-5e6f7a8b", "2026-11-22T18:38:00Z")


def test_what_this_program_does_not_know_is_read_over():
    """A record may hold more of machine, interpreter and session."""
    fields = json.loads(TEXT)
    for part in (fields["machine"], fields["runtimes"][0], fields["sessions"][1], fields):
        part["colour"] = "red"
    assert loads(json.dumps(fields), "r.json") == RECORD


def test_times_are_kept_to_the_microsecond():
    """What is finer is noise and would fill the file."""
    span = Span(0, 0.12345649, 0.12345651)
    record = dataclasses.replace(RECORD, samples=(dataclasses.replace(SAMPLES[0], spans=(span,)),))
    assert loads(dumps(record), "r.json").samples[0].spans == (Span(0, 0.123456, 0.123457),)


def test_samples_are_selected_in_the_order_of_their_rounds():
    """By experiment, case and runtime, the first one by default, and by parameters."""
    assert RECORD.select("cpu_bound", "threads", pool="cold") == list(SAMPLES[:3])
    assert RECORD.select("cpu_bound", "threads", "python3.11", pool="warm") == [SAMPLES[3]]
    assert [one.at for one in RECORD.select("cpu_bound", "threads")] == [
        (1, 1),
        (1, 1),
        (1, 2),
        (2, 1),
    ]
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
    assert refusal(changed("schema", to=3)) == (
        "static/records/r.json: the record has schema 3, this program reads up to 2 "
        "(update the program: git pull)"
    )


NO_VALUE = "arms[0] rows[0] values.cpu_s: is no finite number from 0 on"


def value(number):
    """The record's JSON with another number in the first row of the first arm."""
    return changed("arms", 0, "rows", 0, 2, 0, to=number)


def spans(*rows):
    """The record's JSON with other spans in the first row of the first arm."""
    return changed("arms", 0, "rows", 0, 4, to=[*rows])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "schema: is None, not one of 1 to 2"),
        ("3", "schema: is None, not one of 1 to 2"),
        ("{}", "schema: is None, not one of 1 to 2"),
        (changed("schema", to=0), "schema: is 0, not one of 1 to 2"),
        (changed("schema", to="1"), "schema: is '1', not one of 1 to 2"),
        (changed("schema", to=True), "schema: is True, not one of 1 to 2"),
        (changed("quick", to="no"), "quick: is no bool: 'no'"),
        (changed("settings", to=[]), "settings: is no dict: []"),
        (changed("code", to="0" * 64), f"code: is no dict: '{'0' * 39}"),
        (changed("machine", "cores", to=0), "machine cores: is less than 1"),
        (changed("machine", "cpu_model", to=" "), "machine cpu_model: is empty"),
        (changed("machine", to=7), "machine 'int' object has no attribute 'items'"),
        (
            without("machine", "cores"),
            "machine Machine.__init__() missing 1 required positional argument: 'cores'",
        ),
        (changed("runtimes", to=[]), "runtimes: is empty"),
        (without("runtimes", 0, "ways"), "runtimes[0] 'ways' is missing"),
        (changed("sessions", to=[]), "sessions: is empty"),
        (changed("sessions", 1, "id", to="today"), "sessions[1] id: is malformed: 'today'"),
        (changed("arms", to={}), "arms: is no list: {}"),
        (changed("arms", 0, to=7), "arms[0] 'int' object is not subscriptable"),
        (without("arms", 1, "case"), "arms[1] rows[0] 'case' is missing"),
        (without("arms", 1, "rows"), "arms[1] 'rows' is missing"),
        (
            changed("arms", 1, "runtime", to="python2"),
            "cpu_bound threads: 'python2' is not among the runtimes",
        ),
        (changed("arms", 0, "rows", 2, 0, to=3), "cpu_bound threads: there is no session 3"),
        (changed("arms", 0, "rows", 2, 0, to=0), "arms[0] rows[2] session: is less than 1"),
        (changed("arms", 0, "rows", 1, 1, to=0), "arms[0] rows[1] round: is less than 1"),
        (changed("arms", 0, "rows", 1, 2, to=[1]), "arms[0] rows[1] values: are 1, not 2"),
        (
            changed("arms", 0, "rows", 1, to=[1, 2]),
            "arms[0] not enough values to unpack (expected at least 4, got 2)",
        ),
        (value(-1), f"{NO_VALUE}: -1"),
        (value(float("nan")), f"{NO_VALUE}: nan"),
        (value(float("inf")), f"{NO_VALUE}: inf"),
        (value(True), f"{NO_VALUE}: True"),
        (value("1"), f"{NO_VALUE}: '1'"),
        (
            spans([0, 2, 1]),
            "arms[0] rows[0] start_s: the span 2.0 to 1.0 is no interval of time",
        ),
        (
            spans([0, 0, float("inf")]),
            "arms[0] rows[0] start_s: the span 0.0 to inf is no interval of time",
        ),
        (spans([-1, 1, 2]), "arms[0] rows[0] job: is negative"),
        (spans([0, 1]), "arms[0] rows[0] not enough values to unpack (expected 3, got 2)"),
    ],
)
def test_a_malformed_record_is_refused_with_its_place(text, what):
    """The message says what is wrong, at which arm and row, and the cure."""
    assert refusal(text) == f"static/records/r.json: {what} {AGAIN}"


@pytest.mark.parametrize(
    "key", ["quick", "settings", "code", "machine", "runtimes", "sessions", "arms"]
)
def test_a_part_that_is_missing_is_named(key):
    """And no other part."""
    assert refusal(without(key)) == f"static/records/r.json: {key!r} is missing {AGAIN}"


OLD = {
    "schema": 1,
    "run_id": "20261122T170102Z-1a2b3c4d",
    "quick": False,
    "started": "2026-11-22T17:01:02Z",
    "finished": "2026-11-22T17:08:30Z",
    "settings": {"rounds": 2, "jobs": 2},
    "code_sha256": "0" * 64,
    "machine": json.loads(TEXT)["machine"],
    "runtimes": json.loads(TEXT)["runtimes"],
    "samples": [
        {
            "experiment": "cpu_bound",
            "case": "threads",
            "runtime": "python3.11",
            "round": number,
            "params": {"pool": "cold"},
            "values": {"wall_s": 23.0 + number},
            "spans": [[0, 0.0, 23.123456]],
            "disturbance": {"load_before": 0.25, "disturbed": False},
        }
        for number in (2, 1)
    ],
}


def test_a_record_of_the_first_format_is_one_session():
    """With the hash of all measuring code for each of its experiments."""
    record = loads(json.dumps(OLD), "r.json")
    assert record.sessions == (SESSIONS[0],)
    assert record.code == {"cpu_bound": "0" * 64}
    assert (record.schema, record.run_id, record.settings) == (2, OLD["run_id"], OLD["settings"])
    assert [(one.at, one.values) for one in record.select("cpu_bound", "threads")] == [
        ((1, 1), {"wall_s": 24.0}),
        ((1, 2), {"wall_s": 25.0}),
    ]
    assert record.samples[0].spans == (Span(0, 0.0, 23.123456),)
    assert record.samples[0].disturbance == {"load_before": 0.25, "disturbed": False}
    assert dumps(loads(dumps(record), "r.json")) == dumps(record)


@pytest.mark.parametrize(
    ("key", "to", "what"),
    [
        ("samples", [7], "samples[0] 'int' object is not a mapping"),
        (
            "samples",
            [{**OLD["samples"][0], "round": 0}],
            "samples[0] round: is less than 1",
        ),
        (
            "samples",
            [OLD["samples"][0], {**OLD["samples"][1], "colour": "red"}],
            "samples[1] Sample.__init__() got an unexpected keyword argument 'colour'",
        ),
        ("run_id", "today", "sessions[0] id: is malformed: 'today'"),
    ],
)
def test_a_malformed_record_of_the_first_format_is_refused_with_its_place(key, to, what):
    """As it is called there."""
    assert refusal(json.dumps({**OLD, key: to})) == f"static/records/r.json: {what} {AGAIN}"


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


def test_a_record_that_may_not_be_read_is_none_to_measure_again(tmp_path):
    """The system's own words, with their own cure."""
    path = tmp_path / "none.json"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        load(path)


def test_the_hash_is_sha_256():
    """As `sha256sum` prints it."""
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("case", "disturbance", "disturbed"),
    [
        ("threads", {}, False),
        ("threads", {"disturbed": 0}, False),
        ("threads", {"disturbed": 1}, True),
        # Its helper's time looks like that of others.
        ("joblib", {"disturbed": 1}, False),
    ],
)
def test_whether_a_sample_was_disturbed(case, disturbance, disturbed):
    """As it was seen when it was measured, where that can be told."""
    sample = dataclasses.replace(SAMPLES[0], case=case, disturbance=disturbance)
    assert sample.disturbed is disturbed
