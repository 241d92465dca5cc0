"""The one style of all pictures: two themes, a few sizes of type, and a sheet to set them on.

A picture is shown at 360 CSS pixels on a phone and at about 640 elsewhere. It is 460.8 points wide,
so a point is 0.78 pixels on the phone, and no text is smaller than SMALL, which is 9 pixels there.
Matplotlib is imported where it is used: who only wants a figure's values need not load it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scripts.draw.text import balanced, width_of, wrap
from scripts.draw.theme import MARKERS, STAMP, STAMP_INK, Theme
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    from scripts.conclude.quantity import Quantity
    from scripts.draw.language import Say

# Points, and pixels of the PNG per inch of 72 points: 1600 pixels wide.
WIDTH = 460.8
DPI = 250
MARGIN = 18.0
# Where the axes begin: to the right of "Seconds" and "job 10".
LEFT = 78.0
# Between the axes and their labels, below and to the left.
TICK_PAD, LABEL_PAD = 5.0, 8.0

HEADLINE = 22.0
TITLE = 14.0
TOTAL = 17.0
SMALL = 11.75
# From the top of a line of text to its baseline, and to the next line, in parts of its size.
ASCENT, LEADING = 0.76, 1.34

# Across and up.
Point = tuple[float, float]


class Sheet:
    """A figure that is filled from the top down; all measures are points.

    The height is known when everything has been set, so `finish` puts it all in its place.
    """

    def __init__(self, theme: Theme, record: Record, say: Say) -> None:
        from matplotlib.figure import Figure

        self.theme, self.record, self.say = theme, record, say
        self.figure = Figure(figsize=(WIDTH / 72, 1), facecolor=theme.page)
        self.top = MARGIN
        self._lines: list[tuple[Text, float]] = []
        self._boxes: list[tuple[Axes, float, float]] = []
        self._bands: list[tuple[Rectangle, float, float]] = []
        if record.quick:
            self._stamp()

    def headline(self, text: str, note: str) -> None:
        """The answer in large type, and below it in small type what was done."""
        self.figure.set_label(text)
        for line in balanced(text, HEADLINE, WIDTH - 2 * MARGIN, "bold"):
            self.text(line, size=HEADLINE, weight="bold", leading=1.2)
        self.top += 4
        self.note(note)

    def note(self, text: str, left: float = MARGIN) -> None:
        """A remark in small type, over as many lines as it needs."""
        for line in wrap(text, SMALL, WIDTH - MARGIN - left):
            self.text(line, left=left, color=self.theme.muted)

    def panel(self, title: str, way: str, total: str, aside: str) -> None:
        """The head of a panel: its title in the way's colour, its total, and a word about that.

        The word is left out when there is no room for it.
        """
        baseline = self.top + ASCENT * TITLE
        self._put(self.say("tasks"), baseline, LEFT - LABEL_PAD, color=self.theme.muted, ha="right")
        self._put(title, baseline, LEFT, TITLE, self.theme.ways[way], weight="bold")
        self._put(total, baseline, WIDTH - MARGIN, TOTAL, weight="bold", ha="right")
        right = WIDTH - MARGIN - width_of(total, TOTAL, "bold") - LABEL_PAD
        title_ends = LEFT + width_of(title, TITLE, "bold") + LABEL_PAD
        if right - width_of(aside, SMALL) > title_ends:
            self._put(aside, baseline, right, color=self.theme.muted, ha="right")
        self.top += LEADING * TITLE + 2

    def title(self, text: str, aside: str = "", left: float = LEFT) -> None:
        """The head of a panel that is not one way's: its title, and a remark at the right."""
        baseline = self.top + ASCENT * TITLE
        self._put(text, baseline, left, TITLE, weight="bold")
        self._put(aside, baseline, WIDTH - MARGIN, color=self.theme.muted, ha="right")
        self.top += LEADING * TITLE + 2

    def text(self, text: str, left=MARGIN, size=SMALL, leading=LEADING, **look: str) -> None:
        """One line of text, after which the next one begins; `look` is Matplotlib's."""
        self._put(text, self.top + ASCENT * size, left, size, **look)
        self.top += leading * size

    def axes(self, height: float, bottom: float = 0) -> Axes:
        """Axes of this height over the whole width, with `bottom` points below them kept free."""
        place = (LEFT / WIDTH, 0, 1 - (LEFT + MARGIN) / WIDTH, 1)
        ax = self.figure.add_axes(place, axes_class=_axes_class())
        ax.set_facecolor("none")
        ax.spines[:].set_visible(False)
        none = dict.fromkeys(("bottom", "left"), False)
        ax.tick_params(pad=TICK_PAD, labelsize=SMALL, labelcolor=self.theme.muted, **none, length=0)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_label_coords(0, 0)  # which else is found from all that is beside it
        ax.tick_params(axis="y", pad=LABEL_PAD)
        ax.xaxis.label.set_color(self.theme.muted)
        ax.grid(axis="x", color=self.theme.grid, linewidth=0.8)
        ax.set_axisbelow(True)
        self._boxes.append((ax, self.top, height))
        self.top += height + bottom
        return ax

    def footer(self, text: str, samples: Sequence[Sample]) -> None:
        """The small print: a rule, where the numbers come from, `text`, and disturbed samples."""
        self.top += 6
        self._band(self.theme.grid, MARGIN, 0.8)
        self.top += 8
        self.note(self.say.origin(self.record))
        self.note(text)
        disturbed = self.say.disturbance(samples)
        if disturbed:
            self.text(disturbed, weight="bold", color=self.theme.ways["threads"])

    def finish(self) -> Figure:
        """The figure, as high as it has to be, to a whole pixel."""
        height = round((self.top + 10) / 72 * DPI) / DPI * 72
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        for line, baseline in self._lines:
            line.set_y(1 - baseline / height)
        for band, top, high in self._bands:
            band.set(y=1 - (top + high) / height, height=high / height)
        for ax, top, high in self._boxes:
            box = ax.get_position()
            ax.set_position((box.x0, 1 - (top + high) / height, box.width, high / height))
        return self.figure

    def _put(self, text: str, baseline: float, left: float, size=SMALL, color="", **look: str):
        color = color or self.theme.ink
        line = self.figure.text(left / WIDTH, 0, text, size=size, color=color, **look)
        self._lines.append((line, baseline))

    def _band(self, color: str, margin: float, height: float) -> None:
        from matplotlib.patches import Rectangle

        place = {"transform": self.figure.transFigure, "linewidth": 0}
        band = Rectangle((margin / WIDTH, 0), 1 - 2 * margin / WIDTH, 1, color=color, **place)
        self._bands.append((self.figure.add_artist(band), self.top, height))

    def _stamp(self) -> None:
        self.top = 0
        self._band(STAMP, 0, 26)
        self.top = 6.5
        look = {"ha": "center", "weight": "bold", "color": STAMP_INK}
        self.text(self.say("quick"), WIDTH / 2, 13, **look)
        self.top = 26 + 13


