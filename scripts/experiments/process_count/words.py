"""The words, in Chinese and in English, of figure 3."""

WORDS = {
    "title_best": ("{cores}上，开{best}个进程就够了", "On {cores}, {best} processes are enough"),
    "title_one": ("{cores}上，多开进程没有好处", "On {cores}, more than one process gains nothing"),
    "title_open": (
        "这几轮还看不出几个进程最好",
        "These rounds do not tell how many processes are best",
    ),
    "title_none": ("同样的活，越来越多的线程", "The same work by more and more threads"),
    "note": (
        "总共{jobs}×{additions}次加法，有几个工人就重新平分；池子已经开好。",
        "{jobs} × {additions} additions in all, cut evenly for the workers, which are up.",
    ),
    "panel_speed": ("快几倍", "Speed-up"),
    "aside_speed": ("1个工人 = 1倍", "one worker = 1×"),
    "panel_memory": ("内存", "Memory"),
    "aside_memory": ("每多一个进程，多占{each}", "{each} more for each process"),
    "ideal": ("核的上限", "all cores"),
    "one": ("1个工人", "one worker"),
    "line_processes": ("多进程", "processes"),
    "line_threads": ("多线程", "threads"),
    "equal_cores": ("{count} = 核数", "{count} = cores"),
    "best": ("够了：{count}", "enough: {count}"),
    "footer": (
        "点是{rounds}的几何平均，竖线是95%区间：越过虚线的部分是测不准，不是真的更快。"
        "虚线：所有核同时空转，实测{ceiling}。",
        "Points: geometric means of {rounds}; strokes: 95 % intervals; where one reaches "
        "above the dashes, that is doubt, not speed. Dashes: all cores spinning, measured "
        "{ceiling}.",
    ),
    "footer_plain": (
        "点是{rounds}的几何平均，竖线是95%区间。",
        "Points: geometric means of {rounds}; strokes: 95 % intervals.",
    ),
    "pss": ("内存：几个进程共用的只算一次。", "Memory: what processes share is counted once."),
    "column_way": ("办法", "Way"),
    "column_workers": ("工人", "Workers"),
    "column_speedup": ("快几倍", "Speed-up"),
    "column_wall": ("用时", "Wall time"),
    "column_memory": ("内存", "Memory"),
}
