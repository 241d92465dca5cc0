"""Records from elsewhere: what is sound is taken, all else refused in one line that says why."""

import copy
import dataclasses
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import experiments
from scripts.machines import untrusted
from scripts.record import Machine, Runtime, Session, dumps, load
from scripts.record.errors import BlogError
from tests import fuzz_intake
from tests.conftest import ROOT
from tests.foreign import record, several, small

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


def row(**parts):
    """A small sound record whose first row has other parts: session, round, values, …"""
    fields = small()
    first = fields["arms"][0]["rows"][0]
    names = ("session", "round", "values", "disturbance", "spans")
    for name, value in parts.items():
        place = names.index(name)
        first[place : place + 1] = [value]
    return fields


def test_sound_records_are_taken_as_they_are():
    """A whole one, a small one of every experiment, and the one of this machine."""
    whole = record()
    assert untrusted.check_record(dumps(whole).encode(), "a").samples
    for experiment in experiments.declarations():
        if any(sample.experiment == experiment for sample in whole.samples):
            text = json.dumps(small(experiment)).encode()
            assert json.loads(dumps(untrusted.check_record(text, "a"))) == small(experiment)
    (path,) = (ROOT / "static" / "records").glob("*-core*.json")
    own = load(path)
    assert untrusted.check_record(path.read_bytes(), "a") == own


def test_every_field_of_a_record_is_checked():
    """One that is added to the format is refused until it is known here, and this says so."""
    checked = {
        Machine: untrusted._MACHINE,
        Runtime: untrusted._RUNTIME,
        Session: untrusted._SESSION,
    }
    for kind, checks in checked.items():
        assert set(checks) == {field.name for field in dataclasses.fields(kind)}
    assert set(untrusted._RECORD) == set(json.loads(dumps(record())))
    assert set(untrusted._ARM) == set(json.loads(dumps(record()))["arms"][0])


