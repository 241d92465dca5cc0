"""Figure 3: how much sooner the same work is done by 1, 2, … workers, and what they hold in memory.

The best number is the knee (`conclude.stats.knee`). The dashes are what all cores together gave
when each did nothing but spin: no pool can be faster, and a stroke beyond them is doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity
from scripts.draw import style
from scripts.experiments.process_count import numbers
from scripts.experiments.process_count.declaration import CURVES
from scripts.experiments.process_count.words import WORDS as WORDS
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from scripts.draw.language import Say
    from scripts.draw.theme import Theme

PICTURE = "thres_vs_process3"
# Room for the names of the lines at their right ends, in points.
_NAMES = 82.0
Points = dict[int, Quantity]


def title(values: Mapping[str, Quantity], cores: int, say: Say) -> str:
    """The answer: how many processes are enough, as far as the rounds tell."""
    best = values.get("process_count.processes.best_workers")
    if best is None:
        open_ = "process_count.processes.at_1.wall_s" in values
        return say("title_open" if open_ else "title_none")
    many = say.many("core", cores)
    if best.value == 1:
        return say("title_one", cores=many)
    speedup = values.get("process_count.processes.best_speedup_ratio")
    if speedup is None or decide(speedup, 1) != "holds":
        return say("title_open")
    return say("title_best", cores=many, best=units.count(int(best.value)))


def table(
    record: Record, values: Mapping[str, Quantity], say: Say
) -> tuple[list[str], list[list[str]]]:
    """A row for every point: speed-up, wall time and memory with their intervals."""
    names = ("way", "workers", "speedup", "wall", "memory")
    rows = []
    for way in CURVES:
        for workers in numbers.curve(record, way):
            key = f"process_count.{way}.at_{workers}"
            cells = [
                values.get(f"{key}.{name}") for name in ("speedup_ratio", "wall_s", "memory_mb")
            ]
            shown = [_with_range(one, say) for one in cells]
            rows.append([say.way(way), units.count(workers), *shown])
    return [say(f"column_{name}") for name in names], rows


def draw(record: Record, values: Mapping[str, Quantity], theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    cores = record.machine.cores
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, cores, say), _note(record, say))
    sheet.top += 9
    sheet.title(say("panel_speed"), say("aside_speed"))
    _speed_panel(sheet, values)
    memory = _curves(record, values, "memory_mb")
    if memory:
        sheet.top += 6
        each = values.get("process_count.processes.per_worker_mb")
        sheet.title(
            say("panel_memory"),
            say("aside_memory", each=each.with_unit(say.language)) if each else "",
        )
        _memory_panel(sheet, memory)
    sheet.footer(_footer(values, say, bool(memory)), _samples(record))
    return sheet.finish()


def _samples(record: Record) -> list[Sample]:
    return [one for way in CURVES for each in numbers.curve(record, way).values() for one in each]


def _curves(record: Record, values: Mapping[str, Quantity], name: str) -> dict[str, Points]:
    """The points of each way, by the number of workers."""
    curves = {}
    for way in CURVES:
        points = {
            workers: values[key]
            for workers in numbers.curve(record, way)
            if (key := f"process_count.{way}.at_{workers}.{name}") in values
        }
        if points:
            curves[way] = points
    return curves


def _with_range(quantity: Quantity | None, say: Say) -> str:
    if quantity is None:
        return ""
    text, spread = quantity.with_unit(say.language), quantity.range_with_unit(say.language)
    return f"{text} ({spread})" if spread and quantity.n > 1 else text


def _note(record: Record, say: Say) -> str:
    sizes = {
        name: units.text(int(record.settings[f"process_count_{name}"]), "count", say.language)
        for name in ("jobs", "additions")
    }
    return say("note", **sizes)


def _footer(values: Mapping[str, Quantity], say: Say, memory: bool) -> str:
    speedups = [one.n for key, one in values.items() if _is_speedup(key)]
    rounds = say.many("round", max(speedups, default=0))
    ceiling = values.get("process_count.cores.speedup_ratio")
    text = (
        say("footer", rounds=rounds, ceiling=ceiling.with_unit(say.language))
        if ceiling
        else say("footer_plain", rounds=rounds)
    )
    space = "" if say.language == "zh" else " "
    return f"{text}{space}{say('pss')}" if memory else text


def _is_speedup(key: str) -> bool:
    return key.startswith("process_count.") and ".at_" in key and key.endswith(".speedup_ratio")


def _speed_panel(sheet: style.Sheet, values: Mapping[str, Quantity]) -> None:
    theme, cores, say = sheet.theme, sheet.record.machine.cores, sheet.say
    curves = _curves(sheet.record, values, "speedup_ratio")
    ceiling = values.get("process_count.cores.speedup_ratio")
    reach = ceiling.value if ceiling else float(cores)
    highest = [one.high for each in curves.values() for one in each.values()]
    most = max([1, *(max(points) for points in curves.values())])
    ax = _axes(sheet, 184, most, cores, 1.1 * max([reach, 1, *highest]), "ratio")
    ax.axhline(1, color=theme.ways["for_loop"], linewidth=1.6, zorder=1.5)
    ideal = ([1, cores, most], [1, reach, reach])
    ax.plot(*ideal, color=theme.muted, linewidth=1.4, linestyle=(0, (3, 2.5)), zorder=1.6)
    for way, points in curves.items():
        style.line(ax, points, way, theme, front=way == "processes")
    names = {say("ideal"): (reach, theme.muted), say("one"): (1.0, theme.ways["for_loop"])}
    for way, points in curves.items():
        names[say(f"line_{way}")] = (points[max(points)].value, theme.ways[way])
    _name_lines(ax, names, 184)
    best = values.get("process_count.processes.best_workers")
    if best and int(best.value) in curves.get("processes", {}):
        workers = int(best.value)
        _mark(ax, workers, curves["processes"][workers], theme, say)


def _memory_panel(sheet: style.Sheet, curves: dict[str, Points]) -> None:
    theme, say = sheet.theme, sheet.say
    most = max(max(points) for points in curves.values())
    top = max(one.high for points in curves.values() for one in points.values())
    ax = _axes(sheet, 78, most, sheet.record.machine.cores, 1.12 * top, "mb")
    for way, points in curves.items():
        style.line(ax, points, way, theme, front=way == "processes")
    ends = {
        say(f"line_{way}"): (points[max(points)].value, theme.ways[way])
        for way, points in curves.items()
    }
    _name_lines(ax, ends, 78)


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
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, unit, sheet.say)))
    ax.axvline(cores, color=sheet.theme.grid, linewidth=1.6, zorder=0.7)
    ax.set_xticks(*_named(most, cores, sheet.say))
    style.name_axis(ax, sheet.say("workers"))
    return ax


def _tick(value: float, unit: str, say: Say) -> str:
    return units.with_unit(style.tick(value), unit, say.language) if value else "0"


def _named(most: int, cores: int, say: Say) -> tuple[list[int], list[str]]:
    """The ticks below: all of a few workers; of many the first, the cores and the last."""
    ticks = list(range(1, most + 1))
    if most > 8:
        ticks = sorted({1, cores // 2, cores, 3 * cores // 2, most})
    texts = {count: units.count(count) for count in ticks}
    if cores > 1:  # at 1 there is no room for more than the number
        texts[cores] = say("equal_cores", count=texts[cores])
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


def _mark(ax: Axes, workers: int, speedup: Quantity, theme: Theme, say: Say) -> None:
    """A ring around the number of workers that is enough, and its name."""
    ring = {"markerfacecolor": "none", "markeredgecolor": theme.ink, "markeredgewidth": 1.6}
    ax.plot([workers], [speedup.value], marker="o", markersize=14, zorder=4, **ring)
    low, high = ax.get_xlim()
    right = (workers - low) / (high - low) > 0.6
    ax.annotate(
        say("best", count=units.count(workers)),
        (workers, speedup.value),
        xytext=(-12 if right else 12, -18),
        textcoords="offset points",
        ha="right" if right else "left",
        va="top",
        weight="bold",
        color=theme.ink,
        bbox={"facecolor": theme.page, "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )
