"""The words of figure 5, its table and its titles."""

from typing import Dict

WORDS: Dict[str, Dict[str, str]] = {
    "step_fetch": {"zh": "抓网页", "en": "Fetching pages"},
    "step_segment": {"zh": "中文分词", "en": "Word segmentation"},
    "step_features": {"zh": "提取特征", "en": "Text features"},
    "step_large_array": {"zh": "处理大数组", "en": "A large array"},
    "step_linear_algebra": {"zh": "线性代数", "en": "Linear algebra"},
    "step_compress": {"zh": "压缩", "en": "Compression"},
    # What there is to know of a step, at the right of its title.
    "aside_fetch": {"zh": "每页等{wait}", "en": "each page waits {wait}"},
    "aside_segment": {
        "zh": "jieba加载词典要{load}",
        "en": "{load} to load a dictionary",
    },
    "aside_features": {"zh": "纯Python，一路算到底", "en": "pure Python all the way"},
    "aside_large_array": {
        "zh": "{size}，每行用纯Python算",
        "en": "{size}, then pure Python",
    },
    "aside_linear_algebra": {
        "zh": "限：BLAS只开1个线程；不限：照NumPy的默认",
        "en": "pinned: one BLAS thread; free: as NumPy comes",
    },
    "aside_compress": {"zh": "zlib，压缩时放开GIL", "en": "zlib lets go of the GIL"},
    # So many items of a step.
    "items_fetch": {"zh": "{count}页", "en": "{count} pages"},
    "items_segment": {"zh": "{count}篇", "en": "{count} texts"},
    "items_features": {"zh": "{count}篇", "en": "{count} texts"},
    "items_large_array": {"zh": "每MB算{count}毫秒", "en": "{count} ms/MB"},
    "items_linear_algebra": {"zh": "{count}次乘法", "en": "{count} products"},
    "items_compress": {"zh": "{count}块", "en": "{count} blocks"},
    # Ways that only some steps have.
    "way_preloaded": {"zh": "先加载再fork", "en": "Load first, then fork"},
    "way_shared": {"zh": "多进程＋共享内存", "en": "Shared memory"},
    # What a way of linear algebra tells BLAS: in the picture, where its aside explains the words,
    # and in the table.
    "pinned": {"zh": "{way}，限", "en": "{way}, pinned"},
    "free": {"zh": "{way}，不限", "en": "{way}, free"},
    "pinned_long": {"zh": "{way}，BLAS限1个线程", "en": "{way}, one BLAS thread"},
    "free_long": {"zh": "{way}，BLAS不限", "en": "{way}, BLAS as it comes"},
    # Whether a way pays: in the table, and with less room in the picture.
    "from": {"zh": "{amount}起", "en": "from {amount}"},
    "from_short": {"zh": "{amount}起", "en": "{amount}"},
    "and_more": {"zh": "{count}", "en": "{count}+"},
    "always": {"zh": "多少都划算", "en": "always"},
    "never": {"zh": "再多也不划算", "en": "never pays"},
    "undecided": {"zh": "说不准", "en": "cannot be told"},
    "best": {"zh": "最好", "en": "best"},
    "one": {"zh": "1倍", "en": "1×"},
    "not_measured": {"zh": "这里没测", "en": "not measured here"},
    "no_library": {"zh": "这里没测：{library}导入不了", "en": "not measured here: no {library}"},
    # The picture around it.
    "axis": {"zh": "for循环要用", "en": "For loop takes"},
    "far_end": {"zh": "快到", "en": "Reaches"},
    "note": {
        "zh": "色块从比for循环省一成时间的地方起，越高越快，顶格是{top}；淡色的没有测到，"
        "是按每件的用时推出来的。{workers}个工人，一核一个，再多也没有空着的核。",
        "en": "Colour begins where a way saves a tenth of the for loop's time; height says how "
        "many times as fast it is, up to {top}. Paler: beyond what was measured. {workers} "
        "workers, one a core: for more there is no core.",
    },
    "note_one": {
        "zh": "色块从比for循环省一成时间的地方起；淡色的没有测到，是按每件的用时推出来的。"
        "只有一个核，也就只有一个工人。",
        "en": "Colour begins where a way saves a tenth of the for loop's time. Paler: beyond what "
        "was measured. One core, and so one worker.",
    },
    "footer": {
        "zh": "每种办法每轮测三种数量，{rounds}；横线是起点的95%区间。开池子、加载词典、搬数据，"
        "都计时。“快到”是测过的最大数量时。",
        "en": "Three amounts of work for each way, {rounds}; strokes: 95 % interval of where it "
        "begins. Starting, loading and carrying are timed. “Reaches”: with the most work measured.",
    },
    "footer_few": {
        "zh": "每种办法每轮测三种数量，只有{rounds}，还看不出从哪里起划算。",
        "en": "Three amounts of work for each way, but {rounds}: too few to tell where one pays.",
    },
    # The headline.
    "title_many": {
        "zh": "一种办法不够：全用{way}，有一步的时间是最好办法的{ratio}倍",
        "en": "One way is not enough: with {way} throughout, one step takes {ratio} times its best",
    },
    "title_one": {
        "zh": "一种办法就够：全用{way}，哪一步都不吃亏",
        "en": "One way is enough here: {way}, at every step",
    },
    "title_open": {
        "zh": "流水线上的各步：活多到什么程度，哪种办法才划算？",
        "en": "Steps of a pipeline: from how much work on does each way pay?",
    },
    "in_title_for_loop": {"zh": "for循环", "en": "for loops"},
    "in_title_threads": {"zh": "多线程", "en": "threads"},
    "in_title_processes": {"zh": "多进程", "en": "processes"},
    # The table.
    "column_step": {"zh": "步骤", "en": "Step"},
    "column_way": {"zh": "办法", "en": "Way"},
    "column_pays": {"zh": "从多少起划算", "en": "Pays"},
    "column_start": {"zh": "开池子", "en": "Starting the pool"},
    "column_item": {"zh": "每件", "en": "Each item"},
    "column_most": {"zh": "最多做到", "en": "At most"},
    "column_wall": {"zh": "用时", "en": "Time"},
    "column_speedup": {"zh": "快到for循环的", "en": "Times as fast"},
}
