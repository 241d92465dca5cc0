"""The processes of joblib as a pool. Imported only where it is timed: it loads joblib."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterable, Iterator, List, Union

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor


class Pool:
    """What `Parallel` does, under the name that the other pools have for it."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def map(
        self, job: Callable, arguments: Iterable, chunksize: Union[int, str] = "auto"
    ) -> List[Any]:
        """The results of `job`, in the order of its arguments; by itself joblib makes chunks."""
        # The workers stay up from one call to the next.
        parallel = Parallel(n_jobs=self._workers, batch_size=chunksize)
        return parallel(delayed(job)(argument) for argument in arguments)


@contextmanager
def pool(workers: int) -> Iterator[Pool]:
    """A pool of `workers` that has none yet, and at the end has none any more."""
    try:
        yield Pool(workers)
    finally:
        get_reusable_executor(reuse=True).shutdown(wait=True)
