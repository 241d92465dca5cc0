"""What a worker of the cluster does. It is sent by value: only what it imports need be there."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dask
from distributed import get_worker

# How often we look whether the measurement has ended. It shall not notice.
LOOK_S = 0.2
# When we die its pipe closes without a line: then it ends the group and removes the folder.
_GUARD = 'read -r _ || { kill -s TERM -- "-$0"; rm -rf -- "$1"; }'


def measure(program: bytes, options: list[str], limit_s: float) -> tuple[bytes, str]:
    """Run measure.pyz with the worker's own interpreter; its record, or what went wrong in a line.

    It is ended when it is not ready after `limit_s` seconds, and when nobody waits for it any more.
    Nothing is raised: of an exception who asked hears only that there was one.
    """
    try:
        return _measured(program, options, limit_s)
    except OSError as error:
        return b"", f"cannot measure: {error.strerror or error}"


def _measured(program: bytes, options: list[str], limit_s: float) -> tuple[bytes, str]:
    worker = get_worker()
    task = worker.state.tasks[worker.get_current_task()]
    deadline = time.monotonic() + limit_s

    def wanted() -> bool:
        return task.state == "executing" and time.monotonic() < deadline

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "measure.pyz").write_bytes(program)
        command = [sys.executable, "measure.pyz", "--output", "record.json", *options]
        status = _run(command, folder, wanted)
        if status is None:
            return b"", f"was not ready after {limit_s:.0f} s (make fleet TIMEOUT=…, in seconds)"
        if status:
            lines = Path(folder, "said").read_text(errors="replace").strip().splitlines()
            return b"", (lines or [f"measure.pyz ended with status {status}"])[-1]
        return Path(folder, "record.json").read_bytes(), ""


def _run(command: list[str], folder: str, wanted: Callable[[], bool]) -> int | None:
    """Run the command as long as it is wanted; its exit status, None when it had to be ended."""
    with open(Path(folder, "said"), "w") as said:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            cwd=folder,
            env=_environment(),
            start_new_session=True,
        )
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, str(running.pid), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    while running.poll() is None and wanted():
        time.sleep(LOOK_S)
    ended = running.poll() is None
    if ended:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        running.wait()
    guard.communicate(b"\n")
    return None if ended else running.returncode


def _environment() -> dict[str, str]:
    """The worker's environment without what Dask has put there.

    A nanny tells numerical libraries to use one thread each; what is measured shall not hear it.
    """
    of_nanny = dask.config.get("distributed.nanny.pre-spawn-environ", {})
    return {
        name: value
        for name, value in os.environ.items()
        if name not in of_nanny and not name.startswith("DASK_")
    }
