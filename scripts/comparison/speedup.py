"""The figure over all machines: how many times as fast as a for loop threads and processes are.

A row per record and interpreter, since numbers of different machines are never merged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.comparison.words import WORDS as WORDS
from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity
from scripts.draw import style
from scripts.draw.language import Say, Table, short_model
from scripts.draw.theme import MARKERS, Theme
from scripts.record import Record, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "machines"
# With more rows than this a picture is no longer one; the table has them all.
MOST_ROWS = 24
_PITCH = 34.0
# Where the axis begins, to the right of the interpreters' names.
_LEFT = 170.0


@dataclasses.dataclass(frozen=True)
class Point:
    """What threads and processes gained over the for loop, by one interpreter on one machine."""

    machine: str
    cores: int
    interpreter: str
    gil: bool
    threads: Quantity | None
    processes: Quantity

    @property
    def both(self) -> list[Quantity]:
        """What was measured."""
        return [one for one in (self.threads, self.processes) if one]


def title(points: Sequence[Point], say: Say) -> str:
    """The answer: the best story first, which is the interpreter that turns it round."""
    free = [one for one in points if not one.gil and one.threads and one.cores > 1]
    locked = [one for one in points if one.gil and one.threads and one.cores > 1]
    if any(_holds(one.threads) for one in free) and not any(_holds(one.threads) for one in locked):
        return say("title_free")
    several = [one for one in points if one.cores > 1]
    if several and all(_holds(one.processes) for one in several):
        return say("title")
    return say("title_plain")


def _holds(speedup: Quantity | None) -> bool:
    return speedup is not None and decide(speedup, 1.2) == "holds"


def table(record: Record, points: Sequence[Point], say: Say) -> Table:
    """A row for every point, by the number of cores."""
    names = ("machine", "cores", "interpreter", "threads", "processes")
    rows = [
        [
            point.machine,
            units.count(point.cores),
            _name(point, say),
            _with_range(point.threads, say),
            _with_range(point.processes, say),
        ]
        for point in _sorted(points)
    ]
    return [say(f"column_{name}") for name in names], rows


def draw(record: Record, points: Sequence[Point], theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`; `record` is this machine's own."""
    shown = _sorted(points)[:MOST_ROWS]
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(points, say), say("note"))
    sheet.top += 9
    sheet.title(say("panel"), left=_LEFT)
    height = _PITCH * len(shown)
    ax = sheet.axes(height, bottom=24)
    style.set_ends(ax, _LEFT, style.MARGIN + 8)
    _scale(ax, shown, say)
    for row, point in enumerate(shown):
        _row(ax, row, point, theme, say)
    if any(one.above_ceiling for point in shown for one in point.both):
        sheet.note(say("left_out"))
    if len(points) > len(shown):
        sheet.note(say("more", count=len(points) - len(shown)))
    return sheet.finish()


def _sorted(points: Sequence[Point]) -> list[Point]:
    """With the interpreters that have no GIL first, then by cores."""
    return sorted(points, key=lambda one: (one.gil, one.cores, one.machine, one.interpreter))


def _name(point: Point, say: Say) -> str:
    return say("row" if point.gil else "row_no_gil", name=point.interpreter)


def _with_range(speedup: Quantity | None, say: Say) -> str:
    text = say.with_range(speedup)
    return f"{text} {say('above')}" if text and speedup.above_ceiling else text


def _scale(ax: Axes, points: Sequence[Point], say: Say) -> None:
    """The axis by doublings; one record that is far off makes the others no smaller."""
    shown = [one for point in points for one in point.both if not one.above_ceiling]
    cores = max([2, *(point.cores for point in points)])
    most = max([cores, *(min(one.high, 2 * cores) for one in shown)]) * 1.15
    least = min([0.9, *(max(one.low, 1 / 8) for one in shown)]) / 1.1
    ax.set_xscale("log", base=2)
    ax.set_xlim(least, most)
    ticks = [2**power for power in range(-3, 12) if least <= 2**power <= most]
    ax.set_xticks(ticks, [units.with_unit(style.tick(one), "ratio", say.language) for one in ticks])
    ax.set_xticks([], minor=True)
    ax.set_ylim(len(points) - 0.5, -0.5)
    ax.set_yticks([])


def _row(ax: Axes, row: int, point: Point, theme: Theme, say: Say) -> None:
    if row % 2 == 0:
        ax.axhspan(row - 0.5, row + 0.5, color=theme.lens, linewidth=0, zorder=0.5)
    ax.plot([1, 1], [row - 0.5, row + 0.5], color=theme.ways["for_loop"], linewidth=1.4)
    ax.plot([point.cores] * 2, [row - 0.3, row + 0.3], color=theme.muted, linewidth=1.4)
    for way, speedup in (("threads", point.threads), ("processes", point.processes)):
        if speedup is None or speedup.above_ceiling:
            continue
        place = row + (0.14 if way == "processes" else -0.14)
        color = theme.ways[way]
        ax.plot([speedup.low, speedup.high], [place, place], color=color, linewidth=2.6)
        ax.plot(
            [speedup.value], [place], MARKERS[way], color=color, markersize=7.5,
            markeredgecolor=theme.page, markeredgewidth=0.8, zorder=3,
        )  # fmt: skip
    cores = say.many("core", point.cores)
    for text, up, color in (
        (_name(point, say), 5.5, theme.ink),
        (f"{short_model(point.machine)} · {cores}", -6.5, theme.muted),
    ):
        place = (0, row), (-style.LABEL_PAD, up), ("axes fraction", "data")
        look = {"ha": "right", "va": "center", "fontsize": style.SMALL * 0.86, "color": color}
        style.write(ax, text, *place, **look)
