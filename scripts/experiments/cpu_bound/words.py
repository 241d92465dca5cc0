"""The words of figure 1."""

WORDS = {
    "label_for_loop": {"zh": "for循环", "en": "For Loop"},
    "label_threads": {"zh": "多线程", "en": "Multi-Threading"},
    "label_processes": {"zh": "多进程", "en": "Multi-Processing"},
    "label_interpreters": {"zh": "子解释器", "en": "Interpreters"},
    "label_dask": {"zh": "Dask", "en": "Dask"},
    "label_joblib": {"zh": "joblib", "en": "joblib"},
    "title_holds": {
        "zh": "多进程的速度是多线程的{times}",
        "en": "Processes are {times} as fast as threads",
    },
    "title_fails": {
        "zh": "多线程的速度是多进程的{times}",
        "en": "Threads are {times} as fast as processes",
    },
    "title_same": {
        "zh": "在这里，多线程和多进程分不出快慢",
        "en": "Threads and processes cannot be told apart here",
    },
    "title_none": {"zh": "同样的活，谁在什么时候跑", "en": "The same jobs, and who ran when"},
    "short": {
        "zh": "短跑{rounds}，同样的代码：多线程{threads}，多进程{processes}。",
        "en": "In {rounds} of short runs of the same code: threads {threads}, processes "
        "{processes}.",
    },
    "note": {
        "zh": "下面照实画出第一版的大小：{jobs}份任务，每份{additions}次加法，"
        "{workers}个工人，{cores}。",
        "en": "Below, as it ran, the size of 2019: {jobs} jobs of {additions} additions, "
        "{workers} workers, {cores}.",
    },
    "at_once": {"zh": "{cores}中平均用上{at_once}个", "en": "{at_once} of {cores} busy"},
    "footer": {
        "zh": "条形从开始画到结束，时间包括建池子。",
        "en": "Bars: from start to stop; the time includes making the pool.",
    },
    "footer_range": {
        "zh": "条形从开始画到结束，时间包括建池子；{rounds}里画的是中间一轮，浅色是最短到最长。",
        "en": "Bars: from start to stop; the time includes making the pool. Of {rounds}, the "
        "middle one is drawn, and shaded the range.",
    },
    "column_way": {"zh": "办法", "en": "Way"},
    "column_task": {"zh": "任务", "en": "Task"},
    "column_start": {"zh": "开始", "en": "Start"},
    "column_stop": {"zh": "结束", "en": "Stop"},
    "column_duration": {"zh": "用时", "en": "Duration"},
    "all": {"zh": "全部", "en": "all"},
    "range": {"zh": "{time}（{rounds}，{range}）", "en": "{time} ({rounds}, {range})"},
    "card_note": {
        "zh": "同样的加法任务，三种办法的用时：",
        "en": "The same additions, by each way:",
    },
}
