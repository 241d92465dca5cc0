"""From how many items on each way of doing a step pays, and how many times as fast it gets.

What a way takes is a line: what is there before the first item, and so much for each item. It is
laid through the passes of every round, and so is that of the for loop beside it. A way pays from
where it takes at most nine tenths of what the for loop takes; neither that nor what an item costs
depends on how many items were chosen to be measured. How many times as fast it gets is told as it
was measured with most items, and not continued by the line: on two idle cores an item costs half
as much, and what is half by nature would be more than half by chance.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import statistics
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from scripts.conclude import intervals
from scripts.conclude.decide import decide
from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import best, by_round, even, fact, middle, odd, ratio, shared, typical
from scripts.experiments.pipeline import STEPS
from scripts.record import Record, Sample
from scripts.record.errors import BlogError

PASSES = ("small", "middle", "large")
# A way that saves less than a tenth does not pay; one whose items cost hardly more than those of
# the cheapest is as good in the end, and one that pays from hardly more items on, in the beginning.
SAVES, CLOSE, SOON = 0.9, 1.1, 1.25
# So many items are as good as never: the most that is told.
NEVER = 10**9
ALWAYS, FROM, UNDECIDED = "always", "from", "undecided"
# Of ways that are as good, the one that asks least of who writes the program.
SIMPLEST = (
    "for_loop",
    "vectorised",
    "threads",
    "threads_unpinned",
    "joblib",
    "processes",
    "processes_unpinned",
    "interpreters",
    "preloaded",
    "shared",
)
# What is no way to do a step, but explains one.
EXPLAINS = ("one_thread",)
# Ways that are the same for all steps, and that one might use throughout.
THROUGHOUT = ("for_loop", "threads", "processes")


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
    """What was loaded once, before the passes, and belongs to each of them."""
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
    weights = [1 / seconds**2 for _, seconds in points]
    whole = math.fsum(weights)
    items_mean = math.fsum(w * items for w, (items, _) in zip(weights, points)) / whole
    mean_s = math.fsum(w * seconds for w, (_, seconds) in zip(weights, points)) / whole
    both = [
        (w, items - items_mean, seconds - mean_s) for w, (items, seconds) in zip(weights, points)
    ]
    item_s = math.fsum(w * x * y for w, x, y in both) / math.fsum(w * x * x for w, x, _ in both)
    return Line(mean_s - item_s * items_mean, item_s)


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


def quantities(record: Record) -> Dict[str, Quantity]:
    """Times, lines, break-evens and speed-ups of every way of every step, and the best ones.

    Nothing stands there for what was not measured. Raises BlogError when two ways of a step did
    not compute the same.
    """
    found: Dict[str, Quantity] = {}
    measured = steps(record)
    for step, curves in measured.items():
        for name, quantity in _of_step(step, curves).items():
            found[f"pipeline.{step}.{name}"] = quantity
    if measured:
        found["pipeline.workers"] = fact(_workers(measured), "count")
        found.update(_throughout(measured))
    return found


def _workers(measured: Mapping[str, Mapping[str, Curve]]) -> int:
    return max(
        int(curve.samples[0].params["workers"])
        for curves in measured.values()
        for curve in curves.values()
    )


def most_items(curves: Mapping[str, Curve]) -> int:
    """The far end: the most items that any way of the step was given."""
    return max(curve.most_items for curve in curves.values())


def _of_step(step: str, curves: Mapping[str, Curve]) -> Dict[str, Quantity]:
    items, loop = most_items(curves), curves["for_loop"]
    found = {"most_items": fact(items, "count")}
    for way, curve in curves.items():
        found[f"{way}.wall_s"] = typical(curve.at(items), "s")
        if curve.item_s:
            found[f"{way}.item_ms"] = typical(_in_ms(curve.item_s), "ms")
        starts = by_round(curve.samples, "start_s")
        if starts:
            found[f"{way}.start_ms"] = typical(_in_ms(starts), "ms")
        if way == "for_loop" or not shared(loop.item_s, curve.item_s)[0]:
            continue
        found[f"{way}.speedup_ratio"] = ratio(loop.at(items), curve.at(items))
        if way not in EXPLAINS:
            found.update({f"{way}.{name}": one for name, one in _break_even(curve, loop).items()})
    found["best"] = fact(best_way(curves), "text")
    return {**found, **_DETAILS.get(step, _no_details)(curves, items)}


def _in_ms(seconds: Mapping[At, float]) -> Dict[At, float]:
    return {at: 1e3 * value for at, value in seconds.items()}


def _break_even(curve: Curve, loop: Curve) -> Dict[str, Quantity]:
    """From how many items on it pays; of a large array, from how much computing for each MB."""
    items = pays_from(curve, loop)
    answer = pays(items)
    found = {"pays": fact(answer, "text")}
    if answer in (ALWAYS, FROM):
        size_mb = by_round(loop.samples, "size_mb")
        if size_mb:
            seconds = {at: loop.lines[at].at(number) for at, number in items.items()}
            computed = {at: 1e3 * seconds[at] / size_mb[at] for at in seconds}
            found["pays_from_ms_per_mb"] = middle(computed, "ms_per_mb")
        else:
            found["pays_from_items"] = middle(items, "count")
    return found


def best_way(curves: Mapping[str, Curve]) -> str:
    """The best way where there is much to do; "none" where the rounds cannot tell which that is.

    Of those whose items cost hardly more than the cheapest ones, it is one that pays from hardly
    more items on than any other, and of these the simplest.
    """
    costs = {way: one.item_s for way, one in curves.items() if way not in EXPLAINS}
    if len(costs) < 2 or not odd(shared(*costs.values())[0]):
        return "none"
    cheapest = best(costs)
    if not cheapest.ratios or any(one.strict is None for one in cheapest.ratios.values()):
        return "none"
    told = {way: decide(one, CLOSE, above=False) for way, one in cheapest.ratios.items()}
    sure = [cheapest.label, *(way for way in told if told[way] == "holds")]
    open_ = [way for way in told if told[way] == "undecided"]
    found = _soonest(sure, curves)
    return found if not open_ or _soonest(sure + open_, curves) == found else "none"


def _soonest(ways: Sequence[str], curves: Mapping[str, Curve]) -> str:
    """The simplest of those ways that pay from hardly more items on than any other of them."""
    loop = curves["for_loop"]
    items = {
        way: 1 if way == "for_loop" else statistics.median(pays_from(curves[way], loop).values())
        for way in ways
    }
    soon = [way for way in ways if items[way] <= SOON * min(items.values())]
    return min(soon, key=SIMPLEST.index)


def _no_details(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    return {}


def _segment(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """The loading of the dictionary: once by the program, or by every worker."""
    found = {}
    loads = by_round(curves["for_loop"].samples, "load_s")
    if loads:
        found["load_s"] = typical(loads, "s")
    if "processes" in curves:
        samples = curves["processes"].samples
        found["processes.loads_count"] = middle(by_round(samples, "loads_count"), "count")
        found["processes.worker_load_s"] = typical(by_round(samples, "worker_load_s"), "s")
    if {"processes", "preloaded"} <= curves.keys():
        pair = (curves[way].at(items) for way in ("processes", "preloaded"))
        found["processes_over_preloaded"] = ratio(*pair)
    return found


def _features(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What importing NumPy takes, which the vectorised way begins with."""
    if "vectorised" not in curves:
        return {}
    loads = by_round(curves["vectorised"].samples, "load_s")
    return {"vectorised.load_s": typical(loads, "s")} if loads else {}


