"""The program that talks to the cluster: a process of its own, which has nothing to lose.

Who sends an object to a client of Dask sends a program that makes it. Here no object is made of
what comes. Should there be a hole in that, it opens into an empty folder, without an environment,
and of a user who owns nothing where that can be. Only bytes go to the program that started this
one, as a line KIND HOST LENGTH and so many of them; it holds what it reads here for a stranger's.

The question is a line of JSON on standard input; when standard input ends, so does this. It is
started as a file, isolated: nothing of the project is on its path.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import io
import json
import logging
import os
import pickle
import pwd
import resource
import select
import signal
import socket
import sys
import time
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from distributed import Client, Future, Lock, Security

# Seconds that a scheduler may take to answer, and between two looks at what became of the hosts.
ANSWER_S = 5
LOOK_S = 0.5
# When nothing happens for so long, whatever it waits for will never come.
PATIENCE_S = 120
# A host ends a measurement that takes too long by itself; so much later it is given up.
GRACE_S = 30
AGAIN = "then again: make fleet"
START = "start one: dask scheduler; then make fleet SCHEDULER=tcp://host:8786"
_MB = 2**20
_LIMITS = {"CORE": 0, "FSIZE": _MB, "NOFILE": 256, "AS": 4096 * _MB}
_MAKES_OR_STARTS = (
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"),
    "pickle.find_class",
)


class Failed(Exception):
    """There is nothing to measure, for the reason given."""


class Inert(Exception):
    """What is made where an object was sent: it takes everything, and does nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __call__(self, *_: object, **__: object) -> Inert:
        return self

    __setstate__ = __setitem__ = append = extend = add = __call__


class _Values(pickle.Unpickler):
    """Understands numbers, texts, bytes and what holds them; whatever else there is, is inert."""

    def find_class(self, module: str, name: str) -> type:
        return bytes if (module, name) == ("builtins", "bytes") else Inert


def values_only(data: bytes, *, buffers: Any = None, **_: object) -> Any:
    """What pickle.loads does, but for making objects."""
    return _Values(io.BytesIO(data), buffers=buffers).load()


def _refuse(event: str, arguments: tuple) -> None:
    if event in _MAKES_OR_STARTS:
        raise PermissionError(f"{event} is not allowed here")


def lose_everything() -> None:
    """Give away for good what this process could do on this machine.

    All that it will need is to be loaded before: another user may not read it.
    """
    import distributed.client

    for name, most in _LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(".", nobody.pw_uid, nobody.pw_gid)
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    pickle.loads = values_only
    # Of an error there it is heard that there was one: more of it would be an object.
    distributed.client.clean_exception = lambda *_, **__: (Inert, Inert(), None)
    sys.addaudithook(_refuse)