REFUSED = {
    "machine.cpu_model: is malformed: 'a<b>'": ("a<b>", "machine", "cpu_model"),
    "machine.cpu_model: may name a user, a host or a path: '/home/x'": (
        "/home/x",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: may name a user, a host or a path: 'AMD of root'": (
        "AMD of root",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: is malformed: 'a\\x1b[2Jb'": ("a\x1b[2Jb", "machine", "cpu_model"),
    "machine.cpu_model: is no name of a CPU: 'AMD www.evil.com'": (
        "AMD www.evil.com",
        "machine",
        "cpu_model",
    ),
    "machine.cpu_model: is of no maker that is known here: 'Buy now at 5'": (
        "Buy now at 5",
        "machine",
        "cpu_model",
    ),
    "machine.cores: is 3, its inputs say 2": (3, "machine", "cores"),
    "machine.cpu_count: is True, not a whole number": (True, "machine", "cpu_count"),
    "machine.cpu_count: is 10000, not between 1 and 4096": (10_000, "machine", "cpu_count"),
    "machine.memory_bytes: is 1, not between 1000000 and 1000000000000000": (
        1,
        "machine",
        "memory_bytes",
    ),
    "machine: has a field that is not known here: 'hostname'": ("x", "machine", "hostname"),
    "the file: has a field that is not known here: '__proto__'": ({}, "__proto__"),
    "schema: is 3, not between 2 and 2": (3, "schema"),
    "quick: a quick run is none to compare": (True, "quick"),
    "quick: is 0, neither true nor false": (0, "quick"),
    "code.cpu_bound: is malformed: '0000000": ("0" * 64, "code", "cpu_bound"),
    "sessions: has 0 entries, not 1 to 50": ([], "sessions"),
    "sessions[0].id: is not of the moment it started": (
        "2025-01-01T00:00:00Z",
        "sessions",
        0,
        "started",
    ),
    "sessions[0].finished: is 2025-01-01T00:00:00Z, before it started": (
        "2025-01-01T00:00:00Z",
        "sessions",
        0,
        "finished",
    ),
    "sessions[0].finished: is more than 7 days later": (
        "2026-02-01T00:00:00Z",
        "sessions",
        0,
        "finished",
    ),
    "sessions[0]: lasted 0.0 s and measured": ("2026-01-01T00:00:00Z", "sessions", 0, "finished"),
    "settings: has a field that is not known here: 'more'": (1, "settings", "more"),
    "runtimes: has 0 entries, not 1 to 10": ([], "runtimes"),
    "runtimes[0].id: is python3.9, of version 3.11.7": ("python3.9", "runtimes", 0, "id"),
    "runtimes[0].gil: is false, with python3.11": (False, "runtimes", 0, "gil"),
    "runtimes[0].build: may name a user, a host or a path: 'main Jan 1 2026 00:00:00 root@h": (
        "main Jan 1 2026 00:00:00 root@h",
        "runtimes",
        0,
        "build",
    ),
    "arms[0].experiment: is 'x', not one of": ("x", "arms", 0, "experiment"),
    "arms[0].case: is 'asyncio', not one of": ("asyncio", "arms", 0, "case"),
    "arms[0].params.pool: is 'hot', not one of": ("hot", "arms", 0, "params", "pool"),
    "arms[0].values: 'x_s' is not declared": ("x_s", "arms", 0, "values", 0),
    "arms[0].runtime: python3.12 is not among the runtimes": ("python3.12", "arms", 0, "runtime"),
    "arms[0].rows: has 0 entries, not 1 to": ([], "arms", 0, "rows"),
}


@pytest.mark.parametrize("said", REFUSED)
def test_one_wrong_field_is_named_with_the_reason(said):
    """And quoted so that it does nothing to a terminal."""
    assert refusal(put(*REFUSED[said])).startswith(said)


def test_what_contradicts_itself_is_refused():
    """CPU time above wall time by cores, spans outside their time, a job twice, a row twice."""
    fields = small()
    names = fields["arms"][0]["values"]
    sound = fields["arms"][0]["rows"][0][2]
    busy = [
        100 * max(sound) if name == "cpu_s" else value
        for name, value in zip(names, sound, strict=True)
    ]
    assert refusal(row(values=busy)) == ("arms[0].rows[0] cpu_s: is more than wall time x cores")
    assert refusal(row(values=[*sound, 1.0])).startswith("arms[0].rows[0]: has ")
    assert refusal(row(session=2)) == "arms[0].rows[0]: is of session 2, of 1"
    assert refusal(row(round=0)) == "arms[0].rows[0] round: is 0, not between 1 and 10000"
    late = 1000 * max(sound)
    for spans, said in {
        (): None,
        ((0, 2, 1),): "a span ends before it begins: [0, 2, 1]",
        ((0, 0, late),): "a span lies outside the wall time",
        ((0, 0, 0.001), (0, 0, 0.001)): "job 0 runs twice at once",
    }.items():
        if said:
            fields = small()
            first = fields["arms"][0]["rows"][0]
            first[4:] = [[list(span) for span in spans]]
            assert said in refusal(fields)
    twice = small()
    twice["arms"][0]["rows"] *= 2
    assert refusal(twice) == "arms[0].rows[1]: is there twice"


def test_a_date_in_the_future():
    """No machine measured then."""
    fields = small()
    moment = "2999-01-01T00:00:00Z"
    fields["sessions"][0] |= {
        "id": "29990101T000000Z-00000001",
        "started": moment,
        "finished": moment.replace("00:00:00Z", "01:00:00Z"),
    }
    assert refusal(fields) == "sessions: end at 2999-01-01T01:00:00Z, in the future"


def test_what_is_no_record_at_all():
    """Too large, too deep, cut off, twice the same field, no numbers, no UTF-8."""
    whole = json.dumps(small()).encode()
    assert refusal(b" " * (untrusted.LARGEST_BYTES + 1)) == (
        "the file: is larger than 2000000 bytes"
    )
    assert refusal(b" ") == "the file: is empty"
    assert refusal(b'{"a": ' + b"[" * 10**5) == "the file: is nested too deeply"
    assert refusal(b'"' + b'\\"' * 900_000).startswith("the file: is no JSON: ")
    assert refusal(whole[:-50]).startswith("the file: is no JSON: ")
    assert refusal(whole[:-1] + b', "quick": false}') == "the file: has a field twice"
    assert refusal(b"[NaN]") == "the file: holds NaN, which is no number"
    assert refusal(b"\xff") == "the file: is not UTF-8"
    assert refusal(b"[]") == "the file: is [], not an object"


def test_an_experiment_that_is_there_has_its_cases():
    """Without one of them it says nothing."""
    fields = small()
    for case in ("for_loop", "threads", "processes"):
        rest = [arm for arm in fields["arms"] if arm["case"] != case]
        said = f"arms: cpu_bound {case} with python3.11 is missing"
        assert refusal({**fields, "arms": rest}) == said


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
    assert found.findings == {} and found.refused > 500 and found.taken_in > 100


def faster(fields, times, **where):
    """A copy of the record with arms that took so many times less."""
    fields = copy.deepcopy(fields)
    for arm in fields["arms"]:
        if where.items() <= arm.items():
            for row in arm["rows"]:
                row[2] = [value / times if type(value) is float else value for value in row[2]]
    return fields


def test_what_is_more_than_possible_is_marked_on_the_page(tmp_path):
    """Of every interpreter and way; and a control that tells nothing apart excuses nothing."""
    first = faster(several(), 50, case="processes", runtime="python3.11")
    others = faster(several(), 50, case="threads", experiment="runtimes")
    excused = faster(first, 1e6, experiment="control", case="b")
    sent = [json.dumps(one).encode() for one in (first, others, excused)]
    records = [untrusted.check_record(one, "a") for one in sent]
    assert fuzz_intake.show(records, tmp_path) == []
    html = (tmp_path / "public" / "en" / "machines" / "index.html").read_text(encoding="utf-8")
    rows = re.findall("<tr>.*?</tr>", html, re.DOTALL)
    marked = [
        ["more than is possible" in row for row in rows if f"000{n}.json" in row] for n in range(3)
    ]
    assert marked == [[True, False, False], [False, True, True], [True, False, False]]


ADVERTISED = (
    "www.evil.com",
    "Buy now",
    "1.ev.io",
    "cheap watches",
    "+49-170-1234567",
    "call 10.0.0.1",
)
BUILD = "main May  9 2026 07:35:25"
TEXTS = {
    ("machine", "cpu_model"): (
        ("Intel {}", "Apple M1 {}", "AMD EPYC 7763 64-Core {}"),
        "AMD EPYC|AMD FX(tm)-8350 Eight-Core Processor|AMD Ryzen 7 PRO 4750U with Radeon Graphics"
        "|12th Gen Intel(R) Core(TM) i7-1260P|Intel(R) Xeon(R) CPU E5-2673 v4 @ 2.30GHz"
        "|Intel Core Processor (Skylake, IBRS)|QEMU Virtual CPU version 2.5+|Apple M2 Max"
        "|Common KVM processor|Neoverse-N1|Cortex-A72|BCM2711|ARMv7 Processor rev 3 (v7l)"
        "|AMD EPYC-Rome Processor|Intel(R) Core(TM)2 Duo CPU E8400 @ 3.00GHz|Ampere Altra",
    ),
    ("machine", "system"): (("{}", "Linux {}"), "Linux 6.18|Darwin 24.1|Windows 11|FreeBSD 14.1"),
    ("machine", "architecture"): (("{}",), "x86_64|arm64|aarch64|riscv64"),
    ("runtimes", 0, "build"): (
        (f"{BUILD} GCC {{}}", f"{BUILD} GCC 12.2.0 {{}}", f"{{}} {BUILD[5:]} GCC 12.2.0"),
        f"{BUILD} GCC 12.2.0|{BUILD} Clang 18.1.8 |{BUILD} MSC v.1943 64 bit (AMD64)"
        f"|{BUILD} Clang 15.0.0 (clang-1500.3.9.4)|{BUILD} GCC 11.4.1 20230605 (Red Hat 11.4.1-2)"
        "|tags/v3.14.0:ebf955df7a8 Oct  7 2025 10:15:03 MSC v.1944 64 bit (AMD64)"
        "|heads/3.13-dirty:1a2b3c4d5e Jan  1 2026 00:00:00 GCC 14.2.0",
    ),
    ("runtimes", 0, "implementation"): (("{}", "CPython {}"), "CPython|PyPy"),
    ("runtimes", 0, "version"): (("{}", "3.11.7 {}"), "3.11.7|3.11.0rc1|3.11.9+"),
    ("runtimes", 0, "clock", "implementation"): (
        ("{}", "clock_gettime({})"),
        "clock_gettime(CLOCK_MONOTONIC)|mach_absolute_time()|QueryPerformanceCounter()",
    ),
}


@pytest.mark.parametrize("way", TEXTS, ids=lambda way: str(way[-1]))
def test_no_text_has_room_for_an_advertisement(way):
    """Nor for an address; and what real machines and interpreters say is taken."""
    forms, real = TEXTS[way]
    for text in (form.format(advertised) for form in forms for advertised in ADVERTISED):
        assert refusal(put(text, *way)).startswith(way[0]), text
    for text in real.split("|"):
        untrusted.check_record(json.dumps(put(text, *way)).encode(), "a")


def test_the_most_that_is_taken_in_is_summed_up_in_no_time():
    """As many rounds as there can be, and as many numbers of workers; more are refused."""
    fields = small("process_count")
    case = ("process_count", "processes")
    arms = [one for one in fields["arms"] if (one["experiment"], one["case"]) == case]
    arm = arms[0]
    first = arm["rows"][0]
    arm["rows"] = [[1, number, *first[2:4]] for number in range(1, 10_001)]
    others = [
        {**arm, "params": {**arm["params"], "workers": workers}, "rows": arm["rows"][:12]}
        for workers in range(1000, 1000 + untrusted.MOST_VARIANTS - len(arms))
    ]
    fields["sessions"][0]["finished"] = "2026-01-07T00:00:00Z"
    fields["arms"] += others
    # With all pairs of rounds it would take hours.
    fuzz_intake.sum_up(untrusted.check_record(json.dumps(fields).encode(), "a"))
    more = {**others[0], "params": {**arm["params"], "workers": 999}}
    fields["arms"].append(more)
    assert refusal(fields).endswith("is one of more than 60 variants")


@pytest.mark.parametrize("experiment", experiments.declarations())
def test_whichever_value_is_missing_it_is_refused_or_summed_up(experiment):
    """Each in turn; what some cases alone must have is missed when it is summed up."""
    for place, arm in enumerate(small(experiment)["arms"]):
        for name in arm["values"] if arm["experiment"] == experiment else ():
            fields = small(experiment)
            for values in (one[2] for one in fields["arms"][place]["rows"]):
                values[arm["values"].index(name)] = None
            record = fuzz_intake.throw(json.dumps(fields).encode())
            if record:
                fuzz_intake.sum_up(record)
