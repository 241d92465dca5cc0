"""The text of the pipeline's steps: written for this blog, and free to use like its code (no rights
of others in it).

Prose in plain modern Chinese with names, numbers and a few Latin words, as a word segmenter meets
it. It stands in a module, so that the hash of the measuring code covers it.
"""

from __future__ import annotations

from typing import List

PARAGRAPHS = (
    "星期一的早晨，地铁里挤满了上班的人。她靠着车门，一边听播客，一边想着昨天没有跑完的实验。"
    "数据是上周从三个城市的门店收来的，一共四百多万行，字段的名字各写各的，日期有的用斜线，有的"
    "用横线，还有几千行干脆是空的。列车钻出隧道，阳光照在江面上，她忽然想起，那台旧服务器只有两个核。",
    "食堂的师傅做红烧肉，总是先把五花肉切成方块，冷水下锅，撇去浮沫，再用冰糖炒出颜色。一口锅、"
    "一个灶，半小时够十个人吃；要是来了一百位客人，他宁可再请九位师傅，也不肯一个人守着十口锅来回"
    "跑。他说得很干脆：火候这种事情，分心就要糊。",
    "机器学习的项目，真正训练模型的时间往往不多。抓取网页、清洗文本、切分词语、提取特征、压缩存档，"
    "哪一步都可能成为瓶颈。有人把所有的代码塞进一个函数，再交给进程池，以为这样就能快上好几倍；结果"
    "内存先满了，风扇呼呼地转，进度条却一动不动。",
    "图书馆的自习室在四楼，窗外是一排高大的梧桐。老教授退休以后仍然每天来，带着放大镜和一本厚厚的"
    "方言词典。他正在整理二十年来的田野录音：渔民怎样称呼潮水，木匠怎样称呼榫头，祖母怎样哄孩子"
    "睡觉。这些词语不在任何语料库里，却在人们的嘴边活了几百年。",
    "天气预报说，台风将在周四夜间登陆，沿海的渔船都要回港避风。海事局的值班员守着屏幕，每隔十分钟"
    "刷新一次：风力八级，阵风十级，能见度不足一公里。他同时向三十几艘船发出询问，有的马上回答，有的"
    "隔了很久才有回音，还有一艘始终没有消息。",
    "她把程序改成了三步：等待网络的部分交给线程，计算的部分交给进程，矩阵运算就让底层的数学库自己去"
    "安排。改完之后，她没有急着下结论，而是把每一种写法都跑了五遍，记下最快的一次、最慢的一次和中间"
    "的一次。同事笑她太认真，她回答说，猜测是免费的，后悔可不是。",
    "小镇的邮局只有一个窗口，排队的人从柜台一直站到门外。新来的局长在旁边又开了三个窗口，可是印章"
    "只有一枚，四位职员轮流伸手去拿，谁拿到谁盖，别人只好等着。队伍一点也没有变短。直到年底，上级"
    "批准再刻三枚印章，老人们才第一次在十点以前领到了退休金。",
    "深夜，办公室只剩下键盘的声音。第二版的结果出来了：召回率从百分之八十一点六提高到八十七点三，"
    "训练时间反而缩短了一半。她给组长发了一封邮件，附上图表和记录，又在末尾加了一句：数字都是这台"
    "机器上量出来的，换一台机器，请重新量一遍。",
)


# Paragraphs in a document; documents overlap, and go through all paragraphs again and again.
LENGTH = 3


def documents(count: int) -> List[str]:
    """So many documents made of the paragraphs, each with its number.

    No two are the same, so that all must be sent to a process that is given them.
    """
    endless = PARAGRAPHS + PARAGRAPHS[: LENGTH - 1]
    whole = ["\n".join(endless[n : n + LENGTH]) for n in range(len(PARAGRAPHS))]
    return [f"第{number}篇。{whole[number % len(whole)]}" for number in range(count)]
