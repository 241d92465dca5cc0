"""A record from somebody else, checked field by field before anything is made of it.

Nothing is repaired: what is not exactly a record of this program is refused, with the field and
the reason. What an experiment's samples may hold follows from its declaration. Every text has a
pattern of its own, and none of them has room for a path, an address, markup or a sentence. What
contradicts itself is refused; what merely exceeds a ceiling is marked where it is shown.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scripts import experiments
from scripts.conclude.summary import declaration_of
from scripts.experiments.settings import LARGEST, NAMES
from scripts.record import SCHEMA, SCHEMA_FILE, Record, from_fields
from scripts.record.declaration import Choice, Declaration, Flag, Kind
from scripts.record.errors import BlogError
from scripts.runner.machine import usable_cores

LARGEST_BYTES = 2_000_000
MOST_RUNTIMES, MOST_SESSIONS, MOST_ARMS, MOST_ROUNDS, MOST_SPANS = 10, 50, 2_000, 10_000, 20_000
# Numbers of workers are compared by pairs: so many variants of a case can be summed up in no time.
MOST_VARIANTS = 60
LONGEST_SESSION = datetime.timedelta(days=7)
CURE = "ask its sender for another run of measure.pyz; nothing was changed"
# Without it the record says nothing on the first conclusions of the post.
NEEDED = "cpu_bound"
# Clocks of different kinds are read one after the other: so much more than is possible may show.
SLACK, SLACK_S = 1.1, 0.1

# Raises ValueError when the value is not what the field of that name may hold.
Check = Callable[[Any, str], None]

_PRIVATE = re.compile(
    r"/|\\|@(?! ?[0-9.+]+ ?[GM]Hz)|\b(?:root|localhost|home|users)\b|\.(?:local|lan|internal)\b",
    re.I,
)


def check_record(text: bytes, where: str) -> Record:
    """The record in `text`, of which nothing is known; `where` names it in errors.

    Raises BlogError with the field and the reason, in one line.
    """
    try:
        return _checked(_parsed(text))
    except (BlogError, ValueError) as error:
        what = error.what if isinstance(error, BlogError) else error
        raise BlogError(f"refused: {what}", where, CURE) from None


def _checked(fields: Any) -> Record:
    """The record of a piece of JSON, which can be summed up. Raises ValueError or BlogError."""
    _fields(fields, _RECORD, "", may=("$schema",))
    _need(not fields["quick"], "quick", "a quick run is none to compare")
    _sessions(fields["sessions"])
    _arms(fields)
    record = from_fields(fields)
    try:
        for key in experiments.quantities(record):
            declaration_of(key, experiments.declarations())
    except KeyError as error:  # a value that only some cases or steps must have
        raise ValueError(f"arms: cannot be summed up without {_shown(error.args[0])}") from None
    return record


def _parsed(text: bytes) -> Any:
    _need(len(text) <= LARGEST_BYTES, "the file", "is larger than {} bytes", LARGEST_BYTES)
    _need(bool(text.strip()), "the file", "is empty")
    try:
        return json.loads(
            text.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        raise ValueError("the file: is not UTF-8") from None
    except RecursionError:
        raise ValueError("the file: is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the file: is no JSON: {error.msg} in line {error.lineno}") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    _need(len(found) == len(pairs), "the file", "has a field twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"the file: holds {name}, which is no number")


def _need(good: bool, key: str, what: str, *values: object) -> None:
    """Raise ValueError unless it is `good`; `what` has a pair of braces for each of the values."""
    if not good:
        raise ValueError(f"{key}: {what.format(*map(_shown, values))}")


def _shown(value: object) -> str:
    """A value as it can be quoted in one line of a terminal, whatever it is."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _whole(low: float, high: float) -> Check:
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


def _of_kind(kind: Kind) -> Check:
    """The check of a parameter or a value, by its declaration."""
    if isinstance(kind, Choice):
        return _one_of(*kind.names)
    if isinstance(kind, Flag):
        return _flag
    return (_counted if kind.whole else _number)(kind.low, kind.high)


def _counted(low: float, high: float) -> Check:
    """A whole number, which a measured value may say as 3.0."""
    check = _whole(low, high)
    return lambda value, key: check(
        int(value) if type(value) is float and value.is_integer() else value, key
    )


