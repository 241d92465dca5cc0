"""Figure 5: from how much work on each way of doing a step pays, and what it reaches.

All steps share one axis: how long the for loop takes for the same work, which is the baseline of
every panel. A way has a lane, coloured from where it pays; the height is how many times as fast it
is there.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.intervals import FEWEST_ROUNDS
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.text import width_of
from scripts.draw.theme import Theme
from scripts.experiments.pipeline.declaration import STEPS
from scripts.experiments.pipeline.lines import ALWAYS, FROM, Curve, most_items, steps
from scripts.experiments.pipeline.numbers import CLOSE, EXPLAINS
from scripts.experiments.pipeline.words import WORDS as WORDS
from scripts.measure.steps.fetch import WAIT_US
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Ways with something done for them have the colour of what they are.
KIN = {
    "preloaded": "processes",
    "shared": "processes",
    "threads_unpinned": "threads",
    "processes_unpinned": "processes",
}
LIBRARIES = {"segment": "jieba", "large_array": "NumPy", "linear_algebra": "NumPy"}
# Shown where they were measured, and not missed elsewhere.
OPTIONAL = ("interpreters", "joblib")
# The axis goes so many times further than what was measured; what pays later is told, not drawn.
BEYOND = 3.0
_PITCH = 16.5
_NAMES, _NUMBERS = 146.0, 96.0
_NUMBER_ENDS, _BEST_BEGINS = 48.0, 53.0
_STEPS_OF_CURVE = 40


@dataclasses.dataclass(frozen=True)
class Lane:
    """A way in a panel: its name, whether it is the best, and what was measured of it.

    `label` says from where it pays, `start_s` and `ends_s` where that is on the axis, with its
    interval. None where it does not, or that cannot be told. `far_s` is as far as was measured.
    """

    way: str
    name: str
    label: str
    best: bool = False
    speedup: str = ""
    curve: Curve | None = None
    loop: Curve | None = None
    start_s: float | None = None
    ends_s: tuple[float, float] | None = None
    far_s: float = 0.0


def title(values: Values, say: Say) -> str:
    """The answer to whether one way is enough for all steps, as far as it can be decided."""
    behind = values.get("pipeline.single.worst_over_best")
    if behind is None:
        return say("title_open")
    single = str(values["pipeline.single"].value)
    way = say(f"in_title_{single}")
    if decide(behind, CLOSE) == "holds":
        return say("title_many", way=way, ratio=say.number(behind))
    if decide(behind, CLOSE, above=False) == "holds":
        return say("title_one", way=way)
    return say("title_open")


def table(record: Record, values: Values, say: Say) -> Table:
    """A row for each way of each step: from where on it pays, its start, and what it reaches."""
    names = ("step", "way", "pays", "start", "item", "most", "wall", "speedup")
    rows = []
    for step, ways in STEPS.items():
        most = _amount(step, values.get(_most(step)), say)
        for way in ways:
            key = f"pipeline.{step}.{way}"
            wall, speedup = values.get(f"{key}.wall_s"), values.get(f"{key}.speedup_ratio")
            if wall is None:
                continue
            start, item = values.get(f"{key}.start_ms"), values.get(f"{key}.item_ms")
            rows.append(
                [
                    say(f"step_{step}"),
                    name_of(step, way, say),
                    _pays(key, step, values, say),
                    say.unit(start) if start else "",
                    say.unit(item) if item and step != "large_array" else "",
                    most,
                    say.unit(wall),
                    say.with_range(speedup),
                ]
            )
    return [say(f"column_{name}") for name in names], rows


def _most(step: str) -> str:
    return f"pipeline.{step}.most_{'ms_per_mb' if step == 'large_array' else 'items'}"


def _amount(step: str, amount: Quantity | None, say: Say, more: bool = False) -> str:
    """So much work of a step, or so much and more, in what it is counted in."""
    if amount is None:
        return ""
    count = say.number(amount)
    return say(f"items_{step}", count=say("and_more", count=count) if more else count)


def _pays(key: str, step: str, values: Values, say: Say, short: bool = False) -> str:
    """From how much work on a way pays, in words; "" for what is none to choose."""
    answer = values.get(f"{key}.pays")
    if answer is None:
        return ""
    if answer.value != FROM:
        return say(str(answer.value))
    found = values.get(f"{key}.pays_from_items") or values.get(f"{key}.pays_from_ms_per_mb")
    return say("from_short" if short else "from", amount=_amount(step, found, say, short))


def name_of(step: str, way: str, say: Say, short: bool = False) -> str:
    """What a way is called; in linear algebra, what it tells BLAS belongs to it."""
    if step != "linear_algebra":
        return say.way(way)
    base = {"one_thread": "for_loop"}.get(way, way.replace("_unpinned", ""))
    free = way in ("for_loop", "joblib") or way.endswith("_unpinned")
    name = f"{'free' if free else 'pinned'}{'' if short else '_long'}"
    return say(name, way=say.way(base))


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    measured = steps(record)
    panels = {step: _lanes(record, step, measured.get(step, {}), values, say) for step in STEPS}
    lanes = [lane for panel in panels.values() for lane in panel]
    reach = _reach(measured, lanes)
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, say), _note(record, say))
    sheet.top += 24
    _axis(sheet, reach, above=True)
    for step, panel in panels.items():
        sheet.title(say(f"step_{step}"), _aside(step, values, say), left=style.MARGIN)
        sheet.top -= 2
        _panel(sheet, panel, reach)
        sheet.top += 10
    _axis(sheet, reach, above=False)
    sheet.top += 16
    samples = [
        one for curves in measured.values() for way in curves.values() for one in way.samples
    ]
    sheet.footer(_footer(samples, say), samples)
    return sheet.finish()


def _note(record: Record, say: Say) -> str:
    cores = record.machine.cores
    if cores == 1:
        return say("note_one")
    top = _round(_top(cores), "ratio", say)
    return say("note", workers=units.count(cores, say.language), top=top)


def _round(value: float, unit: str, say: Say) -> str:
    """A round number with its unit, without the digits that say nothing: "2×", "10 ms"."""
    text = units.with_unit(float(value), unit, say.language)
    return text.replace(units.number(value), style.tick(value))


def _top(cores: int) -> int:
    """How many times as fast a lane of full height is."""
    return max(2, cores)


def _footer(samples: Sequence[Sample], say: Say) -> str:
    rounds = len({one.at for one in samples})
    enough = rounds >= FEWEST_ROUNDS
    return say("footer" if enough else "footer_few", rounds=say.many("round", rounds))


def _aside(step: str, values: Values, say: Say) -> str:
    """What makes the step what it is; "" where a number of it was not measured."""
    load, size = values.get("pipeline.segment.load_s"), values.get("pipeline.large_array.size_mb")
    if (step == "segment" and load is None) or (step == "large_array" and size is None):
        return ""
    fields = {
        "wait": _round(WAIT_US / 1000, "ms", say),
        "load": say.unit(load) if load else "",
        "size": say.unit(size) if size else "",
    }
    return say(f"aside_{step}", **fields)


def _lanes(
    record: Record, step: str, curves: Mapping[str, Curve], values: Values, say: Say
) -> list[Lane]:
    """The ways of a step; the for loop, which is the baseline, only where it is the best one."""
    library = LIBRARIES.get(step)
    if not curves:
        words = say("no_library", library=library) if library else say("not_measured")
        return [Lane("for_loop", "", words)]
    best = values.get(f"pipeline.{step}.best")
    lanes = []
    for way in STEPS[step]:
        if way in EXPLAINS or (way in OPTIONAL and way not in curves):
            continue
        is_best = best is not None and best.value == way
        if way == "for_loop":
            if is_best:
                lanes.append(Lane(way, name_of(step, way, say, short=True), "", True, say("one")))
        else:
            lanes.append(_lane(step, way, curves, values, say, is_best))
    return lanes


def _lane(
    step: str, way: str, curves: Mapping[str, Curve], values: Values, say: Say, best: bool
) -> Lane:
    key, name = f"pipeline.{step}.{way}", name_of(step, way, say, short=True)
    if way not in curves:
        needs = {"vectorised": "NumPy"}.get(way)
        words = say("no_library", library=needs) if needs else say("not_measured")
        return Lane(way, name, words)
    speedup, answer = values.get(f"{key}.speedup_ratio"), values.get(f"{key}.pays")
    lane = Lane(
        way,
        name,
        _pays(key, step, values, say, short=True),
        best,
        say.unit(speedup) if speedup else "",
        curves[way],
        curves["for_loop"],
        far_s=curves["for_loop"].line.at(most_items(curves)),
    )
    if answer is None or answer.value not in (ALWAYS, FROM):
        return lane
    found = values.get(f"{key}.pays_from_items")
    if found is not None:
        line = curves["for_loop"].line

        def at(items: float) -> float:
            return max(line.at(items), line.item_s)  # a fitted line may begin before zero

    else:
        found = values[f"{key}.pays_from_ms_per_mb"]
        size_mb = values["pipeline.large_array.size_mb"].value

        def at(per_mb: float) -> float:
            return per_mb * size_mb / 1e3

    return dataclasses.replace(
        lane, start_s=at(found.value), ends_s=(at(found.low), at(found.high))
    )


def _reach(
    measured: Mapping[str, Mapping[str, Curve]], lanes: Sequence[Lane]
) -> tuple[float, float]:
    """The ends of the axis in seconds: all that was measured, with room for what is written."""
    far = [curves["for_loop"].line.at(most_items(curves)) for curves in measured.values()]
    high = BEYOND * max(far, default=1.0)
    width = style.WIDTH - _NAMES - _NUMBERS
    low = 0.01 * high
    for lane in lanes:
        if lane.start_s and lane.start_s < high:
            part = (width_of(lane.label, style.SMALL) + 8) / width
            begin = min(lane.start_s, lane.ends_s[0])
            low = min(low, math.exp((math.log(begin) - part * math.log(high)) / (1 - part)))
    return max(low, 1e-8 * high), high


def _axis(sheet: style.Sheet, reach: tuple[float, float], above: bool) -> None:
    """The line on which the ticks are named; above it, what the columns are."""
    ax = sheet.axes(1)
    _scale(ax, reach)
    ax.grid(False)
    ax.set_yticks([])
    ticks = _ticks(reach)
    words = [_round(1e3 * one, "ms", sheet.say) if one < 1 else _round(one, "s", sheet.say)
             for one in ticks]  # fmt: skip
    ax.set_xticks(*_named(ticks, words, reach))
    ax.tick_params(axis="x", labeltop=above, labelbottom=not above)
    if above:
        look = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
        color = {"color": sheet.theme.muted, "size": style.SMALL}
        ax.annotate(
            sheet.say("axis"), (0, 1), (style.MARGIN - _NAMES, 5), ha="left", **look, **color
        )
        place = (_NUMBER_ENDS, 5)
        ax.annotate(sheet.say("far_end"), (1, 1), place, ha="right", **look, **color)


def _named(
    ticks: Sequence[float], words: Sequence[str], reach: tuple[float, float]
) -> tuple[list[float], list[str]]:
    """The ticks that have room for their words, none of which is cut off or touches another."""
    pitch = (style.WIDTH - _NAMES - _NUMBERS) / math.log10(reach[1] / reach[0])
    every = math.ceil(max(width_of(word, style.SMALL) + 10 for word in words) / pitch)
    kept = [(tick, word) for tick, word in zip(ticks, words, strict=True)
            if round(math.log10(tick)) % every == 0 and tick < reach[1] / 1.4]  # fmt: skip
    return [tick for tick, _ in kept], [word for _, word in kept]


def _ticks(reach: tuple[float, float]) -> list[float]:
    powers = range(math.ceil(math.log10(reach[0])), math.floor(math.log10(reach[1])) + 1)
    return [10.0**power for power in powers]


def _scale(ax: Axes, reach: tuple[float, float]) -> None:
    style.set_ends(ax, _NAMES, _NUMBERS)
    ax.set_xscale("log")
    ax.set_xlim(*reach)
    ax.set_xticks([], minor=True)


def _panel(sheet: style.Sheet, lanes: Sequence[Lane], reach: tuple[float, float]) -> None:
    ax = sheet.axes(_PITCH * len(lanes))
    _scale(ax, reach)
    ax.set_ylim(len(lanes) - 0.5, -0.5)
    ax.set_xticks(_ticks(reach), [])
    ax.tick_params(axis="y", pad=_NAMES - style.MARGIN)
    ax.set_yticks(range(len(lanes)), [lane.name for lane in lanes], ha="left")
    top = _top(sheet.record.machine.cores)
    for place, (lane, label) in enumerate(zip(lanes, ax.get_yticklabels(), strict=True)):
        color = sheet.theme.ways[KIN.get(lane.way, lane.way)]
        label.set(color=color, weight="bold" if lane.best else "normal")
        ax.plot(reach, [place + 0.4] * 2, color=sheet.theme.grid, linewidth=0.8, zorder=1)
        _fill(sheet.theme, ax, place, lane, reach, top, color)
        _write(sheet, ax, place, lane, reach, color)


def _fill(
    theme: Theme, ax: Axes, place: int, lane: Lane, reach: tuple[float, float], top: int, color: str
) -> None:
    """Colour from where the way pays, as high as it is fast; and the interval of that place."""
    if lane.way == "for_loop" and lane.best:
        ax.plot(reach, [place] * 2, color=color, linewidth=2.4, solid_capstyle="butt")
    if lane.start_s is None or lane.start_s >= reach[1]:
        return
    begin = max(lane.start_s, reach[0])
    parts = ((begin, lane.far_s, 1.0 if lane.best else 0.5), (lane.far_s, reach[1], 0.25))
    for first, last, alpha in parts:
        first = max(first, begin)
        if first < last:
            steps = [step / _STEPS_OF_CURVE for step in range(_STEPS_OF_CURVE + 1)]
            times = [first * (last / first) ** step for step in steps]
            heights = [place + 0.4 - 0.8 * _height(lane, seconds, top) for seconds in times]
            base = [place + 0.4] * 2
            ax.fill([*times, last, first], heights + base, color=color, alpha=alpha, linewidth=0)
            ax.plot(times, heights, color=color, linewidth=1.2)
    if lane.ends_s and lane.ends_s[1] > lane.ends_s[0]:
        for width, ink in ((2.8, theme.page), (1.4, theme.ink)):
            ax.plot(lane.ends_s, [place] * 2, color=ink, linewidth=width, solid_capstyle="butt")


def _height(lane: Lane, seconds: float, top: int) -> float:
    """How high the colour is where the for loop takes so many seconds, from 0 for as fast to 1."""
    loop, line = lane.loop.line, lane.curve.line
    items = (seconds - loop.fixed_s) / loop.item_s
    takes = line.fixed_s + max(items, lane.curve.divided) * line.item_s
    if takes <= 0:
        return 1.0
    return min(1.0, max(0.0, math.log(max(1e-9, seconds / takes)) / math.log(top)))


def _write(
    sheet: style.Sheet, ax: Axes, place: int, lane: Lane, reach: tuple[float, float], color: str
) -> None:
    """From where it pays, in front of the colour; and at the right what it reaches."""
    look = {"textcoords": "offset points", "va": "center_baseline", "size": style.SMALL}
    beyond = lane.start_s is not None and lane.start_s >= reach[1]
    ink = sheet.theme.ink if lane.start_s else sheet.theme.muted
    if lane.start_s and not beyond:
        begin = min(lane.start_s, lane.ends_s[0])
        ax.annotate(lane.label, (begin, place), (-4, 0), ha="right", color=ink, **look)
    elif lane.label:
        side = 1 if beyond else 0
        where = {"xycoords": ax.get_yaxis_transform(), "ha": "right" if beyond else "left"}
        ax.annotate(lane.label, (side, place), (-4 if beyond else 2, 0), color=ink, **look, **where)
    look.update(xycoords=ax.get_yaxis_transform(), weight="bold" if lane.best else "normal")
    ax.annotate(
        lane.speedup, (1, place), (_NUMBER_ENDS, 0), ha="right", color=sheet.theme.ink, **look
    )
    if lane.best:
        ax.annotate(
            sheet.say("best"), (1, place), (_BEST_BEGINS, 0), ha="left", color=color, **look
        )
