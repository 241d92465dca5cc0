"""Change a set of files as one: after a kill at any moment the old set or the new one is there.

The new files are written into a stage, a folder that mirrors the project. The manifest, renamed
into the stage when all else is on the disk, is the commit: without it the stage is thrown away,
with it the next command finishes what a killed one began. Each step may be done twice.

Posts belong to their authors, so the set holds no copy of a post, only the order to embed the
new values into it as it then stands. A post that has become malformed since, or that changes
without end, does not undo a long measurement: it is left as it is, the rest is finished, and the
error says what to mend before `make redraw`. So check posts (embed.keys) before measuring.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.embed import embed, read_post
from scripts.errors import BlogError
from scripts.record import sha256

MEASURED = "data/measured.json"
_MANIFEST = ".manifest.json"
_ATTEMPTS, _PAUSE_S = 20, 0.1
_CURES = {
    errno.EROFS: "make the folder writable",
    errno.EACCES: "make the folder writable",
    errno.EPERM: "make the folder writable",
    errno.ENOSPC: "free some disk space, then try again",
    errno.EDQUOT: "free some disk space, then try again",
    errno.EXDEV: "keep it on the same file system as the rest of the project",
}


@contextmanager
def writing(where: str | Path) -> Iterator[None]:
    """Turn an OSError of the block into a BlogError that names `where` and the cure."""
    try:
        yield
    except OSError as error:
        cure = _CURES.get(error.errno, "remove what is in its way, then try again")
        what = f"cannot be written: {os.strerror(error.errno)}" if error.errno else str(error)
        raise BlogError(what, where=str(where), cure=cure) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`. Raises BlogError if another process holds it.

    The kernel frees the lock when its holder dies. A forked child would hold it too, but none that
    was started as a program of its own.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            what = f"another make figures is running (pid {file.read().strip() or 'unknown'})"
            raise BlogError(what, cure="wait until it has ended") from None
        with writing(path):
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield


def check_writable(root: Path, paths: Iterable[str]) -> None:
    """Try to create a file in the folder of each of `paths`, and remove it. Raises BlogError.

    The file comes from `root`, as the new set will, so that a folder on another disk is found too.
    """
    for path in paths:
        if (root / path).is_dir():
            raise BlogError("is a folder, not a file", where=path, cure="rename or remove it")
    for folder in sorted({_existing((root / path).parent) for path in paths}):
        with writing(os.path.relpath(folder, root)):
            _check_folder(root / ".writable.tmp", folder / ".writable.tmp")


def commit(stage: Path, posts: Iterable[str] = (), delete: Iterable[str] = ()) -> None:
    """Declare what lies in `stage` to be the new set; from now on it will be installed.

    `posts` are to get the new values, `delete` are files that are not part of the new set; both are
    relative to the project. Raises BlogError, with nothing changed, if the disk refuses.
    """
    with writing(stage):
        files = sorted((path for path in stage.rglob("*") if path.is_file()), key=_order)
        names = {path.relative_to(stage).as_posix(): sha256(path.read_bytes()) for path in files}
        for path in [*files, *(path for path in stage.rglob("*") if path.is_dir()), stage]:
            _sync(path)
        manifest = {"files": names, "delete": list(delete), "posts": list(posts)}
        _replace(stage / _MANIFEST, json.dumps(manifest).encode())
        _sync(stage)


def install(root: Path, stage: Path) -> None:
    """Move a committed set into place: files, deletions, then posts; safe to repeat.

    Raises BlogError if the disk refuses; the set is then still committed, and the next command
    finishes it. Raises it too for a post that was left as it is, the rest being in place.
    """
    with writing(stage / _MANIFEST):
        manifest = json.loads((stage / _MANIFEST).read_bytes())
    left: list[BlogError] = []
    for name, digest in manifest["files"].items():
        with writing(name), _noting(left):
            _move(stage / name, root / name, digest, name)
    for name in manifest["delete"]:
        with writing(name):
            (root / name).unlink(missing_ok=True)
    for name in manifest["posts"]:
        with writing(name), _noting(left):
            _embed_into(root, name)
    with writing(stage):
        for folder in {
            _existing((root / name).parent) for part in manifest.values() for name in part
        }:
            _sync(folder)
        _discard(stage)
    if left:
        raise left[0]


def recover(root: Path, stage: Path) -> None:
    """Finish the set that a killed command committed, or throw away what it had not.

    Raises BlogError like `install`.
    """
    if (stage / _MANIFEST).exists():
        install(root, stage)
    else:
        with writing(stage):
            _discard(stage)


def _order(path: Path) -> tuple[bool, Path]:
    # What Hugo reads comes last, when all that it speaks of is in place.
    return path.as_posix().endswith(MEASURED), path


def _move(staged: Path, target: Path, digest: str, name: str) -> None:
    if staged.exists() and sha256(staged.read_bytes()) == digest:
        target.parent.mkdir(parents=True, exist_ok=True)
        _keep_mode(target, staged)
        os.replace(staged, target)
    elif not target.exists() or sha256(target.read_bytes()) != digest:
        raise BlogError("was changed while a new set was installed", where=name)


def _embed_into(root: Path, name: str) -> None:
    """Rewrite a post unless it changes meanwhile; then begin again with what its author wrote."""
    measured = json.loads((root / MEASURED).read_bytes())
    # Through a symbolic link, to replace the file and not the link.
    path = (root / name).resolve()
    for _ in range(_ATTEMPTS):
        before = read_post(path, name)
        after = embed(before, measured["values"], measured["finished"], name)
        if after == before or _replace(path, after.encode(), only_if=before.encode()):
            return
        time.sleep(_PAUSE_S)
    raise BlogError("the post changes all the time", where=name, cure="save it once")


def _replace(path: Path, data: bytes, only_if: bytes | None = None) -> bool:
    """Write `path` at one stroke, if it still holds `only_if`; tell whether it did."""
    # A dot and .tmp, so that Hugo overlooks it; one name, so that no kill leaves many behind.
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(data)
        _keep_mode(path, temporary)
        _sync(temporary)
        if only_if is not None and path.read_bytes() != only_if:
            return False
        os.replace(temporary, path)
        return True
    finally:
        temporary.unlink(missing_ok=True)


def _check_folder(source: Path, probe: Path) -> None:
    try:
        # Some bytes, since a full disk may still have room for an empty file.
        source.write_bytes(bytes(4096))
        os.replace(source, probe)
    finally:
        for path in (source, probe):
            with suppress(OSError):
                path.unlink()


def _discard(stage: Path) -> None:
    # The manifest first: half a stage must not look like a committed one.
    (stage / _MANIFEST).unlink(missing_ok=True)
    if stage.exists():
        shutil.rmtree(stage)


@contextmanager
def _noting(left: list[BlogError]) -> Iterator[None]:
    try:
        yield
    except BlogError as error:
        cure = f"{error.cure}, then make redraw" if error.cure else "make redraw"
        left.append(BlogError(error.what, where=error.where, cure=cure))


def _existing(folder: Path) -> Path:
    """Find the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else _existing(folder.parent)


def _keep_mode(old: Path, new: Path) -> None:
    if old.exists():
        shutil.copymode(old, new)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, to survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
