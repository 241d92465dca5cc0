"""The server of slow links: a web server of our own on loopback, in a process of its own.

A process, since it must not share the client's GIL. What a link does stands in its address,
/TOKEN/KIND/MICROSECONDS, so that the server needs to know nothing of the crawl. It runs this file
alone, isolated, and so starts quickly; it ends when its standard input does, and with that
whenever the program that started it is gone, whatever the reason.

Any program of this machine can connect to it, but only who started it knows the token, which is
told through a pipe: whoever asks without it is hung up on, and whoever does not ask at all makes
room for others.
"""

from __future__ import annotations

import contextlib
import heapq
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from typing import Dict, List, NamedTuple, Tuple

HOST = "127.0.0.1"
# A page that answers, one that breaks off in the middle, one that never says a word, two errors.
KINDS = ("page", "cut", "silent", "missing", "broken")
# A server that has not said what it was asked for after this many seconds never will.
PATIENCE_S = 10
# So many connections may be open that have not asked yet; no crawl makes as many at once.
MOST_STRANGERS = 4096
# No link waits for longer than a quarter of an hour, however long its number is.
MOST_DIGITS = 9
# The answers that are due wait for no more of them than this.
ACCEPTED_AT_ONCE = 64
# How long to wait for a descriptor when there is none; the answers that are due go first.
PAUSE_S = 0.001
# Windows has no such thing: there a connection that has nothing to read holds up the others.
AT_ONCE = getattr(socket, "MSG_DONTWAIT", 0)
PARAGRAPHS = 70
_PARAGRAPH = (
    "<p>A crawler asks for a page and waits; while it waits, it could ask for the next one. "
    'Some <a href="/page/{0}">links of number {0}</a> answer at once, some take their time, and '
    'a few <a href="/silent/{0}">never answer</a>, so that nobody should wait for them.</p>\n'
)


def page() -> bytes:
    """The web page that every good link leads to: the same one, so that it can be checked."""
    body = "".join(_PARAGRAPH.format(number) for number in range(PARAGRAPHS))
    return f"<!DOCTYPE html>\n<html><body>\n<h1>Slow links</h1>\n{body}</body></html>\n".encode()


def answer(kind: str) -> bytes:
    """All that the server sends for a link of this kind, before it closes the connection."""
    status = {"missing": "404 Not Found", "broken": "500 Internal Server Error"}.get(kind, "200 OK")
    body = page() if status == "200 OK" else b"<p>An error.</p>\n"
    head = (
        f"HTTP/1.1 {status}\r\nServer: slow links\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    return head + (body[: len(body) // 2] if kind == "cut" else body)


class Address(NamedTuple):
    """Where a server listens, and what it wants to hear."""

    port: int
    token: str

    def path(self, kind: str, wait_us: int) -> str:
        """The path of a link to `kind` (one of KINDS) that is answered after `wait_us`."""
        return f"/{self.token}/{kind}/{wait_us}"


class SlowServer:
    """The server's process, as a context manager, seen from the one who crawls.

    Raises RuntimeError when it does not come up, and when it is found dead.
    """

    def __enter__(self) -> SlowServer:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", os.path.abspath(__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.pid = self._process.pid
        try:
            port, token = self._line().decode().split()
            self.address = Address(int(port), token)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def cpu_s(self) -> float:
        """The CPU time that the server has used until now, in seconds."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"?")
        return float(self._line())

    def _line(self) -> bytes:
        """What the server says next, in one line; one that is silent for too long is ended."""
        silent: List[bool] = []

        def give_up() -> None:
            silent.append(True)
            self._process.kill()

        patience = threading.Timer(PATIENCE_S, give_up)
        patience.start()
        line = self._process.stdout.readline()
        patience.cancel()
        patience.join()
        if not line:
            how = "says nothing" if silent else f"ended with status {self._process.wait()}"
            raise RuntimeError(f"the server of slow links {how}")
        return line


class _Service:
    """Answers every link when its time has come; all in one thread, which mostly waits."""

    def __init__(self) -> None:
        self._answers = {kind: answer(kind) for kind in KINDS if kind != "silent"}
        self._token = os.urandom(16).hex()
        self._begin = f"GET /{self._token}/".encode()
        self._listener = socket.create_server((HOST, 0), backlog=1024)
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        # Those that have not asked yet, the oldest first; the values mean nothing.
        self._strangers: Dict[socket.socket, None] = {}
        # When, then a number, so that connections are never compared, then to whom and what.
        self._due: List[Tuple[float, int, socket.socket, bytes]] = []
        self._number = 0

    def serve(self) -> None:
        """Tell where, then serve until the one who started it ends this process."""
        threading.Thread(target=_heed_starter, daemon=True).start()
        _say(f"{self._listener.getsockname()[1]} {self._token}")
        while True:
            wait_s = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            for key, _ in self._selector.select(wait_s):
                key.data(key.fileobj)
            while self._due and self._due[0][0] <= time.monotonic():
                self._answer(*heapq.heappop(self._due)[2:])

    def _accept(self, listener: socket.socket) -> None:
        try:
            for _ in range(ACCEPTED_AT_ONCE):
                connection = listener.accept()[0]
                self._selector.register(connection, selectors.EVENT_READ, self._read)
                self._strangers[connection] = None
                if len(self._strangers) > MOST_STRANGERS:
                    self._read(next(iter(self._strangers)))
        except BlockingIOError:
            pass
        except OSError:  # no descriptor is left, or the client is gone again
            if self._strangers:
                self._read(next(iter(self._strangers)))
            else:
                time.sleep(PAUSE_S)

    def _read(self, connection: socket.socket) -> None:
        """Take a request, which comes in one piece; a link that never answers is left waiting.

        Who has not asked yet is hung up on: another needs the room.
        """
        request = b""
        try:
            request = connection.recv(4096, AT_ONCE)
        except BlockingIOError:
            if connection not in self._strangers:
                return  # it was read already, when room was needed
        except OSError:
            pass
        if not request.startswith(self._begin):
            self._close(connection)
            return
        self._strangers.pop(connection, None)
        kind, wait_s = _asked_for(request[len(self._begin) :])
        if kind != "silent":
            when = time.monotonic() + wait_s
            self._number += 1
            heapq.heappush(self._due, (when, self._number, connection, self._answers[kind]))

    def _answer(self, connection: socket.socket, whole: bytes) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(whole)
        self._close(connection)

    def _close(self, connection: socket.socket) -> None:
        self._strangers.pop(connection, None)
        with contextlib.suppress(KeyError, ValueError):  # the client had closed it already
            self._selector.unregister(connection)
        connection.close()


def _asked_for(rest: bytes) -> Tuple[str, float]:
    """The kind of link and how many seconds it waits, by KIND/MICROSECONDS; else a missing page."""
    try:
        kind, wait_us = rest.split(b" ", 1)[0].decode("ascii").split("/")
    except ValueError:
        return "missing", 0.0
    if kind not in KINDS or not (wait_us.isdigit() and len(wait_us) <= MOST_DIGITS):
        return "missing", 0.0
    return kind, int(wait_us) / 1e6


def _heed_starter() -> None:
    """End when standard input does; a byte there asks for the CPU time.

    A thread that waits, since not every system can wait for a pipe and for connections at once.
    """
    while os.read(0, 1):
        _say(time.process_time())
    os._exit(0)


def _say(what: object) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    _Service().serve()
