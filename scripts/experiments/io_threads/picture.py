"""Figure 4: how many links per second a crawler fetches, by threads per core.

Above it only fetches, below it parses each page as well: the less it waits for every second that it
computes, the fewer threads it needs.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from scripts.conclude.stats import FEWEST_ROUNDS, Quantity, fact, median, median_of, ratio
from scripts.draw import style
from scripts.record import Record, Sample, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "thres_vs_process4"
WAYS = {
    "for_loop": "For loop",
    "threads": "Threads",
    "processes": "Processes",
    "asyncio": "asyncio",
}
# What the crawler does with a page, by the parameter of its cases: the keys' prefix and the title.
KINDS = {0: ("", "Fetching"), 1: ("parsing_", "Fetching and parsing")}
_ENDS = ("links", "fetched", "timed_out", "failed")
_QUANTITIES = {
    "for_loop": ("links", "links_per_s", "compute_ms", "wait_ms", "wait_over_compute_ratio"),
    "asyncio": ("at_once", "links_per_s", "speedup_ratio"),
    "processes": ("best_workers", "best_links_per_s", "speedup_ratio"),
    "threads": (
        *("best_workers", "best_links_per_s", "speedup_ratio", "best_m", "most_m"),
        *("expected_workers", "gain_beyond_7_ratio"),
        *("throughput_over_processes_ratio", "throughput_over_asyncio_ratio"),
        *_ENDS,
    ),
}
KEYS = (
    *(
        f"io_threads.{prefix}{way}.{name}"
        for prefix, _ in KINDS.values()
        for way, names in _QUANTITIES.items()
        for name in names
    ),
    "io_threads.server.most_cpu_percent",
    "io_threads.server.timeout_ms",
)
# The author's rule of thumb for n_threads = m · n_cores: try m in range(2, 8).
RULE = (2, 7)
# More threads are better when they fetch so many times as much.
WORTH = 1.05
# A server that is busy for a larger part of the time may be what is measured, in percent.
BUSY_SERVER = 80
POOLS = ("threads", "processes")
# Room for the names of the lines at their right ends, in points.
_NAMES = 82.0
_RATE = "links_per_s"


@dataclasses.dataclass(frozen=True)
class Crawl:
    """The samples of one kind of crawler: by way, then by the number of workers, rising."""

    ways: dict[str, dict[int, list[Sample]]]
    cores: int
    gil: bool

    def only(self, way: str) -> list[Sample]:
        """The samples of a way that has one number of workers; [] when it was not measured."""
        return next(iter(self.ways.get(way, {}).values()), [])

    def best(self, way: str) -> Quantity:
        """The best number of workers: in each round the knee, and of the rounds the median.

        The knee is the least number that comes within WORTH of what the fastest number fetched.
        """
        rounds: dict[int, dict[int, float]] = {}
        for count, samples in self.ways[way].items():
            for sample in samples:
                rounds.setdefault(sample.round, {})[count] = sample.values[_RATE]
        knees = [
            min(count for count, rate in rates.items() if rate * WORTH >= max(rates.values()))
            for rates in rounds.values()
        ]
        return median(knees, "count")

    def at_best(self, way: str) -> list[Sample]:
        """The samples of a way with its best number of workers; [] when it was not measured."""
        return self.ways[way][self.best(way).value] if way in self.ways else []


def values(record: Record) -> dict[str, Quantity]:
    """Links per second of every way, the best numbers of workers, and what was waited for.

    The ratios are of links per second, so the first-named way is faster above 1. {} when the
    record has no such samples.
    """
    found: dict[str, Quantity] = {}
    for parse, (prefix, _) in KINDS.items():
        crawl = _crawl(record, parse)
        said = {**_singles(crawl), **_pools(crawl), **_threads(crawl), **_work(crawl)}
        found |= {f"io_threads.{prefix}{name}": value for name, value in said.items()}
    return found | _server(_cases(record))


def table(record: Record) -> tuple[list[str], list[list[str]]]:
    """A row for every way and number of workers, with the ranges of the rounds."""
    columns = ["Crawler", "Way", "Workers", "Links", "Links per second", "Over the for loop"]
    rows = []
    for parse, (_, title) in KINDS.items():
        crawl = _crawl(record, parse)
        loop = crawl.only("for_loop")
        for way, counts in crawl.ways.items():
            for workers, samples in counts.items():
                over = _over(samples, loop)
                cells = [units.count(workers), _links(samples), _with_range(_rate(samples))]
                rows.append([title, WAYS[way], *cells, _with_range(over) if over else "–"])
    return columns, rows


def draw(record: Record, theme: style.Theme) -> Figure:
    """The figure, to be drawn within `style.context()`."""
    crawls = {parse: _crawl(record, parse) for parse in KINDS}
    crawls = {parse: crawl for parse, crawl in crawls.items() if crawl.ways}
    found = values(record)
    sheet = style.Sheet(theme, record)
    sheet.headline(headline(found), _note(record, found))
    most = max([RULE[1], *(_per_core(crawl)[-1] for crawl in crawls.values())])
    for parse, crawl in crawls.items():
        sheet.top += 9
        sheet.title(KINDS[parse][1], "links per second")
        sheet.note(_cost(found, KINDS[parse][0]), left=style.LEFT)
        _panel(sheet, crawl, most, last=parse == max(crawls))
    sheet.footer(_legend(record, found), [one for each in _cases(record) for one in each])
    return sheet.finish()


def headline(found: dict[str, Quantity]) -> str:
    """The answer: the best number of threads per core, and what it gains over the for loop."""
    if "io_threads.threads.best_m" not in found:
        return "How much a crawler fetches, by each way"
    best = _best(found, "")
    many = f"{best} thread{'' if best == '1' else 's'} per core".capitalize()
    gain = found.get("io_threads.threads.speedup_ratio")
    if gain is None:
        return f"{many} fetch most here"
    few = gain.n < FEWEST_ROUNDS
    be = ("was" if few else "is") if best == "1" else ("were" if few else "are")
    text = f"{many} {be} best here, {units.with_unit(gain.value, 'ratio')} the for loop"
    if "io_threads.parsing_threads.best_m" in found:
        text += f"; with parsing {_best(found, 'parsing_')}"
    return f"{text}, in {style.rounds(gain.n)}" if few else text


def _best(found: dict[str, Quantity], prefix: str) -> str:
    """The best number of threads per core, or from which to which the rounds had it.

    Of the largest number that was tried nobody knows what still more would have done.
    """
    best, most = (found[f"io_threads.{prefix}threads.{name}_m"] for name in ("best", "most"))
    if best.low < best.high:
        return best.range_text
    return f"at least {best.text}" if best.value == most.value > 1 else best.text


def _crawl(record: Record, parse: int) -> Crawl:
    """The samples of the first interpreter, each with its links per second."""
    ways: dict[str, dict[int, list[Sample]]] = {}
    for way in WAYS:
        counts: dict[int, list[Sample]] = {}
        for sample in record.select("io_threads", way, parse=parse):
            rate = {_RATE: int(sample.params["links"]) / sample.values["wall_s"]}
            rated = dataclasses.replace(sample, values={**sample.values, **rate})
            counts.setdefault(int(sample.params["workers"]), []).append(rated)
        if counts:
            ways[way] = dict(sorted(counts.items()))
    return Crawl(ways, record.machine.cores, record.runtimes[0].gil)


def _cases(record: Record) -> list[list[Sample]]:
    crawls = [_crawl(record, parse) for parse in KINDS]
    return [
        samples for crawl in crawls for counts in crawl.ways.values() for samples in counts.values()
    ]


def _rate(samples: list[Sample]) -> Quantity:
    return median_of(samples, _RATE, "per_s")


def _over(above: list[Sample], below: list[Sample]) -> Quantity | None:
    """How many times as many links per second; None when no round has both."""
    if not {sample.round for sample in above} & {sample.round for sample in below}:
        return None
    return ratio(above, below, _RATE)


def _singles(crawl: Crawl) -> dict[str, Quantity]:
    """The for loop and the event loop, which have one number of workers only."""
    found: dict[str, Quantity | None] = {}
    loop, events = crawl.only("for_loop"), crawl.only("asyncio")
    if loop:
        found["for_loop.links"] = fact(loop[0].params["links"], "count")
        found["for_loop.links_per_s"] = _rate(loop)
    if events:
        found["asyncio.at_once"] = fact(events[0].params["workers"], "count")
        found["asyncio.links_per_s"] = _rate(events)
        found["asyncio.speedup_ratio"] = _over(events, loop)
    return _known(found)


def _pools(crawl: Crawl) -> dict[str, Quantity]:
    """Threads and processes with their best number of workers."""
    found: dict[str, Quantity | None] = {}
    for way in (way for way in POOLS if way in crawl.ways):
        samples = crawl.at_best(way)
        found[f"{way}.best_workers"] = crawl.best(way)
        found[f"{way}.best_links_per_s"] = _rate(samples)
        found[f"{way}.speedup_ratio"] = _over(samples, crawl.only("for_loop"))
    return _known(found)


def _threads(crawl: Crawl) -> dict[str, Quantity]:
    """What there is to say of threads per core, and how threads stand beside the other ways."""
    if "threads" not in crawl.ways:
        return {}
    counts, best = crawl.ways["threads"], crawl.at_best("threads")
    rates = {count // crawl.cores: samples for count, samples in counts.items()}
    found: dict[str, Quantity | None] = {
        "threads.best_m": _per(crawl.best("threads"), crawl.cores),
        "threads.most_m": fact(max(rates), "count"),
        "threads.throughput_over_processes_ratio": _over(best, crawl.at_best("processes")),
        "threads.throughput_over_asyncio_ratio": _over(best, crawl.only("asyncio")),
    }
    for many, samples in rates.items():
        found[f"threads.at_{many}_links_per_s"] = _rate(samples)
    within = [each for many, each in rates.items() if RULE[0] <= many <= RULE[1]]
    beyond = [each for many, each in rates.items() if many > RULE[1]]
    if within and beyond:
        sides = [max(side, key=lambda each: _rate(each).value) for side in (beyond, within)]
        found["threads.gain_beyond_7_ratio"] = _over(*sides)
    widest = max(counts.values(), key=lambda samples: samples[0].params["links"])[0]
    for end in _ENDS:
        found[f"threads.{end}"] = fact(int(widest.values[f"{end}_count"]), "count")
    return _known(found)


def _work(crawl: Crawl) -> dict[str, Quantity]:
    """What a link costs: waiting, computing, and how many threads that asks for.

    The number of threads is Goetz's N · U · (1 + W/C), "Java Concurrency in Practice" (2006), 8.2;
    with a GIL only one core can compute, however many there are.
    """
    loop = crawl.only("for_loop")
    if not loop:
        return {}
    links = [int(sample.params["links"]) for sample in loop]
    compute = [one.values["cpu_s"] / many for one, many in zip(loop, links)]
    whole = [one.values["wall_s"] / many for one, many in zip(loop, links)]
    wait = [max(0.0, all_s - busy_s) for all_s, busy_s in zip(whole, compute)]
    found = {
        "for_loop.compute_ms": median([1000 * seconds for seconds in compute], "ms"),
        "for_loop.wait_ms": median([1000 * seconds for seconds in wait], "ms"),
    }
    if all(compute):
        ratios = [w / c for w, c in zip(wait, compute)]
        found["for_loop.wait_over_compute_ratio"] = median(ratios, "ratio")
        at_once = 1 if crawl.gil else crawl.cores
        expected = [round(at_once * (1 + each)) for each in ratios]
        found["threads.expected_workers"] = median(expected, "count")
    return found


def _per(workers: Quantity, cores: int) -> Quantity:
    """Workers per core."""
    ends = {name: getattr(workers, name) // cores for name in ("value", "low", "high")}
    return dataclasses.replace(workers, **ends)


def _known(found: dict[str, Quantity | None]) -> dict[str, Quantity]:
    return {name: value for name, value in found.items() if value is not None}


def _server(cases: list[list[Sample]]) -> dict[str, Quantity]:
    """How long it is waited for, and the largest part of the time that it was computing."""
    if not cases:
        return {}
    shares = [
        median(
            [100 * one.values["server_cpu_s"] / one.values["wall_s"] for one in samples], "percent"
        )
        for samples in cases
    ]
    return {
        "io_threads.server.most_cpu_percent": max(shares, key=lambda share: share.value),
        "io_threads.server.timeout_ms": fact(int(cases[0][0].values["timeout_ms"]), "ms"),
    }


def _links(samples: list[Sample]) -> str:
    count = units.count(int(samples[0].params["links"]))
    return f"{count} (a sample)" if samples[0].params.get("scaled") else count


def _with_range(quantity: Quantity) -> str:
    text = units.with_unit(quantity.value, quantity.unit)
    return f"{text} ({quantity.range_text})" if quantity.n > 1 else text


def _per_core(crawl: Crawl) -> list[float]:
    """The numbers of workers that were tried, per core, rising; [1] for none."""
    pools = [crawl.ways[way] for way in POOLS if way in crawl.ways]
    return sorted({count / crawl.cores for counts in pools for count in counts}) or [1.0]


def _note(record: Record, found: dict[str, Quantity]) -> str:
    links, wait = (units.count(int(record.settings[name])) for name in ("io_links", "io_wait_ms"))
    timeout = units.count(found["io_threads.server.timeout_ms"].value)
    return (
        f"{links} links of a slow server on this machine; half of them answer after {wait} ms or "
        f"more, one in a hundred never: it is given up after {timeout} ms."
    )


def _cost(found: dict[str, Quantity], prefix: str) -> str:
    """What one link costs in the for loop; "" when that was not measured."""
    times = [found.get(f"io_threads.{prefix}for_loop.{name}_ms") for name in ("wait", "compute")]
    if None in times:
        return ""
    wait, compute = (units.with_unit(time.value, "ms") for time in times)
    return f"A link costs {wait} of waiting, {compute} of computing."


def _legend(record: Record, found: dict[str, Quantity]) -> str:
    count = max((len(samples) for samples in _cases(record)), default=0)
    text = f"Median and range of {style.rounds(count)}" if count > 1 else "A single round"
    scaled = any(samples[0].params.get("scaled") for samples in _cases(record))
    text += "; slow ways fetch a fair sample" if scaled else ""
    share = found.get("io_threads.server.most_cpu_percent")
    if share and share.value > BUSY_SERVER:
        text += f". The server was busy for {units.with_unit(share.value, 'percent')} of the time"
    return text


def _panel(sheet: style.Sheet, crawl: Crawl, most: float, last: bool) -> None:
    theme, height = sheet.theme, 168.0
    quantities = {
        way: {count / crawl.cores: _rate(samples) for count, samples in counts.items()}
        for way, counts in crawl.ways.items()
    }
    top = 1.2 * max(one.high for each in quantities.values() for one in each.values())
    ax = _axes(sheet, height, most, top, _per_core(crawl), last)
    names = {way: points[max(points)].value for way, points in quantities.items()}
    for way, points in quantities.items():
        if way in POOLS:
            style.line(ax, points, way, theme, front=way == "threads")
        else:
            _level(ax, points[max(points)], theme.ways[way])
    _name_lines(ax, names, theme, height)
    if "threads" in crawl.ways:
        best = _per(crawl.best("threads"), crawl.cores)
        _mark(ax, best, quantities["threads"][best.value], theme)


def _axes(
    sheet: style.Sheet, height: float, most: float, top: float, tried: list[float], last: bool
) -> Axes:
    """Axes over the threads per core, doubled at even steps, with the rule of thumb shaded."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    sheet.top += 15
    ax = sheet.axes(height, bottom=40 if last else 24)
    style.set_ends(ax, style.LEFT, style.MARGIN + _NAMES)
    ax.set_xscale("log", base=2)
    ax.set_xlim(0.85, 1.12 * most)
    ax.set_ylim(-0.05 * top, top)  # so that 0 does not stand on the numbers below
    ax.grid(axis="x", visible=False)
    ax.grid(axis="y", color=sheet.theme.grid, linewidth=0.8)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: style.tick(value)))
    ax.xaxis.set_major_locator(FixedLocator(tried))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: style.tick(value)))
    if last:
        ax.set_xlabel("Workers per core", size=style.SMALL, labelpad=3)
    ax.axvspan(*RULE, color=sheet.theme.lens, linewidth=0, zorder=0.6)
    middle = (RULE[0] * RULE[1]) ** 0.5
    ax.annotate(
        f"rule of thumb: {RULE[0]} … {RULE[1]}",
        (middle, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color=sheet.theme.muted,
        annotation_clip=False,
    )
    return ax


def _level(ax: Axes, rate: Quantity, color: str) -> None:
    """A way that has one number of workers only, with its range at the left end."""
    ax.axhline(rate.value, color=color, linewidth=1.8, zorder=1.8)
    end = ax.get_xlim()[0] * 1.04
    ax.vlines(end, rate.low, rate.high, color=color, linewidth=3.2, zorder=1.8)


def _name_lines(ax: Axes, names: dict[str, float], theme: style.Theme, height: float) -> None:
    """The name of each line at its right end, none upon another."""
    low, high = ax.get_ylim()
    pitch = 1.12 * style.SMALL / height * (high - low)
    places = style.apart(list(names.values()), pitch, low + pitch / 2, high - pitch / 2)
    for way, place in zip(names, places, strict=True):
        ax.annotate(
            WAYS[way].lower(),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(style.LABEL_PAD, 0),
            textcoords="offset points",
            color=theme.ways[way],
            weight="bold",
            va="center",
            annotation_clip=False,
        )


def _mark(ax: Axes, best: Quantity, rate: Quantity, theme: style.Theme) -> None:
    """A ring around the best number of threads per core, named above all lines."""
    name = f"best: {best.text}"
    name += f" ({best.range_text})" if best.low < best.high else ""
    ring = {"markerfacecolor": "none", "markeredgecolor": theme.ink, "markeredgewidth": 1.6}
    ax.plot([best.value], [rate.value], marker="o", markersize=14, zorder=4, **ring)
    top = ax.get_ylim()[1]
    ax.vlines(best.value, rate.high, 0.9 * top, color=theme.ink, linewidth=0.8, zorder=1.2)
    place = ax.transAxes.inverted().transform(ax.transData.transform((best.value, 0)))[0]
    side = "left" if place < 0.25 else "right" if place > 0.75 else "center"
    ax.annotate(
        name,
        (best.value, 1),
        xycoords=("data", "axes fraction"),
        xytext=({"left": -8, "right": 8}.get(side, 0), -2),
        textcoords="offset points",
        ha=side,
        va="top",
        weight="bold",
        color=theme.ink,
    )
