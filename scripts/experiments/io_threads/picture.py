"""Figure 4: how many links a second a crawler gets through, by how many are under way at once.

A panel for each wait, and one more where every page is parsed as well; the axis of workers is one
for all. Beside the best number of threads stands what the formula says, and the author's rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scripts.conclude.decide import HOLDS, decide
from scripts.conclude.quantity import Values
from scripts.conclude.stats import ratio
from scripts.draw import style
from scripts.draw.language import Say, Table
from scripts.draw.text import width_of
from scripts.draw.theme import MARKERS, Theme
from scripts.experiments.io_threads.declaration import KINDS, WAYS
from scripts.experiments.io_threads.numbers import BUSY, Crawl, crawls, links_per_s
from scripts.experiments.io_threads.panel import Panel, formula, point
from scripts.experiments.io_threads.words import WORDS as WORDS
from scripts.record import Record, units

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What the shapes of the lines' points look like in a line of text.
SHAPES = {"s": "■", "o": "●", "v": "▼", "X": "✖"}
# A server that is busy for a larger part of the time may be what is measured, in percent.
BUSY_SERVER = 80


def title(about: Values, say: Say) -> str:
    """The answer: how many threads are best for every wait, or what one wait wants and gains."""
    waits = [name for name, (_, parse) in KINDS.items() if not parse]
    best = {name: about.get(f"io_threads.{name}.threads.best_workers") for name in waits}
    found = {name: number for name, number in best.items() if number}
    gains = (about.get(f"io_threads.{name}.threads.gain_over_short_best_ratio") for name in waits)
    longer = [gain for gain in gains if gain]
    if len(found) > 1 and longer and all(decide(gain, 1) == HOLDS for gain in longer):
        listed = (_best_of_wait(about, name, say) for name in (*found,)[:: len(found) - 1])
        return say("longer", list=say("comma").join(listed))
    for name, number in found.items():
        fields = {"wait": _wait(name, say), "number": say.number(number)}
        gain = about.get(f"io_threads.{name}.threads.speedup_ratio")
        if gain and decide(gain, 1) == HOLDS:
            return say("best_over_loop", times=say.unit(gain), **fields)
        return say("best", **fields)
    return say("plain")


def table(record: Record, about: Values, say: Say) -> Table:
    """A row for every crawl, way and number of workers."""
    rows = []
    for name, crawl in crawls(record).items():
        loop = crawl.ways.get("for_loop", {}).get(1, [])
        for way, counts in crawl.ways.items():
            for workers, samples in counts.items():
                rate = about[f"io_threads.{name}.{point(way, workers)}"]
                low, high = rate.ends(say.language)
                over = ratio(links_per_s(samples), links_per_s(loop)) if loop else None
                rows.append(
                    [
                        _name(name, say),
                        say.way(way),
                        units.count(workers, say.language),
                        say("with_range", number=say.number(rate), low=low, high=high),
                        say.unit(over) if over else say("not_measured"),
                    ]
                )
    return [say(name) for name in ("crawl", "way", "at_once", "rate", "over_loop")], rows


def draw(record: Record, about: Values, theme: Theme, say: Say) -> Figure:
    """The figure, to be drawn within `export.context()`."""
    every = crawls(record)
    sheet = style.Sheet(theme, record, say)
    sheet.headline(title(about, say), say("note"))
    sheet.top += 5
    _legend(sheet, every)
    most = _most_workers(every, about)
    for name, crawl in every.items():
        sheet.top += 5
        sheet.title(_name(name, say), _aside(about, name, say))
        last = name == [*every][-1]
        Panel(sheet, crawl, about, most, _top(every, name, about), last).draw()
    samples = [one for crawl in every.values() for arm in crawl.arms for one in arm]
    sheet.footer(_small_print(record, every, about, say), samples)
    return sheet.finish()


def _wait(name: str, say: Say) -> str:
    return say("ms", number=units.count(KINDS[name][0], say.language))


def _name(name: str, say: Say) -> str:
    return say("wait_parsing" if KINDS[name][1] else "wait", wait=_wait(name, say))


def _best_of_wait(about: Values, name: str, say: Say) -> str:
    which = "least_of_wait" if _open_end(about, name) else "of_wait"
    number = say.number(about[f"io_threads.{name}.threads.best_workers"])
    return say(which, wait=_wait(name, say), number=number)


def _open_end(about: Values, name: str) -> bool:
    """Whether more threads than the most that were tried might do still more.

    Not if these keep all cores busy that they can.
    """
    best, most, busy = (
        about[f"io_threads.{name}.threads.{which}"].value
        for which in ("best_workers", "most_workers", "busy_percent")
    )
    return best == most and busy < 100 * BUSY


def _aside(about: Values, name: str, say: Say) -> str:
    best = about.get(f"io_threads.{name}.threads.best_workers")
    if not best:
        return ""
    rate = say.number(about[f"io_threads.{name}.threads.best_links_per_s"])
    which = "least_aside" if _open_end(about, name) else "aside"
    return say(which, number=say.number(best), rate=rate)


def _legend(sheet: style.Sheet, every: Mapping[str, Crawl]) -> None:
    left = style.MARGIN
    for way in WAYS:
        if any(way in crawl.ways for crawl in every.values()):
            text = f"{SHAPES[MARKERS[way]]} {sheet.say.way(way)}"
            sheet.text(text, left=left, weight="bold", color=sheet.theme.ways[way], leading=0)
            left += width_of(text, style.SMALL, "bold") + 16
    sheet.top += style.LEADING * style.SMALL


def _most_workers(every: Mapping[str, Crawl], about: Values) -> float:
    """How far the axis goes: to the most workers, and to what the formula says."""
    tried = [number for crawl in every.values() for way in crawl.ways.values() for number in way]
    wanted = [quantity.value for name in every for quantity in formula(about, name)]
    return max(*tried, *wanted)


def _top(every: Mapping[str, Crawl], name: str, about: Values) -> float:
    """How high the axis goes: the same for all crawls that do the same with a page."""
    alike = [other for other in every if KINDS[other][1] == KINDS[name][1]]
    return 1.22 * max(
        about[f"io_threads.{other}.{point(way, workers)}"].high
        for other in alike
        for way, counts in every[other].ways.items()
        for workers in counts
    )


def _small_print(record: Record, every: Mapping[str, Crawl], about: Values, say: Say) -> str:
    """What the marks mean, what the formula is made of, and what the server used."""
    rounds = max(len(arm) for crawl in every.values() for arm in crawl.arms)
    text = [say("points", rounds=say.many("round", rounds)) if rounds > 1 else say("point")]
    if any(f"io_threads.{name}.threads.best_workers" in about for name in every):
        text.append(say("rings"))
    costs = [f"io_threads.wait_5.{key}" for key in ("for_loop.compute_ms", "threads.service_ms")]
    alone, busy = (about.get(key) for key in costs)
    if alone:
        cores = 1 if record.runtimes[0].gil else record.machine.cores
        which = "formula_both" if busy else "formula_is"
        text.append(say(which, cores=cores, alone=say.unit(alone), busy=busy and say.unit(busy)))
    if len(every) > 2:
        text.append(say("others"))
    share = about.get("io_threads.server.most_cpu_percent")
    if share:
        full = share.value > BUSY_SERVER
        text.append(say("server_full" if full else "server", share=say.unit(share)))
    return say.joined(text)
