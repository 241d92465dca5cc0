"""Figure 3: how much sooner the same work is done by 1, 2, … workers, and what they hold in memory.

The best number is the knee (`conclude.stats.knee`). The dashes are what all cores together gave
when each did nothing but spin: no pool can be faster, and a stroke beyond them is doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.conclude.decide import decide
from scripts.conclude.quantity import Quantity, Values
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.theme import Theme
from scripts.experiments.process_count import numbers
from scripts.experiments.process_count.declaration import CURVES
from scripts.experiments.process_count.words import WORDS as WORDS
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Room for the names of the lines at their right ends, in points.
_NAMES = 82.0
Points = dict[int, Quantity]


_TRIED = ("at_1.wall_s", "best_workers")


def title(values: Values, cores: int, say: Say) -> str:
    """The answer: how many processes are enough, as far as the rounds tell."""
    best, many = _enough(values), say.many("core", cores)
    if best is None:
        tried = any(f"process_count.processes.{key}" in values for key in _TRIED)
        return say("title_open" if tried else "title_none")
    return say("title_one" if best == 1 else "title_best", cores=many, best=units.count(best))


def _enough(values: Values) -> int | None:
    """How many processes are enough; None where the rounds do not tell."""
    best = values.get("process_count.processes.best_workers")
    speedup = values.get("process_count.processes.best_speedup_ratio")
    if best is None or (best.value > 1 and (not speedup or decide(speedup, 1) != "holds")):
        return None
    return int(best.value)


def table(record: Record, values: Values, say: Say) -> Table:
    """A row for every point: speed-up, wall time and memory with their intervals."""
    names = ("way", "workers", "speedup", "wall", "memory")
    rows = []
    for way in CURVES:
        for workers in numbers.curve(record, way):
            key = f"process_count.{way}.at_{workers}"
            keys = [f"{key}.{name}" for name in ("speedup_ratio", "wall_s", "memory_mb")]
            shown = [say.with_range(values.get(key)) for key in keys]
            rows.append([say.way(way), units.count(workers), *shown])
    return [say(f"column_{name}") for name in names], rows


def draw(record: Record, values: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    cores = record.machine.cores
    sizes = say.sizes(record, "jobs", "additions", prefix="process_count_")
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(values, cores, say), say("note", **sizes))
    sheet.top += 9
    sheet.title(say("panel_speed"), say("aside_speed"))
    _speed_panel(sheet, values)
    memory = _curves(record, values, "memory_mb")
    if memory:
        sheet.top += 6
        each = values.get("process_count.processes.per_worker_mb")
        aside = say("aside_memory", each=say.unit(each)) if each else ""
        sheet.title(say("panel_memory"), aside)
        _memory_panel(sheet, memory)
    sheet.footer(_footer(values, say, bool(memory)), _samples(record))
    return sheet.finish()


def _samples(record: Record) -> list[Sample]:
    return [one for way in CURVES for each in numbers.curve(record, way).values() for one in each]


def _curves(record: Record, values: Values, name: str) -> dict[str, Points]:
    curves = {}
    for way in CURVES:
        keys = {at: f"process_count.{way}.at_{at}.{name}" for at in numbers.curve(record, way)}
        points = {workers: values[key] for workers, key in keys.items() if key in values}
        if points:
            curves[way] = points
    return curves


def _footer(values: Values, say: Say, memory: bool) -> str:
    speedups = [one.n for key, one in values.items() if _is_speedup(key)]
    rounds = say.many("round", max(speedups, default=0))
    ceiling = values.get("process_count.cores.speedup_ratio")
    name = "footer" if ceiling else "footer_plain"
    texts = [say(name, rounds=rounds, ceiling=ceiling and say.unit(ceiling))]
    return say.joined([*texts, say("pss")] if memory else texts)


def _is_speedup(key: str) -> bool:
    return key.startswith("process_count.") and ".at_" in key and key.endswith(".speedup_ratio")


def _speed_panel(sheet: style.Sheet, values: Values) -> None:
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
    _name_lines(ax, {**names, **_ends(curves, theme, say)}, 184)
    best = _enough(values)
    if best and best in curves.get("processes", {}):
        _mark(ax, best, curves["processes"][best], theme, say)


def _memory_panel(sheet: style.Sheet, curves: dict[str, Points]) -> None:
    theme, say = sheet.theme, sheet.say
    most = max(max(points) for points in curves.values())
    top = max(one.high for points in curves.values() for one in points.values())
    ax = _axes(sheet, 78, most, sheet.record.machine.cores, 1.12 * top, "mb")
    for way, points in curves.items():
        style.line(ax, points, way, theme, front=way == "processes")
    _name_lines(ax, _ends(curves, theme, say), 78)


def _ends(curves: dict[str, Points], theme: Theme, say: Say) -> dict[str, tuple[float, str]]:
    """Where each line ends, and its colour, by its name."""
    ends = {way: points[max(points)].value for way, points in curves.items()}
    return {say(f"line_{way}"): (end, theme.ways[way]) for way, end in ends.items()}


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
        look = {"color": color, "weight": "bold", "va": "center"}
        style.write(ax, name, (1, place), (style.LABEL_PAD, 0), ("axes fraction", "data"), **look)


def _mark(ax: Axes, workers: int, speedup: Quantity, theme: Theme, say: Say) -> None:
    ring = {"markerfacecolor": "none", "markeredgecolor": theme.ink, "markeredgewidth": 1.6}
    ax.plot([workers], [speedup.value], marker="o", markersize=14, zorder=4, **ring)
    low, high = ax.get_xlim()
    right = (workers - low) / (high - low) > 0.6
    place = (workers, speedup.value), (-12 if right else 12, -18)
    look = {"va": "top", "weight": "bold", "color": theme.ink, "bbox": style.backed(theme)}
    text = say("best", count=units.count(workers))
    style.write(ax, text, *place, ha="right" if right else "left", **look)
