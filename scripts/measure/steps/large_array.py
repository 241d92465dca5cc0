"""A large array and a little pure Python over it: copied to every job, or shared with them."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Iterator, Tuple

from scripts.measure.jobs import Scalar
from scripts.measure.steps import Done
from scripts.measure.steps.linear_algebra import pin_blas

if TYPE_CHECKING:
    import numpy

ROWS_PER_ITEM, COLUMNS = 56, 512
BYTES_PER_ITEM = ROWS_PER_ITEM * COLUMNS * 8
SMOOTHED = 448
_PREFIX = "pipeline-"
Handle = Tuple[str, Tuple[int, ...]]


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[numpy.ndarray]:
    """A table of numbers, 224 KiB for each item."""
    pin_blas(1)
    import numpy

    remove_left_over()
    rows = items * ROWS_PER_ITEM
    yield (numpy.arange(rows * COLUMNS) * 7919 % 1000).astype(float).reshape(rows, COLUMNS)


def smooth(table: numpy.ndarray) -> Done:
    """Smooth the last values of every row, each from the one before it, and keep the level."""
    total = 0.0
    for row in table:
        level = 0.0
        for value in row[-SMOOTHED:].tolist():
            level = 0.9 * level + 0.1 * value
        total += level
    return Done(zlib.crc32(repr(total).encode()))


@contextmanager
def shared(table: numpy.ndarray) -> Iterator[Handle]:
    """The remedy: one copy in memory that all processes see; jobs are sent its name only."""
    from multiprocessing.shared_memory import SharedMemory

    import numpy

    memory = SharedMemory(f"{_PREFIX}{os.getpid()}", create=True, size=table.nbytes)
    try:
        numpy.ndarray(table.shape, buffer=memory.buf)[:] = table
        yield memory.name, table.shape
    finally:
        memory.close()
        memory.unlink()


def smooth_shared(handle: Handle) -> Done:
    """Smooth a table that is in shared memory."""
    from multiprocessing.shared_memory import SharedMemory

    import numpy

    name, shape = handle
    memory = SharedMemory(name)
    try:
        return smooth(numpy.ndarray(shape, buffer=memory.buf))
    finally:
        memory.close()


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
