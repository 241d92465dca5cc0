"""Records from elsewhere: what is sound is taken, all else refused in one line that says why."""

import dataclasses
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.experiments import all_experiments
from scripts.experiments.pipeline import measure as pipeline
from scripts.experiments.settings import Settings
from scripts.machines import untrusted
from scripts.record import Machine, Record, Runtime, dumps, load
from scripts.record.errors import BlogError
from tests import fuzz_intake
from tests.conftest import ROOT
from tests.foreign import record, small

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)


def refusal(text):
    """What is said of a record that is refused."""
    with pytest.raises(BlogError) as caught:
        untrusted.check_record(text if isinstance(text, bytes) else json.dumps(text).encode(), "a")
    said = str(caught.value)
    assert said.startswith("a: refused: ") and said.endswith(f" ({untrusted.CURE})")
    return said.removeprefix("a: refused: ").removesuffix(f" ({untrusted.CURE})")


def put(value, *way):
    """A small sound record with `value` at one place."""
    fields = inside = small()
    for name in way[:-1]:
        inside = inside[name]
    inside[way[-1]] = value
    return fields


def test_sound_records_are_taken_as_they_are():
    """A whole one of three interpreters, a small one, and the one of this machine."""
    whole = record()
    assert untrusted.check_record(dumps(whole).encode(), "a") == whole
    for experiment in untrusted.EXPERIMENTS:
        text = json.dumps(small(experiment)).encode()
        assert json.loads(dumps(untrusted.check_record(text, "a"))) == small(experiment)
    (path,) = (ROOT / "static" / "records").glob("*.json")
    own = load(path)
    own = dataclasses.replace(own, settings={**dataclasses.asdict(Settings()), **own.settings})
    assert untrusted.check_record(dumps(own).encode(), "a") == own


def test_every_experiment_is_known():
    """One that is added is refused until its shape is known here, and this says so."""
    assert set(untrusted.EXPERIMENTS) == set(all_experiments())
    assert untrusted.STEPS.split() == list(pipeline.STEPS)


def test_every_field_of_a_record_is_checked():
    """One that is added to the format is refused until it is known here, and this says so."""
    checked = {
        Record: untrusted._RECORD,
        Machine: untrusted._MACHINE,
        Runtime: untrusted._RUNTIME,
    }
    for kind, checks in checked.items():
        assert set(checks) == {field.name for field in dataclasses.fields(kind)}


