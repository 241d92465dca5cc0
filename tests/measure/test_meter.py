"""Counters that are read at two moments, while something else goes on."""

import time

import pytest

from scripts.measure.meter import MARGIN_S, metered


def test_what_grows_evenly_grows_by_the_time_between():
    """The last reading is a little early, and what there was till then is scaled up."""
    now = time.perf_counter()
    readings = []

    def clock():
        readings.append(time.perf_counter() - now)
        return 3 * readings[-1]

    with metered((clock, lambda: 7.0), now + 0.05, now + 0.25) as reading:
        assert reading.grown == ()
    assert readings[0] >= 0.05 and readings[1] >= 0.25 - MARGIN_S
    assert reading.grown[0] == pytest.approx(0.6, rel=0.01) and reading.grown[1] == 0.0


def test_a_short_time_is_read_in_its_middle():
    """The margin is no longer than half of it."""
    now = time.perf_counter()
    with metered((time.perf_counter,), now, now + 0.01) as reading:
        pass
    assert reading.grown[0] == pytest.approx(0.01, rel=0.05)


def test_the_time_is_waited_for():
    """The block may end earlier than what is read."""
    now = time.perf_counter()
    with metered((time.perf_counter,), now, now + 0.2):
        pass
    assert time.perf_counter() - now >= 0.2 - MARGIN_S


def test_a_counter_that_fails_tells_why():
    """The reason comes out of the block."""

    def gone():
        raise RuntimeError("nothing to count any more")

    now = time.perf_counter()
    with (
        pytest.raises(RuntimeError, match="nothing to count any more"),
        metered((gone,), now, now + 0.01),
    ):
        pass
