"""What a session has to measure: all there is once more, or only what is new or has changed."""

from __future__ import annotations

import dataclasses
from typing import Dict, Mapping, Optional, Sequence

from scripts.experiments import declarations
from scripts.record import Machine, Record, Runtime

# Sizes that several experiments go by; they are declared by the first of them.
SHARED_SIZES = ("workers", "jobs")
_MACHINE = ("cpu_model", "architecture", "system", "cpu_count", "affinity_count", "cores")


@dataclasses.dataclass(frozen=True)
class Work:
    """Which experiments a session measures, each with the reason, and what of the record stays."""

    reasons: Dict[str, str]
    base: Optional[Record] = None

    @property
    def number(self) -> int:
        """The number of the session in the record that it will be part of."""
        return len(self.base.sessions) + 1 if self.base else 1


@dataclasses.dataclass(frozen=True)
class Here:
    """What is here now, to be held against a record."""

    quick: bool
    settings: Mapping[str, int]
    code: Mapping[str, str]
    machine: Machine
    runtimes: Sequence[Runtime]


def choose(current: Optional[Record], here: Here) -> Work:
    """The work of the next session, after what `current` holds (None: nothing is there)."""
    if current is None:
        return Work(dict.fromkeys(here.code, "new"))
    other = _other(current, here)
    if other:
        return Work(dict.fromkeys(here.code, other))
    reasons = {name: why for name in here.code if (why := _why(name, current, here))}
    base = _without(current, {*reasons, *(set(current.code) - set(here.code))})
    if not reasons:
        reasons = dict.fromkeys(here.code, "one more session")
    return Work(reasons, base if base.samples else None)


def _other(current: Record, here: Here) -> str:
    """Why nothing of `current` can stay; "" when it can."""
    if here.quick or current.quick:
        return "small sizes stand alone" if here.quick else "the record is of a QUICK run"
    if any(getattr(current.machine, name) != getattr(here.machine, name) for name in _MACHINE):
        return "another machine"
    before, now = current.runtimes[0], here.runtimes[0]
    if (before.id, before.version, before.build) != (now.id, now.version, now.build):
        return f"another interpreter, {now.version} after {before.version}"
    if before.start_method != now.start_method:
        return "another start method"
    return ""


def _why(name: str, current: Record, here: Here) -> str:
    """Why the experiment is measured anew; "" when what is there can stay."""
    if name not in current.code:
        return "new"
    if current.code[name] != here.code[name]:
        return "its code has changed"
    declared = declarations()[name]
    sizes = (*(size.name for size in declared.sizes), *SHARED_SIZES)
    changed = [one for one in sizes if current.settings.get(one) != here.settings[one]]
    if changed:
        return f"{changed[0]} is {here.settings[changed[0]]:,} now"
    ids = [[one.id for one in runtimes] for runtimes in (current.runtimes, here.runtimes)]
    if declared.runtimes == "all" and ids[0] != ids[1]:
        return "other interpreters"
    return ""


def _without(current: Record, names: set) -> Record:
    """The record without some experiments, and without the sessions that are empty then."""
    samples = [sample for sample in current.samples if sample.experiment not in names]
    there = sorted({sample.session for sample in samples})
    number = {old: new for new, old in enumerate(there, 1)}
    return dataclasses.replace(
        current,
        code={name: digest for name, digest in current.code.items() if name not in names},
        sessions=tuple(current.sessions[old - 1] for old in there) or current.sessions,
        samples=tuple(dataclasses.replace(one, session=number[one.session]) for one in samples),
    )
