"""Fetching pages from a web server on loopback: a job that mostly waits."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import Dict, Iterator, List, Tuple

from scripts.measure.jobs import Scalar
from scripts.measure.slow_server import HOST, SlowServer
from scripts.measure.steps import Done

ITEMS_PER_PAGE = 10
# The waits of the pages, one after another: 10 ms on average.
WAITS_US = (6000, 9000, 13000, 8000, 14000)
Task = Tuple[int, List[str]]


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[Task]:
    """The port of a server in a process of its own, and the pages to fetch from it."""
    import http.client  # noqa: F401 - a program imports its libraries before it starts a pool

    pages = range(max(1, items // ITEMS_PER_PAGE))
    with SlowServer() as server:
        port, path = server.address.port, server.address.path
        yield port, [path("page", WAITS_US[page % len(WAITS_US)]) for page in pages]


def fetch(task: Task) -> Done:
    """Fetch page after page. Raises RuntimeError for one that does not come as it should."""
    import http.client

    port, pages = task
    checksum = 0
    for page in pages:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        connection.request("GET", page)
        answer = connection.getresponse()
        checksum = zlib.crc32(answer.read(), checksum)
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"a page answered {answer.status}")
    return Done(checksum)
