"""The steps of a machine-learning pipeline: from how much work on does which way pay?"""

from typing import Dict, Tuple

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

_USUAL = ("for_loop", "threads", "processes", "interpreters", "joblib")
# The ways of every step, by the names of their cases; in the order of the pipeline.
STEPS = {
    "fetch": _USUAL,
    "segment": (*_USUAL, "preloaded"),
    "features": (*_USUAL, "vectorised"),
    "large_array": (*_USUAL, "shared"),
    "linear_algebra": (*_USUAL, "one_thread", "threads_unpinned", "processes_unpinned"),
    "compress": _USUAL,
}
# They compute in one process, whatever number of cores that keeps busy.
_NO_POOL = ("for_loop", "vectorised", "one_thread")


def _of_way(step: str, way: str) -> Dict[str, Key]:
    found = {"wall_s": Key("s"), "item_ms": Key("ms")}
    if way not in _NO_POOL:
        found["start_ms"] = Key("ms")
    if way != "for_loop":
        found["speedup_ratio"] = Key("ratio", "" if way in _NO_POOL else "cores")
    if way not in ("for_loop", "one_thread"):
        found["pays"] = Key("text")
        if step == "large_array":
            found["pays_from_ms_per_mb"] = Key("ms_per_mb")
        else:
            found["pays_from_items"] = Key("count")
    return {f"pipeline.{step}.{way}.{name}": key for name, key in found.items()}


def _quantities() -> Dict[str, Key]:
    found = {"pipeline.workers": Key("count")}
    for step, ways in STEPS.items():
        found[f"pipeline.{step}.most_items"] = Key("count")
        found[f"pipeline.{step}.best"] = Key("text")
        for way in ways:
            found.update(_of_way(step, way))
    carried: Tuple[str, ...] = ("processes", "interpreters", "joblib", "shared")
    return {
        **found,
        "pipeline.segment.load_s": Key("s"),
        "pipeline.segment.processes.loads_count": Key("count"),
        "pipeline.segment.processes.worker_load_s": Key("s"),
        "pipeline.segment.processes_over_preloaded": Key("ratio"),
        "pipeline.features.vectorised.load_s": Key("s"),
        "pipeline.large_array.size_mb": Key("mb"),
        "pipeline.large_array.most_ms_per_mb": Key("ms_per_mb"),
        **{f"pipeline.large_array.{way}.carry_ms_per_mb": Key("ms_per_mb") for way in carried},
        "pipeline.linear_algebra.one_thread_over_for_loop": Key("ratio", "cores"),
        "pipeline.linear_algebra.threads_unpinned_over_threads": Key("ratio"),
        "pipeline.linear_algebra.processes_unpinned_over_processes": Key("ratio"),
        "pipeline.single": Key("text"),
        "pipeline.single.worst_step": Key("text"),
        "pipeline.single.best_there": Key("text"),
        "pipeline.single.worst_over_best": Key("ratio"),
    }


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
    share=80,
    picture="thres_vs_process5",
    empty=True,
)