def _without_ticks(axis: Axis) -> None:
    axis.majorTicks, axis.minorTicks = [], []


@functools.cache
def _axes_class() -> type[Axes]:
    """Axes that make no tick before one is needed, and each as `tick_params` says.

    Matplotlib makes four for all axes, and then each like the first: a quarter of all drawing.
    """
    from matplotlib.axes import Axes

    class PlainAxes(Axes):
        def _init_axis(self) -> None:
            super()._init_axis()
            for axis in (self.xaxis, self.yaxis):
                axis.reset_ticks = functools.partial(_without_ticks, axis)
                axis._copy_tick_props = lambda *_: None

    return PlainAxes


def seconds_axis(ax: Axes, stop_s: float, say: Say, *, above: bool = False) -> None:
    """Round ticks from zero on, and "Seconds" in front of them instead of below."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_xlim(0, stop_s)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    ax.tick_params(labeltop=above, labelbottom=not above)
    name_axis(ax, say("seconds"), above=above)


def name_axis(ax: Axes, label: str, *, above: bool = False) -> None:
    """The name of the x axis, left of its ticks and on their line."""
    from matplotlib.transforms import ScaledTranslation

    side = 1 if above else 0
    shift = ScaledTranslation(
        -LABEL_PAD / 72, (2 * side - 1) * TICK_PAD / 72, ax.get_figure().dpi_scale_trans
    )
    ax.set_xlabel(label, ha="right", va="bottom" if above else "top", size=SMALL)
    ax.xaxis.set_label_coords(0, side, transform=ax.transAxes + shift)


def line(ax: Axes, points: Mapping[float, Quantity], way: str, theme: Theme, front: bool) -> None:
    """A way's line over numbers of workers: medians, and a stroke for the interval of each."""
    edge = {"markersize": 6.5, "markeredgecolor": theme.page, "markeredgewidth": 0.8}
    look = {"color": theme.ways[way], "marker": MARKERS[way], "zorder": 3 if front else 2.5}
    rates = [(one.value, one.value - one.low, one.high - one.value) for one in points.values()]
    middle, *ends = zip(*rates, strict=True)
    ax.errorbar([*points], middle, ends, linewidth=1.8, elinewidth=3.2, **look, **edge)


def write(ax: Axes, text: str, at: Point, shift: Point, within: Any = "data", **look: Any) -> None:
    """Put a text so many points from a place in the axes; it may reach beyond them."""
    offset = {"xytext": shift, "textcoords": "offset points"}
    ax.annotate(text, at, xycoords=within, annotation_clip=False, **offset, **look)


def backed(theme: Theme) -> dict[str, Any]:
    """The box of a text that stands on lines."""
    return {"facecolor": theme.page, "edgecolor": "none", "alpha": 0.8, "pad": 1}


def last_of_column(ax: Axes, last: bool) -> None:
    """Of panels that share their x axis, only the last one names it."""
    if not last:
        ax.tick_params(labelbottom=False)
        ax.set_xlabel("")


def set_ends(ax: Axes, left: float, right: float) -> None:
    """Let axes begin and end so many points from the edges of the sheet."""
    ax.set_position((left / WIDTH, 0, 1 - (left + right) / WIDTH, 1))


def apart(places: Sequence[float], pitch: float, low: float, high: float) -> list[float]:
    """`places` moved so that none is nearer than `pitch` to another, in their order.

    They stay between `low` and `high` as long as there is room for all of them.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    least = low
    for index in order:
        moved[index] = least = max(places[index], least)
        least += pitch
    most = high
    for index in reversed(order):
        moved[index] = most = min(moved[index], most)
        most -= pitch
    return moved


def tick(value: float) -> str:
    """The text of a round number at an axis: 0, 0.05, 2.5, 20, 1,500."""
    text = units.number(value)
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def job_rows(ax: Axes, jobs: Sequence[int], height: float, say: Say) -> None:
    """A row per job, the first on top; when they get narrow only some of them are named."""
    ax.set_ylim(len(jobs) - 0.5, -0.5)
    pitch = height / max(1, len(jobs))
    every = next((n for n in (1, 2, 4, 5, 10) if n * pitch >= SMALL * 1.1), len(jobs))
    named = range(0, len(jobs), every)
    ax.set_yticks(named, [say("job", number=jobs[row]) for row in named])


def rows_height(count: int, pitch: float, most: float = 150) -> float:
    """The height of `count` rows, which are narrower when there are many."""
    return max(pitch, min(count * pitch, most))
