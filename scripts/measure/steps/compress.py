"""Compression with zlib, which lets go of the GIL while it works on a block."""

from __future__ import annotations

import random
import zlib
from contextlib import contextmanager
from typing import Dict, Iterator, List

from scripts.measure.jobs import Scalar
from scripts.measure.steps import Done
from scripts.measure.steps.corpus import PARAGRAPHS

CHARACTERS = 8192


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[List[bytes]]:
    """So many blocks of the corpus' characters, shuffled: repeated text would be no work."""
    characters, rng = "".join(PARAGRAPHS), random.Random(1)
    yield ["".join(rng.choices(characters, k=CHARACTERS)).encode() for _ in range(items)]


def compress(blocks: List[bytes]) -> Done:
    """Compress every block as well as zlib can."""
    checksum = 0
    for block in blocks:
        checksum = zlib.crc32(zlib.compress(block, 9), checksum)
    return Done(checksum)
