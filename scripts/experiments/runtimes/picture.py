"""Figure 6: the same jobs on every interpreter at hand, with the GIL and without it.

Below, the strip that shows whose stripes those of figure 2 are: if it is the GIL that makes threads
take turns, a turn is as long as the switch interval says, and the points lie on the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import ByRound, Values
from scripts.conclude.stats import at_once, by_round, typical
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.theme import Theme
from scripts.experiments.runtimes import numbers
from scripts.experiments.runtimes.numbers import Measured
from scripts.experiments.runtimes.words import WORDS as WORDS
from scripts.experiments.switch_interval.numbers import turns_ms
from scripts.record import Record, Runtime, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# From and up to which part of the switch interval a turn counts as being that long.
_FOLLOWS = (0.7, 1.5)
_PITCH = 19.0
# Where the bars begin, to the right of "Interpreters", and where they end, left of what is said.
_LEFT, _RIGHT = 104.0, 140.0
# The times end so far left of the margin, the numbers of jobs at once at it.
_COLUMN = 52.0


def title(values: Values, measured: Sequence[Measured], say: Say) -> str:
    """The answer, as far as the interpreters at hand carry it."""
    if len(measured) == 1:
        return say("title_one", name=_name(measured[0].runtime, say))
    free = values.get("runtimes.no_gil.for_loop_to_threads_ratio")
    if free:
        verdict = decide(free, 1)
        name = {"holds": "title_free", "fails": "title_free_not"}.get(verdict, "title_free_open")
        return say(name, times=say.times(free.as_shown))
    apart = values.get("runtimes.interpreters.for_loop_to_interpreters_ratio")
    if apart and decide(apart, 1) == "holds":
        return say("title_interpreters", times=say.times(apart.as_shown))
    return say("title_many", count=len(measured))


def table(record: Record, values: Values, say: Say) -> Table:
    """A row for every bar and, below, one for every switch interval."""
    rows = []
    for one in numbers.measured(record):
        for way, samples in one.ways.items():
            wall = say.with_range(typical(by_round(samples), "s"))
            rows.append([_name(one.runtime, say), say.way(way), wall, _together(samples)])
    for interval_s, turns in turns_ms(record).items():
        interval = units.with_unit(style.tick(interval_s * 1000), "ms", say.language)
        row = (say("row_interval", interval=interval), say.with_range(typical(turns, "ms")))
        rows.append([_name(record.runtimes[0], say), *row, say("row_turn")])
    return [say(f"column_{name}") for name in ("interpreter", "way", "time", "at_once")], rows


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    measured, switched = numbers.measured(record), turns_ms(record)
    sheet = style.Sheet(theme, record, say)
    sizes = say.sizes(record, "jobs", "workers")
    sizes.update(say.sizes(record, "additions", prefix="runtimes_"))
    sheet.headline(title(values, measured, say), say("note", **sizes))
    highest = [typical(by_round(way), "s").high for one in measured for way in one.ways.values()]
    for one in measured:
        sheet.top += 9
        sheet.title(_name(one.runtime, say), say("at_once"), left=style.MARGIN)
        _panel(sheet, one, 1.04 * max(highest), last=one is measured[-1])
        if remark := _single_thread(one, values, say):
            sheet.note(remark, left=_LEFT)
    if switched:
        sheet.top += 12
        sheet.title(_follows(switched, say), left=style.MARGIN)
        sheet.note(say("strip_note", name=_version(record.runtimes[0])))
        _strip(sheet, switched)
    rounds = max(len(samples) for each in measured for samples in each.ways.values())
    shown = [one for each in measured for way in each.ways.values() for one in way]
    sheet.footer(say("footer", rounds=say.many("round", rounds)), shown)
    return sheet.finish()


def _name(runtime: Runtime, say: Say) -> str:
    """ "CPython 3.13.5, no GIL"."""
    return say("with_gil" if runtime.gil else "no_gil", name=_version(runtime))


def _version(runtime: Runtime) -> str:
    return f"{runtime.implementation} {runtime.version}"


def _together(samples: list) -> str:
    return f"{typical(at_once(samples), 'ratio').value:.2f}"


def _single_thread(one: Measured, values: Values, say: Say) -> str:
    """What the missing GIL costs a single thread, below the interpreter without it."""
    price = values.get("runtimes.no_gil.single_thread_price_ratio")
    if one.runtime.gil or price is None:
        return ""
    base = values["runtimes.no_gil.single_thread_base_version"].text()
    return say("price", base=base, times=say.times(price.as_shown))


def _follows(switched: dict[float, ByRound], say: Say) -> str:
    """What the strip says: whether the turns are as long as the intervals."""
    low, high = _FOLLOWS
    parts = [typical(samples, "ms").value / at / 1000 for at, samples in switched.items()]
    return say("strip_follows" if all(low <= part <= high for part in parts) else "strip_not")


def _panel(sheet: style.Sheet, one: Measured, stop_s: float, last: bool) -> Axes:
    theme = sheet.theme
    ax = sheet.axes(_PITCH * len(one.ways), bottom=22 if last else 3)
    style.set_ends(ax, _LEFT, _RIGHT)
    style.seconds_axis(ax, stop_s, sheet.say)
    style.last_of_column(ax, last)
    ax.set_ylim(len(one.ways) - 0.5, -0.5)
    ax.set_yticks(range(len(one.ways)), [sheet.say.way(way) for way in one.ways])
    for row, (way, samples) in enumerate(one.ways.items()):
        total, color = typical(by_round(samples), "s"), theme.ways[way]
        ax.barh(row, total.value, height=0.66, color=color)
        ax.plot([total.low, total.high], [row, row], color=theme.ink, linewidth=1.6)
        _beside(ax, row, sheet.say.unit(total), _together(samples), theme)
    return ax


def _beside(ax: Axes, row: int, total: str, at_once: str, theme: Theme) -> None:
    """Time and parallelism of a bar, each in a column of its own at the right."""
    columns = {0: (at_once, theme.muted, "normal"), _COLUMN: (total, theme.ink, "bold")}
    for left, (text, color, weight) in columns.items():
        look = {"ha": "right", "va": "center_baseline", "color": color, "weight": weight}
        place = (1, row), (_RIGHT - style.MARGIN - left, 0), ("axes fraction", "data")
        style.write(ax, text, *place, **look)


def _strip(sheet: style.Sheet, switched: dict[float, ByRound]) -> None:
    """The median turn against the switch interval, both in ms, and the diagonal of equal ones."""
    theme = sheet.theme
    turns = {1000 * at: typical(samples, "ms") for at, samples in switched.items()}
    ends = [*turns, *(end for turn in turns.values() for end in (turn.low, turn.high) if end > 0)]
    low, high = min(ends) / 2, max(ends) * 2.4
    sheet.top += 4
    ax = sheet.axes(118, bottom=22)
    style.set_ends(ax, _LEFT, style.MARGIN + 24)  # the name of the last point needs room
    ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    ax.minorticks_off()
    ax.grid(axis="both", color=theme.grid, linewidth=0.8)
    names = [units.with_unit(style.tick(at), "ms", sheet.say.language) for at in turns]
    ax.set_xticks(list(turns), names)
    ax.set_yticks(list(turns), names)
    style.name_axis(ax, sheet.say("interval"))
    ax.plot([low, high], [low, high], color=theme.muted, linewidth=1.4, linestyle=(0, (3, 2.5)))
    for at, turn in turns.items():
        color = theme.ways["threads"]
        ax.plot([at, at], [max(turn.low, low), turn.high], color=color, linewidth=3.2)
        ax.plot([at], [turn.value], "s", color=color, markersize=7.5, markeredgecolor=theme.page)
        look = {"va": "top", "weight": "bold", "color": color, "bbox": style.backed(theme)}
        style.write(ax, sheet.say.unit(turn), (at, turn.value), (10, -5), **look)
