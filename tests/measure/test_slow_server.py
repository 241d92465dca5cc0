"""The server of slow links: what it answers and when, and that it never stays behind."""

import contextlib
import os
import resource
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


def ask(server, path, timeout=2):
    """Everything that the server says to a request with its token, as bytes."""
    return say(server.address.port, f"/{server.address.token}{path}", timeout)


def say(port, path, timeout=2):
    """Everything that a server says to a request."""
    with connected(port, timeout) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def connected(port, timeout=2):
    """A connection to the server."""
    return socket.create_connection((HOST, port), timeout)


def request(server, wait_us):
    """The bytes that ask for a page."""
    return f"GET {server.address.path('page', wait_us)} HTTP/1.1\r\n\r\n".encode()


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
    said = ask(server, f"/{kind}/0")
    assert said == answer(kind)
    head, body = said.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 " + status) and len(body) == size
    promised = len(page()) if kind == "cut" else size
    assert f"Content-Length: {promised}\r\n".encode() in head


def test_a_link_waits_as_long_as_its_address_says(server):
    """Not less, and links that wait at the same time do not wait for each other."""
    begin = time.perf_counter()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connected(server.address.port, 5)) for _ in range(50)]
        for connection in connections:
            connection.sendall(request(server, 100_000))
        for connection in connections:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
    assert 0.1 <= time.perf_counter() - begin < 1


def test_a_silent_link_never_answers(server):
    """Its connection stays open, and says nothing."""
    with pytest.raises(socket.timeout):
        ask(server, "/silent/0", timeout=0.1)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page",
        "/page/soon",
        "/page/-1",
        "/page/\u00b2",
        "/other/0",
        "/x y z",
        "/page/0/0",
        f"/page/{'9' * 10}",
        f"/page/{'9' * 400}",
        f"/silent/{'9' * 4000}",
    ],
)
def test_another_address_is_a_missing_page(server, path):
    """The server does not end for it."""
    assert ask(server, path) == answer("missing")


@pytest.mark.parametrize(
    "path", ["/page/0", "/page/" + "9" * 400, "/{}x/page/0", "x y z", "/" + "0" * 32 + "/page/0"]
)
def test_who_does_not_know_the_token_is_hung_up_on(server, path):
    """Another program of this machine can neither use the server nor end it."""
    for _ in range(2):
        with contextlib.suppress(ConnectionResetError):
            assert say(server.address.port, path.format(server.address.token)) == b""
    assert ask(server, "/page/0") == answer("page")


def test_each_server_has_a_token_of_its_own_that_no_command_line_shows(server):
    """It is told through the pipe."""
    with SlowServer() as other:
        tokens = {server.address.token, other.address.token}
    assert len(tokens) == 2 and {len(token) for token in tokens} == {32}
    shown = Path(f"/proc/{server.pid}/cmdline")
    if shown.exists():
        assert server.address.token not in shown.read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs prlimit")
@pytest.mark.parametrize("asked", [False, True])
def test_running_out_of_descriptors_ends_nothing(asked):
    """Who only connects makes room for who asks; and who asks for too much at once waits."""
    with SlowServer() as up, contextlib.ExitStack() as stack:
        resource.prlimit(up.pid, resource.RLIMIT_NOFILE, (40, 40))
        many = []
        for _ in range(100):
            many.append(stack.enter_context(connected(up.address.port)))
            if asked:
                many[-1].sendall(request(up, 100_000))
        for connection in many if asked else ():
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert ask(up, "/page/0", 5) == answer("page")
        assert up.cpu_s() < 1


def test_connections_that_never_ask_are_limited(server, monkeypatch):
    """Only so many are kept; the oldest goes first."""
    monkeypatch.setattr(slow_server, "MOST_STRANGERS", 3)
    service = slow_server._Service()
    with contextlib.ExitStack() as stack:
        port = service._listener.getsockname()[1]
        clients = [stack.enter_context(connected(port, 0.1)) for _ in range(5)]
        service._accept(service._listener)
        assert [client.recv(1) for client in clients[:2]] == [b"", b""]
        with pytest.raises(socket.timeout):
            clients[2].recv(1)


def test_a_client_that_leaves_early_is_no_trouble(server):
    """Neither before the request nor before the answer."""
    connected(server.address.port).close()
    with connected(server.address.port) as connection:
        connection.sendall(request(server, 1000))
    time.sleep(0.02)
    assert ask(server, "/page/0") == answer("page")


def test_it_tells_how_much_cpu_time_it_used(server):
    """A number of seconds that grows with the links."""
    before = server.cpu_s()
    for _ in range(50):
        ask(server, "/page/0")
    assert 0 < server.cpu_s() - before < 1


def test_it_ends_with_its_context():
    """Even after an error, and with connections open."""
    with pytest.raises(KeyError), SlowServer() as up:
        open_one = connected(up.address.port)
        raise KeyError
    assert not running(up.pid)
    open_one.close()
    with pytest.raises(ConnectionRefusedError):
        ask(up, "/page/0")


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
        os.waitpid(up.pid, os.WUNTRACED)  # on a busy machine it may answer before it stands still
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
