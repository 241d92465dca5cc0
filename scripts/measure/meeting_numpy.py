"""The meeting of workers whose job's module imports NumPy, as those of data scientists do."""

from __future__ import annotations

import numpy  # noqa: F401 - what it costs to load is what is measured

from scripts.measure import meeting


def meet(folder: str, workers: int) -> str:
    """Wait in `folder` until so many workers are there; the name of this one."""
    return meeting.meet(folder, workers)
