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
    keys,
)

WAYS = ("for_loop", "threads", "processes", "asyncio")
# Those of which there are several numbers of workers, which wait at the same time.
MANY = WAYS[1:]
# The kinds of crawl by name: half of the links wait so many ms at most; pages are parsed, or not.
KINDS = {"wait_5": (5, 0), "wait_50": (50, 0), "wait_500": (500, 0), "wait_5_parsing": (5, 1)}
ENDS = ("links", "fetched", "timed_out", "failed")
_OF_KIND = (
    *("wait_ms", "timeout_ms", "for_loop.links_per_s", "for_loop.compute_ms"),
    *("threads.busy_percent", "threads.service_ms"),
    *("threads.gain_beyond_7_ratio", "threads.gain_over_short_best_ratio"),
    *("asyncio.throughput_over_threads_ratio", "processes.throughput_over_threads_ratio"),
    *(f"{way}.{what}" for way in MANY for what in ("at_*.links_per_s", "best_links_per_s")),
    *(f"{way}.speedup_ratio" for way in MANY),
)
_COUNTS = (
    *(f"{way}.{what}" for way in MANY for what in ("best_workers", "most_workers")),
    *(f"threads.{what}" for what in ("best_m", "formula_workers", "formula_under_load_workers")),
)

DECLARATION = Declaration(
    name="io_threads",
    cases=WAYS,
    needed=2,
    params={
        **POOL,
        "wait_ms": Number("ms", 1, 10**6, whole=True),
        "parse": Number("count", 0, 1, whole=True),
    },
    values={
        **TIMED,
        "cpu_s": SECONDS,
        "server_cpu_s": SECONDS,
        "wait_s": WALL,
        "timeout_s": WALL,
        "tries_count": SOME,
        **{f"{end}_count": COUNT for end in ENDS},
    },
    required=("wall_s", "cpu_s", "server_cpu_s", "wait_s", "timeout_s", "links_count"),
    sums={"links_count": ("fetched_count", "timed_out_count", "failed_count")},
    quantities={
        **keys("io_threads.{kind}.{what}", kind=KINDS, what=_OF_KIND),
        **keys("io_threads.{kind}.{what}", unit="count", kind=KINDS, what=_COUNTS),
        **keys("io_threads.{end}", unit="count", end=ENDS),
        **keys("io_threads.server.most_cpu_percent"),
    },
    sizes=(
        Size("io_longest_wait_ms", 500, 5, "figure 4: the longest of the waits, in ms"),
        Size("io_window_ms", 120, 60, "figure 4: how long a crawl in full course is watched"),
    ),
    share=60,
    picture="thres_vs_process4",
)
