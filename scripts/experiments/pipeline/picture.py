"""Figure 5: the steps of a pipeline, and how many times faster than a for loop each way does them.

All bars share one logarithmic axis on which the for loop is the line of 1. The best way of a step
is the fastest, or a simpler one that is as fast; the last panel adds the steps up.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scripts.conclude.stats import (
    FEWEST_ROUNDS,
    Quantity,
    fact,
    median,
    median_of,
    ratio,
    ratio_of,
    rounds_of,
)
from scripts.draw import style
from scripts.record import Record, Sample, Scalar, units
from scripts.record.errors import BlogError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process5"
# From the simplest to the one that asks most of who writes the program.
WAYS = {
    "for_loop": "for loop",
    "threads": "threads",
    "processes": "processes",
    "preloaded": "preloaded",
    "shared": "shared memory",
    "interpreters": "interpreters",
}
# Ways that are processes with something done for them, and what that is.
REMEDIES = {
    "preloaded": "Preloaded: the dictionary, before the processes are forked.",
    "shared": "Shared memory: one copy of the array for all processes.",
}
MISSING = "not measured here"
NO_WINNER = "none"
# A simpler way is as fast as another if its time, with its interval, is below this many times its.
CLOSE = 1.1
_PITCH = 15.5
_NAMES, _NUMBERS = 134.0, 104.0


@dataclasses.dataclass(frozen=True)
class Kind:
    """A row of the picture: its step and variant in the record, and how it is called.

    One that is `extra` is a variation of another row, whose for loop it is compared with.
    """

    title: str
    aside: str
    step: str
    params: Mapping[str, Scalar] = dataclasses.field(default_factory=dict)
    remedy: str = ""
    extra: bool = False


KINDS = {
    "fetch": Kind("Fetching pages", "waits for a server", "fetch"),
    "segment": Kind(
        "Word segmentation", "loads a dictionary", "segment", {"preloaded": 0}, "preloaded"
    ),
    "features": Kind("Text features", "pure Python", "features"),
    "large_array": Kind("Large array", "goes to each job", "large_array", {"shared": 0}, "shared"),
    "linear_algebra": Kind(
        "Linear algebra", "BLAS with 1 thread", "linear_algebra", {"blas_threads": 1}
    ),
    "linear_algebra_unpinned": Kind(
        "Linear algebra", "BLAS not pinned", "linear_algebra", {"blas_threads": 0}, extra=True
    ),
    "compress": Kind("Compression", "zlib", "compress"),
}


def _keys_of(name: str, kind: Kind) -> tuple[str, ...]:
    ways = [way for way in WAYS if way not in REMEDIES or way == kind.remedy]
    times = [f"{way}_wall_s" for way in ways]
    speedups = [f"{way}_speedup_ratio" for way in ways if way != "for_loop" or kind.extra]
    return tuple(f"pipeline.{name}.{each}" for each in (*times, *speedups, "winner"))


_WHOLE = ("for_loop", "threads", "processes", "interpreters", "best")
KEYS = (
    *(key for name, kind in KINDS.items() for key in _keys_of(name, kind)),
    *(
        f"pipeline.segment.{name}"
        for name in ("load_s", "processes_load_s", "processes_loads_count")
    ),
    *(f"pipeline.large_array.{name}" for name in ("size_mb", "shared_handover_s")),
    "pipeline.linear_algebra.oversubscribed_over_pinned",
    "pipeline.linear_algebra.threads_oversubscribed_over_pinned",
    *(f"pipeline.whole.{way}_wall_s" for way in _WHOLE),
    *(f"pipeline.whole.{way}_speedup_ratio" for way in _WHOLE if way != "for_loop"),
    *(f"pipeline.whole.{name}" for name in ("single", "single_over_best", "steps_count")),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """What was measured of a kind: the samples of each way, and the for loop to compare with."""

    kind: Kind
    ways: dict[str, list[Sample]]
    reference: list[Sample]

    def speedup(self, way: str) -> Quantity:
        """How many times faster than the for loop the way is."""
        return ratio(self.reference, self.ways[way])

    @property
    def fastest(self) -> str:
        """The way with the least median wall time."""
        return min(self.ways, key=lambda way: _wall_s(self.ways[way]))

    @property
    def winner(self) -> str:
        """The simplest way that no other one beats, or might beat by more than CLOSE.

        NO_WINNER when the rounds are too few or differ too much to tell, and without other ways.
        """
        if len(self.ways) > 1 and len(self.reference) >= FEWEST_ROUNDS:
            for way in WAYS:
                if way in self.ways and not any(self._may_lose(way, one) for one in self.ways):
                    return way
        return NO_WINNER

    def _may_lose(self, way: str, other: str) -> bool:
        times = ratio(self.ways[way], self.ways[other])
        return way != other and (times.low > 1 or times.high > CLOSE)


def rows(record: Record) -> dict[str, Row]:
    """The rows that the record holds times of, by their names.

    Raises BlogError when two ways of a step did not compute the same.
    """
    found = {}
    for name, kind in KINDS.items():
        ways = _measured(record, kind)
        base = KINDS[kind.step]
        reference = _samples(record, "for_loop", base, base.params)
        shared = set.intersection(*map(_rounds, [reference, *ways.values()]))
        if shared:
            _must_agree(kind.step, [*reference, *(one for each in ways.values() for one in each)])
            found[name] = Row(kind, ways, reference)
    return found


def _measured(record: Record, kind: Kind) -> dict[str, list[Sample]]:
    ways = {way: _samples(record, way, kind, kind.params) for way in WAYS if way not in REMEDIES}
    if kind.remedy:
        ways[kind.remedy] = _samples(record, "processes", kind, {kind.remedy: 1})
    return {way: ways[way] for way in WAYS if ways.get(way)}


def _samples(record: Record, way: str, kind: Kind, params: Mapping[str, Scalar]) -> list[Sample]:
    """The samples with a time; one without it says that a library was missing."""
    wanted = {"step": kind.step, **params}
    return [
        sample
        for sample in rounds_of(record, "pipeline", way)
        if wanted.items() <= sample.params.items() and "wall_s" in sample.values
    ]


def _must_agree(step: str, samples: Sequence[Sample]) -> None:
    first = samples[0]
    for sample in samples:
        if sample.values.get("checksum_count") != first.values.get("checksum_count"):
            what = f"pipeline: {step} by {sample.case} did not compute what {first.case} did"
            where = f"round {sample.round}"
            raise BlogError(what, where=where, cure="measure again: make figures FRESH=1")


def _rounds(samples: Sequence[Sample]) -> set[int]:
    return {sample.round for sample in samples}


def _wall_s(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.values["wall_s"] for sample in samples)


def values(record: Record) -> dict[str, Quantity]:
    """Wall times in seconds, speed-ups over the for loop, and the best way of each step.

    Nothing stands there for what was not measured; {} when the record has no such samples.
    Raises BlogError when two ways of a step did not compute the same.
    """
    found: dict[str, Quantity] = {}
    measured = rows(record)
    for name, row in measured.items():
        for way, samples in row.ways.items():
            found[f"pipeline.{name}.{way}_wall_s"] = median_of(samples, "wall_s", "s")
            if way != "for_loop" or row.kind.extra:
                found[f"pipeline.{name}.{way}_speedup_ratio"] = row.speedup(way)
        found[f"pipeline.{name}.winner"] = fact(row.winner, "text")
    return found | _details(measured) | whole(measured)


def _details(measured: Mapping[str, Row]) -> dict[str, Quantity]:
    """What explains the speed-ups: loading, copying, and too many threads at once."""
    found = {}
    wanted = {
        "segment.load_s": ("segment", "for_loop", "load_s", "s"),
        "segment.processes_load_s": ("segment", "processes", "load_s", "s"),
        "segment.processes_loads_count": ("segment", "processes", "loads_count", "count"),
        "large_array.size_mb": ("large_array", "for_loop", "size_mb", "mb"),
        "large_array.shared_handover_s": ("large_array", "shared", "handover_s", "s"),
    }
    for key, (name, way, value, unit) in wanted.items():
        samples = measured[name].ways.get(way) if name in measured else None
        if samples:
            found[f"pipeline.{key}"] = median_of(samples, value, unit)
    if {"linear_algebra", "linear_algebra_unpinned"} <= measured.keys():
        free, pinned = measured["linear_algebra_unpinned"].ways, measured["linear_algebra"].ways
        for way, prefix in (("processes", ""), ("threads", "threads_")):
            if way in free and way in pinned:
                key = f"pipeline.linear_algebra.{prefix}oversubscribed_over_pinned"
                found[key] = ratio(free[way], pinned[way])
    return found


def whole(measured: Mapping[str, Row]) -> dict[str, Quantity]:
    """All steps one after another: by one way everywhere, and by the fastest way of each.

    Times are added up round by round. A way that some step lacks is left out; {} without any
    way besides the for loop.
    """
    steps = [row for row in measured.values() if not row.kind.extra]
    if not steps:
        return {}
    common = [way for way in WAYS if way not in REMEDIES and all(way in s.ways for s in steps)]
    if len(common) < 2 or "for_loop" not in common:
        return {}
    sums = {way: _sums([row.ways[way] for row in steps]) for way in common}
    single = min(sums, key=lambda way: statistics.median(sums[way].values()))
    sums["best"] = _sums([row.ways[row.fastest] for row in steps])
    found: dict[str, Quantity] = {
        f"{way}_wall_s": median([*by_round.values()], "s") for way, by_round in sums.items()
    }
    for way in sums.keys() - {"for_loop"}:
        found[f"{way}_speedup_ratio"] = _over(sums["for_loop"], sums[way])
    found["single"] = fact(single, "text")
    found["single_over_best"] = _over(sums[single], sums["best"])
    found["steps_count"] = fact(len(steps), "count")
    return {f"pipeline.whole.{name}": quantity for name, quantity in found.items()}


def _sums(steps: Sequence[Sequence[Sample]]) -> dict[int, float]:
    """The wall times of the steps together, by round."""
    walls = [{sample.round: sample.values["wall_s"] for sample in samples} for samples in steps]
    common = sorted(set.intersection(*map(set, walls)))
    return {number: sum(wall[number] for wall in walls) for number in common}


def _over(above: Mapping[int, float], below: Mapping[int, float]) -> Quantity:
    return ratio_of([above[number] / below[number] for number in above if number in below])


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """A row for each step: its for loop's time, the speed-up by each way, and the best one."""
    measured, runtime = rows(record), record.runtimes[0]
    ways = [way for way in WAYS if way in runtime.ways and way != "for_loop"]
    columns = ["Step", "For loop", *(WAYS[way].capitalize() for way in ways), "Remedy", "Best"]
    lines = []
    for name, kind in KINDS.items():
        title = f"{kind.title} ({kind.aside})"
        row = measured.get(name)
        if row is None:
            lines.append([title, *[MISSING] * (len(ways) + 1), "–", "–"])
            continue
        alone = row.ways.get("for_loop")
        cells = [_seconds(alone) if alone else MISSING]
        cells += [_speed(row, way) if way in row.ways else MISSING for way in ways]
        remedy = kind.remedy in row.ways
        cells.append(f"{WAYS[kind.remedy]}: {_speed(row, kind.remedy)}" if remedy else "–")
        lines.append([title, *cells, WAYS.get(row.winner, "undecided")])
    return columns, lines


