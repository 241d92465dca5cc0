"""The steps of a machine-learning pipeline: from how much work on does which way pay?"""

from typing import Dict

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
    keys,
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
    found = keys("wall_s", "item_ms")
    if way not in _NO_POOL:
        found.update(keys("start_ms"))
    if way != "for_loop":
        found.update(keys("speedup_ratio", ceiling="" if way in _NO_POOL else "cores"))
    if way not in ("for_loop", "one_thread"):
        found.update(keys("pays"))
        large = step == "large_array"
        found.update(
            keys("pays_from_ms_per_mb") if large else keys("pays_from_items", unit="count")
        )
    return {f"pipeline.{step}.{way}.{name}": key for name, key in found.items()}


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
    quantities={
        **keys("pipeline.workers", "pipeline.{step}.most_items", unit="count", step=STEPS),
        **keys("pipeline.{step}.best", step=STEPS),
        **{
            name: key
            for step, ways in STEPS.items()
            for way in ways
            for name, key in _of_way(step, way).items()
        },
        **keys("pipeline.segment.load_s", "pipeline.segment.processes.worker_load_s"),
        **keys("pipeline.segment.processes.loads_count"),
        **keys("pipeline.segment.processes_over_preloaded"),
        **keys("pipeline.features.vectorised.load_s", "pipeline.large_array.size_mb"),
        **keys("pipeline.large_array.most_ms_per_mb"),
        **keys("pipeline.large_array.{way}.carry_ms_per_mb", way=(*_USUAL[2:], "shared")),
        **keys("pipeline.linear_algebra.one_thread_over_for_loop", ceiling="cores"),
        **keys("pipeline.linear_algebra.{way}_unpinned_over_{way}", way=("threads", "processes")),
        **keys("pipeline.single", "pipeline.single.worst_step", "pipeline.single.best_there"),
        **keys("pipeline.single.worst_over_best"),
    },
    sizes=(Size("pipeline_units", 16, 4, "figure 5: the most work that a worker is given"),),
    share=80,
    picture="thres_vs_process5",
    empty=True,
)
