"""Writing in folders that others write to as well: nothing that they have put there is followed.

What is being worked on lies in a folder of its own, which only its owner may enter; what is handed
over appears under its name at once and whole, and never in the place of something else.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from scripts.record.errors import BlogError

_ELSEWHERE = "move it away, or name a file in another folder: --output FILE"
# On Windows there are no owners and modes of this kind.
_uid = getattr(os, "geteuid", lambda: None)()


def private_folder(path: Path) -> Path:
    """The folder `path`, made if it is not there. Raises BlogError unless it is ours alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        raise BlogError("is in the way, a folder was expected", where=str(path), cure=_ELSEWHERE)
    if _uid is not None and (found.st_uid != _uid or found.st_mode & 0o077):
        raise BlogError("is not ours alone, others could write in it", str(path), _ELSEWHERE)
    return path


def write_new(path: Path, data: bytes, folder: Path) -> None:
    """Write the file `path`, all of it or nothing. Raises BlogError if the name is taken.

    `folder` is a private one on the same disk, in which it is made ready.
    """
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(ready, flags, 0o644), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        _move_to_free_name(ready, path)
    except FileExistsError:
        raise BlogError("is there already", where=str(path), cure=_ELSEWHERE) from None
    finally:
        ready.unlink(missing_ok=True)


def _move_to_free_name(ready: Path, path: Path) -> None:
    try:
        os.link(ready, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):  # a disk without hard links
        if os.path.lexists(path):
            raise FileExistsError from None
        os.rename(ready, path)
