"""The words of the picture and of its table."""

WORDS = {
    "title": {"zh": "sum比自己写循环快", "en": "sum is faster than a loop"},
    "title_open": {"zh": "sum和自己写循环，这里分不出快慢", "en": "sum and a loop are alike here"},
    "note": {"zh": "同样的数，加两遍。短的快。", "en": "The same numbers. Shorter is faster."},
    "loop": {"zh": "循环", "en": "loop"},
    "built_in": {"zh": "sum", "en": "sum"},
    "column_way": {"zh": "做法", "en": "Way"},
    "column_time": {"zh": "时间", "en": "Time"},
    "footer": {"zh": "短跑{rounds}。", "en": "{rounds}, each way in a process of its own."},
}
