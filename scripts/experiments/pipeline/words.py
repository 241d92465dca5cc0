"""The words, in Chinese and in English, of figure 5, its table and its titles."""

WORDS = {
    "step_fetch": ("抓网页", "Fetching pages"),
    "step_segment": ("中文分词", "Word segmentation"),
    "step_features": ("提取特征", "Text features"),
    "step_large_array": ("处理大数组", "A large array"),
    "step_linear_algebra": ("线性代数", "Linear algebra"),
    "step_compress": ("压缩", "Compression"),
    # What there is to know of a step, at the right of its title.
    "aside_fetch": ("每页等{wait}", "each page waits {wait}"),
    "aside_segment": ("jieba加载词典要{load}", "{load} to load a dictionary"),
    "aside_features": ("纯Python，一路算到底", "pure Python all the way"),
    "aside_large_array": ("{size}，每行用纯Python算", "{size}, then pure Python"),
    "aside_linear_algebra": (
        "限：BLAS只开1个线程；不限：照NumPy的默认",
        "pinned: one BLAS thread; free: as NumPy comes",
    ),
    "aside_compress": ("zlib，压缩时放开GIL", "zlib lets go of the GIL"),
    # So many items of a step.
    "items_fetch": ("{count}页", "{count} pages"),
    "items_segment": ("{count}篇", "{count} texts"),
    "items_features": ("{count}篇", "{count} texts"),
    "items_large_array": ("每MB算{count}毫秒", "{count} ms/MB"),
    "items_linear_algebra": ("{count}次乘法", "{count} products"),
    "items_compress": ("{count}块", "{count} blocks"),
    # Ways that only some steps have.
    "way_preloaded": ("先加载再fork", "Load first, then fork"),
    "way_shared": ("多进程＋共享内存", "Shared memory"),
    # What a way of linear algebra tells BLAS: in the picture, where its aside explains the words,
    # and in the table.
    "pinned": ("{way}，限", "{way}, pinned"),
    "free": ("{way}，不限", "{way}, free"),
    "pinned_long": ("{way}，BLAS限1个线程", "{way}, one BLAS thread"),
    "free_long": ("{way}，BLAS不限", "{way}, BLAS as it comes"),
    # Whether a way pays: in the table, and with less room in the picture.
    "from": ("{amount}起", "from {amount}"),
    "from_short": ("{amount}起", "{amount}"),
    "and_more": ("{count}", "{count}+"),
    "always": ("多少都划算", "always"),
    "never": ("再多也不划算", "never pays"),
    "undecided": ("说不准", "cannot be told"),
    "best": ("最好", "best"),
    "one": ("1倍", "1×"),
    "not_measured": ("这里没测", "not measured here"),
    "no_library": ("这里没测：{library}导入不了", "not measured here: no {library}"),
    # The picture around it.
    "axis": ("for循环要用", "For loop takes"),
    "far_end": ("快到", "Reaches"),
    "note": (
        "色块从比for循环省一成时间的地方起，越高越快，顶格是{top}；淡色的没有测到，"
        "是按每件的用时推出来的。{workers}个工人，一核一个，再多也没有空着的核。",
        "Colour begins where a way saves a tenth of the for loop's time; height says how "
        "many times as fast it is, up to {top}. Paler: beyond what was measured. {workers} "
        "workers, one a core: for more there is no core.",
    ),
    "note_one": (
        "色块从比for循环省一成时间的地方起；淡色的没有测到，是按每件的用时推出来的。"
        "只有一个核，也就只有一个工人。",
        "Colour begins where a way saves a tenth of the for loop's time. Paler: beyond what "
        "was measured. One core, and so one worker.",
    ),
    "footer": (
        "每种办法每轮测三种数量，{rounds}；横线是起点的95%区间。开池子、加载词典、搬数据，"
        "都计时。“快到”是测过的最大数量时。",
        "Three amounts of work for each way, {rounds}; strokes: 95 % interval of where it "
        "begins. Starting, loading and carrying are timed. “Reaches”: with the most work measured.",
    ),
    "footer_few": (
        "每种办法每轮测三种数量，只有{rounds}，还看不出从哪里起划算。",
        "Three amounts of work for each way, but {rounds}: too few to tell where one pays.",
    ),
    # The headline.
    "title_many": (
        "一种办法不够：全用{way}，有一步的时间是最好办法的{ratio}倍",
        "One way is not enough: with {way} throughout, one step takes {ratio} times its best",
    ),
    "title_one": (
        "一种办法就够：全用{way}，哪一步都不吃亏",
        "One way is enough here: {way}, at every step",
    ),
    "title_open": (
        "流水线上的各步：活多到什么程度，哪种办法才划算？",
        "Steps of a pipeline: from how much work on does each way pay?",
    ),
    "in_title_for_loop": ("for循环", "for loops"),
    "in_title_threads": ("多线程", "threads"),
    "in_title_processes": ("多进程", "processes"),
    # The table.
    "column_step": ("步骤", "Step"),
    "column_way": ("办法", "Way"),
    "column_pays": ("从多少起划算", "Pays"),
    "column_start": ("开池子", "Starting the pool"),
    "column_item": ("每件", "Each item"),
    "column_most": ("最多做到", "Most measured"),
    "column_wall": ("用时", "Time"),
    "column_speedup": ("快到for循环的", "Times as fast"),
}
