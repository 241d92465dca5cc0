"""What a pool asks for every task."""

from scripts.record.declaration import POOL, SOME, WALL, Declaration, Key, Size

_POOLS = ("threads", "processes", "chunked", "dask", "joblib")

DECLARATION = Declaration(
    name="task_cost",
    cases=("threads", "processes", "dask", "joblib"),
    needed=2,
    params={**POOL, "chunk": SOME, "tasks": SOME},
    values={"wall_s": WALL},
    required=("wall_s",),
    quantities={
        **{f"task_cost.{pool}.per_task_us": Key("us") for pool in _POOLS},
        "task_cost.chunked.chunk_count": Key("count"),
        # How many times as much a task costs when the tasks are sent one by one.
        "task_cost.processes.to_chunked_ratio": Key("ratio"),
        "task_cost.processes.to_threads_ratio": Key("ratio"),
        "task_cost.dask.to_processes_ratio": Key("ratio"),
    },
    sizes=(Size("task_cost_tasks", 4000, 400, "what a task costs: empty ones through a pool"),),
    share=10,
)
