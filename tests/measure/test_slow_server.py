"""The server of slow links: what it answers and when, and that it never stays behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.measure import slow_server
from scripts.measure.slow_server import HOST, SlowServer, answer, page

ROOT = Path(__file__).parents[2]


def ask(port, path, timeout=2):
    """Everything that the server says to a request, as bytes."""
    with socket.create_connection((HOST, port), timeout) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def running(pid):
    """Whether there is such a process; one that ended counts until its parent has asked for it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.fixture(scope="module")
def server():
    """A server of slow links."""
    with SlowServer() as up:
        yield up


@pytest.mark.parametrize(
    ("kind", "status", "size"),
    [
        ("page", b"200 OK", len(page())),
        ("cut", b"200 OK", len(page()) // 2),
        ("missing", b"404 Not Found", 17),
        ("broken", b"500 Internal Server Error", 17),
    ],
)
def test_a_link_does_what_its_address_says(server, kind, status, size):
    """A link that is cut promises the whole page and sends half of it."""
    said = ask(server.port, f"/{kind}/0")
    assert said == answer(kind)
    head, body = said.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 " + status) and len(body) == size
    promised = len(page()) if kind == "cut" else size
    assert f"Content-Length: {promised}\r\n".encode() in head


def test_a_link_waits_as_long_as_its_address_says(server):
    """Not less, and links that wait at the same time do not wait for each other."""
    begin = time.perf_counter()
    with contextlib.ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((HOST, server.port), 5)) for _ in range(50)
        ]
        for connection in connections:
            connection.sendall(b"GET /page/100000 HTTP/1.1\r\n\r\n")
        for connection in connections:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
    assert 0.1 <= time.perf_counter() - begin < 1


def test_a_silent_link_never_answers(server):
    """Its connection stays open, and says nothing."""
    with pytest.raises(socket.timeout):
        ask(server.port, "/silent/0", timeout=0.1)


@pytest.mark.parametrize("path", ["/", "/page", "/page/soon", "/other/0", "x y z", "/page/0/0"])
def test_another_address_is_a_missing_page(server, path):
    """The server does not end for it."""
    assert ask(server.port, path) == answer("missing")


def test_a_client_that_leaves_early_is_no_trouble(server):
    """Neither before the request nor before the answer."""
    socket.create_connection((HOST, server.port), 1).close()
    with socket.create_connection((HOST, server.port), 1) as connection:
        connection.sendall(b"GET /page/1000 HTTP/1.1\r\n\r\n")
    time.sleep(0.02)
    assert ask(server.port, "/page/0") == answer("page")


def test_it_tells_how_much_cpu_time_it_used(server):
    """A number of seconds that grows with the links."""
    before = server.cpu_s()
    for _ in range(50):
        ask(server.port, "/page/0")
    assert 0 < server.cpu_s() - before < 1


def test_it_ends_with_its_context():
    """Even after an error, and with connections open."""
    with pytest.raises(KeyError), SlowServer() as up:
        open_one = socket.create_connection((HOST, up.port), 1)
        raise KeyError
    assert not running(up.pid)
    open_one.close()
    with pytest.raises(ConnectionRefusedError):
        ask(up.port, "/page/0")


def test_it_ends_when_the_one_who_started_it_is_killed():
    """The end of its standard input tells it, whatever the reason."""
    program = (
        "import time\n"
        "from scripts.measure.slow_server import SlowServer\n"
        "with SlowServer() as up:\n"
        "    print(up.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pid = int(starter.stdout.readline())
    assert running(pid)
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    until = time.monotonic() + 5
    while running(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not running(pid)


def test_a_server_that_was_killed_is_named():
    """How it ended is told, and leaving the context is no further error."""
    with SlowServer() as up:
        os.kill(up.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError) as caught:
            up.cpu_s()
    assert str(caught.value) == "the server of slow links ended with status -9"


def test_a_server_that_stands_still_is_named_and_ended(monkeypatch):
    """Nobody waits for it for ever."""
    with SlowServer() as up:
        monkeypatch.setattr(slow_server, "PATIENCE_S", 0.1)
        os.kill(up.pid, signal.SIGSTOP)
        with pytest.raises(RuntimeError) as caught:
            up.cpu_s()
    assert str(caught.value) == "the server of slow links says nothing"
    assert not running(up.pid)


def test_a_server_that_does_not_come_up_is_named(monkeypatch):
    """An interpreter that ends at once has told no port."""
    monkeypatch.setattr(slow_server.sys, "executable", "false")
    with pytest.raises(RuntimeError) as caught, SlowServer():
        pass
    assert str(caught.value) == "the server of slow links ended with status 1"
