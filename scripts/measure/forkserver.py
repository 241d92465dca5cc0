"""The fork server: the process that the workers of pools are forked from, where it is in use."""

import sys


def end() -> None:
    """Wait for the fork server to end, if a pool has started one; the next pool starts another.

    The CPU time of its workers reaches our own account only when it has been waited for; else it
    would look like somebody else's. There is no public call for that.
    """
    module = sys.modules.get("multiprocessing.forkserver")
    stop = getattr(getattr(module, "_forkserver", None), "_stop", None)
    if stop:
        stop()
