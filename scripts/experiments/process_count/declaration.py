"""How many workers are best for computing, and what they hold in memory."""

from scripts.record.declaration import MEGABYTES, POOL, TIMED, Declaration, Number, Size, keys

CURVES, POINTS = ("processes", "threads"), ("dask", "joblib")
METHODS = ("fork", "forkserver", "spawn")
_OF_CURVES = ("at_*.wall_s", "at_*.memory_mb", "fixed_mb", "per_worker_mb")
# A difference of two readings, which what else goes on may turn round.
_DIFFERENCE = Number("mb", 0, 10**9)

DECLARATION = Declaration(
    name="process_count",
    cases=("threads", "processes", "spinner", "dictionary", "dask", "joblib"),
    needed=4,
    params=POOL,
    values={
        **TIMED,
        **dict.fromkeys(("peak_pss_mb", "peak_rss_mb", "parent_mb"), MEGABYTES),
        "dictionary_mb": _DIFFERENCE,
    },
    required=("wall_s", "cpu_s"),
    quantities={
        # What all cores together give, by a loop that does nothing else, over what one gives.
        **keys("process_count.cores.speedup_ratio", ceiling="cores"),
        **keys("process_count.{way}.{what}", way=CURVES, what=_OF_CURVES),
        **keys("process_count.{way}.at_*.speedup_ratio", ceiling="cores", way=CURVES),
        **keys("process_count.{way}.best_workers", unit="count", way=CURVES),
        **keys("process_count.{way}.best_speedup_ratio", ceiling="cores", way=CURVES),
        **keys("process_count.{way}.at_cores_speedup_ratio", ceiling="cores", way=CURVES + POINTS),
        **keys("process_count.{way}.twice_cores_over_cores", way=CURVES),
        **keys("process_count.processes.share_of_ceiling_ratio"),
        **keys("process_count.{way}.memory_mb", way=POINTS),
        **keys("process_count.dictionary.size_mb"),
        **keys("process_count.{method}.dictionary_per_worker_mb", method=METHODS),
        **keys("process_count.{method}.dictionary_start_s", method=METHODS),
        **keys("process_count.{method}.dictionary_to_fork_ratio", method=METHODS[1:]),
    },
    sizes=(
        Size("process_count_jobs", 8, 8, "figure 3: jobs that are shared out"),
        Size("process_count_additions", 125 * 10**4, 10**5, "figure 3: numbers a job adds up"),
        Size("spinner_additions", 6 * 10**6, 10**6, "figure 3: one core against all, numbers each"),
        Size("dictionary_words", 3 * 10**5, 3 * 10**4, "figure 3: a dictionary in every worker"),
    ),
    share=75,
    picture="thres_vs_process3",
)