def _fields(value: Any, checks: Mapping[str, Check], key: str, may: Iterable[str] = ()) -> None:
    """Check that an object has these fields and no others; those in `may` can be missing."""
    _need(type(value) is dict, key or "the file", "is {}, not an object", value)
    at = f"{key}." if key else ""
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


# What CPU vendors write: the maker or the family first, then their words, and codes with a digit.
_MAKERS = """
AMD AWS Ampere Apple ARM ARMv6 ARMv7 ARMv8 Athlon BCM Broadcom Celeron Common Core Cortex EPYC
Exynos Generated Genuine Graviton HiSilicon Hygon IBM Intel Intel(R) Kunpeng Loongson MediaTek
Neoverse POWER Pentium Phytium QEMU Qualcomm Raspberry RISC Rockchip Ryzen SiFive Snapdragon VIA
Virtual VirtualApple Xeon Zhaoxin unknown
"""
_WORDS = """
(R) (TM) (tm) @ APU CPU Core(TM) Cores Compute Duo Quad Gen GHz Gold Graphics KVM Laptop Max Model
MHz Platinum Plus Pro PRO Processor Radeon Series Silver Bronze Six-Core Quad-Core Dual-Core
Eight-Core Threadripper Ultra Vega Altra Xeon(R) Pentium(R) Celeron(R) Atom(TM) and processor rev
version virtual with II III no TSX noTSX IBRS Haswell Broadwell Skylake Cascadelake Icelake Rome
Milan Genoa Client Server Pi Rev
"""
_CPU_FIRST = frozenset(_MAKERS.split())
_CPU_WORDS = _CPU_FIRST | frozenset(_WORDS.split())


def _cpu_model(value: Any, key: str) -> None:
    _text(r"[A-Za-z0-9][\w ()+.,@-]{0,79}")(value, key)
    first, *rest = re.sub(r"^[0-9]{1,2}(st|nd|rd|th) Gen ", "", value).replace(",", " ").split()
    family = re.split(r"[-0-9(]", first)[0]
    good = first in _CPU_FIRST or family in _CPU_FIRST
    _need(good, key, "is of no maker that is known here: {}", value)
    for word in rest if first in _CPU_FIRST else (first, *rest):
        _need(_is_cpu_word(word), key, "is no name of a CPU: {}", value)


def _is_cpu_word(word: str) -> bool:
    """Whether it is one of vendors' words, or a code of a few letters and digits: "E5-2673"."""
    if word in _CPU_WORDS or word.strip("()") in _CPU_WORDS or len(word) == 1:
        return True
    parts = re.findall("[A-Za-z]+", re.sub(r"\((?:R|TM|tm)\)", "", word))
    unknown = [len(part) for part in parts if part not in _CPU_WORDS]
    few = len(re.findall("[0-9]", word)) in range(1 if unknown else 0, 7)
    version = re.fullmatch(r"[^.]*(?:[0-9]\.[0-9][^.]*)?", word)
    return bool(few and version and len(word) <= 20 and max(unknown, default=0) <= 3)


_ID = r"python3\.[0-9]{1,2}t?"
_DATE = r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z"
# What platform.python_build() and python_compiler() say: "main May  9 2026 07:35:25 GCC 12.2.0".
_BRANCH = r"main|master|default|v?[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}(?:(?:a|b|rc)[0-9]{1,2})?"
_COMPILED = r"\(?(?:clang-|v\.)?[0-9][0-9.-]{0,24}\)?|\(Red Hat|Clang|bit|\((?:AMD64|ARM64|Intel)\)"
_BUILD = (
    rf"(?:(?:tags/|heads/)?(?:{_BRANCH})?(?:-dirty)?(?::?[0-9a-f]{{6,40}})?(?:-dirty|\+)? )?"
    r"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4},? [0-9]{2}:[0-9]{2}:[0-9]{2}"
    rf" (?:GCC|Clang|Apple LLVM|MSC|ICC)(?: (?:{_COMPILED})){{0,6}} ?"
)
_SYSTEMS = "Linux|Darwin|macOS|Windows|FreeBSD|OpenBSD|NetBSD|SunOS|AIX|Android"
_ARCHITECTURES = (
    "x86_64", "AMD64", "amd64", "i386", "i686", "x86", "aarch64", "arm64", "ARM64", "armv6l",
    "armv7l", "armv8l", "ppc64", "ppc64le", "s390x", "riscv64", "loongarch64", "mips64", "sparc64",
)  # fmt: skip
_WAYS = ("for_loop", "threads", "processes", "interpreters", "dask", "joblib")
_SHA256 = r"(?!0{64})[0-9a-f]{64}"

