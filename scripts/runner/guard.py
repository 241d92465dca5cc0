"""Waits for the end of the program that started it, then clears up what that one may have left.

A program of its own (`python -I -S guard.py FOLDER`): so it does its work however that program
ends, kill -9 included, and imports nothing that could be missing or changed then. It reads the
groups of processes to guard, one a line, 0 for none; the last one counts when its input ends. Then
it ends that group, and removes the folder and the semaphores that bear the folder's name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

# What a group may take to end by itself before it is killed, and a folder to become removable.
PATIENCE_S = 2.0
_STEP_S = 0.01


def is_gone(group: int) -> bool:
    """Whether no process of the group runs any more; dead ones that nobody waited for may be left
    of it for ever, where a container's first process does not do that."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):  # the second is what macOS says of dead ones
        return True
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            fields = path.read_bytes().rpartition(b")")[2].split()
            found += [fields[0]] if fields[2] == b"%d" % group else []
    return bool(found) and all(state in (b"Z", b"X") for state in found)


def end_group(group: int) -> None:
    """End all processes of a group, and wait until they have ended.

    Told to end, all but the resource tracker of multiprocessing do, and that one then removes the
    semaphores and blocks of memory that the others have left; killed, it could not.
    """
    if not hasattr(os, "killpg"):
        command = ["taskkill", "/F", "/T", "/PID", str(group)]
        subprocess.run(command, capture_output=True, check=False)
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + PATIENCE_S
        while not is_gone(group):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
            if time.monotonic() > deadline:
                break
            time.sleep(_STEP_S)


def remove(folder: str) -> None:
    """Remove a folder with all that is in it, in several attempts if it is still being written.

    And the semaphores of its name, which stay where a system could start no resource tracker.
    """
    for path in Path("/dev/shm").glob(f"sem.{os.path.basename(folder)}-*"):
        with contextlib.suppress(OSError):
            path.unlink()
    for _ in range(10):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return
        time.sleep(PATIENCE_S / 10)


def main(folder: str) -> None:
    """Guard until the input ends."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    group = 0
    for line in sys.stdin.buffer:
        group = int(line)
    if group:
        end_group(group)
    remove(folder)


if __name__ == "__main__":
    main(sys.argv[1])
