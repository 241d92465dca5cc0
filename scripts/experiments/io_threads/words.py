"""The words of figure 4 and of its table."""

WORDS = {
    "longer": {
        "zh": "等得越久，线程越要多开：{list}",
        "en": "The longer the wait, the more threads: {list}",
    },
    "of_wait": {"zh": "{wait}要{number}个", "en": "{number} for {wait}"},
    "least_of_wait": {"zh": "{wait}至少要{number}个", "en": "at least {number} for {wait}"},
    "between": {"zh": "，", "en": ", "},
    "ms": {"zh": "{number}毫秒", "en": "{number} ms"},
    "best": {
        "zh": "链接要等{wait}，开{number}个线程最划算",
        "en": "For links that wait {wait}, {number} threads are best",
    },
    "best_over_loop": {
        "zh": "链接要等{wait}，开{number}个线程最划算，快到for循环的{times}",
        "en": "For links that wait {wait}, {number} threads are best: {times} the for loop",
    },
    "plain": {
        "zh": "爬虫一秒爬完多少链接",
        "en": "How many links a crawler gets through in a second",
    },
    "note": {
        "zh": "纵轴：每秒爬完多少链接。横轴：同时开几路。每栏里，一半的链接在标题写的时间内有答复，"
        "个别的没有，或者出错。",
        "en": "Links per second, by how many are under way at once. Half of the links answer "
        "within the time above their panel; a few never do, or fail.",
    },
    "at_once": {"zh": "几路", "en": "At once"},
    "wait": {"zh": "等{wait}", "en": "{wait} of waiting"},
    "wait_parsing": {"zh": "等{wait}，再解析", "en": "{wait}, then parsing"},
    "aside": {
        "zh": "{number}个线程最划算，每秒{rate}个",
        "en": "best: {number} threads, {rate}/s",
    },
    "least_aside": {
        "zh": "至少{number}个线程才够，每秒{rate}个",
        "en": "best: {number} threads or more, {rate}/s",
    },
    "gain": {"zh": "线程的{times}", "en": "{times} threads"},
    "formula": {"zh": "公式：{number}", "en": "formula: {number}"},
    "rule": {"zh": "老规矩：每核{low}～{high}个", "en": "rule of thumb: {low}–{high} per core"},
    "loop": {"zh": "for循环：{rate}", "en": "for loop: {rate}"},
    "points": {
        "zh": "点是{rounds}的几何平均，竖线是居中的八成。",
        "en": "Geometric means of {rounds}; strokes: the middle 80 %.",
    },
    "point": {"zh": "只量了一轮。", "en": "A single round."},
    "rings": {
        "zh": "圈：再多开线程，看不出还有好处。",
        "en": "Rings: more threads gain nothing that can be told.",
    },
    "formula_is": {
        "zh": "公式：{cores}×（1＋等待÷计算）；一个链接的计算，for循环里量得{alone}。",
        "en": "Formula: {cores} × (1 + waiting / computing); a link takes {alone} of computing in "
        "the for loop.",
    },
    "formula_both": {
        "zh": "公式：{cores}×（1＋等待÷计算）；一个链接的计算，for循环里量得{alone}，"
        "忙得没有间歇时{busy}。",
        "en": "Formula: {cores} × (1 + waiting / computing); a link takes {alone} of computing in "
        "the for loop, {busy} when there is no pause.",
    },
    "others": {
        "zh": "等得久的没跑for循环（爬一圈要几十秒）和多进程（要开几百个）。",
        "en": "Long waits are not for the for loop (half a minute a round) nor for processes "
        "(hundreds of them).",
    },
    "server": {
        "zh": "服务器也在这台机器上，最多占一个核的{share}。",
        "en": "The server, on the same machine, used {share} of a core at most.",
    },
    "server_full": {
        "zh": "服务器也在这台机器上，最忙时占一个核的{share}：快的几种多半是被它拖住了。",
        "en": "The server, on the same machine, used {share} of a core at most: it may be what "
        "held the fastest up.",
    },
    "crawl": {"zh": "爬什么", "en": "Crawl"},
    "way": {"zh": "办法", "en": "Way"},
    "rate": {"zh": "每秒链接数", "en": "Links per second"},
    "over_loop": {"zh": "是for循环的几倍", "en": "Times the for loop"},
    "not_measured": {"zh": "没测for循环", "en": "for loop not measured"},
    "with_range": {"zh": "{number}（{low}～{high}）", "en": "{number} ({low}–{high})"},
}
