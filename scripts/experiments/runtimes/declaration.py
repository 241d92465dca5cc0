"""The same work in several interpreters."""

from typing import Dict

from scripts.record.declaration import (
    COUNT,
    POOL,
    TIMED,
    WALL,
    Declaration,
    Key,
    Number,
    Size,
    keys,
)

WAYS = ("for_loop", "threads", "processes", "interpreters")
_COST = Number("ns", 1e-9, 10**9)
KINDS = ("gil", "no_gil", "interpreters")
_YES_OR_NO = Number("count", 0, 1, whole=True)


def _of_kind(kind: str) -> Dict[str, Key]:
    able = {"for_loop": "one", "threads": "at_once" if kind == "no_gil" else "one"}
    found = keys("version", "name", "threads_overlap_percent")
    found.update(keys("{way}_wall_s", "{way}_cost_ns", way=WAYS))
    for way in WAYS:
        most = able.get(way, "at_once")
        found.update(keys(f"{way}_at_once", unit="ratio", ceiling=most))
        if way != "for_loop":
            # Under a GIL an addition may cost less in threads (see cpu_bound).
            found.update(keys(f"for_loop_to_{way}_ratio", ceiling=most.replace("one", "cheaper")))
    found.update(keys("threads_to_for_loop_ratio", "interpreters_to_processes_ratio"))
    return {f"runtimes.{kind}.{name}": key for name, key in found.items()}


DECLARATION = Declaration(
    name="runtimes",
    cases=("for_loop", "threads", "processes", "tracker_threads", "interpreters", "numpy_threads"),
    needed=4,
    params=POOL,
    values={
        **TIMED,
        **dict.fromkeys(("cheapest_ns", "dearest_ns"), _COST),
        "running_s": WALL,
        "overlap_percent": Number("percent", 0, 100),
        "switches_count": COUNT,
        **dict.fromkeys(("median_run_s", "median_turn_s"), WALL),
        **dict.fromkeys(("numpy_count", "gil_count"), _YES_OR_NO),
    },
    required=("wall_s", "cpu_s"),
    quantities={
        **keys("runtimes.count"),
        **{name: key for kind in KINDS for name, key in _of_kind(kind).items()},
        **keys("runtimes.no_gil.single_thread_price_ratio"),
        **keys("runtimes.no_gil.single_thread_base_version"),
        # Whether NumPy was there to be imported, and whether there was a GIL after it had been.
        **keys("runtimes.no_gil.numpy_count", "runtimes.no_gil.gil_after_numpy_count"),
        **keys("runtimes.no_gil.numpy_threads_at_once", unit="ratio", ceiling="at_once"),
    },
    sizes=(
        Size("runtimes_additions", 25 * 10**5, 500_000, "figure 6: numbers that one job adds up"),
        Size("runtimes_ticks", 4 * 10**5, 10**5, "figure 6: readings of the clock"),
    ),
    share=25,
    runtimes="all",
    picture="thres_vs_process6",
)