def _seconds(samples: Sequence[Sample]) -> str:
    return units.with_unit(median_of(samples, "wall_s", "s").value, "s")


def _speed(row: Row, way: str) -> str:
    if way == "for_loop":
        return "1×"
    speedup = row.speedup(way)
    text = units.with_unit(speedup.value, "ratio")
    return f"{text} ({speedup.range_text})" if speedup.n > 1 else text


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    measured, found = rows(record), values(record)
    reach = _reach([found[key] for key in found if key.endswith("_speedup_ratio")])
    sheet = style.Sheet(theme, record)
    sheet.headline(headline(found), _note(record))
    sheet.top += 20
    _panel(sheet, [], reach, above=True)
    for name, kind in KINDS.items():
        sheet.title(kind.title, _aside(name, kind, found), left=style.MARGIN)
        sheet.top -= 3
        _panel(sheet, _lanes(record, measured.get(name)), reach)
        sheet.top += 11
    total = _total(found)
    if total:
        sheet.top += 3
        sheet.title("The whole pipeline", "all steps, one after another", left=style.MARGIN)
        sheet.top -= 3
        _panel(sheet, total, reach)
    _panel(sheet, [], reach, below=True)
    sheet.top += 16
    samples = [s for row in measured.values() for way in row.ways.values() for s in way]
    used = [way for way in REMEDIES if any(way in row.ways for row in measured.values())]
    told = [_legend(samples), *(REMEDIES[way] for way in used)]
    if len(_rounds(samples)) >= FEWEST_ROUNDS and NO_WINNER in {
        r.winner for r in measured.values()
    }:
        told.append("Without a best: the rounds differ too much to tell.")
    sheet.footer(" ".join(told), samples)
    return sheet.finish()


