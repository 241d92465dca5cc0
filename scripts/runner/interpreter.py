"""Asking a question of a fresh interpreter, in a way that leaves nothing running behind.

What the child finds is composed here: its environment, its folder (an empty one of our own) and
the path of its modules, which has the root of this program first and never the folder from which
it was called. Its answer comes by a file; what it prints only serves to explain a failure.

Every child leads a process group of its own, and the guard holds the reading end of a pipe from
us: when this program dies, whatever the reason, the pipe closes and the guard ends the group. The
child gets its question only after the guard knows it, so there is no gap.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Tuple

from scripts.record.environment import clean_environment
from scripts.record.errors import BlogError
from scripts.runner import guard

ROOT = Path(__file__).resolve().parents[2]
# How often it is looked whether a child has been stopped: seldom, since looking costs time, too.
TICK_S = 0.5
# What a child may take to end after it has answered, and the guard when all is over.
PATIENCE_S = 1.0
_LATE = ("numpy", "matplotlib", "distributed")
# In words that the oldest Python can read, so that it can say that it is too old. No file, since
# workers would import that again. Semaphores get the name of the folder, so that the guard knows
# them as ours; there is no public way to name them.
_BOOT = f"""
import sys
if sys.version_info < (3, 9):
    sys.exit("Python 3.9 or newer is needed, this is %d.%d" % sys.version_info[:2])
answer, root = sys.argv[1:]
sys.path[:] = [root] + [folder for folder in sys.path if folder not in ("", root)]
early = [name for name in {_LATE!r} if name in sys.modules]
import contextlib, io, json, os
from multiprocessing import process
folder = os.path.basename(os.path.dirname(answer))
getattr(process.current_process(), "_config", dict())["semprefix"] = "/" + folder
said = io.StringIO()
if early:
    said.write(json.dumps(dict(early=early, path=sys.path)))
else:
    from scripts.measure import child
    with contextlib.redirect_stdout(said):
        child.main()
with open(answer, "w") as file:
    file.write(said.getvalue().splitlines()[-1])
"""
# What else of the caller's environment starting a Python may need: pyenv's choice, and on Windows.
_KEPT = ("PYENV_ROOT", "PYENV_VERSION", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA")
# What a system that gives too little says, and what it is for the user.
_LACKS = (
    (
        "can't (?:start|create) new thread|Resource temporarily unavailable|"
        "cannot join thread before it is started",
        "no more threads or processes may be started here (ulimit -u)",
    ),
    ("Too many open files", "no more files may be open at once here (ulimit -n)"),
    ("MemoryError|Cannot allocate memory", "there is not enough memory here (ulimit -v)"),
    ("No space left on device", "a disk is full here, /dev/shm perhaps"),
    ("Read-only file system", "/dev/shm or the folder for temporary files cannot be written here"),
    (
        "Network is unreachable|Cannot assign requested address|Address already in use|"
        r"gave Visit\(end='failed'",
        "programs cannot connect to each other by 127.0.0.1 here",
    ),
    ("AF_UNIX path too long", "the path of the temporary folder is too long (TMPDIR=/tmp)"),
    (
        "BrokenProcessPool|BrokenThreadPool|BrokenInterpreterPool|BrokenBarrierError|"
        "workers came up|EOFError|BrokenPipeError|Connection\\w+Error",
        "not all of its workers came up, or one ended too early",
    ),
)
_SHARED, _NO_SUCH = "/dev/shm", re.compile(r"\[Errno (?:2|13|38)\]")


class NotMeasured(BlogError):
    """A case cannot be measured on this machine; others may well be."""

    @property
    def reason(self) -> str:
        """Why, in half a sentence."""
        return self.what


class Interpreter:
    """Fresh processes of Python interpreters, one after the other. Use as a context manager."""

    def __enter__(self) -> Interpreter:
        self._folder = os.path.abspath(tempfile.mkdtemp(prefix="blog-"))  # TMPDIR need not be so
        command = [sys.executable, "-I", "-S", guard.__file__, self._folder]
        try:
            self._guard = subprocess.Popen(
                command, stdin=subprocess.PIPE, cwd=self._folder, start_new_session=True
            )
        except OSError as error:
            guard.remove(self._folder)
            raise _not_started(error, "the guard") from None
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._guard.stdin.close()
        try:
            self._guard.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:  # somebody has stopped it
            self._guard.kill()
            self._guard.wait()
        guard.remove(self._folder)

    def _watch(self, group: int) -> None:
        try:
            self._guard.stdin.write(b"%d\n" % group)
            self._guard.stdin.flush()
        except OSError:
            what = "the process that guards those that measure was ended"
            raise BlogError(what, cure="run it again: finished rounds are kept") from None

    def ask(
        self, executable: str, question: Dict[str, Any], limit_s: float = 60.0
    ) -> Dict[str, Any]:
        """The answer of a fresh `executable`, with `stopped`: whether the child or we had been
        stopped or frozen meanwhile.

        Raises NotMeasured when the question fails in the child, or has no answer within `limit_s`;
        BlogError when the interpreter itself does not serve.
        """
        name, answer = os.path.basename(executable), Path(self._folder, "answer")
        answer.unlink(missing_ok=True)
        child = self._start(executable, str(answer))
        try:
            self._watch(child.pid)
            _put(child, question)
            said, stopped = _wait(child, answer, limit_s)
        except subprocess.TimeoutExpired as late:
            reason = _lack(str(late.output)) or f"there was no answer within {limit_s:.0f} s"
            raise NotMeasured(reason, where=name) from None
        finally:
            _end(child)
            self._watch(0)
        return {**_read_answer(name, answer, said, child.returncode), "stopped": stopped}

    def _start(self, executable: str, answer: str) -> subprocess.Popen:
        program = shutil.which(executable) or executable
        if os.path.dirname(program):
            program = os.path.abspath(program)
        try:
            return subprocess.Popen(
                # Not -I: with it, interpreters within the child would not find the root, either.
                [program, "-s", "-c", _BOOT, answer, str(ROOT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=_environment(self._folder),
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(error, executable) from None


def _environment(folder: str) -> Dict[str, str]:
    """All that a child is told by its environment; its temporary files go into `folder`."""
    values = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
    # For children of children as well, which some library may start in its own way.
    values.update(PYTHONPATH=str(ROOT), PYTHONSAFEPATH="1", PYTHONNOUSERSITE="1")
    with contextlib.suppress(OSError):  # the folder from which we were called may be gone
        values["PYENV_DIR"] = os.getcwd()  # pyenv chooses the version by it
    return clean_environment(_KEPT, LC_ALL="C.UTF-8", **values)


def _not_started(error: OSError, name: str) -> BlogError:
    reason = _lack(error.strerror or str(error))
    if reason and error.errno in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE):
        return NotMeasured(reason, where=os.path.basename(name))
    return BlogError(f"cannot be started: {error.strerror}", where=name)


def _put(child: subprocess.Popen, question: Dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # it has ended already; why is told later
        child.stdin.write(json.dumps(question).encode())
        child.stdin.close()
    child.stdin = None


def _wait(child: subprocess.Popen, answer: Path, limit_s: float) -> Tuple[str, bool]:
    """What the child printed until its end, and whether anything was stopped on the way.

    It is over as well when the child has answered and does not end, or something that it has left
    behind does not. Raises subprocess.TimeoutExpired when there is no answer in time.
    """
    stopped, answered, ended = False, False, False
    deadline = time.monotonic() + limit_s
    while True:
        asked = time.monotonic()
        try:
            output, ended = child.communicate(timeout=TICK_S)[0], True
        except subprocess.TimeoutExpired as late:
            output = late.output or b""
        now, said = time.monotonic(), output.decode(errors="replace")
        stopped = stopped or now - asked > 2 * TICK_S or (not ended and _is_stopped(child.pid))
        if not answered and answer.exists():
            deadline, answered = now + PATIENCE_S, True
        if ended or (now > deadline and answered):
            return said, stopped
        if now > deadline:
            raise subprocess.TimeoutExpired(child.args, limit_s, said)


def _is_stopped(process: int) -> bool:
    """Whether a process or one below it has been stopped; False where there is no /proc."""
    folder = f"/proc/{process}/task/{process}"
    try:
        with open(f"{folder}/stat", "rb") as file:
            state = file.read().rpartition(b")")[2].split()[0]
        with open(f"{folder}/children", "rb") as file:
            children = [int(number) for number in file.read().split()]
    except (OSError, ValueError, IndexError):
        return False
    return state in b"Tt" or any(map(_is_stopped, children))


def _end(child: subprocess.Popen) -> None:
    """End what is left of the child's group: workers of a pool that broke, or all of it."""
    if hasattr(os, "killpg") or child.poll() is None:  # on Windows, ended ones have no group
        guard.end_group(child.pid)
    child.kill()
    child.wait()
    child.stdout.close()


