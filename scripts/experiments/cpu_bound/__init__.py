"""Pure computing in pure Python: a for loop, threads and processes."""

from scripts.record.declaration import POOL, TIMED, Declaration, Key, Size

_WAYS = ("for_loop", "threads", "processes", "interpreters", "dask")

DECLARATION = Declaration(
    name="cpu_bound",
    cases=("for_loop", "threads", "processes", "interpreters", "dask"),
    needed=3,
    params=POOL,
    values=TIMED,
    required=("wall_s", "cpu_s"),
    quantities={
        **{f"cpu_bound.{way}.wall_s": Key("s") for way in _WAYS},
        "cpu_bound.for_loop.job_s": Key("s"),
        "cpu_bound.threads_over_processes": Key("ratio", "at_once"),
        "cpu_bound.threads_over_for_loop": Key("ratio"),
        "cpu_bound.for_loop_over_processes": Key("ratio", "at_once"),
        "cpu_bound.dask_over_processes": Key("ratio"),
    },
    sizes=(
        Size("workers", 4, 4, "threads or processes in a pool"),
        Size("jobs", 4, 4, "how often the same work is done by each way"),
        Size("additions", 10**8, 2 * 10**6, "figure 1: numbers that one job adds up"),
    ),
    picture="thres_vs_process",
)
