"""The steps of the pipeline, a file each: what a job of it does, and what it is given.

Every step has a job, a function of one argument that is the same for all jobs, and `ready`, which
makes that argument before the clock is started. Libraries are imported inside the functions: an
interpreter that lacks one can still measure the other steps.
"""

from __future__ import annotations

from typing import NamedTuple


class Done(NamedTuple):
    """What a job gave: a number made of all its results, and its CPU seconds spent on loading."""

    checksum: int
    load_s: float = 0.0
