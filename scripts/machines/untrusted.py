"""A record from somebody else, checked field by field before anything is made of it.

Nothing is repaired: what is not exactly a record of this program is refused, with the field and
the reason. Every text has a pattern of its own, and none of them has room for a path, an address,
markup or a control character.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from scripts.experiments.settings import LARGEST, NAMES
from scripts.record import SCHEMA, Record, loads
from scripts.record.errors import BlogError
from scripts.runner.machine import usable_cores

LARGEST_BYTES = 2_000_000
# The record, its samples, a sample, its spans, a span.
DEEPEST = 5
MOST_RUNTIMES, MOST_SAMPLES, MOST_SPANS, MOST_ROUNDS = 10, 5_000, 20_000, 100
LONGEST_RUN = datetime.timedelta(days=7)
CURE = "ask its sender for another run of measure.pyz; nothing was changed"

# Of the experiment `pipeline`.
STEPS = "fetch segment features large_array linear_algebra compress"

# Raises ValueError when the value is not what the field of that name may hold.
Check = Callable[[Any, str], None]

_PRIVATE = re.compile(
    r"/|\\|@(?! ?[0-9.+]+ ?[GM]Hz)|\b(?:root|localhost|home|users)\b|\.(?:local|lan|internal)\b",
    re.I,
)


def _need(good: bool, key: str, what: str, *values: object) -> None:
    """Raise ValueError unless it is `good`; `what` has a pair of braces for each of the values."""
    if not good:
        raise ValueError(f"{key}: {what.format(*map(_shown, values))}")


def _shown(value: object) -> str:
    """A value as it can be quoted in one line of a terminal, whatever it is."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _whole(low: int, high: int) -> Check:
    def check(value: Any, key: str) -> None:
        _need(type(value) is int, key, "is {}, not a whole number", value)
        _need(low <= value <= high, key, "is {}, not between {} and {}", value, low, high)

    return check


def _number(low: float, high: float) -> Check:
    def check(value: Any, key: str) -> None:
        good = type(value) in (int, float) and (type(value) is int or math.isfinite(value))
        _need(good, key, "is {}, not a finite number", value)
        _need(low <= value <= high, key, "is {}, not between {} and {}", value, low, high)

    return check


def _flag(value: Any, key: str) -> None:
    _need(type(value) is bool, key, "is {}, neither true nor false", value)


def _one_of(*names: str) -> Check:
    def check(value: Any, key: str) -> None:
        good = type(value) is str and value in names
        _need(good, key, f"is {{}}, not one of {', '.join(names)}", value)

    return check


