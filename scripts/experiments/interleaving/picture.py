"""Figure 2: the moments at which each job really ran, threads above processes.

Each way has the whole run and, below it, some 50 ms out of its middle, in which the hand-overs
from one job to the next can be seen. All rows of a picture count from one common zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.conclude.quantity import Quantity
from scripts.draw import style, trace
from scripts.experiments.interleaving import numbers
from scripts.experiments.interleaving.numbers import takes
from scripts.measure.sweep import Sweep, sweep
from scripts.record import Record, Runtime, Sample, Span, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process2"
WAYS = {"threads": "Multithreading", "processes": "Multiprocessing"}
# What is measured, how it is called in the table, and in which unit.
_MEASURES = {
    "overlap_percent": ("Two or more jobs at once", "percent"),
    "parallelism_ratio": ("Jobs running at once, on average", "ratio"),
    "switches_count": ("Hand-overs from job to job", "count"),
    "median_run_ms": ("Median run", "ms"),
}
_PITCH = 13.0
_ZOOM_PITCH = 16.0
# The zoom shows so many switch intervals, if half of the run has room for them.
_ZOOM_INTERVALS = 10
# More strokes than this are finer than the eye sees, and weigh less as pixels within the SVG.
_MOST_STROKES = 3000
# From and up to which share of the time the headline says "at the same moment" and "take turns".
_AT_ONCE, _IN_TURN = 50, 10


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """What was measured of each way, with the range of the rounds."""
    found, ways = numbers.quantities(record), list(_samples(record))
    measures = {**{name: label for name, (label, _) in _MEASURES.items()}, "wall_s": "Wall time"}
    rows = []
    for name, label in measures.items():
        quantities = [found[f"interleaving.{way}.{name}"] for way in ways]
        rows.append([label, *(_with_range(quantity) for quantity in quantities)])
    return ["Measure", *(WAYS[way] for way in ways)], rows


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    ways = _samples(record)
    found = numbers.quantities(record)
    shown = {way: samples[0] for way, samples in ways.items()}
    stop = 1.01 * max(span.stop_s for sample in shown.values() for span in sample.spans)
    window = zoom_s(record.runtimes[0], [sweep(sample.spans) for sample in shown.values()])
    overlaps = {way: found[f"interleaving.{way}.overlap_percent"].value for way in ways}
    jobs = max(len(_jobs(sample)) for sample in shown.values())
    sheet = style.Sheet(theme, record)
    sheet.headline(headline(overlaps, jobs), _note(record))
    for way, sample in shown.items():
        sheet.top += 10
        share = units.with_unit(overlaps[way], "percent")
        sheet.panel(WAYS[way], way, share, "two or more at once")
        _panel(sheet, way, sample, stop, window)
        run = found[f"interleaving.{way}.median_run_ms"]
        sheet.note(remark(way, sample.spans, record.runtimes[0], run), left=style.LEFT)
    rounds = max(len(samples) for samples in ways.values())
    many = f"Percentages: median of {rounds} rounds; drawn: the median round"
    every = [one for samples in ways.values() for one in samples]
    sheet.footer(many if rounds > 1 else "A single round", every)
    return sheet.finish()


def trace_of(record: Record) -> str:
    """The runs that the figure shows, as a file for programs that show traces."""
    shown = {way: samples[0] for way, samples in _samples(record).items()}
    return trace.dumps(record, shown, WAYS)


def headline(overlaps: dict[str, float], jobs: int) -> str:
    """The answer, from the percentage of the time in which two or more jobs ran at once."""
    if jobs < 2:
        return "A single job has nobody to take turns with"
    does = {}
    for way, percent in overlaps.items():
        if percent >= _AT_ONCE:
            does[way] = "run at the same moment"
        elif percent < _IN_TURN:
            does[way] = "take turns"
    if len(does) < len(overlaps):
        shares = (f"{way} {units.with_unit(share, 'percent')}" for way, share in overlaps.items())
        return f"Two or more at once: {', '.join(shares)} of the time"
    if len(does) > 1 and len(set(does.values())) == 1:
        return f"Threads and processes both {does['threads']} here"
    return ", ".join(f"{way} {what}" for way, what in does.items()).capitalize()


def remark(way: str, spans: Sequence[Span], runtime: Runtime, run: Quantity) -> str:
    """What the zoom shows: why a job stands still, and how long it ran before it did."""
    turns = f"Median run: {units.with_unit(run.value, 'ms')}."
    if len(spans) == len({span.job for span in spans}):
        return "No gaps: nothing stopped a job before its end."
    if way == "threads" and runtime.gil:
        interval = f"{style.tick(runtime.switch_interval_s * 1000)} ms"
        return f"Lines: every {interval}, when a thread that waits asks for the GIL. {turns}"
    free = "No GIL to wait for. " if way == "threads" else ""
    return f"{free}Gaps: the operating system gave the core to other work. {turns}"


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


def _with_range(quantity: Quantity) -> str:
    text = units.with_unit(quantity.value, quantity.unit)
    text = f"{text} ({quantity.range_text})" if quantity.n > 1 else text
    # So many jobs at once is a number of jobs, and no factor.
    return text.replace("×", "")


def _jobs(sample: Sample) -> list[int]:
    return sorted({span.job for span in sample.spans})


def _note(record: Record) -> str:
    jobs, ticks = (units.count(int(record.settings[name])) for name in ("jobs", "ticks"))
    what = "1 job notes" if jobs == "1" else f"{jobs} jobs note"
    return f"{what} the time {ticks} times. Coloured: the job was running."


def _panel(sheet: style.Sheet, way: str, sample: Sample, stop: float, window: float) -> None:
    """The whole run with its time above it, the lens, and the zoom with its time below it."""
    theme, jobs, runtime = sheet.theme, _jobs(sample), sheet.record.runtimes[0]
    first = min(span.start_s for span in sample.spans)
    begin = (first + max(span.stop_s for span in sample.spans) - window) / 2
    sheet.top += 15
    height = style.rows_height(len(jobs), _PITCH, most=104)
    ax = sheet.axes(height)
    style.job_rows(ax, jobs, height)
    style.seconds_axis(ax, stop, above=True)
    edges = [begin, begin + window]
    ax.axvspan(*edges, color=theme.lens, linewidth=0, zorder=0.6)
    ax.vlines(edges, *ax.get_ylim(), color=theme.muted, linewidth=0.8, zorder=3)
    _runs(ax, sample.spans, jobs, height, theme.ways[way])
    lens = sheet.axes(12)
    lens.set(xlim=(0, stop), ylim=(0, 1), xticks=[], yticks=[])
    lens.fill([*edges, stop, 0], [1, 1, 0, 0], color=theme.lens, linewidth=0)
    lens.plot([[0, stop], edges], [[0, 0], [1, 1]], color=theme.muted, linewidth=0.8)
    height = style.rows_height(len(jobs), _ZOOM_PITCH, most=128)
    ax = sheet.axes(height, bottom=21)
    ax.set_facecolor(theme.lens)
    ax.grid(axis="x", color=theme.muted, alpha=0.45)
    style.job_rows(ax, jobs, height)
    _runs(ax, _cut(sample.spans, begin, window), jobs, height, theme.ways[way])
    _zoom_axis(ax, window * 1000, runtime.switch_interval_s * 1000)


def _cut(spans: Sequence[Span], begin: float, window: float) -> list[Span]:
    """The parts of the spans that lie in the window, in ms from its begin."""
    inside = []
    for span in spans:
        start, stop = (min(max(at - begin, 0.0), window) for at in (span.start_s, span.stop_s))
        if start < stop:
            inside.append(Span(span.job, start * 1000, stop * 1000))
    return inside


def _zoom_axis(ax: Axes, window_ms: float, interval_ms: float) -> None:
    ticks = zoom_ticks(window_ms, interval_ms)
    every = 2 if len(ticks) > 6 else 1
    labels = [style.tick(at) if n % every == 0 else "" for n, at in enumerate(ticks)]
    ax.set_xlim(0, window_ms)
    ax.set_xticks(ticks, labels)
    style.name_axis(ax, "ms")


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
