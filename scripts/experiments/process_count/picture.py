"""Figure 3: how much sooner the same work is done by 1, 2, … workers, and what they hold in memory.

The best number is the knee: the smallest one that none beats by more than the rounds differ, and
by 5 % at least. Workers that gain less than that are not worth their memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.intervals import FEWEST_ROUNDS
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import by_round, ratio, typical
from scripts.draw import style
from scripts.experiments.process_count import numbers
from scripts.experiments.process_count.numbers import curve
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process3"
WAYS = ("processes", "threads")
# Measured with one number of workers: a point beside the lines.
POINT = "dask"
# A number of workers must be so much faster than a smaller one to be better.
WORTH = 1.05
# The way the memory was read: shared pages counted once, or in each process.
_MEMORY = {
    "peak_pss_mb": "what processes share is counted once",
    "peak_rss_mb": "what processes share is counted in each",
}
# Room for the names of the lines at their right ends, in points.
_NAMES = 82.0


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """A row for every point: speed-up, wall time and memory with their ranges."""
    loop, ways = _loop(record), _ways(record)
    rows = [["For loop", "1", "1×", *_cells(loop)]]
    if point := _point(record):
        ways = {**ways, POINT: {record.machine.cores: point}}
    for way, counts in ways.items():
        for workers, samples in counts.items():
            speedup = _with_range(ratio(by_round(loop), by_round(samples)))
            rows.append([way.capitalize(), units.count(workers), speedup, *_cells(samples)])
    return ["Way", "Workers", "Speed-up", "Wall time", "Memory"], rows


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    loop, ways = _loop(record), _ways(record)
    found = numbers.quantities(record)
    sheet = style.Sheet(theme, record)
    sheet.headline(headline(found, record.machine.cores, record.runtimes[0].gil), _note(record))
    sheet.top += 9
    sheet.title("Speed-up", "for loop = 1×")
    _speed_panel(sheet, loop, ways, found)
    memory = _memory(loop)
    if memory:
        sheet.top += 6
        sheet.title("Memory", _beside(found))
        _memory_panel(sheet, ways, memory)
    sheet.footer(_legend(loop, memory), [*_all(loop, ways), *_point(record)])
    return sheet.finish()


def headline(found: dict[str, Quantity], cores: int, gil: bool) -> str:
    """The answer: the best number of processes, and of threads where no GIL holds them up."""
    speedup = found.get("process_count.processes.best_speedup_ratio")
    if speedup is None:
        return "The same work by more and more threads"
    many = f"{cores} core{'s' if cores > 1 else ''}"
    if speedup.value < 1 or (speedup.n >= FEWEST_ROUNDS and not speedup.differs_from(1)):
        if _fastest(found) >= WORTH:
            return "These rounds do not tell how many processes are best"
        return f"On {many} no number of processes beats a for loop"
    few = speedup.n < FEWEST_ROUNDS
    best = _counted(found, "processes")
    text = f"{best} {'were' if few else 'are'} best here, {units.with_unit(speedup.value, 'ratio')}"
    if best == "1 process":
        text = f"More processes than one {'gained' if few else 'gain'} nothing here"
    threads = found.get("process_count.threads.best_speedup_ratio")
    if threads and not gil:
        text += f"; {_counted(found, 'threads')}, {units.with_unit(threads.value, 'ratio')}"
    return f"{text}, in {style.rounds(speedup.n)}" if few else text


def _fastest(found: dict[str, Quantity]) -> float:
    """The greatest of all speed-ups of processes, knee or not."""
    prefix = "process_count.processes.at_"
    return max(value.value for key, value in found.items() if key.startswith(prefix))


def _loop(record: Record) -> list[Sample]:
    return curve(record, "processes").get(1, [])


def _ways(record: Record) -> dict[str, dict[int, list[Sample]]]:
    """The samples of each way by the number of workers, in rising order."""
    found = {way: curve(record, way) for way in WAYS}
    return {way: counts for way, counts in found.items() if counts}


def _point(record: Record) -> list[Sample]:
    return curve(record, POINT).get(record.machine.cores, [])


def _all(loop: list[Sample], ways: dict[str, dict[int, list[Sample]]]) -> list[Sample]:
    return loop + [one for counts in ways.values() for each in counts.values() for one in each]


def _memory(samples: list[Sample]) -> str:
    """Which of the two values every sample has; "" for none."""
    return next((name for name in _MEMORY if all(name in one.values for one in samples)), "")


def _counted(found: dict[str, Quantity], way: str) -> str:
    count = found[f"process_count.{way}.best_workers"].value
    singular = {"processes": "process", "threads": "thread"}[way]
    return f"1 {singular}" if count == 1 else f"{units.count(count)} {way}"


def _cells(samples: list[Sample]) -> list[str]:
    memory = _memory(samples)
    held = _with_range(typical(by_round(samples, memory), "mb")) if memory else "not measured here"
    return [_with_range(typical(by_round(samples, "wall_s"), "s")), held]


def _with_range(quantity: Quantity) -> str:
    text = units.with_unit(quantity.value, quantity.unit)
    return f"{text} ({quantity.range_text})" if quantity.n > 1 else text


def _note(record: Record) -> str:
    jobs = units.count(int(record.settings["process_count_jobs"]))
    additions = units.count(int(record.settings["process_count_additions"]))
    return (
        f"{jobs} job{'' if jobs == '1' else 's'} of {additions} additions, "
        "shared evenly by the workers."
    )


def _beside(found: dict[str, Quantity]) -> str:
    """What each process adds, and what Dask holds, which would dwarf the lines."""
    said = []
    if each := found.get("process_count.processes.memory_mb_per_worker"):
        said.append(f"{units.with_unit(each.value, 'mb')} more for each process")
    if held := found.get("process_count.dask.memory_mb"):
        said.append(f"Dask: {units.with_unit(held.value, 'mb')}")
    return " · ".join(said)


def _legend(loop: list[Sample], memory: str) -> str:
    count = len(loop)
    text = "A single round"
    if count > 1:
        kind = "95 % interval" if count >= FEWEST_ROUNDS else "range"
        text = f"Points: median of {style.rounds(count)}; strokes: {kind}"
    return f"{text}. Memory: {_MEMORY[memory]}" if memory else text


def _speed_panel(
    sheet: style.Sheet,
    loop: list[Sample],
    ways: dict[str, dict[int, list[Sample]]],
    found: dict[str, Quantity],
) -> None:
    theme, cores = sheet.theme, sheet.record.machine.cores
    most = max(max(counts) for counts in ways.values())
    points = {
        way: {count: found[f"process_count.{way}.at_{count}_speedup_ratio"] for count in counts}
        for way, counts in ways.items()
    }
    top = max([cores, 1, *(one.high for each in points.values() for one in each.values())])
    ax = _axes(sheet, 184, most, cores, 1.1 * top, "ratio")
    ax.axhline(1, color=theme.ways["for_loop"], linewidth=1.6, zorder=1.5)
    ideal = ([1, cores, most], [1, cores, cores])
    ax.plot(*ideal, color=theme.muted, linewidth=1.4, linestyle=(0, (3, 2.5)), zorder=1.6)
    for way, quantities in points.items():
        style.line(ax, quantities, way, theme, front=way == "processes")
    names = {"ideal": (cores, theme.muted), "for loop": (1, theme.ways["for_loop"])}
    for way, quantities in points.items():
        names[way] = (quantities[max(quantities)].value, theme.ways[way])
    _name_lines(ax, names, 184)
    if point := found.get("process_count.dask.at_cores_speedup_ratio"):
        _single(ax, cores, point, theme)
    for way in ("processes",) if sheet.record.runtimes[0].gil else WAYS:
        if way in points:
            best = found[f"process_count.{way}.best_workers"].value
            _mark(ax, best, points[way][best], theme, named=way == "processes")


def _memory_panel(
    sheet: style.Sheet, ways: dict[str, dict[int, list[Sample]]], memory: str
) -> None:
    theme = sheet.theme
    points = {
        way: {count: typical(by_round(samples, memory), "mb") for count, samples in counts.items()}
        for way, counts in ways.items()
    }
    most = max(max(counts) for counts in ways.values())
    top = max(one.high for each in points.values() for one in each.values())
    ax = _axes(sheet, 78, most, sheet.record.machine.cores, 1.12 * top, "mb")
    for way, quantities in points.items():
        style.line(ax, quantities, way, theme, front=way == "processes")
    ends = {way: quantities[max(quantities)].value for way, quantities in points.items()}
    _name_lines(ax, {way: (end, theme.ways[way]) for way, end in ends.items()}, 78)


def _axes(sheet: style.Sheet, height: float, most: int, cores: int, top: float, unit: str) -> Axes:
    """Axes over the number of workers, with the cores of the machine as a line across."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax = sheet.axes(height, bottom=22)
    style.set_ends(ax, style.LEFT, style.MARGIN + _NAMES)
    ax.set_xlim(1 - 0.04 * most, 1.02 * most)
    ax.set_ylim(-0.05 * top, top)  # so that 0 does not stand on the numbers below
    ax.grid(axis="x", visible=False)
    ax.grid(axis="y", color=sheet.theme.grid, linewidth=0.8)
    ax.yaxis.set_major_locator(MaxNLocator(max(2, int(height / 40)), steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, unit)))
    ax.axvline(cores, color=sheet.theme.grid, linewidth=1.6, zorder=0.7)
    ax.set_xticks(*_named(most, cores))
    style.name_axis(ax, "Workers")
    return ax


