"""Linear algebra with NumPy, which lets go of the GIL, and has threads of its own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Iterator, List

from scripts.measure.steps import Done, Part, divide

# Whatever BLAS there is reads one of these when NumPy is first imported; workers inherit them.
THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
ROWS, COLUMNS = 1000, 300


def pin_blas(threads: int) -> None:
    """Allow BLAS so many threads, 0 for as many as it likes. To be called before NumPy is there."""
    for name in THREAD_VARIABLES:
        os.environ.pop(name, None)
        if threads:
            os.environ[name] = str(threads)


@contextmanager
def ready(most: int) -> Iterator[range]:
    """The numbers of the products."""
    yield range(most)


@contextmanager
def hand_out(numbers: range, count: int, workers: int, checked: int) -> Iterator[List[Part]]:
    """Hand every worker the numbers of its products; the table it makes itself."""
    yield divide(numbers[:count], workers, checked)


def multiply(part: Part) -> Done:
    """Multiply a table of features with itself, each time with another of its rows changed.

    The entries are small whole numbers, so that every sum is exact in whatever order it is made.
    """
    import numpy

    table = (numpy.arange(ROWS * COLUMNS) * 7919 % 10).astype(float).reshape(ROWS, COLUMNS)
    sums = []
    for number in part.items:
        row = table[number % ROWS]
        row += 1
        sums.append(int((table.T @ table).sum()))
        row -= 1
    return Done(sum(sums[: part.checked]))
