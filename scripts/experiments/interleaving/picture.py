"""Figure 2: the moments at which each job really ran, threads above processes.

Each way has the whole run and, below it, some 50 ms out of its middle, in which the hand-overs
from one job to the next can be seen. All rows of a picture count from one common zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style, trace
from scripts.draw.language import Say, Table
from scripts.draw.theme import Theme
from scripts.experiments.interleaving.numbers import takes
from scripts.experiments.interleaving.words import WORDS as WORDS
from scripts.measure.sweep import Sweep, sweep
from scripts.record import Record, Runtime, Sample, Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WAYS = ("threads", "processes")
_MEASURES = ("overlap_percent", "parallelism_ratio", "switches_count", "median_run_ms", "wall_s")
_PITCH = 13.0
_ZOOM_PITCH = 16.0
# The zoom shows so many switch intervals, if half of the run has room for them.
_ZOOM_INTERVALS = 10
# More strokes than this are finer than the eye sees, and weigh less as pixels within the SVG.
_MOST_STROKES = 3000
# From and up to which share of the time the title says "at the same moment" and "take turns": the
# thresholds of the claims on this figure.
AT_ONCE, IN_TURN = 50, 10


def title(values: Values, jobs: int, say: Say) -> str:
    """The answer, from the percentage of the time in which two or more jobs ran at once."""
    if jobs < 2:
        return say("title_alone")
    overlaps = {way: values.get(f"interleaving.{way}.overlap_percent") for way in WAYS}
    turns = {way: one and decide(one, IN_TURN, above=False) for way, one in overlaps.items()}
    at_once = {way: one and decide(one, AT_ONCE) for way, one in overlaps.items()}
    if turns["threads"] == at_once["processes"] == "holds":
        return say("title_both")
    if at_once["threads"] == at_once["processes"] == "holds":
        return say("title_same")
    if turns["threads"] == turns["processes"] == "holds":
        return say("title_turns")
    shares = say("comma").join(
        say("share", label=say(f"label_{way}"), share=say.unit(one))
        for way, one in overlaps.items()
        if one
    )
    return say("title_shares", shares=shares)


def table(record: Record, values: Values, say: Say) -> Table:
    """What was measured of each way, with the interval of the rounds."""
    ways = [way for way in _samples(record) if f"interleaving.{way}.wall_s" in values]
    rows = [
        [say(name), *(_with_range(values[f"interleaving.{way}.{name}"], say) for way in ways)]
        for name in _MEASURES
    ]
    return [say("column_measure"), *(say(f"label_{way}") for way in ways)], rows


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    ways = _samples(record)
    shown = {way: samples[0] for way, samples in ways.items()}
    stop_s = 1.01 * max(span.stop_s for sample in shown.values() for span in sample.spans)
    window_s = zoom_s(record.runtimes[0], [sweep(sample.spans) for sample in shown.values()])
    jobs = max(len(_jobs(sample)) for sample in shown.values())
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, jobs, say), _note(record, jobs, say))
    for way, sample in shown.items():
        sheet.top += 10
        share = values.get(f"interleaving.{way}.overlap_percent")
        told = (say.unit(share), say("aside")) if share else ("", "")
        sheet.panel(say(f"label_{way}"), way, *told)
        _panel(sheet, way, sample, stop_s, window_s)
        run = values.get(f"interleaving.{way}.median_run_ms")
        if run:
            sheet.note(remark(way, sample.spans, record, run, say), left=style.LEFT)
    rounds = max((one.n for key, one in values.items() if "interleaving." in key), default=0)
    every = [one for samples in ways.values() for one in samples]
    sheet.footer(say("footer", rounds=say.many("round", rounds)) if rounds else "", every)
    return sheet.finish()


def trace_of(record: Record) -> str:
    """The runs that the figure shows, as a file for programs that show traces."""
    shown = {way: samples[0] for way, samples in _samples(record).items()}
    say = Say("en", WORDS)
    return trace.dumps(record, shown, {way: say(f"label_{way}") for way in WAYS})


def remark(way: str, spans: Sequence[Span], record: Record, run: Quantity, say: Say) -> str:
    """What the zoom shows: why a job stands still, and how long it ran before it did."""
    runtime, jobs = record.runtimes[0], len({span.job for span in spans})
    if len(spans) == jobs:
        return say("remark_none")
    facts = {"run": say.unit(run), "jobs": jobs, "cores": say.many("core", record.machine.cores)}
    if way == "threads" and runtime.gil:
        interval = style.tick(runtime.switch_interval_s * 1000)
        return say("remark_gil", interval=interval, **facts)
    if way == "threads":
        return say("remark_free", **facts)
    return say("remark_processes" if jobs > record.machine.cores else "remark_system", **facts)


def zoom_s(runtime: Runtime, sweeps: Sequence[Sweep]) -> float:
    """How many seconds the zoom shows: ten switch intervals, or half of the shortest run."""
    wanted = _ZOOM_INTERVALS * runtime.switch_interval_s
    return min([wanted or 0.05, *(each.extent_s / 2 for each in sweeps)]) or 1e-6


def zoom_ticks(window_ms: float, interval_ms: float) -> list[float]:
    """The moments in the zoom, in ms, at which a line stands: every interval, or round numbers."""
    if not 2 <= window_ms / (interval_ms or window_ms) <= 20:
        power = 10.0 ** math.floor(math.log10(window_ms))
        interval_ms = next(n * power for n in (0.2, 0.5, 1, 2) if window_ms <= 6 * n * power)
    return [n * interval_ms for n in range(int(window_ms / interval_ms + 1e-6) + 1)]


def _samples(record: Record) -> dict[str, list[Sample]]:
    """The samples of each way that hold spans, in the order of the panels."""
    return {way: samples for way, samples in takes(record).items() if way in WAYS}


def _with_range(quantity: Quantity, say: Say) -> str:
    # So many jobs at once is a number of jobs, and no factor.
    return say.with_range(quantity).replace("×", "").replace("倍", "")


def _jobs(sample: Sample) -> list[int]:
    return sorted({span.job for span in sample.spans})


def _note(record: Record, jobs: int, say: Say) -> str:
    cores = say.many("core", record.machine.cores)
    return say("note", jobs=jobs, cores=cores, **say.sizes(record, "ticks"))


def _panel(sheet: style.Sheet, way: str, sample: Sample, stop_s: float, window_s: float) -> None:
    """The whole run with its time above it, the lens, and the zoom with its time below it."""
    theme, jobs, runtime = sheet.theme, _jobs(sample), sheet.record.runtimes[0]
    first = min(span.start_s for span in sample.spans)
    begin_s = (first + max(span.stop_s for span in sample.spans) - window_s) / 2
    sheet.top += 15
    height = style.rows_height(len(jobs), _PITCH, most=104)
    ax = sheet.axes(height)
    style.job_rows(ax, jobs, height, sheet.say)
    style.seconds_axis(ax, stop_s, sheet.say, above=True)
    edges = [begin_s, begin_s + window_s]
    ax.axvspan(*edges, color=theme.lens, linewidth=0, zorder=0.6)
    ax.vlines(edges, *ax.get_ylim(), color=theme.muted, linewidth=0.8, zorder=3)
    _runs(ax, sample.spans, jobs, height, theme.ways[way])
    lens = sheet.axes(12)
    lens.set(xlim=(0, stop_s), ylim=(0, 1), xticks=[], yticks=[])
    lens.fill([*edges, stop_s, 0], [1, 1, 0, 0], color=theme.lens, linewidth=0)
    lens.plot([[0, stop_s], edges], [[0, 0], [1, 1]], color=theme.muted, linewidth=0.8)
    height = style.rows_height(len(jobs), _ZOOM_PITCH, most=128)
    ax = sheet.axes(height, bottom=21)
    ax.set_facecolor(theme.lens)
    ax.grid(axis="x", color=theme.muted, alpha=0.45)
    style.job_rows(ax, jobs, height, sheet.say)
    _runs(ax, _cut(sample.spans, begin_s, window_s), jobs, height, theme.ways[way])
    _zoom_axis(ax, window_s * 1000, runtime.switch_interval_s * 1000, sheet.say)


def _cut(spans: Sequence[Span], begin_s: float, window_s: float) -> list[Span]:
    """The parts of the spans that lie in the window, in ms from its begin."""
    inside = []
    for span in spans:
        start_s, stop_s = (
            min(max(at - begin_s, 0.0), window_s) for at in (span.start_s, span.stop_s)
        )
        if start_s < stop_s:
            inside.append(Span(span.job, start_s * 1000, stop_s * 1000))
    return inside


def _zoom_axis(ax: Axes, window_ms: float, interval_ms: float, say: Say) -> None:
    ticks = zoom_ticks(window_ms, interval_ms)
    every = 2 if len(ticks) > 6 else 1
    labels = [style.tick(at) if n % every == 0 else "" for n, at in enumerate(ticks)]
    ax.set_xlim(0, window_ms)
    ax.set_xticks(ticks, labels)
    style.name_axis(ax, say("ms"))


def _runs(ax: Axes, spans: Sequence[Span], jobs: list[int], height: float, color: str) -> None:
    """A stroke for every span: one path per job, since hundreds of shapes make a heavy SVG."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for row, job in enumerate(jobs):
        own = [span for span in spans if span.job == job]
        points = [(at, row) for span in own for at in (span.start_s, span.stop_s)]
        if not points:
            continue
        path = Path(points, [Path.MOVETO, Path.LINETO] * len(own))
        width = 0.72 * height / len(jobs)
        patch = PathPatch(path, fill=False, edgecolor=color, linewidth=width, capstyle="butt")
        patch.set_rasterized(len(spans) > _MOST_STROKES)
        ax.add_patch(patch)
