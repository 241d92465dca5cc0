"""The one decision: is a quantity above (or below) a threshold, or can that not be told?

Verdicts, titles, tables and texts all ask here, so that none denies the other.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from scripts.conclude.intervals import FEWEST_ROUNDS
from scripts.conclude.quantity import Quantity

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"


class Decision(NamedTuple):
    """`verdict` is holds, fails or undecided; `reason` why it is undecided, "" for the interval."""

    verdict: str
    reason: str = ""


def decide(quantity: Quantity, threshold: float, above: bool = True) -> str:
    """ "holds" when the quantity is surely above (below) the threshold, "fails" when surely not.

    Otherwise "undecided".
    """
    return judge(quantity, threshold, above).verdict


def judge(quantity: Quantity, threshold: float, above: bool = True) -> Decision:
    """The decision with its reason. These must all be so, or it is undecided:

    - the value is not above what is possible ("ceiling");
    - there are rounds enough for the interval by which is judged ("rounds");
    - that interval lies wholly on one side of the threshold ("");
    - every session of FEWEST_ROUNDS or more has its own estimate on that side
      ("sessions_disagree"). Its own interval need not be there, too: a session alone is too short
      for that, and each further one could then only undo a verdict;
    - the value is farther from the threshold than the control tells at all ("resolution").

    A fact has no interval and is what it is.
    """
    value = quantity.value
    if quantity.above_ceiling:
        return Decision(UNDECIDED, "ceiling")
    if quantity.n is None:
        return _side(value > threshold if above else value < threshold)
    if quantity.strict is None:
        return Decision(UNDECIDED, "rounds")
    low, high = quantity.strict
    if low <= threshold <= high:
        return Decision(UNDECIDED)
    own = [part.value for part in quantity.sessions if part.n >= FEWEST_ROUNDS]
    if any((each > threshold) != (value > threshold) for each in own):
        return Decision(UNDECIDED, "sessions_disagree")
    near = min(value, threshold) > 0 and abs(math.log(value / threshold)) <= quantity.finest
    if near and quantity.finest:
        return Decision(UNDECIDED, "resolution")
    return _side((value > threshold) == above)


def _side(holds: bool) -> Decision:
    return Decision(HOLDS if holds else FAILS)
