"""The figure over all machines: how much sooner processes finish than a for loop, by cores.

A point per record and interpreter, since numbers of different machines are never merged. Points of
as many cores stand side by side, not on top of one another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.conclude.quantity import Quantity
from scripts.draw import style
from scripts.record import Record, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "machines"
HEIGHT = 300.0
# By whether the interpreter has a GIL: told apart by shape and by colour, with words below.
KINDS = {True: ("processes", "o", "● with GIL"), False: ("interpreters", "D", "◆ without GIL")}
# How far the points of as many cores spread, as parts of the distance to twice as many.
SPREAD = 0.55


@dataclasses.dataclass(frozen=True)
class Point:
    """What as many processes as cores gained over the for loop, by one interpreter there."""

    machine: str
    cores: int
    interpreter: str
    gil: bool
    speedup: Quantity


def table(points: Sequence[Point]) -> tuple[list[str], list[list[str]]]:
    """A row for every point, by the number of cores."""
    rows = [
        [
            point.machine,
            units.count(point.cores),
            point.interpreter + ("" if point.gil else " without GIL"),
            _with_range(point.speedup),
        ]
        for point in sorted(points, key=lambda point: point.cores)
    ]
    return ["Machine", "Cores", "Interpreter", "Speed-up"], rows


def draw(points: Sequence[Point], record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`; `record` is this machine's own."""
    sheet = style.Sheet(theme, record)
    note = "As many processes as cores, against a for loop. Strokes: the interval of each point."
    sheet.headline(headline(points), note)
    sheet.top += 9
    sheet.title("Speed-up", "for loop = 1×")
    ax = sheet.axes(HEIGHT, bottom=26)
    _scales(ax, points, theme)
    placed = _spread(points)
    for gil in KINDS:
        _dots(ax, [(x, one) for x, one in placed if one.gil == gil], theme)
    for gil, (way, _, words) in KINDS.items():
        if any(point.gil == gil for point in points):
            sheet.text(words, left=style.LEFT, color=theme.ways[way])
    return sheet.finish()


def headline(points: Sequence[Point]) -> str:
    """The answer: which part of the ideal speed-up was reached, from the least to the most."""
    shares = [100 * point.speedup.value / point.cores for point in points if point.cores > 1]
    if not shares:
        return "One core: nothing for processes to gain"
    least, most = (units.text(round(share), "percent") for share in (min(shares), max(shares)))
    span = f"{least} %" if least == most else f"{least} to {most} %"
    return f"Processes reach {span} of the ideal speed-up"


def _with_range(speedup: Quantity) -> str:
    text = speedup.with_unit()
    return f"{text} ({speedup.range_with_unit()})" if speedup.n > 1 else text


def _spread(points: Sequence[Point]) -> list[tuple[float, Point]]:
    """Every point with its place on the axis of cores."""
    found = []
    for cores in sorted({point.cores for point in points}):
        level = [point for point in points if point.cores == cores]
        for index, point in enumerate(level):
            share = (index + 0.5) / len(level) - 0.5
            found.append((cores * 2 ** (SPREAD * share), point))
    return found


def _dots(ax: Axes, placed: Sequence[tuple[float, Point]], theme: style.Theme) -> None:
    if not placed:
        return
    way, marker, _ = KINDS[placed[0][1].gil]
    speedups = [point.speedup for _, point in placed]
    few = len(placed) <= 40
    ax.errorbar(
        [x for x, _ in placed],
        [one.value for one in speedups],
        yerr=style.strokes(speedups),
        fmt=marker,
        color=theme.ways[way],
        markersize=6.5 if few else 3,
        markeredgecolor=theme.page,
        markeredgewidth=0.8 if few else 0.2,
        elinewidth=2 if few else 0.6,
        zorder=3,
    )


def _scales(ax: Axes, points: Sequence[Point], theme: style.Theme) -> None:
    """Both axes by doublings, with the ideal line: as many times sooner as there are cores."""
    most = max([2, *(point.cores for point in points), *(p.speedup.high for p in points)]) * 1.3
    least = min([1, *(point.speedup.low for point in points)]) / 1.15
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ax.set_xlim(0.75, most)
    ax.set_ylim(least, most)
    doublings = [2**power for power in range(-4, 14)]
    for axis, low in ((ax.xaxis, 0.75), (ax.yaxis, least)):
        ticks = [one for one in doublings if low <= one <= most]
        axis.set_ticks(ticks, [style.tick(one) for one in ticks], minor=False)
        axis.set_ticks([], minor=True)
    ax.set_yticklabels([f"{label.get_text()}×" for label in ax.get_yticklabels()])
    ax.grid(axis="y", color=theme.grid, linewidth=0.8)
    style.name_axis(ax, "Cores")
    ideal = {"color": theme.muted, "linewidth": 1.2, "zorder": 2}
    ax.plot([0.75, most], [0.75, most], dashes=(5, 3), **ideal)
    for cores in {point.cores for point in points}:
        # What is ideal for all points of a level, wherever they stand beside one another.
        ends = [cores * 2 ** (SPREAD * side) for side in (-0.5, 0.5)]
        ax.plot(ends, [cores, cores], **ideal)
    ax.annotate(
        "ideal", (most / 1.25, most / 1.25), (-6, 2), textcoords="offset points",
        ha="right", va="bottom", size=style.SMALL, color=theme.muted,
    )  # fmt: skip
