"""The card that stands for the post where it is shared: the answer of figure 1, and its totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.stats import median_of, rounds_of
from scripts.draw import style
from scripts.experiments.cpu_bound import picture as cpu_bound
from scripts.record import Record, units

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "card"
# What readers of Open Graph and Twitter cards ask for, in pixels.
PIXELS = (1200, 630)
DPI = PIXELS[0] / style.WIDTH * 72
# Where the bars begin: to the right of "interpreters".
LEFT = 112.0
HEIGHT = PIXELS[1] / DPI * 72


def draw(record: Record) -> Figure:
    """The card, to be drawn within `style.context()`; the record holds samples of `cpu_bound`."""
    sheet = style.Sheet(style.LIGHT, record)
    ratio = cpu_bound.values(record).get("cpu_bound.threads_over_processes")
    sheet.headline(cpu_bound.headline(ratio), "Total time of the same jobs:")
    totals = {
        way: median_of(samples, "wall_s", "s")
        for way in cpu_bound.WAYS
        if (samples := rounds_of(record, "cpu_bound", way))
    }
    sheet.top += 6
    ax = sheet.axes(HEIGHT - 36 - sheet.top)
    style.set_ends(ax, LEFT, style.MARGIN)
    ax.grid(False)
    ax.set_xticks([])
    ax.set_xlim(0, 1.25 * max(total.value for total in totals.values()))
    ax.set_yticks(range(len(totals)), [way.replace("_", " ") for way in totals])
    ax.invert_yaxis()
    for row, (way, total) in enumerate(totals.items()):
        ax.barh(row, total.value, 0.62, color=sheet.theme.ways[way])
        text = f" {units.with_unit(total.value, 's')}"
        size, ink = style.TITLE, sheet.theme.ink
        ax.text(total.value, row, text, va="center", size=size, weight="bold", color=ink)
    sheet.top = HEIGHT - 28
    sheet.note(style.origin(record))
    sheet.top = HEIGHT - 10
    return sheet.finish()
