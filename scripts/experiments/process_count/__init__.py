"""How many workers are best for computing."""

from scripts.record.declaration import MEGABYTES, POOL, TIMED, Declaration, Size

DECLARATION = Declaration(
    name="process_count",
    cases=("for_loop", "threads", "processes", "dask"),
    needed=3,
    params=POOL,
    values={**TIMED, "peak_pss_mb": MEGABYTES, "peak_rss_mb": MEGABYTES},
    required=("wall_s", "cpu_s"),
    sizes=(
        Size("process_count_jobs", 8, 8, "figure 3: jobs that are shared out"),
        Size("process_count_additions", 4 * 10**6, 200_000, "figure 3: numbers a job adds up"),
    ),
    picture="thres_vs_process3",
)
