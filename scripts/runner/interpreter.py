"""Asking a question of a fresh interpreter, in a way that leaves nothing running behind.

Every child leads a process group of its own, and a tiny shell, the guard, holds the reading end
of a pipe from us: when this program dies, whatever the reason, the pipe closes and the guard ends
the group. The child gets its question only after the guard knows it, so there is no gap. What
children leave in the temporary folder that they are given, the guard removes at the end too.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Dict

from scripts.record.errors import BlogError

# Reads the groups to guard, one a line ("0" for none); at the end of its input, ends the last one
# and removes the folder $1.
_GUARD = """
g=0; while read -r line; do g=$line; done
[ "$g" = 0 ] || kill -s KILL -- "-$g"
rm -rf -- "$1"
"""
ROOT = Path(__file__).resolve().parents[2]


class Interpreter:
    """Fresh processes of Python interpreters, one after the other. Use as a context manager."""

    def __enter__(self) -> Interpreter:
        self._folder = tempfile.mkdtemp(prefix="blog-")
        command = ["sh", "-c", _GUARD, "guard", self._folder]
        self._guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.stdin.close()
        self._guard.wait()

    def _watch(self, group: int) -> None:
        self._guard.stdin.write(b"%d\n" % group)
        self._guard.stdin.flush()

    def ask(self, executable: str, question: Dict[str, Any]) -> Dict[str, Any]:
        """The answer of a fresh `executable`. Raises BlogError with what went wrong in it."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment.update(PYTHONPATH=str(ROOT), TMPDIR=self._folder)
        try:
            child = subprocess.Popen(
                [executable, "-s", "-m", "scripts.measure.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise BlogError(f"cannot be started: {error.strerror}", where=executable) from None
        self._watch(child.pid)
        try:
            out, err = child.communicate(json.dumps(question).encode())
        finally:
            _end_group(child)
            self._watch(0)
        return _read_answer(executable, out, err, child.returncode)


def _end_group(child: subprocess.Popen) -> None:
    """End what is left of the child's group: workers of a pool that broke, or all of it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _read_answer(executable: str, out: bytes, err: bytes, status: int) -> Dict[str, Any]:
    try:
        answer = json.loads(out)
    except ValueError:
        last = (err.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        name = os.path.basename(executable)
        raise BlogError(f"the interpreter {how}: {last}", where=name) from None
    if "error" in answer:
        raise BlogError(answer["error"], where=os.path.basename(executable))
    return answer
