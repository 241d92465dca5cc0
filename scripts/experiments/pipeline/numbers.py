"""From how many items on each way of doing a step pays, and how many times as fast it gets.

Where a way pays, and what an item costs, follow from its line (see lines.py) and do not depend on
how many items were chosen to be measured. How many times as fast it gets is told as it was measured
with most items, and not continued by the line: on two idle cores an item costs half as much, and
what is half by nature would be more than half by chance.
"""

from __future__ import annotations

import statistics
from typing import Dict, Mapping, Optional, Sequence, Tuple

from scripts.conclude.decide import decide
from scripts.conclude.quantity import ByRound, Quantity
from scripts.conclude.stats import (
    best,
    by_round,
    even,
    fact,
    known,
    middle,
    odd,
    ratio,
    scaled,
    shared,
    typical,
)
from scripts.experiments.pipeline.lines import (
    ALWAYS,
    FROM,
    Curve,
    most_items,
    pays,
    pays_from,
    steps,
)
from scripts.record import Record

# A way whose items cost hardly more than those of the cheapest is as good in the end, and one that
# pays from hardly more items on is as good in the beginning.
CLOSE, SOON = 1.1, 1.25
# Of ways that are as good, the one that asks least of who writes the program.
SIMPLEST = (
    *("for_loop", "vectorised", "threads", "threads_unpinned", "joblib"),
    *("processes", "processes_unpinned", "interpreters", "preloaded", "shared"),
)
# What is no way to do a step, but explains one.
EXPLAINS = ("one_thread",)
# Ways that are the same for all steps, and that one might use throughout.
THROUGHOUT = ("for_loop", "threads", "processes")


def quantities(record: Record) -> Dict[str, Quantity]:
    """Times, lines, break-evens and speed-ups of every way of every step, and the best ones.

    Nothing stands there for what was not measured. Raises BlogError when two ways of a step did
    not compute the same.
    """
    found: Dict[str, Quantity] = {}
    measured = steps(record)
    for step, curves in measured.items():
        for name, quantity in _of_step(step, curves).items():
            found[f"pipeline.{step}.{name}"] = quantity
    if measured:
        found["pipeline.workers"] = fact(_workers(measured), "count")
        found.update(_throughout(measured))
    return known(found)


def _workers(measured: Mapping[str, Mapping[str, Curve]]) -> int:
    every = (curve for curves in measured.values() for curve in curves.values())
    return max(int(curve.samples[0].params["workers"]) for curve in every)


def _of_step(step: str, curves: Mapping[str, Curve]) -> Dict[str, Quantity]:
    items, loop = most_items(curves), curves["for_loop"]
    found, item_s = {"most_items": fact(items, "count")}, _item_s(curves)
    for way, curve in curves.items():
        found[f"{way}.wall_s"] = typical(curve.at(items), "s")
        found[f"{way}.item_ms"] = typical(scaled(item_s.get(way, {}), 1e3), "ms")
        found[f"{way}.start_ms"] = typical(scaled(by_round(curve.samples, "start_s"), 1e3), "ms")
        if way == "for_loop" or not shared(loop.item_s, curve.item_s)[0]:
            continue
        found[f"{way}.speedup_ratio"] = ratio(loop.at(items), curve.at(items))
        if way not in EXPLAINS:
            found.update({f"{way}.{name}": one for name, one in _break_even(curve, loop).items()})
    found["best"] = fact(best_way(curves), "text")
    return {**found, **(_DETAILS[step](curves, items) if step in _DETAILS else {})}


def _item_s(curves: Mapping[str, Curve]) -> Dict[str, ByRound]:
    """What an item takes by each way that has a line, in the rounds in which all of these have one.

    Where there is no such round, in their own.
    """
    own = {way: curve.item_s for way, curve in curves.items() if curve.item_s}
    common = dict(zip(own, shared(*own.values()))) if own else own
    return common if all(common.values()) else own


def _break_even(curve: Curve, loop: Curve) -> Dict[str, Quantity]:
    """From how many items on it pays; of a large array, from how much computing for each MB."""
    items = pays_from(curve, loop)
    answer = pays(items)
    found = {"pays": fact(answer, "text")}
    if answer in (ALWAYS, FROM):
        size_mb = by_round(loop.samples, "size_mb")
        if size_mb:
            seconds = {at: loop.lines[at].at(number) for at, number in items.items()}
            computed = {at: 1e3 * seconds[at] / size_mb[at] for at in seconds}
            found["pays_from_ms_per_mb"] = middle(computed, "ms_per_mb")
        else:
            found["pays_from_items"] = middle(items, "count")
    return found


def best_way(curves: Mapping[str, Curve]) -> str:
    """The best way where there is much to do; "none" where the rounds cannot tell which that is.

    Of those whose items cost hardly more than the cheapest ones, it is one that pays from hardly
    more items on than any other, and of these the simplest.
    """
    costs = {way: one.item_s for way, one in curves.items() if way not in EXPLAINS}
    if len(costs) < 2 or not odd(shared(*costs.values())[0]):
        return "none"
    cheapest = best(costs)
    if not cheapest.ratios or any(one.strict is None for one in cheapest.ratios.values()):
        return "none"
    told = {way: decide(one, CLOSE, above=False) for way, one in cheapest.ratios.items()}
    sure = [cheapest.label, *(way for way in told if told[way] == "holds")]
    open_ = [way for way in told if told[way] == "undecided"]
    found = _soonest(sure, curves)
    return found if not open_ or _soonest(sure + open_, curves) == found else "none"


