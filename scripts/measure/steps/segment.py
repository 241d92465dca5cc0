"""Chinese word segmentation with jieba, which loads a dictionary before it cuts its first word."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, Tuple

from scripts.measure.steps import Done, Part, divide
from scripts.measure.steps.corpus import documents

Texts = Tuple[List[str], str]
Task = Tuple[Part, str]
_MAKE_CACHE = "import sys, jieba; jieba.dt.tmp_dir = sys.argv[1]; jieba.initialize()"


@contextmanager
def ready(most: int) -> Iterator[Texts]:
    """So many documents, jieba imported, and the folder with the cache of its dictionary.

    jieba leaves a copy of the dictionary in the temporary folder for the next program, so whoever
    uses it twice has one; here it is in a folder of ours, that others cannot have put it into. It
    is made in another process: this one must not have loaded the dictionary.
    """
    import jieba  # noqa: F401 - a program imports its libraries before it starts a pool

    folder = Path(tempfile.gettempdir(), "jieba")
    folder.mkdir(mode=0o700, exist_ok=True)
    if not list(folder.glob("*.cache")):
        command = [sys.executable, "-s", "-c", _MAKE_CACHE, str(folder)]
        subprocess.run(command, check=True, capture_output=True)
    yield documents(most), str(folder)


@contextmanager
def hand_out(texts: Texts, count: int, workers: int, checked: int) -> Iterator[List[Task]]:
    """Hand every worker its texts."""
    documents, folder = texts
    yield [(part, folder) for part in divide(documents[:count], workers, checked)]


def load(texts: Texts) -> None:
    """Load the dictionary in this process."""
    _load_dictionary(texts[1])


def _load_dictionary(folder: str) -> float:
    """Load jieba's dictionary unless this process has it; the seconds that took, or 0."""
    import jieba

    with jieba.dt.lock:  # jieba's own: threads that come meanwhile wait for the one that loads
        if jieba.dt.initialized:
            return 0.0
        jieba.setLogLevel("WARNING")
        jieba.dt.tmp_dir = folder
        start = time.perf_counter()
        jieba.initialize()
        return time.perf_counter() - start


def segment(task: Task) -> Done:
    """Cut every text into words."""
    import jieba

    part, folder = task
    load_s = _load_dictionary(folder)
    sums = [zlib.crc32("/".join(jieba.lcut(text)).encode()) for text in part.items]
    return Done(sum(sums[: part.checked]), load_s)
