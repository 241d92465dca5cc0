"""Figure 1: the same jobs in a for loop, in threads and in processes, a bar per job.

Each bar stands where its job ran, from start to stop on one common zero, so that the picture shows
who ran when, and not only how long it took. It shows a take at the size of 2019 as it ran; the
ratio in its title is that of the short rounds, and stands beside their times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.theme import Theme
from scripts.experiments.cpu_bound.numbers import takes
from scripts.experiments.cpu_bound.words import WORDS as WORDS
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RATIO = "cpu_bound.threads_over_processes"
_PITCH = 17.0


def title(values: Values, say: Say) -> str:
    """The answer, as far as the measured ratio carries it."""
    ratio = values.get(_RATIO)
    if ratio is None:
        return say("title_none")
    verdict = decide(ratio, 1)
    if verdict == "holds":
        return say("title_holds", times=say.times(ratio.as_shown))
    if verdict == "fails":
        return say("title_fails", times=say.times(1 / ratio.as_shown))
    return say("title_same")


def table(record: Record, values: Values, say: Say) -> Table:
    """The bars as text, and below those of each way the time of them all."""
    columns = [say(f"column_{name}") for name in ("way", "task", "start", "stop", "duration")]
    rows = []
    for way, samples in takes(record).items():
        label = say(f"label_{way}")
        for span in middle(samples).spans:
            times = (span.start_s, span.stop_s, span.stop_s - span.start_s)
            cells = [units.with_unit(seconds, "s", say.language) for seconds in times]
            rows.append([label, say("job", number=span.job), *cells])
        take = values[f"cpu_bound.{way}.take_s"]
        rows.append([label, say("all"), units.with_unit(0, "s", say.language), *_total(take, say)])
    return columns, rows


def _total(take: Quantity, say: Say) -> list[str]:
    time, rounds = say.unit(take), say.many("round", take.n)
    ranged = say("range", time=time, rounds=rounds, range=say.interval(take))
    return [time, time if take.n == 1 else ranged]


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    ways = takes(record)
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, say), _short(values, say))
    sheet.note(_note(record, say))
    stop_s = 1.02 * max(sample.values["wall_s"] for each in ways.values() for sample in each)
    for way, samples in ways.items():
        sheet.top += 9
        take = values[f"cpu_bound.{way}.take_s"]
        aside = _busy(record, values.get(f"cpu_bound.{way}.at_once"), say)
        sheet.panel(say(f"label_{way}"), way, say.unit(take), aside)
        _panel(sheet, way, samples, stop_s, last=way == list(ways)[-1])
    every = [one for samples in ways.values() for one in samples]
    rounds = max(map(len, ways.values()))
    name = "footer" if rounds == 1 else "footer_range"
    sheet.footer(say(name, rounds=say.many("round", rounds)), every)
    return sheet.finish()


def middle(samples: list[Sample]) -> Sample:
    """The take whose time is the middle one; of an even number the shorter of the two."""
    return sorted(samples, key=lambda sample: sample.values["wall_s"])[(len(samples) - 1) // 2]


def _note(record: Record, say: Say) -> str:
    sizes = say.sizes(record, "jobs", "workers", "additions")
    return say("note", **sizes, cores=say.many("core", record.machine.cores))


def _short(values: Values, say: Say) -> str:
    """What the title's ratio is made of."""
    if _RATIO not in values:
        return ""
    keys = {way: f"cpu_bound.{way}.wall_s" for way in ("threads", "processes")}
    times = {way: say.unit(values[key]) for way, key in keys.items()}
    return say("short", **times, rounds=say.many("round", values[_RATIO].n))


def _busy(record: Record, together: Quantity | None, say: Say) -> str:
    """How many of the cores had work on average, which explains every bar."""
    cores = say.many("core", record.machine.cores)
    return say("at_once", at_once=f"{together.value:.2f}", cores=cores) if together else ""


def _panel(sheet: style.Sheet, way: str, samples: list[Sample], stop_s: float, last: bool) -> Axes:
    theme, color, say = sheet.theme, sheet.theme.ways[way], sheet.say
    spans = middle(samples).spans
    jobs = sorted({span.job for span in spans})
    height = style.rows_height(len(jobs), _PITCH)
    ax = sheet.axes(height, bottom=22 if last else 3)
    style.job_rows(ax, jobs, height, say)
    style.seconds_axis(ax, stop_s, say)
    style.last_of_column(ax, last)
    walls = [sample.values["wall_s"] for sample in samples]
    if len(walls) > 1:
        ax.axvspan(min(walls), max(walls), color=color, alpha=0.25, linewidth=0, zorder=0.8)
    for span in spans:
        # A job that is much shorter than the others still leaves a mark.
        length = max(span.stop_s - span.start_s, stop_s / 300)
        ax.barh(jobs.index(span.job), length, left=span.start_s, height=0.68, color=color)
    ax.axvline(middle(samples).values["wall_s"], color=theme.ink, linewidth=1.4)
    return ax
