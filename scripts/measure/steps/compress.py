"""Compression with zlib, which lets go of the GIL while it works on a block."""

from __future__ import annotations

import random
import zlib
from contextlib import contextmanager
from typing import Iterator, List

from scripts.measure.steps import Done, Part, divide
from scripts.measure.steps.corpus import PARAGRAPHS

CHARACTERS = 8192
# Blocks that differ from each other; after them come copies, which are the same work.
DIFFERENT = 8


@contextmanager
def ready(most: int) -> Iterator[List[bytes]]:
    """So many blocks of the corpus' characters, shuffled: repeated text would be no work."""
    characters, rng = "".join(PARAGRAPHS), random.Random(1)
    blocks = ["".join(rng.choices(characters, k=CHARACTERS)).encode() for _ in range(DIFFERENT)]
    # Copies, since the same object would be sent to a process only once.
    yield [bytes(bytearray(blocks[number % DIFFERENT])) for number in range(most)]


@contextmanager
def hand_out(blocks: List[bytes], count: int, workers: int, checked: int) -> Iterator[List[Part]]:
    """Hand every worker its blocks."""
    yield divide(blocks[:count], workers, checked)


def compress(part: Part) -> Done:
    """Compress every block as zlib does when it is told nothing else."""
    sums = [zlib.crc32(zlib.compress(block)) for block in part.items]
    return Done(sum(sums[: part.checked]))
