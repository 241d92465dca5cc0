"""The crawler once more, waiting for many links in one thread by an event loop."""

from __future__ import annotations

import asyncio
import io
from http.client import HTTPException, HTTPResponse
from typing import Dict, List, Optional, Sequence

from scripts.measure.crawler import Link, Visit, read_page
from scripts.measure.slow_server import HOST


class Connection(asyncio.Protocol):
    """One connection, of which `reply` becomes all that came, or None when nothing came in time.

    The timeout is how long the server is silent, as it is for a socket that blocks. An event loop
    looks at what has arrived before it looks at its timers, so a busy loop gives no link up.
    """

    def __init__(self, link: Link, loop: asyncio.AbstractEventLoop) -> None:
        self._link, self._loop = link, loop
        self._received: List[bytes] = []
        self.reply: asyncio.Future = loop.create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        request = f"GET {self._link.path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
        transport.write(request.encode())
        self._timer = self._wait()

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._timer.cancel()
        self._timer = self._wait()

    def eof_received(self) -> None:
        self._timer.cancel()  # now: a busy loop may run the timer before connection_lost

    def connection_lost(self, error: Optional[Exception]) -> None:
        self._timer.cancel()
        if not self.reply.done():
            self.reply.set_result(b"".join(self._received))

    def _wait(self) -> asyncio.TimerHandle:
        return self._loop.call_later(self._link.timeout_ms / 1000, self._give_up)

    def _give_up(self) -> None:
        self.reply.set_result(None)
        self._transport.abort()


class _Received:
    """As much of a socket as HTTPResponse needs, of which everything has been received."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


async def _fetch(link: Link, parse: bool) -> Visit:
    """What `crawler.fetch` does, by the same code once everything is there."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: Connection(link, loop), HOST, link.server.port
    )
    data = await connection.reply
    if data is None:
        return Visit("timed_out")
    try:
        reply = HTTPResponse(_Received(data), method="GET")
        reply.begin()
        body = reply.read()
    except HTTPException:
        return Visit("failed")
    return read_page(body, parse) if reply.status == 200 else Visit("failed")


async def crawl(links: Sequence[Link], parse: bool, at_once: int) -> List[Visit]:
    """Fetch all links, `at_once` of them at a time; the visits are in the order of the links.

    Raises ConnectionRefusedError when the server is gone.
    """
    visits: Dict[int, Visit] = {}
    left = iter(enumerate(links))

    async def one_after_the_other() -> None:
        for number, link in left:
            visits[number] = await _fetch(link, parse)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return [visits[number] for number in range(len(links))]