def _text(pattern: str) -> Check:
    """A text that is wholly of a pattern, and names neither a user nor a host nor a path."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any, key: str) -> None:
        _need(type(value) is str, key, "is {}, not a text", value)
        private = _PRIVATE.search(re.sub(r"^(tags|heads)/", "", value))
        _need(not private, key, "may name a user, a host or a path: {}", value)
        _need(compiled.fullmatch(value) is not None, key, "is malformed: {}", value)

    return check


def _or_none(check: Check) -> Check:
    return lambda value, key: None if value is None else check(value, key)


_COUNT, _SECONDS, _SOME_SECONDS = _whole(0, 2**63), _number(0, 10**6), _number(1e-9, 10**6)
_ID = r"python3\.[0-9]{1,2}t?"
_DATE = r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z"
# What platform.python_build() and python_compiler() say: "main May  9 2026 07:35:25 GCC 12.2.0".
_BUILD = (
    r"(?:(?:tags/|heads/)?[\w.+-]{0,30}(?::[0-9a-f]{6,40}(?:-dirty|\+)?)? )?"
    r"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4},? [0-9]{2}:[0-9]{2}:[0-9]{2}"
    r" (?:GCC|Clang|Apple LLVM|MSC|ICC)[\w .()+-]{0,60}"
)

_RECORD: dict[str, Check] = {
    "schema": _whole(SCHEMA, SCHEMA),
    "run_id": _text(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}"),
    "quick": _flag,
    "started": _text(_DATE),
    "finished": _text(_DATE),
    "settings": lambda value, key: _settings(value, key),
    "code_sha256": _text(r"[0-9a-f]{64}"),
    "machine": lambda value, key: _machine(value, key),
    "runtimes": lambda value, key: _each(value, key, _runtime, 1, MOST_RUNTIMES),
    "samples": lambda value, key: _each(value, key, _sample, 1, MOST_SAMPLES),
}
_MACHINE: dict[str, Check] = {
    "cpu_model": _text(r"[A-Za-z0-9](?:[\w ()+.,-]|@ ?[0-9.+]+ ?[GM]Hz){1,79}"),
    "architecture": _text(r"\w{1,20}"),
    "system": _text(r"[A-Za-z]{1,20}(?: [0-9]{1,4}(?:\.[0-9]{1,4})?)?"),
    "cpu_count": _whole(1, 10_000),
    "affinity_count": _whole(1, 10_000),
    "quota_cores": _or_none(_number(0.001, 10_000)),
    "cores": _whole(1, 10_000),
    "smt": _or_none(_flag),
    "memory_bytes": _or_none(_whole(10**6, 10**15)),
}
_RUNTIME: dict[str, Check] = {
    "id": _text(_ID),
    "implementation": _text(r"[A-Za-z]{1,20}"),
    "version": _text(r"3\.[0-9]{1,2}\.[0-9]{1,3}(?:(?:a|b|rc)[0-9]{1,2})?\+?"),
    "build": _text(_BUILD),
    "gil": _flag,
    "switch_interval_s": _number(1e-6, 10),
    "start_method": _one_of("fork", "forkserver", "spawn"),
    "ways": lambda value, key: _each(value, key, _one_of(*_WAYS), 3, len(_WAYS)),
    "clock": lambda value, key: _fields(value, _CLOCK, key),
}
_CLOCK: dict[str, Check] = {
    "name": _one_of("perf_counter"),
    "implementation": _text(r"[A-Za-z][\w ,()]{0,59}"),
    "monotonic": _flag,
    "resolution_s": _number(1e-12, 1),
}
_DISTURBANCE: dict[str, Check] = {
    "elapsed_s": _SECONDS,
    "load_before": _number(0, 10**6),
    "load_after": _number(0, 10**6),
    "running_before": _or_none(_COUNT),
    "running_after": _or_none(_COUNT),
    "others_share": _or_none(_number(0, 2)),
    "steal_share": _or_none(_number(0, 2)),
    "involuntary_switches": _COUNT,
    "throttled": _COUNT,
    "disturbed": _flag,
}
_PARAMS: dict[str, Check] = {
    "workers": _whole(1, 100_000),
    "pool": _one_of("cold", "warm", "none"),
    "start_method": _one_of("fork", "forkserver", "spawn"),
    "switch_interval_s": _number(1e-6, 10),
    "parse": _whole(0, 1),
    "links": _whole(1, 10**7),
    "scaled": _flag,
    "step": _one_of(*STEPS.split()),
    "preloaded": _whole(0, 1),
    "shared": _whole(0, 1),
    "blas_threads": _whole(0, 1),
}
_VALUES: dict[str, Check] = {
    **dict.fromkeys(("wall_s", "median_turn_s"), _SOME_SECONDS),
    **dict.fromkeys(("bare_s", "timed_s", "clock_s", "tracker_s"), _SOME_SECONDS),
    **dict.fromkeys(("cpu_s", "start_s", "server_cpu_s", "load_s", "handover_s"), _SECONDS),
    **dict.fromkeys(("peak_pss_mb", "peak_rss_mb", "size_mb"), _number(0.001, 10**9)),
    **dict.fromkeys(("links_count", "tries_count", "timeout_ms"), _whole(1, 10**7)),
    **dict.fromkeys(("fetched_count", "timed_out_count", "failed_count"), _whole(0, 10**7)),
    **dict.fromkeys(("switches_count", "loads_count", "checksum_count"), _COUNT),
}

_WAYS = ("for_loop", "threads", "processes", "interpreters", "dask")
_TIMED, _POOL, _CRAWL = "wall_s cpu_s", "workers pool", "workers pool parse links scaled"


@dataclasses.dataclass(frozen=True)
class Shape:
    """What the samples of an experiment look like: names, each list in one string.

    `cases` must be there, by the interpreters that the experiment asks; `more` may be. So with
    parameters and values, of which some hang on the case. With `empty`, a sample may hold no value:
    what it needs was not there.
    """

    cases: str
    params: str
    values: str
    more_cases: str = ""
    more_params: str = "start_method"
    more_values: str = ""
    empty: bool = False


EXPERIMENTS = {
    "cpu_bound": Shape("for_loop threads processes", _POOL, _TIMED, "interpreters dask"),
    "interleaving": Shape("threads processes", _POOL, _TIMED, "interpreters"),
    "control": Shape("a b", _POOL, "wall_s", more_values="cpu_s"),
    "harness": Shape("for_loop", _POOL, "bare_s timed_s clock_s tracker_s"),
    "pool_start": Shape(
        "threads processes", _POOL, _TIMED, "interpreters dask", more_values="start_s"
    ),
    "process_count": Shape(
        "for_loop threads processes", _POOL, _TIMED, "dask", more_values="peak_pss_mb peak_rss_mb"
    ),
    "io_threads": Shape(
        "for_loop threads",
        _CRAWL,
        f"{_TIMED} server_cpu_s links_count fetched_count timed_out_count failed_count timeout_ms",
        "processes asyncio",
        more_values="tries_count",
    ),
    "pipeline": Shape(
        "for_loop threads processes",
        f"{_POOL} step",
        f"{_TIMED} checksum_count",
        "interpreters",
        more_params="start_method preloaded shared blas_threads",
        more_values="load_s loads_count handover_s size_mb",
        empty=True,
    ),
    "runtimes": Shape("for_loop threads processes tracker_threads", _POOL, _TIMED, "interpreters"),
    "task_cost": Shape("threads processes", _POOL, "wall_s start_s", "dask"),
    "switch_interval": Shape(
        "threads", f"{_POOL} switch_interval_s", f"{_TIMED} median_turn_s switches_count"
    ),
}
# Without one of these the record says nothing on the first conclusions of the post.
NEEDED = ("cpu_bound", "interleaving")
# Whose spans are what the experiment is about.
_SPANS_NEEDED = ("interleaving",)


def check_record(text: bytes, where: str) -> Record:
    """The record in `text`, of which nothing is known; `where` names it in errors.

    Raises BlogError with the field and the reason, in one line.
    """
    try:
        fields = _parsed(text)
        _fields(fields, _RECORD, "")
        _need(not fields["quick"], "quick", "a quick run is none to compare")
        _dates(fields["started"], fields["finished"])
        _whole_rounds(fields)
    except ValueError as error:
        raise BlogError(f"refused: {error}", where=where, cure=CURE) from None
    return loads(json.dumps(fields), where)


def _parsed(text: bytes) -> Any:
    _need(len(text) <= LARGEST_BYTES, "the file", f"has {len(text)} bytes, over {LARGEST_BYTES}")
    _need(_depth(text) <= DEEPEST, "the file", f"is nested more than {DEEPEST} deep")
    try:
        return json.loads(text.decode(), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        raise ValueError("the file: is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the file: is no JSON, or cut off: {error}") from None


def _depth(text: bytes) -> int:
    """How deep the brackets are nested, those in texts left out."""
    # A text that does not end runs to the end of the file: no place is looked at twice.
    bare = re.sub(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', b"", text, flags=re.DOTALL)
    steps = (1 if bracket in b"[{" else -1 for bracket in re.sub(rb"[^][{}]+", b"", bare))
    return max(itertools.accumulate(steps), default=0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"{_shown(name)}: stands there twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"the file: holds {name}, which is no finite number")


def _fields(value: Any, checks: dict[str, Check], key: str, may: Iterable[str] = ()) -> None:
    """Check an object that has all fields of `checks`, except perhaps those of `may`; no others."""
    at = f"{key}." if key else ""
    _need(type(value) is dict, key or "the file", "is {}, not an object", value)
    for name in value:
        _need(name in checks, key or "the file", "has a field that is not known here: {}", name)
    for name, check in checks.items():
        if name in value:
            check(value[name], f"{at}{name}")
        else:
            _need(name in may, f"{at}{name}", "is missing")


def _each(value: Any, key: str, check: Check, low: int, high: int) -> None:
    _need(type(value) is list, key, "is {}, not a list", value)
    _need(low <= len(value) <= high, key, "has {} entries, not {} to {}", len(value), low, high)
    for index, one in enumerate(value):
        check(one, f"{key}[{index}]")


def _settings(value: Any, key: str) -> None:
    _fields(value, dict.fromkeys(NAMES, _setting), key)
    _whole(1, MOST_ROUNDS)(value["rounds"], f"{key}.rounds")


def _setting(value: Any, key: str) -> None:
    _whole(1, LARGEST)(value, key)


def _machine(value: Any, key: str) -> None:
    _fields(value, _MACHINE, key)
    counted = usable_cores(value["cpu_count"], value["affinity_count"], value["quota_cores"])
    _need(
        value["cores"] == counted, f"{key}.cores", f"is {value['cores']}, its inputs say {counted}"
    )


def _runtime(value: Any, key: str) -> None:
    _fields(value, _RUNTIME, key)
    wanted = "python" + ".".join(value["version"].split(".")[:2])
    good = value["id"] in (wanted, f"{wanted}t")
    _need(good, f"{key}.id", f"is {value['id']}, of version {value['version']}")
    _need(len(set(value["ways"])) == len(value["ways"]), f"{key}.ways", "names one twice")
    for way in ("for_loop", "threads", "processes"):
        _need(way in value["ways"], f"{key}.ways", f"has no {way}")


def _sample(value: Any, key: str) -> None:
    _fields(value, _SAMPLE, key)
    shape = EXPERIMENTS[value["experiment"]]
    _one_of(*shape.cases.split(), *shape.more_cases.split())(value["case"], f"{key}.case")
    _named(value["params"], _PARAMS, f"{key}.params", shape.params, shape.more_params)
    if value["values"] or not shape.empty:
        _named(value["values"], _VALUES, f"{key}.values", shape.values, shape.more_values)
    if value["experiment"] in _SPANS_NEEDED or value["case"] == "tracker_threads":
        _need(bool(value["spans"]), f"{key}.spans", "is empty")


def _named(value: Any, known: dict[str, Check], key: str, must: str, may: str) -> None:
    names = (*must.split(), *may.split())
    _fields(value, {name: known[name] for name in names}, key, may.split())


def _span(value: Any, key: str) -> None:
    good = type(value) is list and len(value) == 3
    _need(good, key, "is {}, not job, start and stop", value)
    job, start, stop = value
    _whole(0, 10_000)(job, f"{key}[0]")
    _SECONDS(start, f"{key}[1]")
    _SECONDS(stop, f"{key}[2]")
    _need(start <= stop, key, "ends before it begins: {}", value)


_SAMPLE: dict[str, Check] = {
    "experiment": _one_of(*EXPERIMENTS),
    "case": _text(r"[a-z_]{1,30}"),
    "runtime": _text(_ID),
    "round": _whole(1, MOST_ROUNDS),
    "params": lambda value, key: None,  # by the shape of the experiment
    "values": lambda value, key: _need(type(value) is dict, key, "is not an object"),
    "spans": lambda value, key: _each(value, key, _span, 0, MOST_SPANS),
    "disturbance": lambda value, key: _fields(value, _DISTURBANCE, key),
}


def _dates(started: str, finished: str) -> None:
    """Check that the run began, then ended, then is over."""
    times = []
    for key, text in (("started", started), ("finished", finished)):
        try:
            times.append(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            raise ValueError(f"{key}: is no date: {_shown(text)}") from None
    begin, end = times
    _need(begin <= end, "finished", f"is {finished}, before it started")
    _need(end - begin <= LONGEST_RUN, "finished", f"is more than {LONGEST_RUN.days} days later")
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    _need(end <= now, "finished", f"is {finished}, in the future")


def _whole_rounds(fields: dict[str, Any]) -> None:
    """Check that every case was measured once in each round, and none is missing."""
    runtimes = [runtime["id"] for runtime in fields["runtimes"]]
    _need(len(set(runtimes)) == len(runtimes), "runtimes", "names one twice")
    rounds: dict[tuple, list[int]] = {}
    for index, sample in enumerate(fields["samples"]):
        known = sample["runtime"] in runtimes
        _need(known, f"samples[{index}].runtime", f"{sample['runtime']} is not among the runtimes")
        variant = tuple(sorted(sample["params"].items()))
        case = (sample["experiment"], sample["runtime"], sample["case"], variant)
        rounds.setdefault(case, []).append(sample["round"])
    wanted = list(range(1, fields["settings"]["rounds"] + 1))
    for (experiment, runtime, case, _), found in rounds.items():
        good = sorted(found) == wanted
        _need(good, "samples", f"{experiment} {case} with {runtime} is not once in every round")
    _all_cases({case[:3] for case in rounds}, runtimes)


def _all_cases(there: set[tuple[str, str, str]], runtimes: list[str]) -> None:
    """Check that an experiment that is there has the cases without which it says nothing."""
    asked = {(experiment, runtime) for experiment, runtime, _ in there}
    asked |= {(experiment, runtimes[0]) for experiment in NEEDED}
    for experiment, runtime in sorted(asked):
        alone = experiment == "runtimes" or runtime == runtimes[0]
        _need(alone, "samples", f"{experiment} was measured with {runtime}, not with the first")
        for case in EXPERIMENTS[experiment].cases.split():
            good = (experiment, runtime, case) in there
            _need(good, "samples", f"{experiment} {case} with {runtime} is missing")
