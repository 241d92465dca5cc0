"""Waiting: a crawler in a for loop, threads, processes and by an event loop."""

from scripts.record.declaration import (
    COUNT,
    POOL,
    SECONDS,
    SOME,
    TIMED,
    WALL,
    Declaration,
    Key,
    Number,
    Size,
)

WAYS = ("for_loop", "threads", "processes", "asyncio")
# Those of which there are several numbers of workers, which wait at the same time.
MANY = WAYS[1:]
# The kinds of crawl by name: half of the links wait so many ms at most; pages are parsed, or not.
KINDS = {"wait_5": (5, 0), "wait_50": (50, 0), "wait_500": (500, 0), "wait_5_parsing": (5, 1)}
ENDS = ("links", "fetched", "timed_out", "failed")
_OF_EVERY_WAY = {
    "at_*.links_per_s": "per_s",
    "best_workers": "count",
    "most_workers": "count",
    "best_links_per_s": "per_s",
    "speedup_ratio": "ratio",
}
_OF_KIND = {
    "wait_ms": "ms",
    "timeout_ms": "ms",
    "for_loop.links_per_s": "per_s",
    "for_loop.compute_ms": "ms",
    **{f"{way}.{name}": unit for way in MANY for name, unit in _OF_EVERY_WAY.items()},
    "threads.best_m": "count",
    "threads.busy_percent": "percent",
    "threads.formula_workers": "count",
    "threads.service_ms": "ms",
    "threads.formula_under_load_workers": "count",
    "threads.gain_beyond_7_ratio": "ratio",
    "threads.gain_over_short_best_ratio": "ratio",
    "asyncio.throughput_over_threads_ratio": "ratio",
    "processes.throughput_over_threads_ratio": "ratio",
}

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
        **{
            f"io_threads.{kind}.{name}": Key(unit)
            for kind in KINDS
            for name, unit in _OF_KIND.items()
        },
        **{f"io_threads.{end}": Key("count") for end in ENDS},
        "io_threads.server.most_cpu_percent": Key("percent"),
    },
    sizes=(
        Size("io_longest_wait_ms", 500, 5, "figure 4: the longest of the waits, in ms"),
        Size("io_window_ms", 120, 60, "figure 4: how long a crawl in full course is watched"),
    ),
    share=60,
    picture="thres_vs_process4",
)
