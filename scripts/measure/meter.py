"""Reading counters at two moments, while the program is busy with something else."""

from __future__ import annotations

import time
from concurrent import futures
from contextlib import contextmanager
from typing import Callable, Iterator, Sequence, Tuple

# A thread that wakes up must wait for its turn where others keep the GIL busy. The last reading
# is due so much before the end, since after the end nothing of interest is going on any more.
MARGIN_S = 0.02
Counters = Tuple[Callable[[], float], ...]


class Reading:
    """How much each counter grew between two moments, once they have passed."""

    def __init__(self) -> None:
        self.grown: Sequence[float] = ()


@contextmanager
def metered(counters: Counters, start: float, stop: float) -> Iterator[Reading]:
    """Read the `counters` at `start` and at `stop`, times of perf_counter, by a thread.

    What they grew by is scaled to the time from `start` to `stop`, since no reading is punctual.
    """
    reading = Reading()
    with futures.ThreadPoolExecutor(1) as pool:
        told = pool.submit(_grown, counters, start, stop)
        yield reading
        reading.grown = told.result()


def _grown(counters: Counters, start: float, stop: float) -> Sequence[float]:
    first_at, first = _read(counters, start)
    last_at, last = _read(counters, max(stop - MARGIN_S, (start + stop) / 2))
    scale = (stop - start) / (last_at - first_at)
    return [(after - before) * scale for before, after in zip(first, last)]


def _read(counters: Counters, when: float) -> Tuple[float, Sequence[float]]:
    time.sleep(max(0.0, when - time.perf_counter()))
    return time.perf_counter(), [counter() for counter in counters]