def headline(found: Mapping[str, Quantity]) -> str:
    """The answer to whether one way is enough, as far as the measured sums carry it."""
    both = found.get("pipeline.whole.single_over_best")
    if both is None:
        return "The steps of a pipeline, one by one"
    if both.n < FEWEST_ROUNDS:
        return f"{style.rounds(both.n).capitalize()}: too few to tell the ways apart"
    best = found["pipeline.whole.best_speedup_ratio"]
    single = str(found["pipeline.whole.single"].value)
    speedup = found.get(f"pipeline.whole.{single}_speedup_ratio")
    alone = (
        f"{WAYS[single]} everywhere {units.with_unit(speedup.value, 'ratio')}" if speedup else ""
    )
    if both.differs_from(1) and best.differs_from(1):
        mixed = f"the best for each step {units.with_unit(best.value, 'ratio')}"
        return f"One way is not enough: {alone or 'for loops everywhere 1×'}, {mixed}"
    if both.high > CLOSE:
        return "The rounds differ too much to tell whether one way is enough"
    gains = speedup is not None and speedup.differs_from(1)
    return f"One way is enough: {alone}" if gains else "Nothing beats the for loop here"


@dataclasses.dataclass(frozen=True)
class Lane:
    """A line of a panel: a way and its speed-up, or None where it was not measured."""

    name: str
    way: str
    speedup: Quantity | None
    best: bool = False


