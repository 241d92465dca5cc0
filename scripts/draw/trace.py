"""The runs of figure 2 in the Trace Event Format, which Perfetto and chrome://tracing open.

A way is a process there, a job one of its threads, and a run a complete event ("X"); metadata
events ("M") give them their names. Times are whole microseconds from the common zero of the figure.
The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from scripts.record import Record, Sample, Span


def name(picture: str) -> str:
    """The name of the file beside the picture of that stem."""
    return f"{picture}.trace.json"


def dumps(record: Record, shown: Mapping[str, Sample], titles: Mapping[str, str]) -> str:
    """The trace of the samples `shown`, one for each way, which `titles` name. One event a line."""
    events = [
        event
        for pid, (way, sample) in enumerate(shown.items(), 1)
        for event in _events(pid, titles[way], sample)
    ]
    other = {"run_id": record.run_id, "rounds": {way: one.round for way, one in shown.items()}}
    rows = ",\n".join(json.dumps(event) for event in events)
    head = f'"displayTimeUnit": "ms",\n"otherData": {json.dumps(other)}'
    return f'{{{head},\n"traceEvents": [\n{rows}\n]}}\n'


def run_id(data: bytes) -> str:
    """The id of the run that a trace comes from; "" when it does not tell."""
    try:
        return str(json.loads(data)["otherData"]["run_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _events(pid: int, title: str, sample: Sample) -> Iterator[dict]:
    whole = {"pid": pid, "tid": pid}
    yield {"ph": "M", "name": "process_name", **whole, "args": {"name": title}}
    yield {"ph": "M", "name": "process_sort_index", **whole, "args": {"sort_index": pid}}
    # Perfetto wants the ids of threads to differ in the whole trace, and from those of processes.
    tids = {job: 1000 * pid + job for job in sorted({span.job for span in sample.spans})}
    for job, tid in tids.items():
        thread = {"pid": pid, "tid": tid}
        yield {"ph": "M", "name": "thread_name", **thread, "args": {"name": f"job {job}"}}
        yield {"ph": "M", "name": "thread_sort_index", **thread, "args": {"sort_index": job}}
    for span in sorted(sample.spans, key=lambda span: (span.start_s, span.job)):
        yield {"ph": "X", "name": f"job {span.job}", "pid": pid, "tid": tids[span.job], **_at(span)}


def _at(span: Span) -> dict[str, int]:
    start, stop = round(span.start_s * 1e6), round(span.stop_s * 1e6)
    return {"ts": start, "dur": stop - start}
