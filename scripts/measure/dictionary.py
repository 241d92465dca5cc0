"""A job that needs a large dictionary, which its workers are given when they start."""

from __future__ import annotations

from typing import Dict

from scripts.measure.meeting import meet

_words: Dict[str, int] = {}


def make(words: int) -> Dict[str, int]:
    """So many words and how often they occur; all of them objects of their own."""
    return {f"word {number}": 1_000_000 + number for number in range(words)}


def keep(words: Dict[str, int]) -> None:
    """Give a worker its dictionary."""
    global _words
    _words = words


def look_up(folder: str, workers: int) -> int:
    """Look up every word once, and meet the other workers when they have, too; the sum.

    A word that is touched counts its references anew, in the very page in which it lies: of what
    a fork has shared with its parent, that is written to, and so copied.
    """
    total = sum(_words[word] for word in _words)
    meet(folder, workers)
    return total
