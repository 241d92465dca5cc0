"""What a case may need of a machine, tried in a fresh interpreter: all of it, or one thing.

Its functions are asked for like cases of an experiment, by `preflight`.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from concurrent import futures
from multiprocessing.shared_memory import SharedMemory

from scripts.measure.jobs import Case, Outcome
from scripts.measure.slow_server import HOST

SHARED_BYTES = 2**24
OPEN_FILES = 400
PATIENCE_S = 5


def run(case: Case, settings: object) -> Outcome:
    """Try `case`; raise what the machine raises where it cannot be had."""
    if case.name in ("all", "pool"):
        for method in str(case.params["start_methods"]).split():
            with futures.ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool:
                pool.submit(abs, 1).result()
    if case.name in ("all", "shared memory"):
        _shared_memory()
    if case.name in ("all", "network"):
        with socket.create_server((HOST, 0)) as server:
            socket.create_connection(server.getsockname(), timeout=PATIENCE_S).close()
    if case.name in ("all", "files"):
        _files()
    return Outcome({})


def _shared_memory() -> None:
    """Written to its last byte: only then does the system give what it has promised."""
    memory = SharedMemory(create=True, size=SHARED_BYTES)
    try:
        memory.buf[:] = bytes(SHARED_BYTES)
    finally:
        memory.close()
        memory.unlink()


def _files() -> None:
    """As many open at once as many connections take, after raising the limit as far as may be."""
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        wanted = OPEN_FILES * 2 if most == resource.RLIM_INFINITY else min(most, OPEN_FILES * 2)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    except ImportError:  # Windows has no such limit
        return
    for number in [os.dup(0) for _ in range(OPEN_FILES)]:
        os.close(number)
