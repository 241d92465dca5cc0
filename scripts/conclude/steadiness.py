"""How far a record can be trusted: whether identical work cost the same, and what it can tell."""

from __future__ import annotations

import dataclasses
import datetime
import math
import statistics
from typing import Dict, List, Mapping, Optional, Tuple

from scripts.conclude.decide import UNDECIDED, decide
from scripts.conclude.quantity import Quantity
from scripts.record import Record, Sample, arm_of

# The same case twice: what it tells apart is no difference.
CONTROL = "control.a_over_b"
# A session is of two speeds when a minute of it differs by more than this part from the whole.
STEADY = 0.1
# Of fewer computing arms than this, the median of a minute says nothing.
FEWEST_ARMS = 5


@dataclasses.dataclass(frozen=True)
class Speed:
    """What identical work cost in one session, in CPU time.

    `pace` is that cost in parts of what it was over all sessions; `apart` how many times the
    fastest minute the slowest one cost, None where no minutes are known; `two_speeds` whether a
    minute is farther from the session than STEADY. `spread` is how many times the cheapest arms
    the dearest ones of the same kind cost, without the outer tenths.
    """

    pace: Optional[float]
    apart: Optional[float]
    two_speeds: bool
    spread: Optional[float]


@dataclasses.dataclass(frozen=True)
class Steadiness:
    """What the record itself has to say for and against its numbers.

    `resolution` is the finest difference that the control tells, as a logarithm, None without a
    control; `control_differs` whether the same case twice came out as two. `ratio_width` is the
    median width of the intervals of all ratios, in parts of the ratio; `agreement` the share of
    ratios whose intervals of all sessions overlap, None for one session; `inside` the share of all
    sessions that lay inside of timed arms, None where that is not known.
    """

    samples: int
    disturbed: int
    load_before: Optional[float]
    control_differs: bool
    resolution: Optional[float]
    ratio_width: Optional[float]
    agreement: Optional[float]
    inside: Optional[float]
    speeds: Tuple[Speed, ...]


def steadiness(record: Record, values: Mapping[str, Quantity]) -> Steadiness:
    """How steady the machine was; `values` are what was measured, as the experiments give it."""
    control = values.get(CONTROL)
    ratios = [one for one in values.values() if one.unit == "ratio" and one.strict]
    return Steadiness(
        samples=len(record.samples),
        disturbed=sum(one.disturbed for one in record.samples),
        load_before=record.sessions[0].load_before,
        control_differs=control is not None and decide(control, 1) != UNDECIDED,
        resolution=resolution_of(control),
        ratio_width=_rounded(_middle([(one.high - one.low) / one.value for one in ratios])),
        agreement=_rounded(_agreement(ratios)),
        inside=_rounded(_inside(record)),
        speeds=speeds(record),
    )


def _agreement(ratios: List[Quantity]) -> Optional[float]:
    """The share of the ratios whose intervals of all sessions have something in common."""
    told = []
    for one in ratios:
        own = [part for part in one.sessions if part.low is not None]
        if len(own) > 1:
            told.append(max(part.low for part in own) <= min(part.high for part in own))
    return math.fsum(told) / len(told) if told else None


def _inside(record: Record) -> Optional[float]:
    """The share of the sessions inside of timed arms, the start of their interpreters included."""
    known = [one.disturbance.get("elapsed_s") for one in record.samples]
    if not known or None in known:
        return None
    form = "%Y-%m-%dT%H:%M:%SZ"
    whole_s = math.fsum(
        (
            datetime.datetime.strptime(one.finished, form)
            - datetime.datetime.strptime(one.started, form)
        ).total_seconds()
        for one in record.sessions
    )
    # A record tells its sessions to the second, so of a short one there is no share to be told.
    return math.fsum(known) / whole_s if whole_s >= 100 * len(record.sessions) else None


def resolution_of(control: Optional[Quantity]) -> Optional[float]:
    """The finest difference that a record tells, as a logarithm: the far end of the control's
    interval around 1."""
    if control is None or not control.low:
        return None
    return round(max(abs(math.log(control.low)), abs(math.log(control.high))), 6)


def speeds(record: Record) -> Tuple[Speed, ...]:
    """What identical work cost in each session, by the arms that compute for most of their time."""
    costs = _costs(record)
    whole = _middle([cost for _, cost in costs])
    sessions: List[List[Tuple[Sample, float]]] = [[] for _ in record.sessions]
    for sample, cost in costs:
        sessions[sample.session - 1].append((sample, cost))
    return tuple(_speed(one, whole) for one in sessions)


def _costs(record: Record) -> List[Tuple[Sample, float]]:
    """Each computing arm with its CPU time, in parts of what arms of its kind cost typically."""
    kinds: Dict[Tuple, List[Sample]] = {}
    for one in record.samples:
        cpu_s, wall_s = one.values.get("cpu_s", 0), one.values.get("wall_s", 0)
        if cpu_s > 0 and cpu_s >= wall_s / 2:
            kinds.setdefault(arm_of(one), []).append(one)
    found = []
    for samples in kinds.values():
        typical = statistics.median(one.values["cpu_s"] for one in samples)
        found += [(one, one.values["cpu_s"] / typical) for one in samples]
    return found


def _speed(costs: List[Tuple[Sample, float]], whole: Optional[float]) -> Speed:
    middle = _middle([cost for _, cost in costs])
    minutes: Dict[int, List[float]] = {}
    for sample, cost in costs:
        began_s = sample.disturbance.get("began_s")
        if began_s is not None:
            minutes.setdefault(int(began_s // 60), []).append(cost)
    medians = [statistics.median(each) for each in minutes.values() if len(each) >= FEWEST_ARMS]
    return Speed(
        pace=_rounded(middle and middle / whole),
        apart=_rounded(max(medians) / min(medians)) if medians else None,
        two_speeds=any(abs(each / middle - 1) > STEADY for each in medians),
        spread=_spread([cost for _, cost in costs]),
    )


def _middle(values: List[float]) -> Optional[float]:
    return statistics.median(values) if values else None


def _spread(costs: List[float]) -> Optional[float]:
    if len(costs) < 2:
        return None
    tenths = statistics.quantiles(costs, n=10, method="inclusive")
    return _rounded(tenths[-1] / tenths[0])


def _rounded(value: Optional[float]) -> Optional[float]:
    return None if value is None else round(value, 3)
