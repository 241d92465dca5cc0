"""What measuring costs."""

from scripts.record.declaration import POOL, WALL, Declaration, Size

DECLARATION = Declaration(
    name="harness",
    cases=("for_loop",),
    needed=1,
    params=POOL,
    values=dict.fromkeys(("bare_s", "timed_s", "clock_s", "tracker_s"), WALL),
    required=("bare_s", "timed_s", "clock_s", "tracker_s"),
    sizes=(
        Size("harness_additions", 10**6, 200_000, "what measuring costs: one job timed and bare"),
        Size("harness_ticks", 10**5, 20_000, "what measuring costs: readings of the clock"),
    ),
)
