"""Features of text: in pure Python, which never lets go of the GIL, and vectorised with NumPy."""

from __future__ import annotations

import array
import zlib
from contextlib import contextmanager
from typing import Iterator, List

from scripts.measure.steps import Done, Part, divide
from scripts.measure.steps.corpus import documents

BUCKETS = 1024
LONGEST = 5


@contextmanager
def ready(most: int) -> Iterator[List[str]]:
    """So many documents."""
    yield documents(most)


@contextmanager
def hand_out(texts: List[str], count: int, workers: int, checked: int) -> Iterator[List[Part]]:
    """Hand every worker its texts."""
    yield divide(texts[:count], workers, checked)


def extract_features(part: Part) -> Done:
    """Count in each text how often a run of up to LONGEST characters falls into each bucket."""
    sums = []
    for text in part.items:
        counts = [0] * BUCKETS
        for start in range(len(text)):
            bucket = 0
            for character in text[start : start + LONGEST]:
                bucket = (bucket * 31 + ord(character)) % BUCKETS
                counts[bucket] += 1
        sums.append(zlib.crc32(array.array("q", counts).tobytes()))
    return Done(sum(sums[: part.checked]))


def extract_features_at_once(part: Part) -> Done:
    """The same counts, made for all runs of a text at once instead of one after the other."""
    import numpy

    sums = []
    for text in part.items:
        letters = numpy.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(numpy.int64)
        buckets = numpy.zeros(len(letters), dtype=numpy.int64)
        counts = numpy.zeros(BUCKETS, dtype=numpy.int64)
        for length in range(min(LONGEST, len(letters))):
            starts = len(letters) - length
            buckets = (buckets[:starts] * 31 + letters[length:]) % BUCKETS
            counts += numpy.bincount(buckets, minlength=BUCKETS)
        sums.append(zlib.crc32(counts.tobytes()))
    return Done(sum(sums[: part.checked]))
