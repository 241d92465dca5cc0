"""The words, in Chinese and in English, of figure 2."""

WORDS = {
    "label_threads": ("多线程", "Multithreading"),
    "label_processes": ("多进程", "Multiprocessing"),
    "title_both": (
        "线程轮流跑，进程同时跑",
        "Threads take turns, processes run at the same moment",
    ),
    "title_same": (
        "线程和进程都在同一时刻跑",
        "Threads and processes both run at the same moment here",
    ),
    "title_turns": ("在这里，线程和进程都是轮流跑", "Threads and processes both take turns here"),
    "title_shares": (
        "两份以上同时在跑的时间：{shares}",
        "Two or more at once: {shares} of the time",
    ),
    "title_alone": ("只有一份任务，没人可轮", "A single job has nobody to take turns with"),
    "share": ("{label}占{share}", "{label} {share}"),
    "note": (
        "{jobs}份任务，{cores}；每份记下{ticks}次时间。有颜色的地方，任务正在跑。",
        "{jobs} jobs on {cores}, each notes the time {ticks} times. Coloured: the job was running.",
    ),
    "aside": ("两份以上同时在跑的时间占", "two or more at once"),
    "remark_none": (
        "没有空隙：任务一口气跑到底。",
        "No gaps: nothing stopped a job before its end.",
    ),
    "remark_gil": (
        "竖线每{interval}毫秒一条：线程来要GIL。一口气跑{run}（中位数）。",
        "Lines: every {interval} ms, when a thread that waits asks for the GIL. Median run: {run}.",
    ),
    "remark_free": (
        "没有GIL可等。空隙：{jobs}份任务分{cores}，系统让别的任务上。一口气跑{run}（中位数）。",
        "No GIL to wait for. Gaps: {jobs} jobs share {cores}. Median run: {run}.",
    ),
    "remark_processes": (
        "空隙：{jobs}份任务分{cores}，轮着来。一口气跑{run}（中位数）。",
        "Gaps: {jobs} jobs share {cores}, as the system decides. Median run: {run}.",
    ),
    "remark_system": (
        "空隙：系统把核给了别的程序。一口气跑{run}（中位数）。",
        "Gaps: the system gave the core to another program. Median run: {run}.",
    ),
    "footer": (
        "画的是其中一次；百分数是短跑{rounds}的中位数。",
        "Drawn: one run; percentages: median of {rounds}.",
    ),
    "column_measure": ("量了什么", "Measure"),
    "overlap_percent": ("两份以上同时在跑", "Two or more jobs at once"),
    "parallelism_ratio": ("平均几份同时在跑", "Jobs running at once, on average"),
    "switches_count": ("换手次数", "Hand-overs from job to job"),
    "median_run_ms": ("一口气跑多久，中位数", "Median run"),
    "wall_s": ("总时间", "Wall time"),
}
