"""The control: the very same case twice, as if it were two."""

from scripts.record.declaration import POOL, TIMED, Choice, Declaration, Size, keys

DECLARATION = Declaration(
    name="control",
    cases=("a", "b"),
    needed=2,
    params={**POOL, "kind": Choice(("for_loop", "processes"), label=True)},
    values=TIMED,
    required=("wall_s", "cpu_s"),
    quantities=keys("control.a.wall_s", "control.b.wall_s", "control.a_over_b"),
    sizes=(Size("control_additions", 25 * 10**5, 250_000, "the control: additions of one job"),),
    share=25,
)
