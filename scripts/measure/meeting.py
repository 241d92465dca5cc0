"""Where the workers of a pool meet, and what is left of it. Light: every worker loads it."""

from __future__ import annotations

import os
import select
import sys
import threading
import time

# A worker that has not come after this many seconds never will.
PATIENCE_S = 60
GATE = "gate"


def worker_id() -> str:
    """The name of the thread of the process that runs this, among all of them."""
    return f"{os.getpid()}.{threading.get_native_id()}"


def open_gate(folder: str) -> None:
    """Make an empty `folder` a place where workers can meet, once."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(os.path.join(folder, GATE))


def meet(folder: str, workers: int) -> str:
    """Wait in `folder` until so many workers are there; the name of this one.

    Each leaves a file with its name, and who sees that all have come lets all go. So it does for
    every kind of worker: processes however they were started, and interpreters, too, which can
    share nothing else. Raises RuntimeError when one does not come.
    """
    (_wait_at_gate if hasattr(os, "mkfifo") else _look_out)(folder, workers)
    return worker_id()


def _arrive(folder: str) -> None:
    os.close(os.open(os.path.join(folder, worker_id()), os.O_WRONLY | os.O_CREAT))


def _wait_at_gate(folder: str, workers: int) -> None:
    gate = os.open(os.path.join(folder, GATE), os.O_RDWR)
    try:
        _arrive(folder)
        if len(os.listdir(folder)) > workers:
            os.write(gate, b"." * workers)
        if not select.select([gate], [], [], PATIENCE_S)[0]:
            raise RuntimeError(f"not all of {workers} workers came up within {PATIENCE_S} s")
        os.read(gate, 1)
    finally:
        os.close(gate)


def _look_out(folder: str, workers: int) -> None:
    """Without such a gate (Windows has none), every worker looks who is there, again and again."""
    _arrive(folder)
    deadline = time.monotonic() + PATIENCE_S
    while len(os.listdir(folder)) < workers:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not all of {workers} workers came up within {PATIENCE_S} s")
        time.sleep(0.001)


def end_helpers() -> None:
    """End the processes that multiprocessing keeps for the next pool, and wait for them.

    They are the fork server and the tracker of resources. There is no public call for that.
    """
    for name in ("forkserver", "resource_tracker"):
        module = sys.modules.get(f"multiprocessing.{name}")
        stop = getattr(getattr(module, f"_{name}", None), "_stop", None)
        if stop:
            stop()
