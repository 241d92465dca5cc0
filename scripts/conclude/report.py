"""What a run says at its end: a small table, what speaks against it, and the verdicts in words."""

from __future__ import annotations

import math
from typing import List, Mapping, Optional, Sequence, Tuple

from scripts.conclude.claims import Claim
from scripts.conclude.quantity import Quantity
from scripts.conclude.steadiness import CONTROL
from scripts.conclude.summary import Summary
from scripts.record import units

HEADINGS = ("", "wall time", "8 of 10 rounds", "ratio")
ROWS = {
    "for loop": ("cpu_bound.for_loop.wall_s", ""),
    "threads": ("cpu_bound.threads.wall_s", "cpu_bound.threads_over_for_loop"),
    "processes": ("cpu_bound.processes.wall_s", "cpu_bound.threads_over_processes"),
}


def title(summary: Summary) -> str:
    """What stands above the table; "" for a run that may be published."""
    return "QUICK RUN, not for publication: too few rounds to decide" if summary.quick else ""


def table(summary: Summary) -> List[Tuple[str, str, str, str]]:
    """The three ways of `cpu_bound` and their ratios, as far as they were measured."""
    rows = []
    for label, (key, ratio) in ROWS.items():
        wall = summary.values.get(key)
        if wall is not None:
            compared = _compared(ratio, summary.values.get(ratio))
            rows.append((label, wall.with_unit(), "–".join(wall.ends()), compared))
    return rows


def _compared(key: str, ratio: Optional[Quantity]) -> str:
    if ratio is None:
        return ""
    names = key.partition(".")[2].replace("_over_", " / ").replace("_", " ")
    return f"{names} = {ratio.text()} [{'–'.join(ratio.ends())}]"


def warnings(summary: Summary) -> List[str]:
    """What the record itself has to say against its own numbers."""
    found = []
    steady = summary.steadiness
    if steady.control_differs:
        ratio = summary.values[CONTROL]
        found.append(
            f"control: the same case twice gave a ratio of {ratio.text()}"
            f" [{'–'.join(ratio.ends())}]: distrust small differences of this run"
        )
    for number, speed in enumerate(steady.speeds, 1):
        if speed.two_speeds:
            apart = units.number(speed.apart)
            found.append(f"session {number}: the machine ran at two speeds, {apart} apart")
    if steady.disturbed:
        found.append(f"{steady.disturbed} of {steady.samples} samples were disturbed")
    if summary.above_ceiling:
        found.append(f"more than is possible: {', '.join(summary.above_ceiling)}")
    return found


def precision(summary: Summary) -> List[str]:
    """How sharp the record is: what it tells apart, and how far its sessions agree."""
    steady, found = summary.steadiness, []
    if steady.resolution is not None:
        finest = units.number(100 * math.expm1(steady.resolution))
        found.append(f"the same case twice: nothing finer than {finest} % is decided")
    if steady.ratio_width is not None:
        width = units.number(100 * steady.ratio_width)
        found.append(f"intervals of ratios: {width} % wide (median)")
    if steady.agreement is not None:
        share, hours = units.text(100 * steady.agreement, "percent"), units.number(summary.apart_h)
        found.append(f"sessions, {hours} h apart: {share} % of their intervals overlap")
    if steady.inside is not None:
        share = units.text(100 * steady.inside, "percent")
        found.append(f"inside of timed arms: {share} % of the time")
    return found


def verdicts(summary: Summary, claims: Sequence[Claim], words: Mapping[str, str]) -> List[str]:
    """A line for each claim: the verdict, the claim, and its number or why there is none.

    `words` are those of i18n/ in English: verdict_… and reason_….
    """
    lines = []
    for claim in claims:
        found = summary.verdicts[claim.id]
        number = ""
        if found.compared is not None:
            ends = found.compared.range_with_unit()
            number = f"{found.compared.text()} [{ends}]" if ends else found.compared.with_unit()
        why = words[f"reason_{found.reason}"] if found.reason else ""
        told = ", ".join(filter(None, (number, why)))
        lines.append(f"{words['verdict_' + found.verdict]}: {claim.text['en']} ({told})")
    return lines
