"""A panel of figure 4: one kind of crawl, by the number of workers, with all that marks it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from scripts.conclude.decide import HOLDS, decide
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style
from scripts.draw.text import width_of
from scripts.draw.theme import MARKERS
from scripts.experiments.io_threads.numbers import RULE, Crawl
from scripts.record import units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Points: how high and how wide the axes are, the larger ones of the marks, and a line of text.
HEIGHT, WIDE, LARGE, LINE = 96.0, style.WIDTH - style.LEFT - style.MARGIN, 11.0, 12.0
# What does hardly more than threads does not get a number.
WORTH_NAMING = 1.1


class Box(NamedTuple):
    """What lies in the axes, in points from their lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether they have a place in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


def point(way: str, workers: int) -> str:
    """The key of a point of the curves, behind that of its crawl."""
    return f"{way}.links_per_s" if way == "for_loop" else f"{way}.at_{workers}.links_per_s"


def formula(about: Values, name: str) -> list[Quantity]:
    """What the formula says of a crawl, with little to do and with much; the lesser one first."""
    keys = (f"io_threads.{name}.threads.formula_{which}workers" for which in ("", "under_load_"))
    return sorted((about[key] for key in keys if key in about), key=lambda one: one.value)


class Panel:
    """Axes on a sheet, over workers up to `most` and links per second up to `top`.

    The `last` one names the workers, and the author's rule.
    """

    def __init__(
        self, sheet: style.Sheet, crawl: Crawl, about: Values, most: float, top: float, last: bool
    ) -> None:
        self._crawl, self._about, self._last = crawl, about, last
        self._theme, self._say = sheet.theme, sheet.say
        self._right, self._bottom, self._top = 1.25 * most, -0.04 * top, top
        self._ax = self._axes(sheet, most)
        # Where no text may go any more.
        self._taken: list[Box] = []

    def draw(self) -> None:
        """Draw everything, what is named last where the rest has left room for it."""
        self._rule()
        self._formula()
        self._level()
        for way in (way for way in self._crawl.ways if way != "for_loop"):
            self._line(way)
        for way in self._crawl.ways:
            self._gain(way)

    def _axes(self, sheet: style.Sheet, most: float) -> Axes:
        """Axes over the number of workers, which is doubled at even steps."""
        from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

        ax = sheet.axes(HEIGHT, bottom=36 if self._last else 4)
        ax.set_xscale("log", base=2)
        ax.set_xlim(0.8, self._right)
        ax.set_ylim(self._bottom, self._top)  # so that 0 does not stand on the numbers below
        ax.grid(axis="y", color=self._theme.grid, linewidth=0.8)
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: style.tick(value)))
        ticks = [4**power for power in range(9) if 4**power <= most]
        ax.xaxis.set_major_locator(FixedLocator(ticks))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: units.count(round(value))))
        ax.tick_params(labelbottom=self._last)
        if self._last:
            style.name_axis(ax, self._say("at_once"))
        return ax

    def _rule(self) -> None:
        """The author's rule of thumb as a band, named below the last panel."""
        low, high = (many * self._crawl.cores for many in RULE)
        self._ax.axvspan(low, high, color=self._theme.lens, linewidth=0, zorder=0.6)
        if self._last:
            text = self._say("rule", low=RULE[0], high=RULE[1])
            half = width_of(text, style.SMALL) / 2
            middle = max(
                half - style.LEFT / 2, min(self._across(math.sqrt(low * high)), WIDE - half)
            )
            self._text(text, middle, -style.TICK_PAD - 1.35 * style.SMALL - LINE, ha="center")

    def _formula(self) -> None:
        """What the formula says: strokes for little to do and for much, and a band between them."""
        found = formula(self._about, self._crawl.name)
        if not found:
            return
        low, high = found[0], found[-1]
        look = {"color": self._theme.muted, "linewidth": 1.2, "linestyle": (0, (3, 2.5))}
        for workers in {low.value, high.value}:
            self._ax.axvline(workers, zorder=1.1, **look)
        number = self._say.number(low)
        if high.value > low.value:
            number = f"{number}–{self._say.number(high)}"
            band = {"color": self._theme.muted, "alpha": 0.16, "linewidth": 0}
            self._ax.axvspan(low.value, high.value, zorder=1, **band)
        text = self._say("formula", number=number)
        # Left of it, where the lines are still low; right of it where there is no room there.
        width, left = width_of(text, style.SMALL), self._across(low.value) - 5
        place = left - width if left > width else self._across(high.value) + 5
        self._taken.append(self._text(text, place, HEIGHT - LINE - 2))

    def _level(self) -> None:
        """The for loop, which has one worker: a level, named where the lines are far above it."""
        loop = self._about.get(f"io_threads.{self._crawl.name}.for_loop.links_per_s")
        if not loop or "for_loop" not in self._crawl.ways:
            return
        color = self._theme.ways["for_loop"]
        self._shapes({1: loop}, "for_loop")
        self._ax.axhline(loop.value, color=color, linewidth=1.6, zorder=1.5)
        text = self._say("loop", rate=self._say.unit(loop))
        place = WIDE - 3 - width_of(text, style.SMALL, "bold")
        look = {"weight": "bold", "color": color}
        self._taken.append(self._text(text, place, self._up(loop.value) + 3, **look))

    def _line(self, way: str) -> None:
        """A way's line. Where two lie at the same place both can be seen: the points of threads
        are in front, those of the others are larger."""
        points = self._points(way)
        front = way == "threads"
        if not front:
            self._shapes(points, way)
        style.line(self._ax, points, way, self._theme, front=front)
        best = self._about.get(f"io_threads.{self._crawl.name}.{way}.best_workers")
        if best and front:
            ring = {"markerfacecolor": "none", "markeredgecolor": self._theme.ink}
            where = [best.value], [points[best.value].value]
            self._ax.plot(*where, marker="o", markersize=14, markeredgewidth=1.6, zorder=4, **ring)
        self._taken += self._boxes(points)

    def _points(self, way: str) -> dict[int, Quantity]:
        key = f"io_threads.{self._crawl.name}."
        return {number: self._about[key + point(way, number)] for number in self._crawl.ways[way]}

    def _shapes(self, points: Mapping[int, Quantity], way: str) -> None:
        rates = [rate.value for rate in points.values()]
        look = {"color": self._theme.ways[way], "linestyle": "none", "marker": MARKERS[way]}
        self._ax.plot([*points], rates, markersize=LARGE, markeredgewidth=0, zorder=2.6, **look)

    def _gain(self, way: str) -> None:
        """How many times the threads a way does that surely does a good deal more, at its point."""
        key = f"io_threads.{self._crawl.name}.{way}"
        more = self._about.get(f"{key}.throughput_over_threads_ratio")
        if not more or decide(more, WORTH_NAMING) != HOLDS:
            return
        points, best = self._points(way), self._about.get(f"{key}.best_workers")
        number = best.value if best else max(points)
        text = self._say("gain", times=self._say.unit(more))
        x, y = self._across(number), self._up(points[number].value)
        for left, bottom in self._around(x, y, width_of(text, style.SMALL, "bold")):
            box = self._box(text, left, bottom, "bold")
            if box.left >= 0 and box.right <= WIDE + style.MARGIN and not self._meets(box):
                look = {"weight": "bold", "color": self._theme.ways[way]}
                self._taken.append(self._text(text, left, bottom, **look))
                return

    @staticmethod
    def _around(x: float, y: float, width: float) -> Iterator[tuple[float, float]]:
        """Where a text of this width may begin: beside the point, above it, below it, farther."""
        for far in (0.0, LINE, 2 * LINE):
            for up in (y - LINE / 2 + far, y - LINE / 2 - far):
                if 0 <= up <= HEIGHT - LINE:
                    yield x + LARGE, up
                    yield x - LARGE - width, up
                    if far:
                        yield x - width / 2, up

    def _meets(self, box: Box) -> bool:
        return any(box.meets(other) for other in self._taken)

    def _boxes(self, points: Mapping[int, Quantity]) -> Iterator[Box]:
        places = [(self._across(number), self._up(rate.value)) for number, rate in points.items()]
        half = LARGE / 2 + 1
        yield from (Box(x - half, y - half, x + half, y + half) for x, y in places)
        for (x, y), (to_x, to_y) in zip(places, places[1:], strict=False):
            steps = max(1, round(math.hypot(to_x - x, to_y - y) / 4))
            for step in range(steps):
                at_x, at_y = x + (to_x - x) * step / steps, y + (to_y - y) * step / steps
                yield Box(at_x - 2, at_y - 2, at_x + 2, at_y + 2)

    def _across(self, workers: float) -> float:
        """How many points right of the axis of rates so many workers are."""
        return math.log(workers / 0.8) / math.log(self._right / 0.8) * WIDE

    def _up(self, rate: float) -> float:
        """How many points above the lower end of the axes a rate is."""
        return (rate - self._bottom) / (self._top - self._bottom) * HEIGHT

    @staticmethod
    def _box(text: str, left: float, bottom: float, weight: str = "normal") -> Box:
        return Box(left, bottom, left + width_of(text, style.SMALL, weight), bottom + LINE)

    def _text(
        self,
        text: str,
        left: float,
        bottom: float,
        weight: str = "normal",
        color: str = "",
        ha: str = "left",
    ) -> Box:
        """Put a line of text so many points from the lower left corner of the axes."""
        look = {"va": "baseline", "size": style.SMALL, "color": color or self._theme.muted}
        place = (0, 0), (left, bottom + 0.24 * LINE), "axes fraction"
        style.write(self._ax, text, *place, ha=ha, weight=weight, **look)
        return self._box(text, left, bottom, weight)
