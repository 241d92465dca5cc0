"""The words, in Chinese and in English, of figure 1."""

WORDS = {
    "label_for_loop": ("for循环", "For Loop"),
    "label_threads": ("多线程", "Multi-Threading"),
    "label_processes": ("多进程", "Multi-Processing"),
    "label_interpreters": ("子解释器", "Interpreters"),
    "label_dask": ("Dask", "Dask"),
    "label_joblib": ("joblib", "joblib"),
    "title_holds": ("多进程的速度是多线程的{times}", "Processes are {times} as fast as threads"),
    "title_fails": ("多线程的速度是多进程的{times}", "Threads are {times} as fast as processes"),
    "title_same": (
        "在这里，多线程和多进程分不出快慢",
        "Threads and processes cannot be told apart here",
    ),
    "title_none": ("同样的活，谁在什么时候跑", "The same jobs, and who ran when"),
    "short": (
        "短跑{rounds}，同样的代码：多线程{threads}，多进程{processes}。",
        "In {rounds} of short runs of the same code: threads {threads}, processes {processes}.",
    ),
    "note": (
        "下面照实画出：{jobs}份任务，每份{additions}次加法，{workers}个工人，{cores}。",
        "Below, as they ran: {jobs} jobs of {additions} additions, {workers} workers, {cores}.",
    ),
    "at_once": ("{cores}中平均用上{at_once}个", "{at_once} of {cores} busy"),
    "footer": (
        "条形从开始画到结束，时间包括建池子。",
        "Bars: from start to stop; the time includes making the pool.",
    ),
    "footer_range": (
        "条形从开始画到结束，含建池子；{rounds}里画中间一轮，浅色是最短到最长。",
        "Bars: from start to stop; the time includes making the pool. Of {rounds}, the "
        "middle one is drawn, and shaded the range.",
    ),
    "column_way": ("办法", "Way"),
    "column_task": ("任务", "Task"),
    "column_start": ("开始", "Start"),
    "column_stop": ("结束", "Stop"),
    "column_duration": ("用时", "Duration"),
    "all": ("全部", "all"),
    "range": ("{time}（{rounds}，{range}）", "{time} ({rounds}, {range})"),
    "card_note": ("同样的加法任务，各种办法的用时：", "The same additions, by each way:"),
}
