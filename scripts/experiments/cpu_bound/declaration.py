"""Pure computing in pure Python: a for loop, threads and processes."""

from scripts.record.declaration import POOL, TIMED, Choice, Declaration, Key, Number, Size

WAYS = ("for_loop", "threads", "processes", "interpreters", "dask", "joblib")
_COST = Number("ns", 1e-9, 10**9)
# Faster than the for loop, at most as many times as jobs can run at once.
_SPEEDUPS = {
    "threads": "serial",
    **dict.fromkeys(("processes", "interpreters", "dask", "joblib"), "at_once"),
}

DECLARATION = Declaration(
    name="cpu_bound",
    cases=WAYS,
    needed=3,
    params={**POOL, "size": Choice(("take", "short"), label=True)},
    values={**TIMED, "cheapest_ns": _COST, "dearest_ns": _COST},
    required=("wall_s", "cpu_s"),
    quantities={
        **{f"cpu_bound.{way}.take_s": Key("s") for way in WAYS},
        "cpu_bound.for_loop.job_s": Key("s"),
        **{f"cpu_bound.{way}.wall_s": Key("s") for way in WAYS},
        **{f"cpu_bound.{way}.cost_ns": Key("ns") for way in WAYS},
        **{f"cpu_bound.{way}.cost_spread_ratio": Key("ratio") for way in WAYS},
        "cpu_bound.for_loop.at_once": Key("ratio", "one"),
        **{f"cpu_bound.{way}.at_once": Key("ratio", most) for way, most in _SPEEDUPS.items()},
        # Under a GIL only one thread computes at a time, but an addition may cost less in threads
        # than in a for loop, and that is measured, too.
        **{
            f"cpu_bound.for_loop_over_{way}": Key("ratio", most.replace("serial", "cheaper"))
            for way, most in _SPEEDUPS.items()
        },
        "cpu_bound.threads_over_for_loop": Key("ratio"),
        "cpu_bound.threads_over_processes": Key("ratio"),
        "cpu_bound.dask_over_processes": Key("ratio"),
        "cpu_bound.joblib_over_processes": Key("ratio"),
        "cpu_bound.interpreters_over_processes": Key("ratio"),
        # The two factors of a ratio of wall times: how many at once, and what each cost.
        "cpu_bound.processes.at_once_to_threads_ratio": Key("ratio"),
        "cpu_bound.threads.cost_to_processes_ratio": Key("ratio"),
        "cpu_bound.threads.cost_to_for_loop_ratio": Key("ratio"),
        "cpu_bound.processes.cost_to_for_loop_ratio": Key("ratio"),
        "cpu_bound.processes.share_of_ceiling_ratio": Key("ratio"),
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
