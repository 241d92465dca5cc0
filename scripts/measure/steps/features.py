"""Features of text in pure Python: nothing in it ever lets go of the GIL."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import Dict, Iterator, List

from scripts.measure.jobs import Scalar
from scripts.measure.steps import Done
from scripts.measure.steps.corpus import documents

TEXTS_PER_ITEM = 4
BUCKETS = 1024
LONGEST = 5


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[List[str]]:
    """So many documents."""
    yield documents(items * TEXTS_PER_ITEM)


def extract_features(texts: List[str]) -> Done:
    """Count in each text how often a run of up to LONGEST characters falls into each bucket."""
    checksum = 0
    for text in texts:
        counts = [0] * BUCKETS
        for start in range(len(text)):
            bucket = 0
            for character in text[start : start + LONGEST]:
                bucket = (bucket * 31 + ord(character)) % BUCKETS
                counts[bucket] += 1
        checksum = zlib.crc32(repr(counts).encode(), checksum)
    return Done(checksum)
