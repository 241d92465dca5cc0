"""The steps of the pipeline, a file each: what a job of it does, and what it is given.

Every step has `ready`, which makes before the clock starts what the step works on; `hand_out`, on
the clock, which divides so many items of that among the jobs, one for each worker; and the job, a
function of what it is handed. Libraries are imported inside the functions: an interpreter that
lacks one can still measure the other steps.
"""

from __future__ import annotations

from typing import List, NamedTuple, Sequence


class Part(NamedTuple):
    """What one job has to do: its items, of which the first `checked` count for the checksum."""

    items: Sequence
    checked: int


class Done(NamedTuple):
    """What a job gave: the sum of its checked results, and the seconds it spent on loading."""

    checksum: int
    load_s: float = 0.0


def divide(items: Sequence, workers: int, checked: int) -> List[Part]:
    """Give every worker each `workers`-th item; the first `checked` of all are checked.

    So the sum of the checksums does not depend on the number of workers, nor on that of items.
    """
    return [
        Part(items[first::workers], len(range(first, min(checked, len(items)), workers)))
        for first in range(workers)
    ]
