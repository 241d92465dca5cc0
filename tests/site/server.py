"""A web server for a built site, on this machine only: the headers of public/_headers included."""

from __future__ import annotations

import contextlib
import fnmatch
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}


def rules(text: str) -> list[tuple[str, str, str]]:
    """The lines of a _headers file as (pattern of paths, header, value)."""
    found, pattern = [], ""
    for line in text.splitlines():
        if line[:1].strip():
            pattern = line.strip()
        elif line.strip():
            name, _, value = line.strip().partition(": ")
            found.append((pattern, name, value))
    return found


def file_of(folder: Path, path: str) -> Path | None:
    """The file that a server shows at `path` (from the site's root, decoded), if there is one."""
    file = folder / path.lstrip("/")
    if path.endswith("/") or not path:
        file /= "index.html"
    return file if file.is_file() else None


@contextlib.contextmanager
def serving(folder: Path, base: str = "/") -> Iterator[str]:
    """The address at which `folder` is served under the path `base`, ending in a slash."""
    headers = rules((folder / "_headers").read_text(encoding="utf-8"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            inside = path[len(base) - 1 :]
            file = file_of(folder, inside) if path.startswith(base) else None
            self._send(200 if file else 404, file or folder / "404.html", inside)

        def _send(self, status: int, file: Path, path: str) -> None:
            body = file.read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            for pattern, name, value in headers:
                if fnmatch.fnmatchcase(path, pattern):
                    self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the page was left
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
