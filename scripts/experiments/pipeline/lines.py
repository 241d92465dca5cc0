"""The line of each way of doing a step, by round, and from how many items on the way pays.

What a way takes is a line: what is there before the first item, and so much for each item. It is
laid through the passes of every round, and so is that of the for loop beside it. A way pays from
where it takes at most nine tenths of what the for loop takes.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import statistics
from typing import Dict, List, Mapping, Sequence, Tuple

from scripts.conclude import intervals, line
from scripts.conclude.quantity import At
from scripts.conclude.stats import by_round
from scripts.experiments.pipeline.declaration import STEPS
from scripts.record import Record, Sample
from scripts.record.errors import BlogError

PASSES = ("small", "middle", "large")
# A way that saves less than a tenth does not pay.
SAVES = 0.9
# So many items are as good as never: the most that is told.
NEVER = 10**9
ALWAYS, FROM, UNDECIDED = "always", "from", "undecided"


@dataclasses.dataclass(frozen=True)
class Line:
    """What so many items take: `fixed_s` seconds, and `item_s` for each of them."""

    fixed_s: float
    item_s: float

    def at(self, items: float) -> float:
        """The seconds that so many items take."""
        return self.fixed_s + items * self.item_s


@dataclasses.dataclass(frozen=True)
class Curve:
    """A way of doing a step: its samples, and the line of each round."""

    way: str
    samples: Sequence[Sample]

    @functools.cached_property
    def lines(self) -> Dict[At, Line]:
        """The line of each round."""
        return {one.at: line_through(_points(one)) for one in self.samples}

    @functools.cached_property
    def line(self) -> Line:
        """What is typical of all rounds."""
        lines = self.lines.values()
        return Line(
            statistics.median(line.fixed_s for line in lines),
            statistics.median(line.item_s for line in lines),
        )

    @property
    def item_s(self) -> Dict[At, float]:
        """What each item more takes, by round."""
        return {at: line.item_s for at, line in self.lines.items() if line.item_s > 0}

    @property
    def most_items(self) -> int:
        """The items of the largest pass."""
        return int(self.samples[0].params["large"])

    @property
    def divided(self) -> int:
        """How many workers share the items: fewer items leave some of them idle."""
        whole = self.samples[0].params["step"] == "large_array"
        return 1 if whole else int(self.samples[0].params["workers"])

    def at(self, items: int) -> Dict[At, float]:
        """The seconds of so many items by round: as measured, or by the line between the passes."""
        size = next((size for size in PASSES if self.samples[0].params[size] == items), "")
        if size:
            measured = by_round(self.samples, f"{size}_s")
            return {one.at: measured[one.at] + _load_s(one) for one in self.samples}
        return {at: line.at(items) for at, line in self.lines.items()}


def _load_s(sample: Sample) -> float:
    return sample.values.get("load_s", 0.0)


def _points(sample: Sample) -> List[Tuple[int, float]]:
    return [
        (int(sample.params[size]), sample.values[f"{size}_s"] + _load_s(sample)) for size in PASSES
    ]


def line_through(points: Sequence[Tuple[float, float]]) -> Line:
    """The line that is nearest to the points (items, seconds), in parts of their seconds.

    A clock is wrong by a part of what it shows; so the few items tell what is fixed, and the many
    what an item takes. With a single number of items, nothing is fixed.
    """
    if len({items for items, _ in points}) == 1:
        return Line(0.0, statistics.mean(seconds / items for items, seconds in points))
    return Line(*line.line(points, lambda seconds: 1 / seconds**2))


def steps(record: Record) -> Dict[str, Dict[str, Curve]]:
    """The curves of all steps that have a for loop, by step and way, in the pipeline's order.

    A way without values could not be measured here, and one without passes is of a record of
    before there were any. Raises BlogError when two ways of a step did not compute the same.
    """
    found = {}
    for step, ways in STEPS.items():
        curves = {}
        for way in ways:
            samples = [
                one
                for one in record.select("pipeline", way, step=step)
                if one.values and one.params.keys() >= set(PASSES)
            ]
            if samples:
                curves[way] = Curve(way, samples)
        _must_agree(step, curves)
        if "for_loop" in curves:
            found[step] = curves
    return found


def _must_agree(step: str, curves: Mapping[str, Curve]) -> None:
    first: Dict[int, Sample] = {}
    for curve in curves.values():
        for sample in curve.samples:
            other = first.setdefault(sample.session, sample)
            if sample.values["checksum_count"] != other.values["checksum_count"]:
                what = f"pipeline: {step} by {sample.case} did not compute what {other.case} did"
                where = f"session {sample.session}, round {sample.round}"
                raise BlogError(what, where=where, cure="measure again: make figures FRESH=1")


def pays_from(way: Curve, loop: Curve) -> Dict[At, float]:
    """From how many items on the way pays, by round; NEVER where it does not.

    From where both hold that follow from its line: it saves a tenth, and so it does when there are
    no more items than workers, so that each of those has one at most.
    """
    return {at: _pays_from(way.lines[at], loop.lines[at], way.divided)
            for at in sorted(way.lines.keys() & loop.lines.keys())}  # fmt: skip


def _pays_from(line: Line, loop: Line, workers: int) -> float:
    gain_s = SAVES * loop.item_s - line.item_s
    if gain_s <= 0:
        return NEVER
    behind_s = line.fixed_s - SAVES * loop.fixed_s
    items = behind_s / gain_s
    if workers > 1:
        items = max(items, (behind_s + workers * line.item_s) / (SAVES * loop.item_s))
    return min(max(1, math.ceil(items)), NEVER)


def pays(items: Mapping[At, float]) -> str:
    """ALWAYS, FROM some number of items on, "never", or UNDECIDED, by all rounds together.

    The rounds decide as they do for `decide`: the interval of their median lies wholly on one
    side, and the median of every session, where it has rounds enough.
    """
    interval = intervals.order([*items.values()])
    if interval is None:
        return UNDECIDED
    own = [*_medians(items), *interval]
    for answer, fits in (
        ("never", lambda number: number >= NEVER),
        (ALWAYS, lambda number: number <= 1),
        (FROM, lambda number: number < NEVER),
    ):
        if all(map(fits, own)):
            return answer
    return UNDECIDED


def _medians(items: Mapping[At, float]) -> List[float]:
    """The median of each session that has enough rounds to be asked."""
    sessions: Dict[int, List[float]] = {}
    for (session, _), number in items.items():
        sessions.setdefault(session, []).append(number)
    return [
        statistics.median(numbers)
        for numbers in sessions.values()
        if len(numbers) >= intervals.FEWEST_ROUNDS
    ]


def most_items(curves: Mapping[str, Curve]) -> int:
    """The far end: the most items that any way of the step was given."""
    return max(curve.most_items for curve in curves.values())
