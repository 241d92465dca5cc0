"""The work of the jobs, exactly as the post shows it."""

import time

GAP_S = 0.0001


def naive_add(additions):
    """Add up the whole numbers below `additions`, one by one."""
    total = 0
    for number in range(additions):
        total += number
    return total


def do_nothing(task):
    """An empty task: all that it takes is the way there and back."""


def live_tracker(ticks):
    """Read the clock `ticks` times; return the intervals in which this job really ran."""
    runs = []
    start = last = time.perf_counter()
    for _ in range(ticks):
        now = time.perf_counter()
        if now - last > GAP_S:  # somebody else was running
            runs.append((start, last))
            start = now
        last = now
    runs.append((start, last))
    return runs
