"""A machine that is not quiet: of two speeds, with processes that differ, and a long tail."""

import bisect
import random

# What identical work costs in a slow stretch, and how long fast and slow stretches are on average.
SLOW, FAST_S, SLOW_S = 1.4, 10.0, 5.0
# How much fresh processes differ (sigma of the logarithm), and how often one is held up, how long.
PROCESS, HELD_UP, DELAY = 0.12, 0.1, 0.3
# From the begin of an arm to that of its neighbour, and how long a session is.
ARM_S, SESSION_S = 0.6, 480.0


class Machine:
    """What an arm costs, by when it begins: 1.0 on average when nothing is in its way."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._slow_first = rng.random() < SLOW_S / (FAST_S + SLOW_S)
        self._changes: list[float] = []
        at, slow = 0.0, self._slow_first
        while at < SESSION_S + 60:
            at += rng.expovariate(1 / (SLOW_S if slow else FAST_S))
            self._changes.append(at)
            slow = not slow

    def cost(self, begin_s: float, processes: int = 1) -> float:
        """The cost of an arm that shares its work out to so many processes."""
        slow = self._slow_first ^ (bisect.bisect(self._changes, begin_s) % 2 == 1)
        whole = sum(self._process() for _ in range(processes)) / processes
        return whole * (SLOW if slow else 1.0)

    def _process(self) -> float:
        held_up = self._rng.expovariate(1 / DELAY) if self._rng.random() < HELD_UP else 0.0
        return self._rng.lognormvariate(0, PROCESS) * (1 + held_up)


def rounds(
    rng: random.Random, count: int, times: float = 1.0, processes: int = 1, session: int = 1
) -> tuple[dict, dict]:
    """Two arms in so many rounds of a session: the first takes `times` the second's time.

    The second shares its work out to so many `processes`, and is the steadier for it.
    """
    machine = Machine(rng)
    first, second = {}, {}
    for number in range(count):
        begin_s = (number + rng.random()) * SESSION_S / count
        places = [begin_s, begin_s + ARM_S]
        rng.shuffle(places)
        first[session, number + 1] = times * machine.cost(places[0])
        second[session, number + 1] = machine.cost(places[1], processes)
    return first, second
