"""Figure 6: the same jobs on every interpreter at hand, with the GIL and without it.

Below, the strip that shows whose stripes those of figure 2 are: if it is the GIL that makes threads
take turns, a turn is as long as the switch interval says, and the points lie on the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.conclude.intervals import FEWEST_ROUNDS
from scripts.conclude.quantity import At, Quantity
from scripts.conclude.stats import WORTH, at_once, by_round, typical
from scripts.draw import style
from scripts.experiments.runtimes import numbers
from scripts.experiments.runtimes.numbers import Measured
from scripts.experiments.switch_interval.numbers import turns_ms
from scripts.record import Record, Runtime, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process6"
WAYS = {
    "for_loop": "for loop",
    "threads": "threads",
    "processes": "processes",
    "interpreters": "interpreters",
}
# From and up to which part of the switch interval a turn counts as being that long.
_FOLLOWS = (0.7, 1.5)
_PITCH = 19.0
# Where the bars begin, to the right of "interpreters", and where they end, left of what is said.
_LEFT, _RIGHT = 104.0, 140.0
# The times end so far left of the margin, the numbers of jobs at once at it.
_COLUMN = 52.0


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """A row for every bar and, below, one for every switch interval."""
    rows = []
    for one in numbers.measured(record):
        for way, samples in one.ways.items():
            wall = _with_range(typical(by_round(samples), "s"))
            together = units.with_unit(typical(at_once(samples), "ratio").value, "ratio")
            rows.append([_name(one.runtime), WAYS[way].capitalize(), wall, together])
    for interval_s, samples in turns_ms(record).items():
        interval = f"Switch interval {style.tick(interval_s * 1000)} ms"
        turn = _with_range(typical(samples, "ms"))
        rows.append([_name(record.runtimes[0]), interval, turn, "median turn of a thread"])
    return ["Interpreter", "Way", "Time", "CPU time over wall time"], rows


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    measured, switched, found = (
        numbers.measured(record),
        turns_ms(record),
        numbers.quantities(record),
    )
    sheet = style.Sheet(theme, record)
    sheet.headline(headline(found, measured), _note(record))
    walls = [one.values["wall_s"] for each in measured for way in each.ways.values() for one in way]
    for one in measured:
        sheet.top += 9
        sheet.title(_name(one.runtime), "jobs at once", left=style.MARGIN)
        _panel(sheet, one, 1.04 * max(walls), last=one is measured[-1])
        if remark := _single_thread(one, found):
            sheet.note(remark, left=_LEFT)
    shown = [one for each in measured for way in each.ways.values() for one in way]
    if switched:
        sheet.top += 12
        sheet.title(_follows(switched), left=style.MARGIN)
        name = _version(record.runtimes[0])
        sheet.note(f"Median turn (up) by switch interval (across), {name}.")
        _strip(sheet, switched)
    rounds = max(len(samples) for each in measured for samples in each.ways.values())
    sheet.footer(_legend(rounds), shown)
    return sheet.finish()


def headline(found: dict[str, Quantity], measured: Sequence[Measured]) -> str:
    """The answer, as far as the interpreters at hand carry it."""
    if len(measured) == 1:
        gil = "with the GIL" if measured[0].runtime.gil else "without the GIL"
        return f"One interpreter here, {gil}: {_version(measured[0].runtime)}"
    gains = {
        kind: found.get(f"runtimes.{kind}.for_loop_to_{way}_ratio")
        for kind, way in (("gil", "threads"), ("no_gil", "threads"), ("interpreters",) * 2)
    }
    free, locked, apart = gains["no_gil"], gains["gil"], gains["interpreters"]
    if free and _sooner(free):
        text = f"Without the GIL, threads {_finish(free)} than a for loop"
        if locked:
            do = "do" if free.n >= FEWEST_ROUNDS else "did"
            text += "; with it, too" if _sooner(locked) else f"; with it, they {do} not"
        return text
    if free and _open(free):
        return "These rounds do not tell whether threads gain without the GIL"
    if free:
        return "Even without the GIL, threads do not beat a for loop here"
    if apart and _sooner(apart):
        return f"Interpreters side by side {_finish(apart)} than a for loop"
    return f"{len(measured)} interpreters here, and threads share a GIL in each"


def _name(runtime: Runtime) -> str:
    """ "CPython 3.13.5, no GIL"."""
    return f"{_version(runtime)}, {'GIL' if runtime.gil else 'no GIL'}"


def _version(runtime: Runtime) -> str:
    return f"{runtime.implementation} {runtime.version}"


def _with_range(quantity: Quantity) -> str:
    text = units.with_unit(quantity.value, quantity.unit)
    return f"{text} ({quantity.range_text})" if quantity.n > 1 else text


def _sooner(gain: Quantity) -> bool:
    """Whether a way is faster than the for loop; on few rounds, as far as these tell."""
    if gain.n >= FEWEST_ROUNDS:
        return gain.value > 1 and gain.differs_from(1)
    return gain.low > 1


def _open(gain: Quantity) -> bool:
    """Whether a way may well be faster, but the rounds differ too much to say so."""
    return gain.value >= WORTH and not _sooner(gain)


def _finish(gain: Quantity) -> str:
    verb = "finish" if gain.n >= FEWEST_ROUNDS else "finished"
    return f"{verb} {units.with_unit(gain.value, 'ratio')} sooner"


def _note(record: Record) -> str:
    jobs, workers = (units.count(int(record.settings[name])) for name in ("jobs", "workers"))
    additions = units.count(int(record.settings["runtimes_additions"]))
    return (
        f"{jobs} job{'' if jobs == '1' else 's'} of {additions} additions, "
        f"{workers} worker{'' if workers == '1' else 's'}. Jobs at once: their CPU time "
        "over the wall time."
    )


def _single_thread(one: Measured, found: dict[str, Quantity]) -> str:
    """What the missing GIL costs a single thread, below the interpreter without it."""
    price = found.get("runtimes.no_gil.single_thread_price_ratio")
    if one.runtime.gil or price is None:
        return ""
    version = found["runtimes.no_gil.single_thread_base_version"].text
    return f"A single thread takes {units.with_unit(price.value, 'ratio')} as long as on {version}."


def _follows(switched: dict[float, dict[At, float]]) -> str:
    """What the strip says: whether the turns are as long as the intervals."""
    low, high = _FOLLOWS
    parts = [typical(samples, "ms").value / at / 1000 for at, samples in switched.items()]
    if all(low <= part <= high for part in parts):
        return "The turns of threads are the GIL's"
    return "The turns of threads are not the GIL's alone"


def _legend(rounds: int) -> str:
    if rounds == 1:
        return "A single round"
    return f"Median of {style.rounds(rounds)}; strokes: lowest and highest"


def _panel(sheet: style.Sheet, one: Measured, stop: float, last: bool) -> Axes:
    theme = sheet.theme
    ax = sheet.axes(_PITCH * len(one.ways), bottom=22 if last else 3)
    style.set_ends(ax, _LEFT, _RIGHT)
    style.seconds_axis(ax, stop)
    if not last:
        ax.tick_params(labelbottom=False)
        ax.set_xlabel("")
    ax.set_ylim(len(one.ways) - 0.5, -0.5)
    ax.set_yticks(range(len(one.ways)), [WAYS[way] for way in one.ways])
    for row, (way, samples) in enumerate(one.ways.items()):
        total, color = typical(by_round(samples), "s"), theme.ways[way]
        ax.barh(row, total.value, height=0.66, color=color)
        ax.plot([total.low, total.high], [row, row], color=theme.ink, linewidth=1.6)
        together = units.text(typical(at_once(samples), "ratio").value, "ratio")
        _beside(ax, row, units.with_unit(total.value, "s"), together, theme)
    return ax


def _beside(ax: Axes, row: int, total: str, at_once: str, theme: style.Theme) -> None:
    """Time and parallelism of a bar, each in a column of its own at the right."""
    columns = {0: (at_once, theme.muted, "normal"), _COLUMN: (total, theme.ink, "bold")}
    for left, (text, color, weight) in columns.items():
        ax.annotate(
            text,
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(_RIGHT - style.MARGIN - left, 0),
            textcoords="offset points",
            ha="right",
            va="center_baseline",
            color=color,
            weight=weight,
            annotation_clip=False,
        )


def _strip(sheet: style.Sheet, switched: dict[float, dict[At, float]]) -> None:
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
    names = [f"{style.tick(at)} ms" for at in turns]
    ax.set_xticks(list(turns), names)
    ax.set_yticks(list(turns), names)
    style.name_axis(ax, "Interval")
    ax.plot([low, high], [low, high], color=theme.muted, linewidth=1.4, linestyle=(0, (3, 2.5)))
    for at, turn in turns.items():
        color = theme.ways["threads"]
        ax.plot([at, at], [max(turn.low, low), turn.high], color=color, linewidth=3.2)
        ax.plot([at], [turn.value], "s", color=color, markersize=7.5, markeredgecolor=theme.page)
        ax.annotate(
            units.with_unit(turn.value, "ms"),
            (at, turn.value),
            xytext=(10, -5),
            textcoords="offset points",
            va="top",
            weight="bold",
            color=color,
            bbox={"facecolor": theme.page, "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