def _large_array(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What carrying a megabyte takes: what is fixed, but for the starting of the pool."""
    size_mb = by_round(curves["for_loop"].samples, "size_mb")
    found = {"size_mb": typical(size_mb, "mb")}
    loop = curves["for_loop"].at(items)
    computed = {at: 1e3 * loop[at] / size_mb[at] for at in loop}
    found["most_ms_per_mb"] = typical(computed, "ms_per_mb")
    for way, curve in curves.items():
        starts = by_round(curve.samples, "start_s")
        if way not in ("for_loop", "threads") and starts:
            carried = {
                at: 1e3 * max(0.0, curve.lines[at].fixed_s - starts[at]) / one.values["size_mb"]
                for at, one in ((one.at, one) for one in curve.samples)
            }
            found[f"{way}.carry_ms_per_mb"] = middle(carried, "ms_per_mb")
    return found


def _linear_algebra(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What BLAS gains by its own threads, and what they do in a pool that has as many workers."""
    pairs = (
        ("one_thread", "for_loop"),
        ("threads_unpinned", "threads"),
        ("processes_unpinned", "processes"),
    )
    return {
        f"{above}_over_{below}": ratio(curves[above].item_s, curves[below].item_s)
        for above, below in pairs
        if {above, below} <= curves.keys()
    }


_DETAILS = {
    "segment": _segment,
    "features": _features,
    "large_array": _large_array,
    "linear_algebra": _linear_algebra,
}


def _over(curves: Mapping[str, Curve], above: str, below: str, items: int) -> Quantity:
    return ratio(curves[above].at(items), curves[below].at(items))


def _throughout(measured: Mapping[str, Mapping[str, Curve]]) -> Dict[str, Quantity]:
    """The one way that is least behind where it is most behind the cheapest, and how far there.

    Which way, and which step, the odd rounds choose, and the even ones estimate. Nothing with too
    few rounds for that, or without all the ways.
    """
    ways = [way for way in THROUGHOUT if all(way in curves for curves in measured.values())]
    worst = {way: _worst(way, measured) for way in ways}
    known = {way: each for way, each in worst.items() if each}
    if len(measured) < 2 or len(known) < 2:
        return {}
    single = min(known, key=lambda way: known[way][0])
    _, step, other = known[single]
    above, below = (even(measured[step][way].item_s) for way in (single, other))
    if not shared(above, below)[0]:
        return {}
    return {
        "pipeline.single": fact(single, "text"),
        "pipeline.single.worst_step": fact(step, "text"),
        "pipeline.single.best_there": fact(other, "text"),
        "pipeline.single.worst_over_best": ratio(above, below),
    }


def _worst(
    way: str, measured: Mapping[str, Mapping[str, Curve]]
) -> Optional[Tuple[float, str, str]]:
    """How many times what an item of the cheapest way costs it costs by this one, in the step where
    that is most, which step that is, and which way is the cheapest there; by the odd rounds.

    None without any.
    """
    found = []
    for step, curves in measured.items():
        costs = {name: one.item_s for name, one in curves.items() if name not in EXPLAINS}
        common = dict(zip(costs, shared(*map(odd, costs.values()))))
        if not common[way]:
            return None
        means = {name: typical(values, "s").value for name, values in common.items()}
        cheapest = min(means, key=means.__getitem__)
        found.append((means[way] / means[cheapest], step, cheapest))
    return max(found)
