"""Waiting: a crawler in a for loop, threads, processes and by an event loop."""

from scripts.record.declaration import (
    COUNT,
    POOL,
    SECONDS,
    SOME,
    TIMED,
    WALL,
    Declaration,
    Number,
    Size,
)

DECLARATION = Declaration(
    name="io_threads",
    cases=("for_loop", "threads", "processes", "asyncio"),
    needed=2,
    params={
        **POOL,
        "wait_ms": Number("ms", 1, 10**6, whole=True),
        "parse": Number("count", 0, 1, whole=True),
    },
    values={
        **TIMED,
        "server_cpu_s": SECONDS,
        "wait_s": WALL,
        "timeout_s": WALL,
        "tries_count": SOME,
        **{f"{name}_count": COUNT for name in ("links", "fetched", "timed_out", "failed")},
    },
    required=("wall_s", "cpu_s", "server_cpu_s", "wait_s", "timeout_s", "links_count"),
    sizes=(
        Size("io_longest_wait_ms", 500, 5, "figure 4: the longest of the waits, in ms"),
        Size("io_window_ms", 120, 60, "figure 4: how long a crawl in full course is watched"),
    ),
    share=60,
    picture="thres_vs_process4",
)
