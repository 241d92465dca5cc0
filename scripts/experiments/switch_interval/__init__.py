"""How long a turn of a thread is, by the interval of the GIL."""

from scripts.record.declaration import COUNT, POOL, TIMED, WALL, Declaration, Number, Size

DECLARATION = Declaration(
    name="switch_interval",
    cases=("threads",),
    needed=1,
    params={**POOL, "switch_interval_s": Number("s", 1e-6, 10)},
    values={**TIMED, "median_turn_s": WALL, "switches_count": COUNT},
    required=("wall_s", "cpu_s", "median_turn_s", "switches_count"),
    sizes=(Size("switch_interval_ticks", 3 * 10**6, 750_000, "readings of the clock in a thread"),),
)
