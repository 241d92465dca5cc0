"""The same work in several interpreters."""

from typing import Dict

from scripts.record.declaration import COUNT, POOL, TIMED, WALL, Declaration, Key, Number, Size

WAYS = ("for_loop", "threads", "processes", "interpreters")
_COST = Number("ns", 1e-9, 10**9)
KINDS = ("gil", "no_gil", "interpreters")
_YES_OR_NO = Number("count", 0, 1, whole=True)


def _ceilings(kind: str) -> Dict[str, str]:
    threads = "at_once" if kind == "no_gil" else "one"
    return {**dict.fromkeys(WAYS, "at_once"), "for_loop": "one", "threads": threads}


def _quantities() -> Dict[str, Key]:
    found = {"runtimes.count": Key("count")}
    for kind in KINDS:
        own = {
            **{name: Key("text") for name in ("version", "name")},
            **{f"{way}_wall_s": Key("s") for way in WAYS},
            **{f"{way}_at_once": Key("ratio", most) for way, most in _ceilings(kind).items()},
            **{f"{way}_cost_ns": Key("ns") for way in WAYS},
            # Under a GIL an addition may cost less in threads (see cpu_bound).
            **{
                f"for_loop_to_{way}_ratio": Key("ratio", most.replace("one", "cheaper"))
                for way, most in _ceilings(kind).items()
                if way != "for_loop"
            },
            "threads_to_for_loop_ratio": Key("ratio"),
            "interpreters_to_processes_ratio": Key("ratio"),
            "threads_overlap_percent": Key("percent"),
        }
        found.update({f"runtimes.{kind}.{name}": key for name, key in own.items()})
    found["runtimes.no_gil.single_thread_price_ratio"] = Key("ratio")
    found["runtimes.no_gil.single_thread_base_version"] = Key("text")
    # Whether NumPy was there to be imported, and whether there was a GIL after it had been.
    found["runtimes.no_gil.numpy_count"] = Key("count")
    found["runtimes.no_gil.gil_after_numpy_count"] = Key("count")
    found["runtimes.no_gil.numpy_threads_at_once"] = Key("ratio", "at_once")
    return found


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
    quantities=_quantities(),
    sizes=(
        Size("runtimes_additions", 25 * 10**5, 500_000, "figure 6: numbers that one job adds up"),
        Size("runtimes_ticks", 4 * 10**5, 10**5, "figure 6: readings of the clock"),
    ),
    share=25,
    runtimes="all",
    picture="thres_vs_process6",
)
