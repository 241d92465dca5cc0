"""A cluster of Dask on this machine. Imported only where it is timed: it loads `distributed`.

Whoever reaches a port of Dask's can let it run anything, and any user of this machine reaches those
on loopback. So the cluster speaks TLS, with a certificate that only its own processes have. That is
made when this module is imported, which is before a clock is started.
"""

from __future__ import annotations

import tempfile
from concurrent import futures
from contextlib import contextmanager
from typing import Iterator

import dask
from distributed import Client, LocalCluster, Security

_SECURITY = Security.temporary()
# Nor is anything told over HTTP.
_SILENT = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@contextmanager
def client(workers: int) -> Iterator[Client]:
    """A scheduler in this process and `workers` processes beside it, until it is left.

    A worker has one thread: what is timed is pure Python, and with a GIL two threads of a worker
    would only take turns. All listens on the loopback address, and no dashboard is served; files go
    to a temporary folder, since Dask's own would stay behind.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        dask.config.set({"temporary-directory": folder, **_SILENT}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            security=_SECURITY,
            dashboard_address=None,
            # Without a port of its own the scheduler would take 8787, and warn when it is taken.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        Client(cluster) as connected,
    ):
        yield connected


def executor_of(connected: Client) -> futures.Executor:
    """The cluster as a pool like the others.

    Dask takes calls of one function with one argument for the same task, and does it once, unless
    it is told that the function is not pure.
    """
    return connected.get_executor(pure=False)


@contextmanager
def executor(workers: int) -> Iterator[futures.Executor]:
    """A pool on a cluster of its own."""
    with client(workers) as connected, executor_of(connected) as pool:
        yield pool