def _tick(value: float, unit: str) -> str:
    return style.tick(value) + {"ratio": "×", "mb": " MB"}[unit] if value else "0"


def _named(most: int, cores: int) -> tuple[list[int], list[str]]:
    """The ticks below: all of a few workers; of many the first, the cores and the last."""
    ticks = list(range(1, most + 1))
    if most > 8:
        ticks = sorted({1, cores // 2, cores, 3 * cores // 2, most})
    texts = {count: units.count(count) for count in ticks}
    if cores > 1:  # at 1 there is no room for more than the number
        texts[cores] += " = cores"
    if most > 6:
        texts = {count: "" if abs(count - cores) == 1 else text for count, text in texts.items()}
    return ticks, [texts[count] for count in ticks]


def _name_lines(ax: Axes, names: dict[str, tuple[float, str]], height: float) -> None:
    """The name of each line at its right end, none upon another."""
    low, high = ax.get_ylim()
    pitch = 1.12 * style.SMALL / height * (high - low)
    ends = [end for end, _ in names.values()]
    places = style.apart(ends, pitch, low + pitch / 2, high - pitch / 2)
    for (name, (_, color)), place in zip(names.items(), places, strict=True):
        ax.annotate(
            name,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(style.LABEL_PAD, 0),
            textcoords="offset points",
            color=color,
            weight="normal" if name == "ideal" else "bold",
            va="center",
            annotation_clip=False,
        )


def _single(ax: Axes, workers: int, speedup: Quantity, theme: style.Theme) -> None:
    """The one point of Dask, with its name beside it."""
    style.line(ax, {workers: speedup}, POINT, theme, front=True)
    ax.annotate(
        "Dask",
        (workers, speedup.value),
        xytext=(style.LABEL_PAD, -style.LABEL_PAD),
        textcoords="offset points",
        va="center",
        weight="bold",
        color=theme.ways[POINT],
        bbox={"facecolor": theme.page, "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )


def _mark(ax: Axes, workers: int, speedup: Quantity, theme: style.Theme, *, named: bool) -> None:
    """A ring around the best number of workers."""
    ring = {"markerfacecolor": "none", "markeredgecolor": theme.ink, "markeredgewidth": 1.6}
    ax.plot([workers], [speedup.value], marker="o", markersize=14, zorder=4, **ring)
    if named:
        low, high = ax.get_xlim()
        right = (workers - low) / (high - low) > 0.6
        ax.annotate(
            f"best: {units.count(workers)}",
            (workers, speedup.value),
            xytext=(-12 if right else 12, -18),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top",
            weight="bold",
            color=theme.ink,
            bbox={"facecolor": theme.page, "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
