"""Change a set of files as one: after a kill at any moment the old set or the new one is there.

The new files are written into a stage, a folder that mirrors the project. Its manifest, renamed
into it when all else is on the disk, is the commit: without it the stage is thrown away, with it
the next command finishes what a killed one began. Every step may be done twice.

Some files belong to their authors, so the set holds no copy of these, only the order to rewrite
them as they then stand. One that is malformed by then, or changes without end, is left as it is;
the rest is finished, and the error says what to mend before `make redraw`.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from scripts.record import faults, sha256
from scripts.record.errors import BlogError

# Gives the name and the bytes of a file as it stands what it shall be. Raises BlogError.
Rewrite = Callable[[str, bytes], bytes]
_MANIFEST = ".manifest.json"
_ATTEMPTS, _PAUSE_S = 20, 0.1
_PERMIT = "make it writable, then try again"
_CURES = {**faults.CURES, errno.EACCES: _PERMIT, errno.EPERM: _PERMIT}


@contextmanager
def writing(where: str | Path) -> Iterator[None]:
    """Turn an OSError of the block into a BlogError that names `where` and the cure."""
    try:
        yield
    except OSError as error:
        cure = _CURES.get(error.errno, faults.IN_THE_WAY)
        what = f"cannot be written: {error.strerror or error}"
        raise BlogError(what, where=str(where), cure=cure) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`. Raises BlogError if another process holds it.

    The kernel frees it when the holder and what it forked are dead; a program started by the
    holder does not hold it.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    with file:
        with writing(path):
            _take(file)
        yield


def check_writable(root: Path, paths: Iterable[str]) -> None:
    """Make sure that a file can be put at each of `paths`, before there is anything to lose.

    Raises BlogError if a folder is read-only, the disk full, or something in the way.
    """
    folders = {(root / path).parent: str(Path(path).parent) for path in paths}
    for folder, name in sorted(folders.items()):
        # Without a name, so that a kill leaves nothing behind; some bytes, since a full disk may
        # still have room for an empty file.
        with writing(name), tempfile.TemporaryFile(dir=_existing(folder)) as probe:
            probe.write(bytes(4096))
    for path in paths:
        if (root / path).is_dir():
            raise BlogError("a folder is in the way", where=path, cure="rename or remove it")


def commit(
    stage: Path, last: str = "", rewrite: Iterable[str] = (), delete: Iterable[str] = ()
) -> None:
    """Declare what lies in the stage to be the new set, which from now on will be installed.

    `last` is the file to be put into place after all others, when what it speaks of is there.
    `rewrite` names files that are rewritten as they then stand, `delete` those that are not part of
    the new set; before this, try both, and `check_writable`. Raises BlogError, with nothing
    changed, if the disk refuses.
    """
    with writing(stage):
        files = sorted(path for path in stage.rglob("*") if path.is_file())
        files.sort(key=lambda path: path == stage / last)
        digests = {path.relative_to(stage).as_posix(): sha256(path.read_bytes()) for path in files}
        for path in [*stage.rglob("*"), stage]:
            _sync(path)
        manifest = {"files": digests, "delete": list(delete), "rewrite": list(rewrite)}
        _replace(stage / _MANIFEST, json.dumps(manifest).encode())
        _sync(stage)


def install(root: Path, stage: Path, rewrite: Rewrite) -> None:
    """Put a committed set into place: files, deletions, then rewrites. It may be done again.

    Raises BlogError if the disk refuses; the set stays committed, and the next command finishes
    it. Raises it too, when all else is in place, for a file that had to be left as it is.
    """
    manifest = json.loads((stage / _MANIFEST).read_bytes())
    left: list[BlogError] = []
    for name, digest in manifest["files"].items():
        with writing(name), _noting(left):
            _move(stage / name, root / name, digest, name)
    for name in manifest["delete"]:
        with writing(name):
            (root / name).unlink(missing_ok=True)
            with suppress(OSError):  # a folder goes with the last of its files
                (root / name).parent.rmdir()
    for name in manifest["rewrite"]:
        with writing(name), _noting(left):
            _rewrite(root, name, rewrite)
    with writing(stage):
        for name in itertools.chain(*manifest.values()):
            _sync(_existing((root / name).parent))
        _discard(stage)
    if left:
        raise left[0]


def recover(root: Path, stage: Path, rewrite: Rewrite) -> None:
    """Finish the set that a killed command had committed, or throw away what it had not.

    Raises BlogError like `install`.
    """
    if (stage / _MANIFEST).exists():
        install(root, stage, rewrite)
        return
    with writing(stage):
        _discard(stage)


def _take(file: TextIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        what = f"another make figures is running (pid {file.read() or 'unknown'})"
        raise BlogError(what, cure="wait until it has ended") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def _existing(folder: Path) -> Path:
    """Find the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else _existing(folder.parent)


def _move(staged: Path, target: Path, digest: str, name: str) -> None:
    if not staged.exists():
        # Moved by a command that was then killed, unless someone changed it since.
        if not target.exists() or sha256(target.read_bytes()) != digest:
            raise BlogError("was changed before the new set was complete", where=name)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _keep_mode(target, staged)
    try:
        staged.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _replace(target, staged.read_bytes())


def _rewrite(root: Path, name: str, rewrite: Rewrite) -> None:
    """Rewrite a file; if its author changes it meanwhile, begin again with what is there then."""
    # Resolved, so that the file is replaced and not a symbolic link to it.
    path = (root / name).resolve()
    for _ in range(_ATTEMPTS):
        before = _read(path, name)
        after = rewrite(name, before)
        if after == before or _replace(path, after, only_if=before):
            return
        time.sleep(_PAUSE_S)
    raise BlogError("changes all the time", where=name, cure="finish writing it")


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise BlogError(what, where=name, cure="restore it or make it readable") from None


def _replace(path: Path, data: bytes, only_if: bytes | None = None) -> bool:
    """Write `path` at one stroke, if it still holds `only_if`; tell whether it did.

    Between the last look and the rename there are some microseconds that no lock guards, since
    editors know none.
    """
    # The dot makes Hugo overlook it; one name, so that the next try removes what a kill left.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        temporary.write_bytes(data)
        _keep_mode(path, temporary)
        _sync(temporary)
        if only_if is not None and not (path.exists() and path.read_bytes() == only_if):
            return False
        temporary.replace(path)
        return True
    finally:
        temporary.unlink(missing_ok=True)


def _discard(stage: Path) -> None:
    # The manifest first, or half a stage would look like a committed one.
    (stage / _MANIFEST).unlink(missing_ok=True)
    if stage.exists():
        shutil.rmtree(stage)


@contextmanager
def _noting(left: list[BlogError]) -> Iterator[None]:
    """Let the rest of the set go on; what is left behind is told when that is in place."""
    try:
        yield
    except BlogError as error:
        cure = f"{error.cure}, then make redraw" if error.cure else "make redraw"
        left.append(BlogError(error.what, where=error.where, cure=cure))


def _keep_mode(old: Path, new: Path) -> None:
    if old.exists():
        shutil.copymode(old, new)


def _sync(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
