"""The words, in Chinese and in English, of the picture and of its table."""

WORDS = {
    "title": ("sum比自己写循环快", "sum is faster than a loop"),
    "title_open": ("sum和自己写循环，这里分不出快慢", "sum and a loop are alike here"),
    "note": ("同样的数，加两遍。短的快。", "The same numbers. Shorter is faster."),
    "loop": ("循环", "loop"),
    "built_in": ("sum", "sum"),
    "column_way": ("做法", "Way"),
    "column_time": ("时间", "Time"),
    "footer": ("短跑{rounds}。", "{rounds}, each way in a process of its own."),
}
