"""Waiting: a crawler in a for loop, threads, processes and by an event loop."""

from scripts.record.declaration import (
    COUNT,
    POOL,
    SECONDS,
    SOME,
    TIMED,
    Declaration,
    Flag,
    Number,
    Size,
)

DECLARATION = Declaration(
    name="io_threads",
    cases=("for_loop", "threads", "processes", "asyncio"),
    needed=2,
    params={
        **POOL,
        "parse": Number("count", 0, 1, whole=True),
        "links": Number("count", 1, 10**7, whole=True),
        "scaled": Flag(),
    },
    values={
        **TIMED,
        "server_cpu_s": SECONDS,
        **dict.fromkeys(("links_count", "tries_count", "timeout_ms"), SOME),
        **dict.fromkeys(("fetched_count", "timed_out_count", "failed_count"), COUNT),
    },
    required=("wall_s", "cpu_s", "server_cpu_s", "links_count", "timeout_ms"),
    sizes=(
        Size("io_links", 1000, 50, "figure 4: links of the crawl"),
        Size("io_wait_ms", 5, 5, "figure 4: how long half of the links wait at most, in ms"),
    ),
    picture="thres_vs_process4",
)
