"""The runs of figure 2 as a trace that Perfetto and chrome://tracing open."""

import dataclasses
import json

import pytest

from scripts.blog import pictures as figures
from scripts.experiments.interleaving import numbers
from scripts.experiments.interleaving import picture as interleaving
from scripts.record import Sample, Span, load
from tests.factory import make_record

NAME = "thres_vs_process2.trace.json"
# Half of a pair: no text can be made of it.
LONE = b'{"otherData": {"run_id": "\\ud800"}}'
WHOLE = """\
{"displayTimeUnit": "ms",
"otherData": {"run_id": "20000101T000000Z-00000000", "rounds": {"threads": 1, "processes": 1}},
"traceEvents": [
{"ph": "M", "name": "process_name", "pid": 1, "tid": 1, "args": {"name": "Multithreading"}},
{"ph": "M", "name": "process_sort_index", "pid": 1, "tid": 1, "args": {"sort_index": 1}},
{"ph": "M", "name": "thread_name", "pid": 1, "tid": 1000, "args": {"name": "job 0"}},
{"ph": "M", "name": "thread_sort_index", "pid": 1, "tid": 1000, "args": {"sort_index": 0}},
{"ph": "M", "name": "thread_name", "pid": 1, "tid": 1001, "args": {"name": "job 1"}},
{"ph": "M", "name": "thread_sort_index", "pid": 1, "tid": 1001, "args": {"sort_index": 1}},
{"ph": "X", "name": "job 0", "pid": 1, "tid": 1000, "ts": 391, "dur": 5000},
{"ph": "X", "name": "job 1", "pid": 1, "tid": 1001, "ts": 5391, "dur": 5001},
{"ph": "X", "name": "job 0", "pid": 1, "tid": 1000, "ts": 10392, "dur": 1},
{"ph": "M", "name": "process_name", "pid": 2, "tid": 2, "args": {"name": "Multiprocessing"}},
{"ph": "M", "name": "process_sort_index", "pid": 2, "tid": 2, "args": {"sort_index": 2}},
{"ph": "M", "name": "thread_name", "pid": 2, "tid": 2003, "args": {"name": "job 3"}},
{"ph": "M", "name": "thread_sort_index", "pid": 2, "tid": 2003, "args": {"sort_index": 3}},
{"ph": "X", "name": "job 3", "pid": 2, "tid": 2003, "ts": 1000000, "dur": 1500000}
]}
"""


def sample(way: str, number: int, wall_s: float, *spans: Span) -> Sample:
    """A sample of the experiment, as a record holds it."""
    values = {"wall_s": wall_s, "cpu_s": wall_s}
    params = {"workers": 4, "size": "take"}
    return Sample("interleaving", way, "python3.11", number, params, values, spans)


def test_a_whole_trace():
    """The take of figure 2, every run of it, in whole microseconds from the common zero."""
    turns = [Span(1, 0.005391, 0.010392), Span(0, 0.010392, 0.010393), Span(0, 0.000391, 0.005391)]
    record = dataclasses.replace(
        make_record(),
        samples=(
            sample("threads", 1, 2.0, *turns),
            sample("threads", 2, 3.0, Span(0, 0, 3)),
            sample("processes", 1, 2.5, Span(3, 1, 2.5)),
        ),
    )
    assert interleaving.trace_of(record) == WHOLE
    assert json.loads(WHOLE)["otherData"]["rounds"] == {"threads": 1, "processes": 1}


def test_a_trace_holds_what_its_picture_shows():
    """Every run of both takes, and names for all that occurs."""
    record = make_record(sizes={"jobs": 16, "workers": 16})
    events = json.loads(interleaving.trace_of(record))["traceEvents"]
    runs = [event for event in events if event["ph"] == "X"]
    named = {event["tid"] for event in events if event["name"] == "thread_name"}
    assert {event["tid"] for event in runs} == named and len(named) == 2 * 16
    found = numbers.quantities(record)
    for pid, way in enumerate(interleaving.WAYS, 1):
        shown = [event for event in runs if event["pid"] == pid]
        assert len({event["tid"] for event in shown}) == 16
        lengths = sorted(event["dur"] / 1000 for event in shown)
        middle = lengths[len(lengths) // 2]
        assert middle == pytest.approx(found[f"interleaving.{way}.median_run_ms"].value, rel=0.2)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"otherData": 1}', b"[" * 10**5, b"\xff", LONE]
)
def test_a_trace_that_tells_no_run_is_not_believed(data, tmp_path):
    """Nor is one that is no JSON at all."""
    (tmp_path / NAME).write_bytes(data)
    assert figures.picture_run_id(tmp_path / NAME) is None


def test_it_is_written_beside_its_picture(derived):
    """As one of the set, which make check compares: tests/blog/test_check.py."""
    record = load(derived.current_record())
    assert (derived.pictures / NAME).read_text() == interleaving.trace_of(record)
