"""Taking in a record from somebody else: check it, store it, derive everything anew as one set."""

from __future__ import annotations

from pathlib import Path

from scripts.blog import derive, fileset
from scripts.machines import summaries as machines
from scripts.machines.untrusted import LARGEST_BYTES, check_record
from scripts.project import Project
from scripts.record import dumps, load
from scripts.record.errors import BlogError


def read(path: Path) -> bytes:
    """The bytes of a file, one more than may be taken at most. Raises BlogError."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise BlogError(what, where=str(path), cure="name a file that is there: FILE=…") from None


def add(project: Project, text: bytes, where: str) -> Path:
    """Check the record in `text`, store it, and derive everything anew; where it is stored.

    What is stored is written anew from what was understood, and never the foreign bytes. `where`
    names the record in errors. Raises BlogError, with nothing changed, for a record that is not
    sound or is already there.
    """
    record = check_record(text, where)
    with fileset.locked(project.run / "lock"):
        fileset.recover(project.root, project.stage)
        own = load(project.current_record())
        path = project.others / f"{machines.name_of(record)}.json"
        there = machines.run_ids(project.machines.glob("*.json")) | {own.run_id}
        if record.run_id in there or path.exists():
            raise BlogError(f"run {record.run_id} is already there", where=where)
        derive.install_set(project, own, {path.stem: dumps(record).encode()})
    return path
