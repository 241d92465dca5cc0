"""The same work in several interpreters."""

from scripts.record.declaration import POOL, TIMED, Declaration, Size

DECLARATION = Declaration(
    name="runtimes",
    cases=("for_loop", "threads", "processes", "tracker_threads", "interpreters"),
    needed=4,
    params=POOL,
    values=TIMED,
    required=("wall_s", "cpu_s"),
    sizes=(
        Size("runtimes_additions", 10**7, 500_000, "figure 6: numbers that one job adds up"),
        Size("runtimes_ticks", 4 * 10**5, 10**5, "figure 6: readings of the clock"),
    ),
    runtimes="all",
    picture="thres_vs_process6",
)