_RECORD: dict[str, Check] = {
    "$schema": _one_of(SCHEMA_FILE),
    "schema": _whole(SCHEMA, SCHEMA),
    "quick": _flag,
    "settings": lambda value, key: _settings(value, key),
    "code": lambda value, key: _code(value, key),
    "machine": lambda value, key: _machine(value, key),
    "runtimes": lambda value, key: _each(value, key, _runtime, 1, MOST_RUNTIMES),
    "sessions": lambda value, key: _each(value, key, _session, 1, MOST_SESSIONS),
    "arms": lambda value, key: _each(value, key, _arm, 1, MOST_ARMS),
}
_MACHINE: dict[str, Check] = {
    "cpu_model": _cpu_model,
    "architecture": _one_of(*_ARCHITECTURES),
    "system": _text(rf"(?:{_SYSTEMS})(?: [0-9]{{1,4}}(?:\.[0-9]{{1,4}})?)?"),
    "cpu_count": _whole(1, 4_096),
    "affinity_count": _whole(1, 4_096),
    "quota_cores": _or_none(_number(0.001, 4_096)),
    "cores": _whole(1, 4_096),
    "smt": _or_none(_flag),
    "memory_bytes": _or_none(_whole(10**6, 10**15)),
}
_RUNTIME: dict[str, Check] = {
    "id": _text(_ID),
    "implementation": _one_of("CPython", "PyPy", "GraalVM"),
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
    "implementation": _text(r"clock_gettime\(CLOCK_[A-Z_]{1,24}\)|\w{1,32}\(\)"),
    "monotonic": _flag,
    "resolution_s": _number(1e-12, 1),
}
_SESSION: dict[str, Check] = {
    "id": _text(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}"),
    "started": _text(_DATE),
    "finished": _text(_DATE),
    "load_before": _or_none(_number(0, 10**6)),
}
_DISTURBANCE: dict[str, Check] = {
    "began_s": _number(0, 10**6),
    "elapsed_s": _number(0, 10**6),
    "others_share": _number(0, 2),
    "steal_share": _number(0, 2),
    "throttled_count": _whole(0, 2**53),
    "core": _whole(0, 4_095),
    "disturbed": _whole(0, 1),
}


def _settings(value: Any, key: str) -> None:
    _fields(value, dict.fromkeys(NAMES, _whole(1, LARGEST)), key, may=NAMES)


def _code(value: Any, key: str) -> None:
    known = experiments.declarations()
    _fields(value, dict.fromkeys(known, _text(_SHA256)), key, may=known)


def _machine(value: Any, key: str) -> None:
    _fields(value, _MACHINE, key)
    counted = usable_cores(value["cpu_count"], value["affinity_count"], value["quota_cores"])
    cores = value["cores"]
    _need(cores == counted, f"{key}.cores", f"is {cores}, its inputs say {counted}")


def _runtime(value: Any, key: str) -> None:
    _fields(value, _RUNTIME, key)
    wanted = "python" + ".".join(value["version"].split(".")[:2])
    good = value["id"] in (wanted, f"{wanted}t")
    _need(good, f"{key}.id", f"is {value['id']}, of version {value['version']}")
    minor = int(value["version"].split(".")[1])
    free = value["id"].endswith("t") and minor >= 13
    _need(value["gil"] or free, f"{key}.gil", f"is false, with {value['id']}")
    _need(len(set(value["ways"])) == len(value["ways"]), f"{key}.ways", "names one twice")
    for way in ("for_loop", "threads", "processes"):
        _need(way in value["ways"], f"{key}.ways", f"has no {way}")


def _session(value: Any, key: str) -> None:
    _fields(value, _SESSION, key)
    stamp = value["started"].replace("-", "").replace(":", "")
    _need(value["id"].startswith(f"{stamp}-"), f"{key}.id", "is not of the moment it started")


