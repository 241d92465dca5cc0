"""What a pool asks for every task."""

from scripts.record.declaration import POOL, SOME, WALL, Declaration, Size, keys

_POOLS = ("threads", "processes", "chunked", "dask", "joblib")

DECLARATION = Declaration(
    name="task_cost",
    cases=("threads", "processes", "dask", "joblib"),
    needed=2,
    params={**POOL, "chunk": SOME, "tasks": SOME},
    values={"wall_s": WALL},
    required=("wall_s",),
    quantities={
        **keys("task_cost.{pool}.per_task_us", pool=_POOLS),
        **keys("task_cost.chunked.chunk_count"),
        # How many times as much a task costs when the tasks are sent one by one.
        **keys("task_cost.processes.to_chunked_ratio", "task_cost.processes.to_threads_ratio"),
        **keys("task_cost.dask.to_processes_ratio"),
    },
    sizes=(Size("task_cost_tasks", 4000, 400, "what a task costs: empty ones through a pool"),),
    share=10,
)
