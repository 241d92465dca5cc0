"""How the programs with the usual mistakes ended, and what the interpreter said."""

from __future__ import annotations

import statistics
from typing import Dict, Sequence

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact
from scripts.experiments.pitfalls.declaration import CASES
from scripts.experiments.pitfalls.measure import ERRORS
from scripts.experiments.pitfalls.words import message
from scripts.record import Record, Runtime, Sample

ANOTHER = ERRORS[1]


def quantities(record: Record) -> Dict[str, Quantity]:
    """How each ended, "hangs", "fails" or "works", by which errors, and the message.

    A record holds numbers only: the message is the one that this version is known for, and stands
    there only where the error that was recorded is the one it names.
    """
    found: Dict[str, Quantity] = {}
    for case in CASES:
        samples = [one for one in record.select("pitfalls", case) if one.values]
        if samples:
            for name, text in _of_samples(samples, record.runtimes[0]).items():
                found[f"pitfalls.{case}.{name}"] = fact(text, "text")
    return found


def _of_samples(samples: Sequence[Sample], runtime: Runtime) -> Dict[str, str]:
    values = samples[-1].values
    how = "hangs" if values["hung_count"] else "fails" if values["status_count"] else "works"
    found = {"ends": how}
    for name in ("error", "worker_error"):
        error = ERRORS[_usual(samples, f"{name}_count")]
        if error:
            found[name] = error
    if samples[-1].case == "fork_with_thread":
        found["warned"] = "yes" if values.get("warned_count") else "no"
    said = _message(samples[-1].case, runtime, found)
    return {**found, "message": said} if said else found


def _usual(samples: Sequence[Sample], name: str) -> int:
    """The place of the error that most sessions named; two workers that write into the same line
    garble it, which makes it another one."""
    places = [int(one.values.get(name, 0)) for one in samples]
    known = [place for place in places if place < len(ERRORS) and ERRORS[place] != ANOTHER]
    return statistics.mode(known) if known else ERRORS.index(ANOTHER)


def _message(case: str, runtime: Runtime, found: Dict[str, str]) -> str:
    if runtime.implementation != "CPython":
        return ""
    major, minor = runtime.version.split(".")[:2]
    said = message(case, (int(major), int(minor)))
    named = said.split(":")[0].split(".")[-1]
    if case == "fork_with_thread":
        return said if found["warned"] == "yes" else ""
    return said if named in (found.get("error"), found.get("worker_error")) else ""
