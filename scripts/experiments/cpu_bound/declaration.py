"""Pure computing in pure Python: a for loop, threads and processes."""

from scripts.record.declaration import POOL, TIMED, Choice, Declaration, Number, Size, keys

WAYS = ("for_loop", "threads", "processes", "interpreters", "dask", "joblib")
_COST = Number("ns", 1e-9, 10**9)
_ABLE = ("processes", "interpreters", "dask", "joblib")
_OF_EVERY_WAY = ("take_s", "wall_s", "cost_ns", "cost_spread_ratio")

DECLARATION = Declaration(
    name="cpu_bound",
    cases=WAYS,
    needed=3,
    params={**POOL, "size": Choice(("take", "short"), label=True)},
    values={**TIMED, "cheapest_ns": _COST, "dearest_ns": _COST},
    required=("wall_s", "cpu_s"),
    quantities={
        **keys("cpu_bound.{way}.{what}", way=WAYS, what=_OF_EVERY_WAY),
        **keys("cpu_bound.for_loop.job_s"),
        **keys("cpu_bound.for_loop.at_once", unit="ratio", ceiling="one"),
        **keys("cpu_bound.threads.at_once", unit="ratio", ceiling="serial"),
        **keys("cpu_bound.{way}.at_once", unit="ratio", ceiling="at_once", way=_ABLE),
        # Under a GIL only one thread computes at a time, but an addition may cost less in threads
        # than in a for loop, and that is measured, too.
        **keys("cpu_bound.for_loop_over_threads", ceiling="cheaper"),
        **keys("cpu_bound.threads_over_for_loop"),
        # Faster than the for loop, at most as many times as jobs can run at once.
        **keys("cpu_bound.for_loop_over_{way}", ceiling="at_once", way=_ABLE),
        **keys("cpu_bound.{way}_over_processes", way=("threads", *_ABLE[1:])),
        # The two factors of a ratio of wall times: how many at once, and what each cost.
        **keys("cpu_bound.processes.at_once_to_threads_ratio"),
        **keys("cpu_bound.{way}.cost_to_for_loop_ratio", way=("threads", "processes")),
        **keys("cpu_bound.threads.cost_to_processes_ratio"),
        **keys("cpu_bound.processes.share_of_ceiling_ratio"),
    },
    sizes=(
        Size("workers", 4, 4, "threads or processes in a pool"),
        Size("jobs", 4, 4, "how often the same work is done by each way"),
        Size("additions", 10**8, 2 * 10**6, "figure 1: numbers that one job adds up"),
        Size("short_additions", 5 * 10**6, 5 * 10**5, "the same in the rounds that are compared"),
    ),
    share=115,
    picture="thres_vs_process",
)
