"""Schedulers and workers of Dask, each a process of its own, which does what `dask …` does.

They are forked from one process that has loaded the library, which takes longer than all the rest,
and look after themselves a few times a minute instead of a hundred times a second.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

psutil = pytest.importorskip("psutil")

_STARTS = """
import ctypes, importlib, json, os, signal, sys
import dask, distributed.cli.dask_scheduler, distributed.cli.dask_worker

dask.config.set({
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "10s",
})

def ended(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass

signal.signal(signal.SIGCHLD, ended)
while line := sys.stdin.buffer.readline():
    command, options, folder, namespace, variables = json.loads(line)
    process = os.fork()
    if not process:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        if namespace:
            with open(f"/run/netns/{namespace}") as file:
                assert not ctypes.CDLL(None).setns(file.fileno(), 0)
        os.chdir(folder)
        os.environ.update(variables)
        if command == "-c":
            exec(*options)
        else:
            importlib.import_module(f"distributed.cli.dask_{command}").main(options)
        sys.exit()
    print(process, flush=True)
"""


class Parts:
    """Starts parts of clusters, which end with it."""

    def __init__(self, starter: subprocess.Popen) -> None:
        self._starter = starter
        self.started: list[psutil.Process] = []

    def start(
        self, folder: Path, command: str, *options: str, on: str = "", **variables: str
    ) -> psutil.Process:
        """Run `dask scheduler`, `dask worker` or code (-c); `on` the host with that namespace."""
        asked = json.dumps([command, options, str(folder), on, variables])
        self._starter.stdin.write(f"{asked}\n")
        self._starter.stdin.flush()
        self.started.append(psutil.Process(int(self._starter.stdout.readline())))
        return self.started[-1]


@contextlib.contextmanager
def parts() -> Iterator[Parts]:
    """What starts parts of clusters."""
    command = [sys.executable, "-c", _STARTS]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starter:
        made = Parts(starter)
        try:
            yield made
        finally:
            for part in made.started:
                with contextlib.suppress(psutil.NoSuchProcess):
                    part.kill()
            psutil.wait_procs(made.started)
