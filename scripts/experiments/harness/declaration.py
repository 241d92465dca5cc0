"""What measuring costs."""

from scripts.record.declaration import POOL, WALL, Declaration, Number, Size, keys

_RATIO = Number("ratio", 0.001, 1000)

DECLARATION = Declaration(
    name="harness",
    cases=("for_loop",),
    needed=1,
    params=POOL,
    values={
        **dict.fromkeys(("bare_s", "timed_s", "clock_s", "tracker_s"), WALL),
        **dict.fromkeys(("timed_over_bare_ratio", "tracker_over_clock_ratio"), _RATIO),
    },
    required=("timed_over_bare_ratio", "tracker_over_clock_ratio"),
    quantities=keys("harness.timed_over_bare", "harness.tracker_over_clock"),
    sizes=(
        Size("harness_additions", 2 * 10**5, 40_000, "what measuring costs: additions of a job"),
        Size("harness_ticks", 2 * 10**4, 4_000, "what measuring costs: readings of the clock"),
    ),
    share=10,
)