def _sessions(sessions: list[dict[str, Any]]) -> None:
    """Check that every session began, then ended, and only then the next one began."""
    last = None
    for index, one in enumerate(sessions):
        key = f"sessions[{index}]"
        begin, end = _moment(one["started"], key), _moment(one["finished"], key)
        _need(begin <= end, f"{key}.finished", f"is {one['finished']}, before it started")
        _need(end - begin <= LONGEST_SESSION, f"{key}.finished", "is more than 7 days later")
        _need(last is None or last <= begin, f"{key}.started", "is before the session before it")
        last = end
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    _need(last <= now, "sessions", f"end at {sessions[-1]['finished']}, in the future")


def _moment(text: str, key: str) -> datetime.datetime:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise ValueError(f"{key}: is no date: {_shown(text)}") from None


_ARM: dict[str, Check] = {
    "experiment": lambda value, key: _one_of(*experiments.declarations())(value, key),
    "case": _text(r"[a-z_]{1,30}"),
    "runtime": _text(_ID),
    "params": lambda value, key: None,  # by the declaration of the experiment, below
    "values": lambda value, key: _each(value, key, _text(r"[a-z0-9_]{1,40}"), 0, 40),
    "disturbance": lambda value, key: _each(value, key, _one_of(*_DISTURBANCE), 0, 20),
    "rows": lambda value, key: _each(value, key, _row, 1, MOST_ROUNDS),
}


def _arm(value: Any, key: str) -> None:
    """Check what an arm says by itself, by the declaration of its experiment."""
    _fields(value, _ARM, key)
    declared = experiments.declarations()[value["experiment"]]
    _one_of(*declared.cases)(value["case"], f"{key}.case")
    kinds = {name: _of_kind(kind) for name, kind in declared.params.items()}
    _fields(value["params"], kinds, f"{key}.params", may=("start_method",))
    for name in value["values"]:
        _need(name in declared.values, f"{key}.values", "{} is not declared", name)
    for name in ("values", "disturbance"):
        _need(len(set(value[name])) == len(value[name]), f"{key}.{name}", "names one twice")
    if value["values"] or not declared.empty:
        for name in declared.required:
            _need(name in value["values"], f"{key}.values", f"has no {name}")


def _row(value: Any, key: str) -> None:
    good = type(value) is list and len(value) in (4, 5)
    _need(good, key, "is {}, not session, round, values, disturbance and spans", value)
    _whole(1, MOST_SESSIONS)(value[0], f"{key} session")
    _whole(1, MOST_ROUNDS)(value[1], f"{key} round")
    for part in value[2:]:
        _need(type(part) is list, key, "is {}, not a list", part)


def _arms(fields: dict[str, Any]) -> None:
    """Check the arms against all else that the record says."""
    runtimes = [runtime["id"] for runtime in fields["runtimes"]]
    _need(len(set(runtimes)) == len(runtimes), "runtimes", "names one twice")
    sessions, cores = len(fields["sessions"]), fields["machine"]["cores"]
    there: set[tuple] = set()
    variants: dict[tuple, set[str]] = {}
    spent_s = [0.0] * sessions
    for index, arm in enumerate(fields["arms"]):
        key, declared = f"arms[{index}]", experiments.declarations()[arm["experiment"]]
        known = arm["runtime"] in runtimes
        _need(known, f"{key}.runtime", f"{arm['runtime']} is not among the runtimes")
        alone = declared.runtimes == "all" or arm["runtime"] == runtimes[0]
        _need(alone, f"{key}.runtime", f"is not the first, of {arm['experiment']}")
        _need(arm["experiment"] in fields["code"], "code", f"has no {arm['experiment']}")
        for size in declared.sizes:
            _need(size.name in fields["settings"], "settings", f"has no {size.name}")
        name = (arm["experiment"], arm["case"], arm["runtime"], json.dumps(arm["params"]))
        kinds = variants.setdefault(name[:3], set())
        kinds.add(name[3])
        _need(len(kinds) <= MOST_VARIANTS, key, "is one of more than {} variants", MOST_VARIANTS)
        for number, row in enumerate(arm["rows"]):
            at = f"{key}.rows[{number}]"
            _need(row[0] <= sessions, at, f"is of session {row[0]}, of {sessions}")
            once = (*name, row[0], row[1])
            _need(once not in there, at, "is there twice")
            there.add(once)
            spent_s[row[0] - 1] += _sound_row(row, arm, declared, cores, at)
    _no_more_than_the_day(fields["sessions"], spent_s)
    _all_cases(fields["arms"], runtimes)


