"""The control: the very same case twice, as if it were two."""

from scripts.record.declaration import POOL, TIMED, Choice, Declaration, Key, Size

DECLARATION = Declaration(
    name="control",
    cases=("a", "b"),
    needed=2,
    params={**POOL, "kind": Choice(("for_loop", "processes"), label=True)},
    values=TIMED,
    required=("wall_s", "cpu_s"),
    quantities={
        "control.a.wall_s": Key("s"),
        "control.b.wall_s": Key("s"),
        "control.a_over_b": Key("ratio"),
    },
    sizes=(Size("control_additions", 25 * 10**5, 250_000, "the control: additions of one job"),),
    share=25,
)
