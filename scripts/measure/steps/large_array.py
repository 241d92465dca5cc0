"""A large array and some pure Python over it: copied to every worker, or shared with them.

An item is a number of every row that a Python loop goes over. So the array to be carried stays the
same, and how much is computed for each megabyte of it grows with the items.
"""

from __future__ import annotations

import contextlib
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, List, Tuple

from scripts.measure.steps import Done

if TYPE_CHECKING:
    import numpy

ROWS, COLUMNS = 6000, 256
SIZE_MB = ROWS * COLUMNS * 8 / 1e6
_PREFIX = "pipeline-"
Task = Tuple["numpy.ndarray", int, int]
# The name of the shared memory; a worker's first row and the one after its last; then as above.
Handle = Tuple[str, int, int, int, int]


@contextmanager
def ready(most: int) -> Iterator[numpy.ndarray]:
    """A table of numbers."""
    import numpy

    remove_left_over()
    yield (numpy.arange(ROWS * COLUMNS) * 7919 % 1000).astype(float).reshape(ROWS, COLUMNS)


@contextmanager
def hand_out(table: numpy.ndarray, count: int, workers: int, checked: int) -> Iterator[List[Task]]:
    """Hand every worker its rows of the table; to a process they are copied."""
    yield [(table[first:end], count, checked) for first, end in _rows(workers)]


def _rows(workers: int) -> List[Tuple[int, int]]:
    ends = [ROWS * worker // workers for worker in range(workers + 1)]
    return list(zip(ends, ends[1:]))


def smooth(task: Task) -> Done:
    """Smooth so many values of every row, each from the one before it, round and round.

    What has come of the first `checked` values of a row is the result.
    """
    table, count, checked = task
    total = 0
    for row in table:
        values = row[: min(count, COLUMNS)].tolist()
        level = _smoothed(0.0, values[:checked])
        total += int(level * 10**6)
        level = _smoothed(level, values[checked:])
        for left in range(count - COLUMNS, 0, -COLUMNS):
            level = _smoothed(level, values[:left])
    return Done(total)


def _smoothed(level: float, values: List[float]) -> float:
    for value in values:
        level = 0.9 * level + 0.1 * value
    return level


@contextmanager
def share(table: numpy.ndarray, count: int, workers: int, checked: int) -> Iterator[List[Handle]]:
    """The remedy: one copy in memory that all processes see; workers are sent its name only."""
    from multiprocessing.shared_memory import SharedMemory

    memory = SharedMemory(f"{_PREFIX}{os.getpid()}", create=True, size=table.nbytes)
    try:
        _table_in(memory.buf)[:] = table
        yield [(memory.name, first, end, count, checked) for first, end in _rows(workers)]
    finally:
        memory.close()
        memory.unlink()


def smooth_shared(handle: Handle) -> Done:
    """Smooth rows of a table that is in shared memory."""
    from multiprocessing.shared_memory import SharedMemory

    name, first, end, count, checked = handle
    memory = SharedMemory(name)
    try:
        # No name for the array: the memory cannot be closed while there is one.
        return smooth((_table_in(memory.buf)[first:end], count, checked))
    finally:
        memory.close()


def _table_in(memory: memoryview) -> numpy.ndarray:
    import numpy

    return numpy.ndarray((ROWS, COLUMNS), buffer=memory)


def remove_left_over(folder: Path = Path("/dev/shm")) -> None:
    """Free the shared memory of a case that was killed: its name holds a process that is gone."""
    for path in folder.glob(f"{_PREFIX}*"):
        owner = re.fullmatch(rf"{_PREFIX}(\d+)", path.name)
        if owner and not _runs(int(owner.group(1))):
            with contextlib.suppress(OSError):
                path.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
