"""Chinese word segmentation with jieba, which loads a dictionary before it cuts its first word."""

from __future__ import annotations

import tempfile
import time
import zlib
from contextlib import contextmanager
from typing import Dict, Iterator, List, Tuple

from scripts.measure.jobs import Scalar
from scripts.measure.steps import Done
from scripts.measure.steps.corpus import documents

Task = Tuple[List[str], str]


@contextmanager
def ready(items: int, params: Dict[str, Scalar]) -> Iterator[Task]:
    """So many documents, jieba imported, and an empty folder of our own for its cache.

    jieba keeps a copy of the loaded dictionary in the system's temporary folder. Whether another
    program has left one there must not decide what is measured, so every load is a first one.
    """
    import jieba  # noqa: F401 - a program imports its libraries before it starts a pool

    with tempfile.TemporaryDirectory(prefix="jieba-") as folder:
        yield documents(items), folder


def load_dictionary(folder: str) -> float:
    """Load jieba's dictionary unless this process has it; the CPU seconds that took, or 0."""
    import jieba

    with jieba.dt.lock:  # jieba's own: threads that come meanwhile wait for the one that loads
        if jieba.dt.initialized:
            return 0.0
        jieba.setLogLevel("WARNING")
        jieba.dt.tmp_dir = folder
        start = time.thread_time()
        jieba.initialize()
        return time.thread_time() - start


def segment(task: Task) -> Done:
    """Cut every text into words."""
    import jieba

    texts, folder = task
    load_s = load_dictionary(folder)
    checksum = 0
    for text in texts:
        words = jieba.lcut(text)
        checksum = zlib.crc32("/".join(words).encode(), checksum)
    return Done(checksum, load_s)


@contextmanager
def preloaded(task: Task) -> Iterator[Task]:
    """The remedy: load the dictionary before the pool is made; forked workers inherit it."""
    load_dictionary(task[1])
    yield task