def _load() -> types.ModuleType:
    """Load all that is needed; the module that is sent to workers, where it is not installed."""
    import encodings.idna  # noqa: F401 - for the names of hosts

    import cloudpickle
    from distributed.versions import get_versions

    get_versions()  # loads what it asks for its version

    path = Path(__file__).with_name("fleet_task.py")
    spec = importlib.util.spec_from_file_location("fleet_task", path)
    task = sys.modules["fleet_task"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(task)
    cloudpickle.register_pickle_by_value(task)
    return task


def _connected(scheduler: str, tls: list[str]) -> Client:
    """A client of the scheduler. Raises Failed."""
    from distributed import Client
    from distributed.comm import get_address_host_port

    try:
        security = _security(tls)
    except (OSError, ValueError):
        what = "the certificates and the key do not fit one another"
        raise Failed(f"{what} (see TLS_CA_FILE, TLS_CERT_FILE, TLS_KEY_FILE)") from None
    try:
        # Dask would ask again and again where nobody listens.
        socket.create_connection(get_address_host_port(scheduler), ANSWER_S).close()
        return Client(scheduler, timeout=ANSWER_S, security=security)
    except OSError:
        what = f"no scheduler answers{' to this certificate' if tls else ''}"
    except ValueError as error:
        what = str(error)
    except Exception:  # whatever Dask makes of an answer that is none
        what = "what answers there is no scheduler"
    raise Failed(f"{what} ({START})")


def _security(tls: list[str]) -> Security:
    """How to connect, by the texts of the authority's certificate, of one's own and of its key."""
    from distributed import Security

    if not tls:
        return Security(require_encryption=False)
    authority, certificate, key = (f"{text}\n" for text in tls)  # without a line it were a path
    security = Security(
        require_encryption=True,
        tls_ca_file=authority,
        tls_client_cert=certificate,
        tls_client_key=key,
    )
    security.get_connection_args("client")  # raises what is wrong with them
    return security


class Round:
    """One measurement of every host, told as it goes."""

    def __init__(self, client: Client, task: types.ModuleType, question: dict, out: BinaryIO):
        self._client, self._task, self._question, self._out = client, task, question, out
        self._workers = _workers(client)
        self._pending: dict[str, Future] = {}
        self._locks: list[Lock] = []

    def run(self) -> None:
        """Until all hosts have answered or are lost, or nobody listens any more."""
        try:
            self._submit()
            tell(self._out, "hosts", "-", " ".join(sorted(self._pending)).encode())
            deadline = time.monotonic() + self._question["limit_s"] + GRACE_S
            while self._pending and not select.select([0], [], [], LOOK_S)[0]:
                signal.alarm(PATIENCE_S)
                self._look(time.monotonic() > deadline)
        finally:
            if self._client.status == "running":
                self._client.cancel(list(self._pending.values()))
                for lock in self._locks:
                    lock.release()
            self._client.close(ANSWER_S)

    def _submit(self) -> None:
        from distributed import Lock

        others = of_other_versions(self._client.get_versions(), self._workers)
        for host, worker in self._workers.items():
            lock = Lock(f"measure {host}")
            if host in others:
                self._fail(host, others[host])
            elif lock.acquire(timeout=1):
                self._locks.append(lock)
                self._pending[host] = self._measurement(worker)
            else:
                why = "is being measured by another make fleet (wait until it has ended)"
                self._fail(host, why)

    def _measurement(self, worker: str) -> Future:
        program = base64.b64decode(self._question["program"])
        arguments = (program, self._question["measuring"], self._question["limit_s"])
        return self._client.submit(self._task.measure, *arguments, workers=[worker], pure=False)

    def _look(self, late: bool) -> None:
        """Tell of the hosts that have answered, or are lost, and wait for them no longer."""
        try:
            there = self._client.nthreads()
        except OSError:
            there = {}  # it may be gone, which its status will tell
        for host, future in list(self._pending.items()):
            if self._client.status != "running":
                self._fail(host, f"the scheduler is gone (start it, {AGAIN})")
            elif future.status == "finished":
                self._take(host, future)
            elif future.done():
                self._fail(host, f"lost its measurement (look at what its worker says, {AGAIN})")
            elif there and self._workers[host] not in there:
                self._fail(host, f"was lost while it measured (start its worker, {AGAIN})")
            elif late:
                self._fail(host, f"does not answer (look at what its worker does, {AGAIN})")
            else:
                continue
            del self._pending[host]

    def _take(self, host: str, future: Future) -> None:
        try:
            record, why = future.result(ANSWER_S)
            good = type(record) is bytes and type(why) is str
        except Exception:  # whatever Dask, or an inert object, makes of it
            good = False
        most = self._question["most_bytes"]
        if not good:
            self._fail(host, "sent what is no record")
        elif len(record) > most:
            self._fail(host, f"sent {len(record)} bytes, and a record has {most} at most")
        elif why:
            self._fail(host, why)
        else:
            tell(self._out, "record", host, record)

    def _fail(self, host: str, why: str) -> None:
        tell(self._out, "failed", host, why.encode(errors="replace"))


def tell(out: BinaryIO, kind: str, host: str, what: bytes) -> None:
    """Say something of `host`, "-" for none: `hosts`, `record`, `failed` or `error`."""
    out.write(f"{kind} {host} {len(what)}\n".encode() + what)
    out.flush()


def _workers(client: Client) -> dict[str, str]:
    found: dict[str, str] = {}
    workers = client.scheduler_info(n_workers=-1)["workers"]
    for address in sorted(workers):
        found.setdefault(workers[address]["host"], address)
    if not found:
        raise Failed("the cluster has no workers (start one on each host: dask worker)")
    return found


def of_other_versions(told: dict, workers: dict[str, str]) -> dict[str, str]:
    """Why a host cannot be asked: what is sent is understood by the same versions only.

    `told` is what Client.get_versions() says of the client and of the workers, `workers` the
    address of the worker of each host.
    """
    own = _versions(told["client"])
    found = {}
    for host, worker in workers.items():
        theirs = _versions(told["workers"][worker])
        if theirs != own:
            found[host] = f"has {theirs}, and this machine {own} (install the same, {AGAIN})"
    return found


def _versions(told: dict) -> str:
    packages = told["packages"]
    python = ".".join(packages["python"].split(".")[:2])
    return f"Python {python} with distributed {packages['distributed']}"


def main() -> None:
    """Answer the question on standard input."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a scheduler can let its clients print
    logging.disable()
    warnings.simplefilter("ignore")
    signal.alarm(PATIENCE_S)
    try:
        question = json.loads(sys.stdin.buffer.readline())
        task = _load()
        lose_everything()
        Round(_connected(question["scheduler"], question["tls"]), task, question, out).run()
    except Exception as error:
        why = str(error) if isinstance(error, Failed) else f"{type(error).__name__}: {error}"
        tell(out, "error", "-", why.encode(errors="replace"))
    finally:
        os._exit(0)  # threads of Dask's may hang, and there is nothing to tidy up


if __name__ == "__main__":
    main()