def _lack(text: str) -> str:
    """What the system lacks, if that is what `text` speaks of."""
    # Semaphores and shared memory are there, but no file is named when they cannot be.
    if _NO_SUCH.search(text) and sys.platform == "linux" and not os.access(_SHARED, os.W_OK):
        return f"there is no {_SHARED} here that can be written"
    reason = next((reason for said, reason in _LACKS if re.search(said, text)), "")
    # Threads need room for their stacks, and say the same where they have none.
    return reason.replace("ulimit -u", "ulimit -u, -v") if _is_memory_limited() else reason


def _is_memory_limited() -> bool:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _read_answer(name: str, path: Path, said: str, status: int) -> Dict[str, Any]:
    try:
        answer = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise _no_answer(name, said, status) from None
    if "early" in answer:
        raise _loaded_early(name, answer)
    if "error" in answer:
        lack = _lack(f"{answer['error']}\n{said}")
        raise NotMeasured(lack or answer["error"], where=name)
    return answer


def _no_answer(name: str, said: str, status: int) -> BlogError:
    last = (said.strip().splitlines() or ["it said nothing"])[-1]
    reason = _lack(said)
    if -status == getattr(signal, "SIGBUS", None):
        reason = "there is no room in /dev/shm here"  # memory that was promised is not there
    elif status < 0:
        reason = reason or f"its process was killed by signal {-status}"
    if reason:
        return NotMeasured(reason, where=name)
    return BlogError(f"the interpreter ended with status {status}: {last}", where=name)


def _loaded_early(name: str, answer: Dict[str, Any]) -> BlogError:
    """That a package is there from the start, and the file that seems to be the reason."""
    module = answer["early"][0]
    what = f"it loads {module} whenever it starts, so how long that takes cannot be measured"
    for folder in answer["path"]:
        for path in sorted(Path(folder).glob("*.pth")):
            with contextlib.suppress(OSError):
                if module.encode() in path.read_bytes():
                    return BlogError(what, where=name, cure=f"move {path} away")
    return BlogError(what, where=name, cure=f"{name} -X importtime -c pass shows what does it")
