"""The words, in Chinese and in English, of figure 4 and of its table."""

WORDS = {
    "longer": ("{list}", "The longer the wait, the more threads: {list}"),
    "of_wait": ("等{wait}要{number}个线程", "{number} for {wait}"),
    "least_of_wait": ("等{wait}至少要{number}个", "at least {number} for {wait}"),
    "ms": ("{number}毫秒", "{number} ms"),
    "best": (
        "链接要等{wait}，开{number}个线程最划算",
        "For links that wait {wait}, {number} threads are best",
    ),
    "best_over_loop": (
        "链接要等{wait}，开{number}个线程最划算，快到for循环的{times}",
        "For links that wait {wait}, {number} threads are best: {times} the for loop",
    ),
    "plain": ("爬虫一秒爬完多少链接", "How many links a crawler gets through in a second"),
    "note": (
        "纵轴：每秒爬完多少链接。横轴：同时开几路。每栏里，一半的链接在标题写的时间内有答复，"
        "个别的没有，或者出错。",
        "Links per second, by how many are under way at once. Half of the links answer "
        "within the time above their panel; a few never do, or fail.",
    ),
    "at_once": ("几路", "At once"),
    "wait": ("等{wait}", "{wait} of waiting"),
    "wait_parsing": ("等{wait}，再解析", "{wait}, then parsing"),
    "aside": ("{number}个线程最划算，每秒{rate}个", "best: {number} threads, {rate}/s"),
    "least_aside": (
        "至少{number}个线程才够，每秒{rate}个",
        "best: {number} threads or more, {rate}/s",
    ),
    "gain": ("线程的{times}", "{times} threads"),
    "formula": ("公式：{number}", "formula: {number}"),
    "rule": ("老规矩：每核{low}～{high}个", "rule of thumb: {low}–{high} per core"),
    "loop": ("for循环：{rate}", "for loop: {rate}"),
    "points": (
        "点是{rounds}的几何平均，竖线是居中的八成。",
        "Geometric means of {rounds}; strokes: the middle 80 %.",
    ),
    "point": ("只量了一轮。", "A single round."),
    "rings": (
        "圈：再多开线程，看不出还有好处。",
        "Rings: more threads gain nothing that can be told.",
    ),
    "formula_is": (
        "公式：{cores}×（1＋等待÷计算）；一个链接的计算，for循环里量得{alone}。",
        "Formula: {cores} × (1 + waiting / computing); a link takes {alone} of computing in "
        "the for loop.",
    ),
    "formula_both": (
        "公式：{cores}×（1＋等待÷计算）；一个链接的计算，for循环里量得{alone}，"
        "忙得没有间歇时{busy}。",
        "Formula: {cores} × (1 + waiting / computing); a link takes {alone} of computing in "
        "the for loop, {busy} when there is no pause.",
    ),
    "others": (
        "等得久的没跑for循环（爬一圈要几十秒）和多进程（要开几百个）。",
        "Long waits are not for the for loop (half a minute a round) nor for processes "
        "(hundreds of them).",
    ),
    "server": (
        "服务器也在这台机器上，最多占一个核的{share}。",
        "The server, on the same machine, used {share} of a core at most.",
    ),
    "server_full": (
        "服务器也在这台机器上，最忙时占一个核的{share}：快的几种多半是被它拖住了。",
        "The server, on the same machine, used {share} of a core at most: it may be what "
        "held the fastest up.",
    ),
    "crawl": ("爬什么", "Crawl"),
    "way": ("办法", "Way"),
    "rate": ("每秒链接数", "Links per second"),
    "over_loop": ("是for循环的几倍", "Times the for loop"),
    "not_measured": ("没测for循环", "for loop not measured"),
    "with_range": ("{number}（{low}～{high}）", "{number} ({low}–{high})"),
}
