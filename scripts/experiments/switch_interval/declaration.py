"""How long a turn of a thread is, by the interval of the GIL."""

from scripts.record.declaration import COUNT, POOL, TIMED, WALL, Declaration, Number, Size, keys

_INTERVALS = ("0_5_ms", "5_ms", "50_ms")

DECLARATION = Declaration(
    name="switch_interval",
    cases=("threads",),
    needed=1,
    params={**POOL, "switch_interval_s": Number("s", 1e-6, 10)},
    values={**TIMED, "median_turn_s": WALL, "switches_count": COUNT},
    required=("wall_s", "cpu_s", "median_turn_s", "switches_count"),
    quantities={
        **keys("switch_interval.at_{at}.median_turn_ms", at=_INTERVALS),
        **keys("switch_interval.at_{at}.switches_count", at=_INTERVALS),
        # How many times as long the turns are when the interval is a hundred times as long.
        **keys("switch_interval.at_50_ms.turns_to_at_0_5_ms_ratio"),
    },
    sizes=(Size("switch_interval_ticks", 2 * 10**6, 750_000, "readings of the clock in a thread"),),
    share=10,
)
