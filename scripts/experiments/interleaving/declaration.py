"""Who runs when: jobs that do nothing but read the clock."""

from scripts.record.declaration import (
    COUNT,
    POOL,
    TIMED,
    WALL,
    Choice,
    Declaration,
    Number,
    Size,
    keys,
)

# What the intervals of a case add up to: see scripts/measure/sweep.py.
_SWEPT = {
    "running_s": WALL,
    "overlap_percent": Number("percent", 0, 100),
    "switches_count": COUNT,
    "median_run_s": WALL,
    "median_turn_s": WALL,
}
WAYS = ("threads", "processes")
_OF_EVERY_WAY = ["wall_s", "overlap_percent", "switches_count", "median_run_ms", "median_turn_ms"]

DECLARATION = Declaration(
    name="interleaving",
    cases=WAYS,
    needed=2,
    params={**POOL, "size": Choice(("take", "short"), label=True)},
    values={**TIMED, **_SWEPT},
    required=("wall_s", "cpu_s", *_SWEPT),
    quantities={
        **keys("interleaving.{way}.{what}", way=WAYS, what=_OF_EVERY_WAY),
        # How many jobs ran at once, on average: by their own clocks, and by their CPU time.
        **keys("interleaving.{way}.parallelism_ratio", ceiling="at_once", way=WAYS),
        **keys("interleaving.threads.at_once", unit="ratio", ceiling="serial"),
        **keys("interleaving.processes.at_once", unit="ratio", ceiling="at_once"),
    },
    sizes=(Size("ticks", 10**6, 250_000, "figure 2: how often one job reads the clock"),),
    share=30,
    picture="thres_vs_process2",
)
