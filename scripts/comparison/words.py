"""The words, in Chinese and in English, of the figure over all machines."""

WORDS = {
    "title_free": (
        "去掉GIL，多线程也能快过for循环",
        "Without the GIL, threads can beat the for loop, too",
    ),
    "title": (
        "做加法，各台机器上多进程都比for循环快",
        "For additions, processes beat the for loop on all of these",
    ),
    "title_plain": (
        "做加法，各台机器上谁比for循环快",
        "Additions: who beats the for loop, and where",
    ),
    "note": (
        "速度是for循环的几倍：方块是多线程，圆点是多进程，横线是95%区间；小竖线是核数。",
        "As fast as the for loop, so many times: squares are threads, dots processes, "
        "strokes 95 % intervals; the small bars are the cores.",
    ),
    "panel": ("for循环 = 1倍", "for loop = 1×"),
    "row": ("{name}", "{name}"),
    "row_no_gil": ("{name}，无GIL", "{name}, no GIL"),
    "above": ("（超出可能的上限）", "(more than is possible)"),
    "left_out": (
        "超出可能上限的不画，只列在表里。",
        "What is more than possible is not drawn; the table has it.",
    ),
    "more": ("还有{count}行，见下面的表。", "{count} more rows: see the table."),
    "column_machine": ("机器", "Machine"),
    "column_cores": ("核数", "Cores"),
    "column_interpreter": ("解释器", "Interpreter"),
    "column_threads": ("多线程", "Threads"),
    "column_processes": ("多进程", "Processes"),
}