def _soonest(ways: Sequence[str], curves: Mapping[str, Curve]) -> str:
    """The simplest of those ways that pay from hardly more items on than any other of them."""
    loop = curves["for_loop"]
    items = {
        way: 1 if way == "for_loop" else statistics.median(pays_from(curves[way], loop).values())
        for way in ways
    }
    soon = [way for way in ways if items[way] <= SOON * min(items.values())]
    return min(soon, key=SIMPLEST.index)


def _segment(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """The loading of the dictionary: once by the program, or by every worker."""
    found = {"load_s": typical(by_round(curves["for_loop"].samples, "load_s"), "s")}
    if "processes" in curves:
        samples = curves["processes"].samples
        found["processes.loads_count"] = middle(by_round(samples, "loads_count"), "count")
        found["processes.worker_load_s"] = typical(by_round(samples, "worker_load_s"), "s")
    if {"processes", "preloaded"} <= curves.keys():
        pair = (curves[way].at(items) for way in ("processes", "preloaded"))
        found["processes_over_preloaded"] = ratio(*pair)
    return found


def _features(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What importing NumPy takes, which the vectorised way begins with."""
    samples = curves["vectorised"].samples if "vectorised" in curves else ()
    return {"vectorised.load_s": typical(by_round(samples, "load_s"), "s")}


def _large_array(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What carrying a megabyte takes: what is fixed, but for the starting of the pool."""
    size_mb = by_round(curves["for_loop"].samples, "size_mb")
    found = {"size_mb": typical(size_mb, "mb")}
    loop = curves["for_loop"].at(items)
    computed = {at: 1e3 * loop[at] / size_mb[at] for at in loop}
    found["most_ms_per_mb"] = typical(computed, "ms_per_mb")
    for way, curve in curves.items():
        starts = by_round(curve.samples, "start_s")
        if way not in ("for_loop", "threads") and starts:
            carried = {
                at: 1e3 * max(0.0, curve.lines[at].fixed_s - starts[at]) / one.values["size_mb"]
                for at, one in ((one.at, one) for one in curve.samples)
            }
            found[f"{way}.carry_ms_per_mb"] = middle(carried, "ms_per_mb")
    return found


def _linear_algebra(curves: Mapping[str, Curve], items: int) -> Dict[str, Quantity]:
    """What BLAS gains by its own threads, and what they do in a pool that has as many workers.

    A ratio only where both stand there with the same rounds: who divides these gets the ratio.
    """
    pairs = (
        ("one_thread", "for_loop"),
        ("threads_unpinned", "threads"),
        ("processes_unpinned", "processes"),
    )
    item_s = _item_s(curves)
    return {
        f"{above}_over_{below}": ratio(item_s[above], item_s[below])
        for above, below in pairs
        if {above, below} <= item_s.keys() and item_s[above].keys() == item_s[below].keys()
    }


_DETAILS = {
    "segment": _segment,
    "features": _features,
    "large_array": _large_array,
    "linear_algebra": _linear_algebra,
}


def _throughout(measured: Mapping[str, Mapping[str, Curve]]) -> Dict[str, Quantity]:
    """The one way that is least behind where it is most behind the cheapest, and how far there.

    Which way, and which step, the odd rounds choose, and the even ones estimate. Nothing with too
    few rounds for that, or without all the ways.
    """
    ways = [way for way in THROUGHOUT if all(way in curves for curves in measured.values())]
    worst = {way: _worst(way, measured) for way in ways}
    known = {way: each for way, each in worst.items() if each}
    if len(measured) < 2 or len(known) < 2:
        return {}
    single = min(known, key=lambda way: known[way][0])
    _, step, other = known[single]
    above, below = (even(measured[step][way].item_s) for way in (single, other))
    if not shared(above, below)[0]:
        return {}
    return {
        "pipeline.single": fact(single, "text"),
        "pipeline.single.worst_step": fact(step, "text"),
        "pipeline.single.best_there": fact(other, "text"),
        "pipeline.single.worst_over_best": ratio(above, below),
    }


def _worst(
    way: str, measured: Mapping[str, Mapping[str, Curve]]
) -> Optional[Tuple[float, str, str]]:
    """How many times what an item of the cheapest way costs it costs by this one, in the step where
    that is most, which step that is, and which way is the cheapest there; by the odd rounds.

    None without any.
    """
    found = []
    for step, curves in measured.items():
        costs = {name: one.item_s for name, one in curves.items() if name not in EXPLAINS}
        common = dict(zip(costs, shared(*map(odd, costs.values()))))
        if not common[way]:
            return None
        means = {name: typical(values, "s").value for name, values in common.items()}
        cheapest = min(means, key=means.__getitem__)
        found.append((means[way] / means[cheapest], step, cheapest))
    return max(found)
