"""The card that stands for the post where it is shared: the answer of figure 1, and its times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.quantity import Values
from scripts.draw import style
from scripts.draw.language import Say
from scripts.draw.theme import Theme
from scripts.experiments.cpu_bound import picture
from scripts.experiments.cpu_bound.declaration import WAYS
from scripts.experiments.cpu_bound.words import WORDS as WORDS
from scripts.record import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "card"
# What readers of Open Graph and Twitter cards ask for, in pixels.
PIXELS = (1200, 630)
DPI = PIXELS[0] / style.WIDTH * 72
# Where the bars begin: to the right of "Interpreters".
LEFT = 112.0
HEIGHT = PIXELS[1] / DPI * 72


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The card, to be drawn within `export.context()`: the times of the short rounds."""
    sheet = style.Sheet(theme, record, say)
    sheet.headline(picture.title(values, say), say("card_note"))
    times = {way: values[key] for way in WAYS if (key := f"cpu_bound.{way}.wall_s") in values}
    sheet.top += 6
    ax = sheet.axes(HEIGHT - 36 - sheet.top)
    style.set_ends(ax, LEFT, style.MARGIN)
    ax.grid(False)
    ax.set_xticks([])
    ax.set_xlim(0, 1.25 * max(time.value for time in times.values()))
    ax.set_yticks(range(len(times)), [say.way(way) for way in times])
    ax.invert_yaxis()
    for row, (way, time) in enumerate(times.items()):
        ax.barh(row, time.value, 0.62, color=theme.ways[way])
        text = f" {time.with_unit(say.language)}"
        size, ink = style.TITLE, theme.ink
        ax.text(time.value, row, text, va="center", size=size, weight="bold", color=ink)
    sheet.top = HEIGHT - 28
    sheet.note(say.origin(record))
    sheet.top = HEIGHT - 10
    return sheet.finish()
