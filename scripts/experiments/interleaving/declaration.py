"""Who runs when: jobs that do nothing but read the clock."""

from scripts.record.declaration import (
    COUNT,
    POOL,
    TIMED,
    WALL,
    Choice,
    Declaration,
    Key,
    Number,
    Size,
)

# What the intervals of a case add up to: see scripts/measure/sweep.py.
_SWEPT = {
    "running_s": WALL,
    "overlap_percent": Number("percent", 0, 100),
    "switches_count": COUNT,
    "median_run_s": WALL,
    "median_turn_s": WALL,
}
_CEILINGS = {"threads": "serial", "processes": "at_once"}

DECLARATION = Declaration(
    name="interleaving",
    cases=("threads", "processes"),
    needed=2,
    params={**POOL, "size": Choice(("take", "short"), label=True)},
    values={**TIMED, **_SWEPT},
    required=("wall_s", "cpu_s", *_SWEPT),
    quantities={
        **{f"interleaving.{way}.wall_s": Key("s") for way in _CEILINGS},
        **{f"interleaving.{way}.overlap_percent": Key("percent") for way in _CEILINGS},
        **{f"interleaving.{way}.switches_count": Key("count") for way in _CEILINGS},
        **{f"interleaving.{way}.median_run_ms": Key("ms") for way in _CEILINGS},
        **{f"interleaving.{way}.median_turn_ms": Key("ms") for way in _CEILINGS},
        # How many jobs ran at once, on average: by their own clocks, and by their CPU time.
        **{f"interleaving.{way}.parallelism_ratio": Key("ratio", "at_once") for way in _CEILINGS},
        **{f"interleaving.{way}.at_once": Key("ratio", most) for way, most in _CEILINGS.items()},
    },
    sizes=(Size("ticks", 10**6, 250_000, "figure 2: how often one job reads the clock"),),
    share=30,
    picture="thres_vs_process2",
)
