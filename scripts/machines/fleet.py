"""Every host of a Dask cluster measures itself; its record comes in as one of a reader's does.

The cluster is somebody's own, and is there already. What is sent is measure.pyz, so that all hosts
run the same code, whatever is installed on them. It is fleet_client.py that talks to the cluster,
in a process that has nothing to lose: what it hands over is looked at here as a stranger's.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from scripts.machines import fleet_client, intake
from scripts.machines.fleet_client import START
from scripts.machines.untrusted import LARGEST_BYTES
from scripts.project import Project
from scripts.reader import pyz
from scripts.record.errors import BlogError

# The environment variables that name the files of a cluster that speaks TLS: the certificate of its
# authority, a certificate that this has signed, and its key.
TLS_FILES = ("TLS_CA_FILE", "TLS_CERT_FILE", "TLS_KEY_FILE")
# Seconds that the client may take to tell the hosts to stop.
END_S = 10
MOST_HOSTS = 200
LONGEST_LINE, LONGEST_TEXT = 200, 400
_HEAD = re.compile(rb"(hosts|record|failed|error) ([\w.:%-]{1,80}) ([0-9]{1,7})\n", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Options:
    """`measuring` is passed on to measure.pyz; a host that takes longer than `limit_s` is slow.

    `tls` holds the files of TLS_FILES, "" for one that is not given.
    """

    scheduler: str
    measuring: tuple[str, ...] = ()
    limit_s: float = 3600
    tls: tuple[str, ...] = ("", "", "")


@dataclasses.dataclass
class _Told:
    """What the client has said: the hosts that measure, the records, and why others have none."""

    measuring: list[str] = dataclasses.field(default_factory=list)
    records: dict[str, bytes] = dataclasses.field(default_factory=dict)
    failed: dict[str, str] = dataclasses.field(default_factory=dict)


def run(project: Project, options: Options) -> int:
    """Measure on every host at once, then take in what came; how many hosts gave no record.

    The records are taken in at the end, since this machine may be one of the hosts; after Ctrl-C
    too. Raises BlogError when there is no cluster to speak of.
    """
    if not importlib.util.find_spec("distributed"):
        raise BlogError("the package distributed is missing", cure="install it: make fleet does")
    question = {
        "scheduler": options.scheduler,
        "tls": _certificates(options.scheduler, options.tls),
        "measuring": options.measuring,
        "limit_s": options.limit_s,
        "most_bytes": LARGEST_BYTES,
        "program": base64.b64encode(pyz.build(project)).decode(),
    }
    told = _Told()
    try:
        with _client(json.dumps(question).encode()) as says:
            _listen(says, told, options.scheduler)
    finally:
        for host, record in sorted(told.records.items()):
            _take_in(project, host, record, told.failed)
    for host, why in sorted(told.failed.items()):
        print(f"{host}: {why}", file=sys.stderr)
    return len(told.failed)


def _certificates(scheduler: str, files: Sequence[str]) -> list[str]:
    """What stands in the files that this address needs: none, or those of TLS_FILES."""
    if not scheduler:
        raise BlogError("is not given", where="SCHEDULER", cure=START)
    protocol = scheduler.partition("://")[0] if "://" in scheduler else "tcp"
    if protocol not in ("tcp", "tls"):
        cure = "SCHEDULER=tcp://host:8786, or tls://host:8786"
        raise BlogError(f"{protocol}:// is not spoken here", where=scheduler, cure=cure)
    if protocol == "tcp" and any(files):
        cure = "SCHEDULER=tls://…, or none of them"
        raise BlogError("does not use certificates", where=scheduler, cure=cure)
    if protocol == "tls" and not all(files):
        cure = " ".join(f"{name}=…" for name in TLS_FILES)
        raise BlogError("needs the certificates of the cluster", where=scheduler, cure=cure)
    named = zip(TLS_FILES, files, strict=True) if protocol == "tls" else ()
    return [intake.read(file, name).decode("ascii", "ignore") for name, file in named]


@contextlib.contextmanager
def _client(question: bytes) -> Iterator[BinaryIO]:
    """What the client says, in a process that ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        client = subprocess.Popen(
            [sys.executable, "-I", fleet_client.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={
                **dict.fromkeys(("HOME", "TMPDIR", "DASK_CONFIG"), folder),
                "OPENBLAS_NUM_THREADS": "1",  # they would take the memory that it may have
            },
            start_new_session=True,
        )
        try:
            with contextlib.suppress(BrokenPipeError):
                client.stdin.write(question + b"\n")
                client.stdin.flush()
            yield client.stdout
        finally:
            _end(client)


def _end(client: subprocess.Popen) -> None:
    """Let the client tell the hosts to stop, if it still can, and see it end."""
    with contextlib.suppress(BrokenPipeError):
        client.stdin.close()
    client.stdout.close()  # so that it does not wait for somebody to read more
    try:
        client.wait(END_S)
    except subprocess.TimeoutExpired:
        client.kill()
        client.wait()


def _listen(says: BinaryIO, told: _Told, scheduler: str) -> None:
    """Note what the client says until it has ended. Raises BlogError when it could do nothing."""
    while head := says.readline(LONGEST_LINE):
        kind, host, what = _understood(head, says, scheduler)
        if kind == "error":
            raise BlogError(_line(what), where=scheduler)
        if kind == "hosts":
            told.measuring = _line(what).split()
            print(f"measuring: {', '.join(told.measuring) or 'no host'}", flush=True)
        elif kind == "record":
            told.records[host] = what
        else:
            told.failed[host] = _line(what)
        if len(told.records) + len(told.failed) > MOST_HOSTS:
            raise BlogError(f"has more than {MOST_HOSTS} hosts", where=scheduler)
    if not (told.measuring or told.failed):
        raise BlogError("what answers there stands still", where=scheduler, cure=START)
    for host in {*told.measuring} - {*told.records} - {*told.failed}:
        told.failed[host] = "gave no record: the client of the cluster ended (again: make fleet)"


def _understood(head: bytes, says: BinaryIO, scheduler: str) -> tuple[str, str, bytes]:
    """What is said, of which host, and the bytes that follow."""
    found = _HEAD.fullmatch(head)
    what = says.read(int(found[3])) if found else b""
    if not found or len(what) < int(found[3]):
        raise BlogError("the client of the cluster says what nobody understands", where=scheduler)
    return found[1].decode(), found[2].decode(), what


def _line(text: bytes) -> str:
    """A text of a stranger's as it can be shown in a terminal."""
    shown = "".join(one if one.isprintable() else " " for one in text.decode(errors="replace"))
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[: LONGEST_TEXT - 1]}…"


def _take_in(project: Project, host: str, record: bytes, failed: dict[str, str]) -> None:
    try:
        path = intake.add(project, record, host)
    except BlogError as error:
        failed[host] = str(BlogError(error.what, cure=error.cure))
        return
    print(f"{host}: {project.relative(path)}", flush=True)
