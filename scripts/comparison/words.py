"""The words of the figure over all machines."""

WORDS = {
    "title_free": {
        "zh": "去掉GIL，多线程追上了多进程",
        "en": "Without the GIL, threads catch up with processes",
    },
    "title": {
        "zh": "做加法，各台机器上多进程都比for循环快",
        "en": "For additions, processes beat the for loop on all of these",
    },
    "title_plain": {
        "zh": "做加法，各台机器上谁比for循环快",
        "en": "Additions: who beats the for loop, and where",
    },
    "note": {
        "zh": "速度是for循环的几倍：方块是多线程，圆点是多进程，横线是95%区间；小竖线是核数。",
        "en": "As fast as the for loop, so many times: squares are threads, dots processes, "
        "strokes 95 % intervals; the small bars are the cores.",
    },
    "panel": {"zh": "for循环 = 1倍", "en": "for loop = 1×"},
    "row": {"zh": "{name}", "en": "{name}"},
    "row_no_gil": {"zh": "{name}，无GIL", "en": "{name}, no GIL"},
    "above": {"zh": "（超出可能的上限）", "en": "(more than is possible)"},
    "left_out": {
        "zh": "超出可能上限的不画，只列在表里。",
        "en": "What is more than possible is not drawn; the table has it.",
    },
    "more": {
        "zh": "还有{count}行，见下面的表。",
        "en": "{count} more rows: see the table.",
    },
    "column_machine": {"zh": "机器", "en": "Machine"},
    "column_cores": {"zh": "核数", "en": "Cores"},
    "column_interpreter": {"zh": "解释器", "en": "Interpreter"},
    "column_threads": {"zh": "多线程", "en": "Threads"},
    "column_processes": {"zh": "多进程", "en": "Processes"},
}
