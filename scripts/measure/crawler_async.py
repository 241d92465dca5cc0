"""The crawler once more, waiting for many links in one thread by an event loop."""

from __future__ import annotations

import asyncio
import time
from typing import List, Optional

from scripts.measure.crawler import TIMED_OUT, Course, Link, Tally, Visit, understood
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
        transport.write(self._link.request)
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
        return self._loop.call_later(self._link.timeout_us / 1e6, self._give_up)

    def _give_up(self) -> None:
        if not self.reply.done():
            self.reply.set_result(None)
        self._transport.abort()


async def fetch(link: Link, parse: bool) -> Visit:
    """What `crawler.fetch` does, by the same code but for the waiting."""
    loop = asyncio.get_running_loop()
    transport, connection = await loop.create_connection(
        lambda: Connection(link, loop), HOST, link.server.port
    )
    try:
        data = await connection.reply
    finally:
        transport.abort()  # it is closed already, or the course is over
    return TIMED_OUT if data is None else understood(data, parse)


async def crawl(course: Course) -> Tally:
    """Fetch the links of all lanes at once until the course is over.

    Raises ConnectionRefusedError when the server is gone.
    """
    tally = Tally(course)

    async def one(number: int) -> None:
        begin, links = course.lane(number)
        await asyncio.sleep(max(0.0, begin - time.perf_counter()))
        for link in links:
            if not tally.add(link, await fetch(link, course.parse)):
                break

    tasks = [asyncio.ensure_future(one(number)) for number in range(course.lanes)]
    left_s = max(0.0, course.stop - time.perf_counter())
    done, waiting = await asyncio.wait(tasks, timeout=left_s, return_when=asyncio.FIRST_EXCEPTION)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for task in done:
        task.result()
    return tally
