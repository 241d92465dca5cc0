"""Figure 1: the same jobs in a for loop, in threads and in processes, a bar per job.

Each bar stands where its job ran, from start to stop on one common zero, so that the picture shows
who ran when, and not only how long it took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import by_round, take
from scripts.draw import style
from scripts.experiments.cpu_bound import numbers
from scripts.experiments.cpu_bound.numbers import takes
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process"
WAYS = {
    "for_loop": "For Loop",
    "threads": "Multi-Threading",
    "processes": "Multi-Processing",
    "interpreters": "Interpreters",
    "dask": "Dask",
}
# Ways whose ratio surely is less than this are equally fast in practice.
CLOSE = 1.05
_PITCH = 17.0


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """The bars as text, and below those of each way their total."""
    columns = ["Way", "Task", "Start", "Stop", "Duration"]
    rows = []
    for way, samples in _samples(record).items():
        for span in samples[0].spans:
            times = (span.start_s, span.stop_s, span.stop_s - span.start_s)
            cells = [units.with_unit(seconds, "s") for seconds in times]
            rows.append([WAYS[way], f"job {span.job}", *cells])
        total = take(by_round(samples), "s")
        text = units.with_unit(total.value, "s")
        rounds = style.rounds(total.n)
        spread = f"median of {rounds}, {total.range_text}" if total.n > 1 else rounds
        rows.append([WAYS[way], "all", "0 s", text, f"{text} ({spread})"])
    return columns, rows


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    sheet = style.Sheet(theme, record)
    ratio = numbers.quantities(record).get("cpu_bound.threads_over_processes")
    sheet.headline(headline(ratio), _note(record))
    ways = _samples(record)
    stop = 1.02 * max(sample.values["wall_s"] for each in ways.values() for sample in each)
    for way, samples in ways.items():
        sheet.top += 9
        total = take(by_round(samples), "s")
        sheet.panel(WAYS[way], way, units.with_unit(total.value, "s"), _range(total))
        _panel(sheet, way, samples, stop, last=way == list(ways)[-1])
    rounds = max(len(samples) for samples in ways.values())
    sheet.footer(_legend(rounds), [one for samples in ways.values() for one in samples])
    return sheet.finish()


def headline(threads_over_processes: Quantity | None) -> str:
    """The answer, as far as the measured ratio carries it."""
    found = threads_over_processes
    if found is None:
        return "The same jobs, and who ran when"
    winner, loser, times = "Processes", "threads", found.value
    if found.value < 1:
        winner, loser, times = "Threads", "processes", 1 / found.value
    sooner = f"{units.with_unit(times, 'ratio')} sooner"
    if found.differs_from(1):
        return f"{winner} finish {sooner} than {loser}"
    if found.interval == "bootstrap":
        if max(found.high, 1 / found.low) > CLOSE:
            return "These rounds do not tell threads from processes"
        return "No difference between threads and processes here"
    if found.low <= 1 <= found.high:
        return f"{style.rounds(found.n).capitalize()}: too few to tell threads from processes"
    return f"{winner} finished {sooner} than {loser}, in {style.rounds(found.n)}"


def _samples(record: Record) -> dict[str, list[Sample]]:
    """The samples of each way that was measured, in the order of the panels."""
    return {way: samples for way, samples in takes(record).items() if way in WAYS}


def _note(record: Record) -> str:
    settings = record.settings
    jobs, workers = (units.count(int(settings[name])) for name in ("jobs", "workers"))
    additions = units.count(int(settings["additions"]))
    return (
        f"{jobs} job{'' if jobs == '1' else 's'} of {additions} additions, "
        f"{workers} worker{'' if workers == '1' else 's'}. Bars: from start to stop."
    )


def _range(total: Quantity) -> str:
    return total.range_text if total.n > 1 else ""


def _legend(rounds: int) -> str:
    if rounds == 1:
        return "A single round"
    return f"Totals: median and range (shaded) of {rounds} rounds; bars: the median round"


def _panel(sheet: style.Sheet, way: str, samples: list[Sample], stop: float, last: bool) -> Axes:
    theme, color = sheet.theme, sheet.theme.ways[way]
    spans = samples[0].spans
    jobs = sorted({span.job for span in spans})
    height = style.rows_height(len(jobs), _PITCH)
    ax = sheet.axes(height, bottom=22 if last else 3)
    style.job_rows(ax, jobs, height)
    style.seconds_axis(ax, stop)
    if not last:
        ax.tick_params(labelbottom=False)
        ax.set_xlabel("")
    walls = [sample.values["wall_s"] for sample in samples]
    ax.axvspan(min(walls), max(walls), color=color, alpha=0.25, linewidth=0, zorder=0.8)
    for span in spans:
        # A job that is much shorter than the others still leaves a mark.
        length = max(span.stop_s - span.start_s, stop / 300)
        ax.barh(jobs.index(span.job), length, left=span.start_s, height=0.68, color=color)
    ax.axvline(take(by_round(samples), "s").value, color=theme.ink, linewidth=1.4)
    return ax
