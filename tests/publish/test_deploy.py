"""`hugo deploy`: what is read of a place that others can write to, and of what Hugo says."""

import gzip
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.publish import manifest
from scripts.publish.deploy import Deploy
from scripts.publish.target import Changes, Site
from scripts.record.errors import BlogError

GOOD = b'{"run_id": "x", "numbers": {}, "verdicts": {}, "files": {}}'
# What a server may answer: its first lines, and the rest.
ANSWERS = {
    "plain": (b"HTTP/1.0 200 OK\r\n\r\n", GOOD),
    "packed": (b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(GOOD)),
    "missing": (b"HTTP/1.0 404 Not Found\r\n\r\n", b"{}"),
    "forbidden": (b"HTTP/1.0 403 Forbidden\r\n\r\n", b"{}"),
    "no-http": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b""),
    "cut-off": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n", GOOD),
    "not-packed": (b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n", GOOD),
    "a-bomb": (
        b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        gzip.compress(bytes(2**28), 1),
    ),
}


@pytest.fixture(scope="module")
def answering():
    """A web server that answers by name."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(b"".join(ANSWERS[self.path.split("/")[1]]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def target(tmp_path, url="s3://blog", base_url="https://blog.test/"):
    """The target of such settings."""
    settings = {"baseURL": base_url, "deployment": {"targets": [{"url": url}]}}
    return Deploy.configured(Site(tmp_path, tmp_path, tmp_path / "public", settings))


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("plain", True),
        ("packed", True),
        ("missing", False),
        ("forbidden", False),
        ("no-http", False),
        ("cut-off", False),
        ("not-packed", False),
    ],
)
def test_what_a_server_answers(name, there, answering, tmp_path):
    """A manifest, or none; never a traceback."""
    assert target(tmp_path, base_url=f"{answering}/{name}").published() == (GOOD if there else None)


@pytest.mark.parametrize("base_url", ["", "nowhere", "http://[", "http://127.0.0.1:1", "x:y"])
def test_addresses_that_nobody_answers_at(base_url, tmp_path):
    """There is none yet."""
    assert target(tmp_path, base_url=base_url).published() is None


def test_no_more_is_unpacked_than_is_read(answering, tmp_path):
    """However much a server has packed."""
    text = target(tmp_path, base_url=f"{answering}/a-bomb").published()
    assert len(text) == manifest.LIMIT + 1
    with pytest.raises(BlogError, match="is no list of what is published"):
        manifest.loads(text, "there")


def test_what_lies_in_a_folder(tmp_path):
    """A file counts, and nothing else of that name; nobody waits for a pipe."""
    place = target(tmp_path, f"file://{tmp_path}/a%20b?metadata=skip")
    folder = tmp_path / "a b"
    folder.mkdir()
    assert str(place) == f"file://{tmp_path}/a%20b" and place.certain
    assert place.published() is None
    os.mkfifo(folder / manifest.NAME)
    assert place.published() is None
    (folder / manifest.NAME).unlink()
    (folder / manifest.NAME).write_bytes(GOOD)
    assert place.published() == GOOD


SAID = """Deploying to target "p" (file:///there)
Identified {0} file(s) to upload, totaling 2.5 kB, and {1} file(s) to delete.
[DRY RUN] Would upload: a (1).html (1 B, Content-Type: "text/html"): not found at target
[DRY RUN] Would upload: 三.svg (2.5 kB): size differs
[DRY RUN] Would delete x: y
Success!
"""


def test_what_hugo_says_it_would_do(tmp_path, monkeypatch):
    """Line by line, and counted: half understood it would be another plan."""
    place = target(tmp_path)
    monkeypatch.setattr(Deploy, "_hugo", lambda self, *_: SAID.format(2, 1))
    assert place.changes() == Changes(
        frozenset({"a (1).html"}), frozenset({"三.svg"}), frozenset({"x: y"})
    )
    monkeypatch.setattr(Deploy, "_hugo", lambda self, *_: "No changes required.\n")
    assert not place.changes()
    for counts in ((3, 1), (2, 2)):
        monkeypatch.setattr(Deploy, "_hugo", lambda self, *_, n=counts: SAID.format(*n))
        with pytest.raises(BlogError) as caught:
            place.changes()
        assert str(caught.value) == "s3://blog: hugo deploy --dryRun says what is not understood"