REFUSED = {
    "machine.cpu_model: is malformed: 'a<b>'": ("a<b>", "machine", "cpu_model"),
    "machine.cpu_model: may name a user, a host or a path: '/home/x'": (
        "/home/x",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: may name a user, a host or a path: 'CPU of root'": (
        "CPU of root",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: may name a user, a host or a path: 'C:\\\\x'": (
        "C:\\x",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: is malformed: 'a\\x1b[2Jb'": ("a\x1b[2Jb", "machine", "cpu_model"),
    f"machine.cpu_model: is malformed: '{'x' * 38}…": ("x" * 81, "machine", "cpu_model"),
    "machine.cores: is 3, its inputs say 2": (3, "machine", "cores"),
    "machine.cpu_count: is True, not a whole number": (True, "machine", "cpu_count"),
    "machine.memory_bytes: is 1, not between 1000000 and 1000000000000000": (
        1,
        "machine",
        "memory_bytes",
    ),
    "machine: has a field that is not known here: 'hostname'": ("x", "machine", "hostname"),
    "the file: has a field that is not known here: '__proto__'": ({}, "__proto__"),
    "schema: is 2, not between 1 and 1": (2, "schema"),
    "quick: a quick run is none to compare": (True, "quick"),
    "quick: is 0, neither true nor false": (0, "quick"),
    "started: is no date: '2026-02-30T00:00:00Z'": ("2026-02-30T00:00:00Z", "started"),
    "finished: is 2025-01-01T00:00:00Z, before it started": ("2025-01-01T00:00:00Z", "finished"),
    "finished: is more than 7 days later": ("2026-02-01T00:00:00Z", "finished"),
    "settings.rounds: is 101, not between 1 and 100": (101, "settings", "rounds"),
    "settings: has a field that is not known here: 'more'": (1, "settings", "more"),
    "runtimes: has 0 entries, not 1 to 10": ([], "runtimes"),
    "runtimes[0].id: is python3.9, of version 3.11.7": ("python3.9", "runtimes", 0, "id"),
    "runtimes[0].build: may name a user, a host or a path: 'main Jan 1 2026 00:00:00 root@h": (
        "main Jan 1 2026 00:00:00 root@h",
        "runtimes",
        0,
        "build",
    ),
    "samples[0].experiment: is 'x', not one of": ("x", "samples", 0, "experiment"),
    "samples[0].case: is 'asyncio', not one of": ("asyncio", "samples", 0, "case"),
    "samples[0].round: is 0, not between 1 and 100": (0, "samples", 0, "round"),
    "samples[0].values.wall_s: is -1, not between": (-1, "samples", 0, "values", "wall_s"),
    "samples[0].values: has a field that is not known here: 'x_s'": (
        1,
        "samples",
        0,
        "values",
        "x_s",
    ),
    "samples[0].params.pool: is 'hot', not one of": ("hot", "samples", 0, "params", "pool"),
    "samples[0].spans[0]: ends before it begins: [0, 2, 1]": (
        [[0, 2, 1]],
        "samples",
        0,
        "spans",
    ),
    "samples[0].disturbance.disturbed: is None, neither": (
        None,
        "samples",
        0,
        "disturbance",
        "disturbed",
    ),
}


@pytest.mark.parametrize("said", REFUSED)
def test_one_wrong_field_is_named_with_the_reason(said):
    """And quoted so that it does nothing to a terminal."""
    assert refusal(put(*REFUSED[said])).startswith(said)


def test_a_date_in_the_future():
    """No machine measured then."""
    fields = put("2999-01-01T00:00:00Z", "started") | {"finished": "2999-01-01T00:00:00Z"}
    assert refusal(fields) == "finished: is 2999-01-01T00:00:00Z, in the future"


def test_what_is_no_record_at_all():
    """Too large, too deep, cut off, twice the same field, no numbers, no UTF-8."""
    whole = json.dumps(small()).encode()
    deep = b'{"a": ' + b"[" * 10**5
    large = b" " * (untrusted.LARGEST_BYTES + 1)
    assert refusal(large) == "the file: has 2000001 bytes, over 2000000"
    assert refusal(deep) == "the file: is nested more than 5 deep"
    assert refusal(b'"' + b'\\"' * 900_000).startswith("the file: is no JSON, or cut off: ")
    assert refusal(whole[:-50]).startswith("the file: is no JSON, or cut off: ")
    assert refusal(whole[:-1] + b', "quick": false}') == "'quick': stands there twice"
    assert refusal(b"[NaN]") == "the file: holds NaN, which is no finite number"
    assert refusal(b"\xff") == "the file: is not UTF-8"
    assert refusal(b"[]") == "the file: is [], not an object"
    endless = re.sub(rb'"wall_s": [0-9.]+', b'"wall_s": 1e999', whole, count=1)
    assert refusal(endless) == "samples[0].values.wall_s: is inf, not a finite number"


def test_rounds_and_cases_must_be_whole():
    """A case twice, a case missing, an interpreter that is not named."""
    fields = small()
    twice = {**fields, "samples": [*fields["samples"], fields["samples"][0]]}
    assert refusal(twice).endswith(" with python3.11 is not once in every round")
    for index, sample in enumerate(fields["samples"]):
        rest = fields["samples"][:index] + fields["samples"][index + 1 :]
        name = f"{sample['experiment']} {sample['case']} with python3.11"
        assert refusal({**fields, "samples": rest}) == f"samples: {name} is missing"
    assert refusal(put("python3.12", "samples", 0, "runtime")) == (
        "samples[0].runtime: python3.12 is not among the runtimes"
    )


@settings(max_examples=100, deadline=None)
@given(JSON, st.data())
def test_whatever_stands_in_a_place(value, data):
    """Any JSON at any place: a record, or a refusal in one line."""
    fields = small()
    inside, way = fields, []
    while isinstance(inside, (dict, list)) and inside:
        way.append(data.draw(st.sampled_from(sorted(inside) if isinstance(inside, dict) else [0])))
        if data.draw(st.booleans()):
            break
        inside = inside[way[-1]]
    fuzz_intake.throw(json.dumps(put(value, *way)).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3000), st.integers(0, 300))
def test_whatever_the_bytes_are(junk, at, length):
    """Any bytes in the middle of a sound record, and any bytes alone."""
    text = json.dumps(small()).encode()
    fuzz_intake.throw(text[:at] + junk + text[at + length :])
    fuzz_intake.throw(junk)


def test_mutated_records():
    """A thousand of them; `python -m tests.fuzz_intake` throws more."""
    found = fuzz_intake.run(1000, seed=1)
    assert found["refused"] > 500 and found["taken in"] > 100
