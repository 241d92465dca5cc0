"""Trying in a second, before anything is measured, what would fail after minutes otherwise."""

from __future__ import annotations

import multiprocessing
import tempfile
from pathlib import Path
from typing import Callable, List, Mapping

from scripts.record import faults
from scripts.record.errors import BlogError
from scripts.runner import trial
from scripts.runner.interpreter import Interpreter, NotMeasured

# The journal and the record of a session together stay below this.
_ROOM_BYTES = 4 * 2**20
_LIMIT_S = 10.0


def check(folder: Path, trials: Mapping[str, Callable[[], object]]) -> None:
    """Try what the session as a whole needs.

    That is room for the journal in `folder`, and every one of `trials`, named by what it tries
    ("a picture"). Raises one BlogError with a line for each that fails.
    """
    faults = _no_room(folder)
    for name, make in trials.items():
        try:
            make()
        except BlogError as error:
            faults.append(str(error))
        except Exception as error:  # whatever it is, it would stop the end of the session
            what = " ".join(f"{type(error).__name__}: {error}".split())
            faults.append(f"{name} cannot be made here: {what}")
    if faults:
        raise BlogError("\n".join(faults))


def _no_room(folder: Path) -> List[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ROOM_BYTES))
    except OSError as error:
        cure = faults.CURES.get(error.errno, "make it writable, then try again")
        what = f"cannot be written: {error.strerror}"
        return [str(BlogError(what, where=str(folder), cure=cure))]
    return []


def lacking(interpreter: Interpreter, executable: str) -> List[str]:
    """What cases will lack here, a line each: they will be left out, and all others measured.

    That is a pool of processes by every way to start them, a block of shared memory, a connection
    and many open files: tried at once, and one by one only where that fails.
    """
    ways = multiprocessing.get_all_start_methods()
    if not _fault(interpreter, executable, "all", " ".join(ways)):
        return []
    trials = {f"processes started by {way}": ("pool", way) for way in ways}
    trials["shared memory"] = ("shared memory", "")
    trials[f"connections to {trial.HOST}"] = ("network", "")
    trials[f"{trial.OPEN_FILES} open files"] = ("files", "")
    faults = {what: _fault(interpreter, executable, *asked) for what, asked in trials.items()}
    return [
        f"what needs {what} cannot be measured here: {fault}"
        for what, fault in faults.items()
        if fault
    ]


def _fault(interpreter: Interpreter, executable: str, case: str, start_methods: str) -> str:
    """What is wrong when a fresh interpreter tries a case of `trial`; "" where it can be had."""
    question = {"do": "case", "module": trial.__name__, "case": case, "settings": {}}
    params = {"start_methods": start_methods}
    try:
        interpreter.ask(executable, {**question, "params": params}, _LIMIT_S)
    except NotMeasured as fault:
        return fault.what
    return ""
