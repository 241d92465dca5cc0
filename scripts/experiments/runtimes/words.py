"""The words of figure 6."""

WORDS = {
    "title_free": {
        "zh": "没有GIL，多线程的速度是for循环的{times}",
        "en": "Without the GIL, threads are {times} as fast as a for loop",
    },
    "title_free_not": {
        "zh": "没有GIL，多线程也没能快过for循环",
        "en": "Even without the GIL, threads do not beat a for loop here",
    },
    "title_free_open": {
        "zh": "没有GIL，多线程快不快还看不出来",
        "en": "These rounds do not tell whether threads gain without the GIL",
    },
    "title_interpreters": {
        "zh": "一个进程里几个解释器，速度是for循环的{times}",
        "en": "Interpreters side by side are {times} as fast as a for loop",
    },
    "title_one": {
        "zh": "这里只有一个解释器：{name}",
        "en": "One interpreter here: {name}",
    },
    "title_many": {
        "zh": "这里有{count}个解释器，线程都要等GIL",
        "en": "{count} interpreters here, and threads share a GIL in each",
    },
    "with_gil": {"zh": "{name}，有GIL", "en": "{name}, GIL"},
    "no_gil": {"zh": "{name}，无GIL", "en": "{name}, no GIL"},
    "note": {
        "zh": "{jobs}份任务，每份{additions}次加法，{workers}个工人。同时在跑：CPU时间除以总时间。",
        "en": "{jobs} jobs of {additions} additions, {workers} workers. "
        "At once: their CPU time over the wall time.",
    },
    "at_once": {"zh": "同时在跑", "en": "at once"},
    "price": {
        "zh": "一个for循环的时间，是{base}的{times}。",
        "en": "A single thread takes {times} as long as on {base}.",
    },
    "strip_follows": {
        "zh": "线程一次跑多久，由GIL的交接间隔定",
        "en": "The turns of threads are the GIL's",
    },
    "strip_not": {
        "zh": "线程一次跑多久，不全由GIL定",
        "en": "The turns of threads are not the GIL's alone",
    },
    "strip_note": {
        "zh": "竖轴：一次跑多久，中位数；横轴：交接间隔（{name}）。",
        "en": "Median turn (up) by switch interval (across), {name}.",
    },
    "interval": {"zh": "间隔", "en": "Interval"},
    "footer": {
        "zh": "{rounds}的几何平均；细线是中间八成的轮。",
        "en": "Geometric means of {rounds}; strokes: eight rounds of ten.",
    },
    "column_interpreter": {"zh": "解释器", "en": "Interpreter"},
    "column_way": {"zh": "办法", "en": "Way"},
    "column_time": {"zh": "用时", "en": "Time"},
    "column_at_once": {"zh": "CPU时间除以总时间", "en": "CPU time over wall time"},
    "row_interval": {"zh": "交接间隔{interval}", "en": "Switch interval {interval}"},
    "row_turn": {"zh": "线程一次跑多久，中位数", "en": "median turn of a thread"},
}
