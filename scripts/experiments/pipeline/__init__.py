"""The steps of a machine-learning pipeline, each by every way."""

from scripts.record.declaration import (
    COUNT,
    MEGABYTES,
    POOL,
    SECONDS,
    TIMED,
    Choice,
    Declaration,
    Number,
    Size,
)

STEPS = ("fetch", "segment", "features", "large_array", "linear_algebra", "compress")

DECLARATION = Declaration(
    name="pipeline",
    cases=("for_loop", "threads", "processes", "interpreters"),
    needed=3,
    params={
        **POOL,
        "step": Choice(STEPS, label=True),
        **dict.fromkeys(("preloaded", "shared", "blas_threads"), Number("count", 0, 1, whole=True)),
    },
    values={
        **TIMED,
        **dict.fromkeys(("load_s", "handover_s"), SECONDS),
        **dict.fromkeys(("checksum_count", "loads_count"), COUNT),
        "size_mb": MEGABYTES,
    },
    required=("wall_s", "cpu_s", "checksum_count"),
    sizes=(Size("pipeline_items", 80, 10, "figure 5: how much each step has to do"),),
    picture="thres_vs_process5",
    empty=True,
)
