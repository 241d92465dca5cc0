"""The same sum, in a loop and by a function of Python's own. Standard library only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, List

from scripts.measure.jobs import Case, Outcome

if TYPE_CHECKING:
    from types import SimpleNamespace

    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime


def by_loop(count: int) -> int:
    """Add up the numbers below `count`, one by one."""
    total = 0
    for number in range(count):
        total += number
    return total


def by_built_in(count: int) -> int:
    """Add them up by `sum`."""
    return sum(range(count))


FUNCTIONS = {"loop": by_loop, "built_in": by_built_in}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Both ways: as cases of one experiment they are compared round by round."""
    wall_s = settings.new_post_numbers * addition_s
    return [Case(name, {}, wall_s) for name in FUNCTIONS]


def run(case: Case, settings: SimpleNamespace) -> Outcome:
    """Time one sum; what must not be timed stands before `begin`."""
    function = FUNCTIONS[case.name]
    begin = time.perf_counter()
    function(settings.new_post_numbers)
    return Outcome({"wall_s": time.perf_counter() - begin})
