"""The control: the very same case twice, as if it were two."""

from scripts.record.declaration import POOL, TIMED, Declaration, Size

DECLARATION = Declaration(
    name="control",
    cases=("a", "b"),
    needed=2,
    params=POOL,
    values=TIMED,
    required=("wall_s",),
    sizes=(Size("control_additions", 5 * 10**6, 250_000, "the control: additions of one job"),),
)