def _sound_row(
    row: list[Any], arm: dict[str, Any], declared: Declaration, cores: int, key: str
) -> float:
    """Check what a row holds by itself; the seconds that it took."""
    for names, numbers in ((arm["values"], row[2]), (arm["disturbance"], row[3])):
        _need(len(names) == len(numbers), key, "has {} numbers, not {}", len(numbers), len(names))
    values = {n: v for n, v in zip(arm["values"], row[2], strict=True) if v is not None}
    for name, value in values.items():
        _of_kind(declared.values[name])(value, f"{key} {name}")
    if values or not declared.empty:
        for name in declared.required:
            _need(name in values, key, f"has no {name}")
    told = {n: v for n, v in zip(arm["disturbance"], row[3], strict=True) if v is not None}
    for name, value in told.items():
        _DISTURBANCE[name](value, f"{key} {name}")
    wall_s = values.get("wall_s")
    if wall_s is not None:
        most_s = SLACK * cores * wall_s + SLACK_S
        _need(values.get("cpu_s", 0) <= most_s, f"{key} cpu_s", "is more than wall time x cores")
        _need(told.get("elapsed_s", wall_s) >= wall_s / SLACK - SLACK_S, key, "ended before it did")
    for total, parts in declared.sums.items():
        if total in values and all(part in values for part in parts):
            counted = sum(values[part] for part in parts)
            _need(values[total] == counted, f"{key} {total}", "is not the sum of its parts")
    if len(row) == 5:
        _spans(row[4], wall_s, key)
    return told.get("elapsed_s", wall_s or 0.0)


def _spans(spans: list[Any], wall_s: float | None, key: str) -> None:
    """Check that spans are intervals within their wall time, and no job runs twice at once."""
    _need(len(spans) <= MOST_SPANS, key, "has {} spans, not up to {}", len(spans), MOST_SPANS)
    stops: dict[int, float] = {}
    for span in sorted(spans, key=lambda one: (str(type(one)), str(one))):
        good = type(span) is list and len(span) == 3
        _need(good, key, "a span is {}, not job, start and stop", span)
        _whole(0, 10_000)(span[0], f"{key} span")
        _number(0, 10**6)(span[1], f"{key} span")
        _number(0, 10**6)(span[2], f"{key} span")
        _need(span[1] <= span[2], key, "a span ends before it begins: {}", span)
        inside = wall_s is None or span[2] <= SLACK * wall_s + SLACK_S
        _need(inside, key, "a span lies outside the wall time: {}", span)
    for job, start, stop in sorted(spans):
        _need(start >= stops.get(job, 0.0), key, "job {} runs twice at once", job)
        stops[job] = stop


def _no_more_than_the_day(sessions: list[dict[str, Any]], spent_s: list[float]) -> None:
    """Check that no session measured for longer than it lasted."""
    for index, (one, seconds) in enumerate(zip(sessions, spent_s, strict=True)):
        begin, end = (_moment(one[name], "sessions") for name in ("started", "finished"))
        lasted_s = (end - begin).total_seconds()
        key = f"sessions[{index}]"
        _need(
            seconds <= SLACK * lasted_s + 2, key, "lasted {} s and measured {}", lasted_s, seconds
        )


def _all_cases(arms: list[dict[str, Any]], runtimes: list[str]) -> None:
    """Check that an experiment that is there has the cases without which it says nothing."""
    there = {(arm["experiment"], arm["case"]) for arm in arms if arm["runtime"] == runtimes[0]}
    for name in {NEEDED, *(arm["experiment"] for arm in arms)}:
        declared = experiments.declarations()[name]
        for case in declared.cases[: declared.needed]:
            _need((name, case) in there, "arms", f"{name} {case} with {runtimes[0]} is missing")
