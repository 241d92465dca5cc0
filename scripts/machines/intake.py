"""Taking in a record from somebody else: check it, store it, derive everything anew as one set."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from scripts.blog import derive, fileset
from scripts.comparison import summaries as machines
from scripts.machines.untrusted import CURE, LARGEST_BYTES, check_record
from scripts.project import Project
from scripts.record import Record, arm_of, dumps, load, loads
from scripts.record.errors import BlogError

# A record of which more than this part of the times are another's is that one again.
REPEATED = 0.1


def read(path: str, variable: str) -> bytes:
    """The bytes of the file that `variable` names, one more than may be taken at most.

    Raises BlogError when it cannot be read, and for what is no file: a pipe could wait for ever.
    """
    if not path:
        raise BlogError("is not given", where=variable, cure=f"name a file: {variable}=…")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with open(handle, "rb") as file:
            regular = stat.S_ISREG(os.fstat(handle).st_mode)
            text = file.read(LARGEST_BYTES + 1) if regular else b""
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        cure = f"name a file that is there: {variable}=…"
        raise BlogError(what, where=path, cure=cure) from None
    if not text:
        what = "is empty" if regular else "is no file"
        raise BlogError(what, where=path, cure=f"name another: {variable}=…")
    return text


def add(project: Project, text: bytes, where: str) -> Path:
    """Check the record in `text`, store it, and derive everything anew; where it is stored.

    What is stored is written anew from what was understood, and never a stranger's bytes. `where`
    names the record in errors. Raises BlogError, with nothing changed, for a record that is not
    sound or is already there.
    """
    record = check_record(text, where)
    with fileset.locked(project.run / "lock"):
        derive.recover(project)
        own = load(project.current_record())
        path = project.others / f"{machines.name_of(record)}.json"
        _refuse_repeats(project, record, own, path, where)
        _install(project, own, {path.stem: dumps(record).encode()}, where)
    return path


def _refuse_repeats(project: Project, record: Record, own: Record, path: Path, where: str) -> None:
    """Raise BlogError for a record whose name is taken, or that was measured by one that is there.

    What was measured is compared, not what the record calls itself.
    """
    names = machines.names(project.others) | machines.names(project.machines)
    if path.stem in names | {machines.name_of(own)}:
        raise BlogError(f"{path.stem} is already there", where=where, cure=CURE)
    times = _times(record)
    others = {
        name: loads(text.decode("utf-8", "replace"), name)
        for name, text in machines.others(project).items()
    }
    for name, other in {machines.name_of(own): own, **others}.items():
        if len(times & _times(other)) > len(times) * REPEATED:
            raise BlogError(f"refused: holds what {name} measured", where=where, cure=CURE)


def _times(record: Record) -> set[tuple]:
    """What tells the samples of a record, wherever in it they stand: the wall time to six digits,
    and the part of it that was computed, which stays when all times are made longer or shorter.

    Two sessions of the same machine have hardly one of either in common.
    """
    found = set()
    for sample in record.samples:
        wall_s, cpu_s = (sample.values.get(name) for name in ("wall_s", "cpu_s"))
        if wall_s:
            found.add((arm_of(sample), f"{wall_s:.6g}"))
        if wall_s and cpu_s:
            found.add((arm_of(sample), f"{cpu_s / wall_s:.7g} computed"))
    return found


def _install(project: Project, own: Record, incoming: Mapping[str, bytes], where: str) -> None:
    """Derive everything anew. Raises BlogError for a record of which it cannot be."""
    try:
        derive.install_set(project, own, incoming)
    except (BlogError, OSError):
        raise
    except Exception as error:  # whatever a record holds that no check has thought of
        derive.recover(project)
        what = f"refused: it cannot be summed up: {type(error).__name__}: {error}"
        raise BlogError(what, where=where, cure=CURE) from None
