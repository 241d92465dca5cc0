"""The words of figure 2."""

WORDS = {
    "label_threads": {"zh": "多线程", "en": "Multithreading"},
    "label_processes": {"zh": "多进程", "en": "Multiprocessing"},
    "title_both": {
        "zh": "线程轮流跑，进程同时跑",
        "en": "Threads take turns, processes run at the same moment",
    },
    "title_same": {
        "zh": "线程和进程都在同一时刻跑",
        "en": "Threads and processes both run at the same moment here",
    },
    "title_turns": {
        "zh": "在这里，线程和进程都是轮流跑",
        "en": "Threads and processes both take turns here",
    },
    "title_shares": {
        "zh": "两份以上同时在跑的时间：{shares}",
        "en": "Two or more at once: {shares} of the time",
    },
    "title_alone": {
        "zh": "只有一份任务，没人可轮",
        "en": "A single job has nobody to take turns with",
    },
    "share": {"zh": "{label}占{share}", "en": "{label} {share}"},
    "note": {
        "zh": "{jobs}份任务，{cores}；每份记下{ticks}次时间。有颜色的地方，任务正在跑。",
        "en": "{jobs} jobs on {cores}, each notes the time {ticks} times. "
        "Coloured: the job was running.",
    },
    "aside": {"zh": "两份以上同时在跑的时间占", "en": "two or more at once"},
    "remark_none": {
        "zh": "没有空隙：任务一口气跑到底。",
        "en": "No gaps: nothing stopped a job before its end.",
    },
    "remark_gil": {
        "zh": "竖线每{interval}毫秒一条：等着的线程这时来要GIL。一口气的中位数是{run}。",
        "en": "Lines: every {interval} ms, when a thread that waits asks for the GIL. "
        "Median run: {run}.",
    },
    "remark_free": {
        "zh": "没有GIL可等。空隙：{jobs}份任务分{cores}，系统让别的任务上。一口气的中位数是{run}。",
        "en": "No GIL to wait for. Gaps: {jobs} jobs share {cores}. Median run: {run}.",
    },
    "remark_processes": {
        "zh": "空隙：{jobs}份任务分{cores}，系统轮着安排。一口气的中位数是{run}。",
        "en": "Gaps: {jobs} jobs share {cores}, as the system decides. Median run: {run}.",
    },
    "remark_system": {
        "zh": "空隙：系统把核给了别的程序。一口气的中位数是{run}。",
        "en": "Gaps: the system gave the core to another program. Median run: {run}.",
    },
    "footer": {
        "zh": "画的是其中一次；百分数是短跑{rounds}的中位数。",
        "en": "Drawn: one run; percentages: median of {rounds}.",
    },
    "column_measure": {"zh": "量了什么", "en": "Measure"},
    "overlap_percent": {"zh": "两份以上同时在跑", "en": "Two or more jobs at once"},
    "parallelism_ratio": {"zh": "平均几份同时在跑", "en": "Jobs running at once, on average"},
    "switches_count": {"zh": "换手次数", "en": "Hand-overs from job to job"},
    "median_run_ms": {"zh": "一口气跑多久，中位数", "en": "Median run"},
    "wall_s": {"zh": "总时间", "en": "Wall time"},
}
