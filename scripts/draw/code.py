"""Which code the pictures and their values come from."""

from __future__ import annotations

import hashlib
from pathlib import Path

_ROOMS = ("conclude", "draw", "experiments", "record")
_FILES = ("blog/card.py", "blog/pictures.py", "machines/speedup.py")


def code_sha256() -> str:
    """A hash of all the code that decides what the figures and their values look like."""
    scripts = Path(__file__).parents[1]
    files = [path for room in _ROOMS for path in (scripts / room).rglob("*.py")]
    files += [path for path in map(scripts.joinpath, _FILES) if path.exists()]
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(path.relative_to(scripts).as_posix().encode())
        whole.update(b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
