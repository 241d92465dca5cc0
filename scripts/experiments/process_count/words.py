"""The words of figure 3."""

WORDS = {
    "title_best": {
        "zh": "{cores}上，开{best}个进程就够了",
        "en": "On {cores}, {best} processes are enough",
    },
    "title_one": {
        "zh": "{cores}上，多开进程没有好处",
        "en": "On {cores}, more than one process gains nothing",
    },
    "title_open": {
        "zh": "这几轮还看不出几个进程最好",
        "en": "These rounds do not tell how many processes are best",
    },
    "title_none": {
        "zh": "同样的活，越来越多的线程",
        "en": "The same work by more and more threads",
    },
    "note": {
        "zh": "{jobs}份任务，每份{additions}次加法，由池子里的工人平分；池子已经开好。",
        "en": "{jobs} jobs of {additions} additions, shared evenly by workers that are up.",
    },
    "panel_speed": {"zh": "快几倍", "en": "Speed-up"},
    "aside_speed": {"zh": "1个工人 = 1倍", "en": "one worker = 1×"},
    "panel_memory": {"zh": "内存", "en": "Memory"},
    "aside_memory": {
        "zh": "每多一个进程，多占{each}",
        "en": "{each} more for each process",
    },
    "ideal": {"zh": "核的上限", "en": "all cores"},
    "one": {"zh": "1个工人", "en": "one worker"},
    "line_processes": {"zh": "多进程", "en": "processes"},
    "line_threads": {"zh": "多线程", "en": "threads"},
    "equal_cores": {"zh": "{count} = 核数", "en": "{count} = cores"},
    "best": {"zh": "够了：{count}", "en": "enough: {count}"},
    "footer": {
        "zh": "点是{rounds}的几何平均，竖线是95%区间：越过虚线的部分是测不准，不是真的更快。"
        "虚线：所有核同时空转，实测{ceiling}。",
        "en": "Points: geometric means of {rounds}; strokes: 95 % intervals; where one reaches "
        "above the dashes, that is doubt, not speed. Dashes: all cores spinning, measured "
        "{ceiling}.",
    },
    "footer_plain": {
        "zh": "点是{rounds}的几何平均，竖线是95%区间。",
        "en": "Points: geometric means of {rounds}; strokes: 95 % intervals.",
    },
    "pss": {
        "zh": "内存：几个进程共用的只算一次。",
        "en": "Memory: what processes share is counted once.",
    },
    "column_way": {"zh": "办法", "en": "Way"},
    "column_workers": {"zh": "工人", "en": "Workers"},
    "column_speedup": {"zh": "快几倍", "en": "Speed-up"},
    "column_wall": {"zh": "用时", "en": "Wall time"},
    "column_memory": {"zh": "内存", "en": "Memory"},
}
