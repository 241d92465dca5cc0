"""Every host of a Dask cluster measures itself; its record comes in as one of a reader's does.

The cluster is somebody's own, and is there already. What is sent is measure.pyz, so that all hosts
run the same code, whatever is installed on them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import logging
import sys
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts.machines import intake
from scripts.project import Project
from scripts.reader import pyz
from scripts.record.errors import BlogError

if TYPE_CHECKING:
    from distributed import Client, Future

# Seconds that a scheduler may take to answer, and between two looks at what became of the hosts.
ANSWER_S = 5
LOOK_S = 0.5
AGAIN = "then again: make fleet"
START = "start one: dask scheduler; then make fleet SCHEDULER=tcp://host:8786"


@dataclasses.dataclass(frozen=True)
class Options:
    """`measuring` is passed on to measure.pyz; a host that takes longer than `limit_s` is slow."""

    scheduler: str
    measuring: tuple[str, ...] = ()
    limit_s: float = 3600


def run(project: Project, options: Options) -> int:
    """Measure on every host at once, then take in what came; how many hosts gave no record.

    The records are taken in at the end, since this machine may be one of the hosts; after Ctrl-C
    too. Raises BlogError when there is no cluster to speak of.
    """
    if not importlib.util.find_spec("distributed"):
        raise BlogError("the package distributed is missing", cure="install it: make fleet does")
    if not options.scheduler:
        raise BlogError("is not given", where="SCHEDULER", cure=START)
    program = pyz.build(project)
    records: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    with _connected(options.scheduler) as client:
        try:
            _measure(client, program, options, records, failed)
        finally:
            for host, record in sorted(records.items()):
                _take_in(project, host, record, failed)
    for host, why in sorted(failed.items()):
        print(f"{host}: {why}", file=sys.stderr)
    return len(failed)


@contextlib.contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    from distributed import Client

    # Its log and its warnings are many lines; what matters of them is said here in one.
    logging.disable()
    warnings.simplefilter("ignore")
    try:
        client = Client(scheduler, timeout=ANSWER_S)
    except (OSError, ValueError) as error:
        what = "no scheduler answers" if isinstance(error, OSError) else str(error)
        raise BlogError(what, where=scheduler, cure=START) from None
    with client:
        yield client


def _measure(
    client: Client,
    program: bytes,
    options: Options,
    records: dict[str, bytes],
    failed: dict[str, str],
) -> None:
    """Fill `records` and `failed` by host, until all have answered or are lost."""
    from distributed import Lock

    hosts = _hosts(client)
    failed.update(of_other_versions(client.get_versions(), hosts))
    pending: dict[str, Future] = {}
    locks = []
    try:
        for host in hosts.keys() - failed.keys():
            lock = Lock(f"measure {host}")
            if lock.acquire(timeout=1):
                locks.append(lock)
                pending[host] = _submit(client, hosts[host], program, options)
            else:
                failed[host] = "is being measured by another make fleet (wait until it has ended)"
        print(f"measuring: {', '.join(sorted(pending)) or 'no host'}", flush=True)
        while pending:
            _look(client, hosts, pending, records, failed)
            time.sleep(LOOK_S)
    finally:
        if client.status == "running":
            client.cancel(list(pending.values()))
            for lock in locks:
                lock.release()


def _hosts(client: Client) -> dict[str, str]:
    """The address of one worker of every host."""
    found: dict[str, str] = {}
    workers = client.scheduler_info(n_workers=-1)["workers"]
    for address in sorted(workers):
        found.setdefault(workers[address]["host"], address)
    if not found:
        cure = "start one on each host: dask worker"
        raise BlogError("the cluster has no workers", where=client.scheduler.address, cure=cure)
    return found


def of_other_versions(told: dict, hosts: dict[str, str]) -> dict[str, str]:
    """Why a host cannot be asked: what is sent is understood by the same versions only.

    `told` is what Client.get_versions() says of the client and of the workers, `hosts` the address
    of the worker of each host.
    """
    own = _versions(told["client"])
    found = {}
    for host, worker in hosts.items():
        theirs = _versions(told["workers"][worker])
        if theirs != own:
            found[host] = f"has {theirs}, and this machine {own} (install the same, {AGAIN})"
    return found


def _versions(told: dict) -> str:
    packages = told["packages"]
    python = ".".join(packages["python"].split(".")[:2])
    return f"Python {python} with distributed {packages['distributed']}"


def _submit(client: Client, worker: str, program: bytes, options: Options) -> Future:
    import cloudpickle

    from scripts.machines import fleet_task

    cloudpickle.register_pickle_by_value(fleet_task)  # this project is not installed over there
    arguments = (program, list(options.measuring), options.limit_s)
    return client.submit(fleet_task.measure, *arguments, workers=[worker], pure=False)


def _look(
    client: Client,
    hosts: dict[str, str],
    pending: dict[str, Future],
    records: dict[str, bytes],
    failed: dict[str, str],
) -> None:
    """Move the hosts that have answered, or are lost, from `pending` to where they belong."""
    try:
        there = client.nthreads()
    except OSError:
        there = {}  # it may be gone, which its status will tell
    gone = client.status != "running"
    for host, future in list(pending.items()):
        if gone:
            failed[host] = f"the scheduler is gone (start it, {AGAIN})"
        elif future.status == "finished":
            record, why = future.result()
            if why:
                failed[host] = why
            else:
                records[host] = record
        elif future.done():
            failed[host] = " ".join(f"{future.status}: {future.exception()}".split())
        elif there and hosts[host] not in there:
            failed[host] = f"was lost while it measured (start its worker, {AGAIN})"
        else:
            continue
        del pending[host]


def _take_in(project: Project, host: str, record: bytes, failed: dict[str, str]) -> None:
    try:
        path = intake.add(project, record, host)
    except BlogError as error:
        failed[host] = str(BlogError(error.what, cure=error.cure))
        return
    print(f"{host}: {project.relative(path)}", flush=True)
