"""The journal: every finished sample is on disk at once, so that a stopped session can go on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List, Optional

from scripts.record import Sample, sample_from, sample_row


class Journal:
    """A file of lines of JSON: the head of the session first, then a sample a line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def resume(self, same: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        """The head of the session in the file, if it agrees with `same` in all of its keys."""
        try:
            with self.path.open(encoding="utf-8") as lines:
                head = json.loads(next(lines))
        except (OSError, ValueError, StopIteration):
            return None
        if not isinstance(head, dict):
            return None
        return head if all(head.get(key) == value for key, value in same.items()) else None

    def samples(self) -> List[Sample]:
        """The samples in the file; a last line that was cut off by a kill is left out.

        None of them counts where another line is no sample: somebody has changed it.
        """
        samples = []
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                if line.endswith("\n"):
                    try:
                        samples.append(sample_from(json.loads(line)))
                    except (ValueError, TypeError, KeyError, AttributeError):
                        return []
        return samples

    def start(self, head: Dict[str, Any], samples: List[Sample]) -> None:
        """Begin the file anew with `head` and what is kept of a stopped session."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(head), *map(_line, samples)]
        fresh = self.path.with_suffix(".new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(fresh, self.path)

    def add(self, sample: Sample) -> None:
        """Put one more sample on disk before going on."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(sample) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def remove(self) -> None:
        """Forget the session: its samples are in a record now."""
        self.path.unlink(missing_ok=True)


def _line(sample: Sample) -> str:
    return json.dumps(sample_row(sample))
