"""Linear algebra with NumPy, which lets go of the GIL, and has threads of its own."""

from __future__ import annotations

import os
import zlib
from contextlib import contextmanager
from typing import Dict, Iterator

from scripts.measure.jobs import Scalar
from scripts.measure.steps import Done

# Whatever BLAS there is reads one of these when NumPy is first imported; workers inherit them.
THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
ROWS, COLUMNS = 1000, 300
ITEMS_PER_PRODUCT = 4


def pin_blas(threads: int) -> None:
    """Allow BLAS so many threads, 0 for as many as it likes. To be called before NumPy is there."""
    for name in THREAD_VARIABLES:
        os.environ.pop(name, None)
        if threads:
            os.environ[name] = str(threads)


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[int]:
    """The number of products, with NumPy imported under the wanted number of BLAS threads."""
    pin_blas(int(params["blas_threads"]))
    import numpy  # noqa: F401 - a program imports its libraries before it starts a pool

    yield max(1, items // ITEMS_PER_PRODUCT)


def multiply(products: int) -> Done:
    """Multiply a table of features with itself, so many times.

    The entries are small whole numbers, so that every sum is exact in whatever order it is made.
    """
    import numpy

    table = (numpy.arange(ROWS * COLUMNS) * 7919 % 10).astype(float).reshape(ROWS, COLUMNS)
    checksum = 0
    for number in range(products):
        table[number % ROWS] += 1
        product = table.T @ table
        checksum = zlib.crc32(product.tobytes(), checksum)
    return Done(checksum)
