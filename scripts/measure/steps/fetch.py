"""Fetching pages from a web server on loopback: a job that mostly waits."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import Iterator, List, Tuple

from scripts.measure.slow_server import HOST, SlowServer
from scripts.measure.steps import Done, Part, divide

WAIT_US = 10_000
Pages = Tuple[int, List[str]]
Task = Tuple[int, Part]


@contextmanager
def ready(most: int) -> Iterator[Pages]:
    """The port of a server in a process of its own, and the pages to fetch from it."""
    import http.client  # noqa: F401 - a program imports its libraries before it starts a pool

    with SlowServer() as server:
        port, path = server.address.port, server.address.path
        yield port, [path("page", WAIT_US)] * most


@contextmanager
def hand_out(pages: Pages, count: int, workers: int, checked: int) -> Iterator[List[Task]]:
    """Hand every worker the port, and its pages."""
    port, addresses = pages
    yield [(port, part) for part in divide(addresses[:count], workers, checked)]


def fetch(task: Task) -> Done:
    """Fetch page after page. Raises RuntimeError for one that does not come as it should."""
    import http.client

    port, part = task
    sums = []
    for page in part.items:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        connection.request("GET", page)
        answer = connection.getresponse()
        sums.append(zlib.crc32(answer.read()))
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"a page answered {answer.status}")
    return Done(sum(sums[: part.checked]))
