"""The words, in Chinese and in English, of figure 6."""

WORDS = {
    "title_free": (
        "没有GIL，多线程的速度是for循环的{times}",
        "Without the GIL, threads are {times} as fast as a for loop",
    ),
    "title_free_not": (
        "没有GIL，多线程也没能快过for循环",
        "Even without the GIL, threads do not beat a for loop here",
    ),
    "title_free_open": (
        "没有GIL，多线程快不快还看不出来",
        "These rounds do not tell whether threads gain without the GIL",
    ),
    "title_interpreters": (
        "一个进程里几个解释器，速度是for循环的{times}",
        "Interpreters side by side are {times} as fast as a for loop",
    ),
    "title_one": ("这里只有一个解释器：{name}", "One interpreter here: {name}"),
    "title_many": (
        "这里有{count}个解释器，线程都要等GIL",
        "{count} interpreters here, and threads share a GIL in each",
    ),
    "with_gil": ("{name}，有GIL", "{name}, GIL"),
    "no_gil": ("{name}，无GIL", "{name}, no GIL"),
    "note": (
        "{jobs}份任务，每份{additions}次加法，{workers}个工人。同时在跑：CPU时间除以总时间。",
        "{jobs} jobs of {additions} additions, {workers} workers. "
        "At once: their CPU time over the wall time.",
    ),
    "at_once": ("同时在跑", "at once"),
    "price": (
        "一个for循环的时间，是{base}的{times}。",
        "A single thread takes {times} as long as on {base}.",
    ),
    "strip_follows": ("线程一次跑多久，由GIL的交接间隔定", "The turns of threads are the GIL's"),
    "strip_not": ("线程一次跑多久，不全由GIL定", "The turns of threads are not the GIL's alone"),
    "strip_note": (
        "竖轴：一次跑多久，中位数；横轴：交接间隔（{name}）。",
        "Median turn (up) by switch interval (across), {name}.",
    ),
    "interval": ("间隔", "Interval"),
    "footer": (
        "{rounds}的几何平均；细线是中间八成的轮。",
        "Geometric means of {rounds}; strokes: eight rounds of ten.",
    ),
    "column_interpreter": ("解释器", "Interpreter"),
    "column_way": ("办法", "Way"),
    "column_time": ("用时", "Time"),
    "column_at_once": ("CPU时间除以总时间", "CPU time over wall time"),
    "row_interval": ("交接间隔{interval}", "Switch interval {interval}"),
    "row_turn": ("线程一次跑多久，中位数", "median turn of a thread"),
}
