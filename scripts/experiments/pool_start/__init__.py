"""What it costs to start a pool."""

from scripts.record.declaration import POOL, SECONDS, TIMED, Declaration, Size

DECLARATION = Declaration(
    name="pool_start",
    cases=("threads", "processes", "interpreters", "dask"),
    needed=2,
    params=POOL,
    values={**TIMED, "start_s": SECONDS},
    required=("wall_s", "cpu_s"),
    sizes=(Size("pool_start_additions", 5 * 10**6, 250_000, "what it costs to start a pool"),),
)
