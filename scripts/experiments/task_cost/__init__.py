"""What a pool asks for every task."""

from scripts.record.declaration import POOL, SECONDS, WALL, Declaration, Size

DECLARATION = Declaration(
    name="task_cost",
    cases=("threads", "processes", "dask"),
    needed=2,
    params=POOL,
    values={"wall_s": WALL, "start_s": SECONDS},
    required=("wall_s", "start_s"),
    sizes=(Size("task_cost_tasks", 1000, 200, "what a task costs: empty ones through a pool"),),
)
