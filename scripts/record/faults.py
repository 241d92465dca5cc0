"""What no code has foreseen by name: any exception as one line with its place and cure.

Apart from `errors`, since what is imported here would be felt in every timed process.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path
from typing import Iterable, Optional, Union

from scripts.record.errors import BlogError

_FREE = "free some disk space, then try again"
LIMIT = "end other programs, or raise the limit"
_RIGHTS = "give yourself the right to, then try again: ls -ld shows who has it"
IN_THE_WAY = "move away what is in its way, then try again"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CURES = {
    errno.ENOSPC: _FREE,
    errno.EDQUOT: _FREE,
    errno.EMFILE: f"{LIMIT}: ulimit -n",
    errno.ENFILE: LIMIT,
    errno.EAGAIN: f"{LIMIT}: ulimit -u",
    errno.ENOMEM: f"{LIMIT}: ulimit -v",
    errno.EFBIG: "raise the limit: ulimit -f",
    errno.EROFS: "make it writable, then try again",
    **dict.fromkeys((errno.EACCES, errno.EPERM), _RIGHTS),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR, errno.EISDIR), IN_THE_WAY),
}
_PROBE_BYTES = 2**18


def ready_streams() -> None:
    """What is printed shall not stop the program: a closed stream swallows it, and a terminal that
    cannot show a letter gets a question mark."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            swallows = open(os.devnull, "r" if name == "stdin" else "w")  # noqa: SIM115 - stays open
            setattr(sys, name, swallows)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")


def of_output() -> Optional[BlogError]:
    """Why standard output takes no more, if so; Python shall not try again when it ends."""
    try:
        print(end="", flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BlogError(error.strerror, where="standard output")
    return None


def full_disk(folders: Iterable[Union[str, Path]]) -> Optional[BlogError]:
    """The first of the folders into which nothing more can be written, for lack of space or by a
    limit."""
    for folder in folders:
        try:
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(bytes(_PROBE_BYTES))
        except OSError as error:
            if error.errno in _FULL:
                what, cure = os.strerror(error.errno), CURES[error.errno]
                return BlogError(what, where=str(folder), cure=cure)
    return None


def explained(error: Exception, folder: Union[str, Path]) -> BlogError:
    """Any exception as one line with its place and, where one is known, its cure.

    `folder` is where we write, besides the one for temporary files: a full disk is looked for there
    when the system does not name it. What nobody has foreseen is told with its line of code.
    """
    if isinstance(error, BlogError):
        return error
    if isinstance(error, OSError):
        return _of_system(error, folder)
    if isinstance(error, MemoryError):
        return BlogError("there is no memory left", cure=f"{LIMIT}: ulimit -v")
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return BlogError("the system starts no more threads", cure=f"{LIMIT}: ulimit -u")
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return BlogError(what, where=where, cure="a fault of this program: please report this line")


def _of_system(error: OSError, folder: Union[str, Path]) -> BlogError:
    what = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        return BlogError(what, os.fsdecode(error.filename), CURES.get(error.errno, ""))
    # Where nothing fits into the folder for temporary files, Python says that there is none.
    if error.errno in _FULL or "temporary directory" in what:
        full = full_disk([folder, os.environ.get("TMPDIR", "/tmp")])
        if full:
            return full
    return BlogError(what, cure=CURES.get(error.errno, ""))
