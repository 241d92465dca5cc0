"""The card that stands for the post where it is shared: the answer of figure 1, and its totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scripts.conclude.quantity import Quantity
from scripts.draw import style
from scripts.draw.theme import Theme
from scripts.experiments.cpu_bound import picture as cpu_bound
from scripts.record import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scripts.draw.language import Say

NAME = "card"
WORDS = {"total": {"zh": "同样的任务，总共用时：", "en": "Total time of the same jobs:"}}
# What readers of Open Graph and Twitter cards ask for, in pixels.
PIXELS = (1200, 630)
DPI = PIXELS[0] / style.WIDTH * 72
# Where the bars begin: to the right of "interpreters".
LEFT = 112.0
HEIGHT = PIXELS[1] / DPI * 72


def draw(record: Record, values: Mapping[str, Quantity], theme: Theme, say: Say) -> Figure:
    """The card, to be drawn within `export.context()`; the record holds samples of `cpu_bound`."""
    sheet = style.Sheet(theme, record, say)
    sheet.headline(cpu_bound.title(values, say), say("total"))
    totals = {
        way: values[key]
        for way in record.runtimes[0].ways
        if (key := f"cpu_bound.{way}.take_s") in values
    }
    sheet.top += 6
    ax = sheet.axes(HEIGHT - 36 - sheet.top)
    style.set_ends(ax, LEFT, style.MARGIN)
    ax.grid(False)
    ax.set_xticks([])
    ax.set_xlim(0, 1.25 * max(total.value for total in totals.values()))
    ax.set_yticks(range(len(totals)), [say.way(way) for way in totals])
    ax.invert_yaxis()
    for row, (way, total) in enumerate(totals.items()):
        ax.barh(row, total.value, 0.62, color=theme.ways[way])
        text, size = f" {say.unit(total)}", style.TITLE
        ax.text(total.value, row, text, va="center", size=size, weight="bold", color=theme.ink)
    sheet.top = HEIGHT - 28
    sheet.note(say.origin(record))
    sheet.top = HEIGHT - 10
    return sheet.finish()
