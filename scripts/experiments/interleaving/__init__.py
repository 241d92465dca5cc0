"""Who runs when: jobs that do nothing but read the clock."""

from scripts.record.declaration import POOL, TIMED, Declaration, Size

DECLARATION = Declaration(
    name="interleaving",
    cases=("threads", "processes", "interpreters"),
    needed=2,
    params=POOL,
    values=TIMED,
    required=("wall_s", "cpu_s"),
    sizes=(Size("ticks", 10**6, 250_000, "figure 2: how often one job reads the clock"),),
    picture="thres_vs_process2",
)
