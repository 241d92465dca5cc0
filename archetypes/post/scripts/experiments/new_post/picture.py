"""A bar for each way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.theme import Theme
from scripts.experiments.new_post.declaration import WAYS
from scripts.experiments.new_post.words import WORDS as WORDS
from scripts.record import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = {"loop": "for_loop", "built_in": "vectorised"}


def title(values: Values, say: Say) -> str:
    """The answer, by the threshold of the claim."""
    times = values.get("new_post.loop_to_built_in_ratio")
    return say("title" if times and decide(times, 1.2) == "holds" else "title_open")


def table(record: Record, values: Values, say: Say) -> Table:
    """The bars as numbers."""
    rows = [[say(way), say.unit(time)] for way, time in _times(values).items()]
    return [say("column_way"), say("column_time")], rows


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    times = _times(values)
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, say), say("note"))
    sheet.top += 8
    ax = sheet.axes(26 * len(times), bottom=22)
    style.seconds_axis(ax, 1.3 * max(time.high for time in times.values()), say)
    ax.set_yticks(range(len(times)), [say(way) for way in times])
    ax.invert_yaxis()
    for row, (way, time) in enumerate(times.items()):
        ax.barh(row, time.value, 0.62, color=theme.ways[COLORS[way]])
        ax.text(time.high, row, f" {say.unit(time)}", va="center", weight="bold", color=theme.ink)
    samples = record.select("new_post", "loop")
    sheet.footer(say("footer", rounds=say.many("round", len(samples))), samples)
    return sheet.finish()


def _times(values: Values) -> dict[str, Quantity]:
    keys = {way: f"new_post.{way}.wall_s" for way in WAYS}
    return {way: values[key] for way, key in keys.items() if key in values}