def _lanes(record: Record, row: Row | None) -> list[Lane]:
    """The ways of a step; the for loop, which is the line of 1, only where it is the best one."""
    if row is None:
        return [Lane("", "for_loop", None)]
    ways = [way for way in WAYS if way in record.runtimes[0].ways or way in row.ways]
    winner = row.winner
    if not row.kind.extra and winner != "for_loop":
        ways.remove("for_loop")
    return [
        Lane(WAYS[way], way, row.speedup(way) if way in row.ways else None, way == winner)
        for way in ways
    ]


def _total(found: Mapping[str, Quantity]) -> list[Lane]:
    names = {**WAYS, "best": "best of each"}
    lanes = [(names[way], way, found.get(f"pipeline.whole.{way}_speedup_ratio")) for way in names]
    both = found.get("pipeline.whole.single_over_best")
    ahead = both is not None and both.differs_from(1)
    return [
        Lane(name, way, speedup, best=way == "best" and ahead)
        for name, way, speedup in lanes
        if speedup
    ]


def _note(record: Record) -> str:
    jobs, workers = (int(record.settings[name]) for name in ("jobs", "workers"))
    return (
        f"Each step is {style.rounds(jobs, 'job')} for {style.rounds(workers, 'worker')}. "
        "Bars: how many times faster than in a for loop, which is the line at 1×."
    )


def _aside(name: str, kind: Kind, found: Mapping[str, Quantity]) -> str:
    """What makes the step what it is, with its measured cost where there is one."""
    load, size = found.get("pipeline.segment.load_s"), found.get("pipeline.large_array.size_mb")
    if name == "segment" and load:
        return f"{units.with_unit(load.value, 's')} to load a dictionary"
    if name == "large_array" and size:
        return f"{units.with_unit(size.value, 'mb')} for each job"
    return kind.aside


