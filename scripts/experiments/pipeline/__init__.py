"""The steps of a machine-learning pipeline: from how much work on does which way pay?"""

from scripts.record.declaration import (
    COUNT,
    MEGABYTES,
    POOL,
    SECONDS,
    TIMED,
    WALL,
    Choice,
    Declaration,
    Key,
    Number,
    Size,
)

# The ways of every step, by the names of their cases; in the order of the pipeline.
_USUAL = ("for_loop", "threads", "processes", "interpreters", "joblib")
STEPS = {
    "fetch": _USUAL,
    "segment": (*_USUAL, "preloaded"),
    "features": (*_USUAL, "vectorised"),
    "large_array": (*_USUAL, "shared"),
    "linear_algebra": (*_USUAL, "one_thread", "threads_unpinned", "processes_unpinned"),
    "compress": _USUAL,
}


def _quantities() -> dict:
    found = {}
    for step, ways in STEPS.items():
        for way in ways:
            key = f"pipeline.{step}.{way}"
            found[f"{key}.wall_s"] = Key("s")
            found[f"{key}.start_ms"] = Key("ms")
            found[f"{key}.item_ms"] = Key("ms")
            if way != "for_loop":
                bound = way not in ("vectorised", "one_thread")
                found[f"{key}.speedup_ratio"] = Key("ratio", "cores" if bound else "")
                found[f"{key}.pays"] = Key("text")
                found[f"{key}.pays_from_items"] = Key("count")
        found[f"pipeline.{step}.most_items"] = Key("count")
        found[f"pipeline.{step}.best"] = Key("text")
    return found


DECLARATION = Declaration(
    name="pipeline",
    cases=(*_USUAL[:3], *dict.fromkeys(way for ways in STEPS.values() for way in ways[3:])),
    needed=3,
    params={
        **POOL,
        "step": Choice(tuple(STEPS), label=True),
        **dict.fromkeys(("small", "middle", "large"), Number("count", 1, 10**9, whole=True)),
    },
    values={
        **TIMED,
        **dict.fromkeys(("small_s", "middle_s", "large_s"), WALL),
        **dict.fromkeys(("start_s", "load_s", "worker_load_s"), SECONDS),
        **dict.fromkeys(("checksum_count", "loads_count"), COUNT),
        "size_mb": MEGABYTES,
    },
    required=("wall_s", "cpu_s", "small_s", "middle_s", "large_s", "checksum_count"),
    quantities=_quantities(),
    sizes=(Size("pipeline_units", 16, 4, "figure 5: the most work that a worker is given"),),
    share=60,
    picture="thres_vs_process5",
    empty=True,
)