def _legend(samples: Sequence[Sample]) -> str:
    rounds = len(_rounds(samples))
    if rounds == 1:
        return "A single round."
    if rounds < FEWEST_ROUNDS:
        return f"Bars: median of {rounds} rounds; strokes: their range."
    return f"Bars: median of {rounds} rounds; strokes: its 95 % interval."


def _reach(speedups: Sequence[Quantity]) -> tuple[float, float]:
    """The ends of the axis, as powers of two: all speed-ups with their intervals, and 1 and 2."""
    low = min([1.0, *(speedup.low for speedup in speedups)])
    high = max([2.0, *(speedup.high for speedup in speedups)])
    return math.log2(low) - 0.12, math.log2(high) + 0.12


def _ticks(reach: tuple[float, float]) -> dict[int, str]:
    """The powers of two at which a tick stands, six or fewer of them, with their names."""
    every = 1 + int(reach[1] - reach[0]) // 6
    powers = range(math.ceil(reach[0] / every) * every, math.floor(reach[1]) + 1, every)
    return {power: f"{2**power}×" if power >= 0 else f"1/{2**-power}×" for power in powers}


def _panel(
    sheet: style.Sheet,
    lanes: Sequence[Lane],
    reach: tuple[float, float],
    above: bool = False,
    below: bool = False,
) -> None:
    """The lanes of a step; without any, the line on which the ticks are named."""
    ax = sheet.axes(max(1.0, _PITCH * len(lanes)))
    style.set_ends(ax, _NAMES, _NUMBERS)
    ax.set(xlim=reach, ylim=(max(1, len(lanes)) - 0.5, -0.5))
    ticks = _ticks(reach)
    ax.set_xticks([*ticks], [*ticks.values()])
    ax.tick_params(axis="x", labeltop=above, labelbottom=below)
    ax.tick_params(axis="y", pad=_NAMES - style.MARGIN)
    ax.set_yticks(range(len(lanes)), [lane.name for lane in lanes], ha="left")
    if lanes:
        ax.axvline(0, color=sheet.theme.muted, linewidth=1.4, zorder=2.5)
    else:
        ax.grid(False)
    for place, (lane, label) in enumerate(zip(lanes, ax.get_yticklabels(), strict=True)):
        label.set(color=_color(sheet.theme, lane), weight="bold" if lane.best else "normal")
        _bar(sheet.theme, ax, place, lane)


def _color(theme: style.Theme, lane: Lane) -> str:
    if lane.way == "best":
        return theme.ink
    return theme.ways["processes" if lane.way in REMEDIES else lane.way]


def _bar(theme: style.Theme, ax: Axes, place: int, lane: Lane) -> None:
    """The bar with its interval and its number; the best one is solid, bold, and said to be it."""
    color = _color(theme, lane)
    look = {
        "xycoords": ax.get_yaxis_transform(),
        "textcoords": "offset points",
        "va": "center_baseline",
    }
    if lane.speedup is None:
        look["bbox"] = {"facecolor": theme.page, "edgecolor": "none", "pad": 1}
        ax.annotate(MISSING, (1, place), xytext=(85, 0), ha="right", color=theme.muted, **look)
        return
    fill = color if lane.best else "none"
    length = math.log2(lane.speedup.value)
    ax.barh(place, length, height=0.6, facecolor=fill, edgecolor=color, linewidth=1.2)
    if lane.speedup.n > 1:
        ends = [math.log2(lane.speedup.low), math.log2(lane.speedup.high)]
        for width, ink in ((2.8, theme.page), (1.4, theme.ink)):
            ax.plot(ends, [place, place], color=ink, linewidth=width, solid_capstyle="butt")
    look["weight"] = "bold" if lane.best else "normal"
    text = units.with_unit(lane.speedup.value, "ratio")
    ax.annotate(text, (1, place), xytext=(50, 0), ha="right", color=theme.ink, **look)
    if lane.best:
        ax.annotate("best", (1, place), xytext=(56, 0), ha="left", color=color, **look)
