"""The words of pictures and tables, in the language of the page that shows them.

Every experiment keeps its words in its own words.py: WORDS, by name, in Chinese and in English.
Those that all pictures share stand here. A text may have fields in braces.
"""

from __future__ import annotations

import datetime
import re
from typing import Dict, Mapping, Optional, Sequence

from scripts.conclude.quantity import Quantity
from scripts.record import Record, Sample, units

LANGUAGES = ("zh", "en")
Words = Mapping[str, Mapping[str, str]]

SHARED: Dict[str, Dict[str, str]] = {
    "seconds": {"zh": "秒", "en": "Seconds"},
    "ms": {"zh": "毫秒", "en": "ms"},
    "tasks": {"zh": "任务", "en": "Tasks"},
    "job": {"zh": "任务{number}", "en": "job {number}"},
    "workers": {"zh": "工人数", "en": "Workers"},
    "times": {"zh": "{number}倍", "en": "{number} times"},
    "rounds": {"zh": "{count}轮", "en": "{count} rounds"},
    "round": {"zh": "1轮", "en": "1 round"},
    "sessions": {"zh": "{count}次测量", "en": "{count} sessions"},
    "session": {"zh": "1次测量", "en": "1 session"},
    "cores": {"zh": "{count}核", "en": "{count} cores"},
    "core": {"zh": "1核", "en": "1 core"},
    "without_gil": {"zh": "{name}，无GIL", "en": "{name} without GIL"},
    "quick": {
        "zh": "QUICK试跑：数据量小，不可发表",
        "en": "QUICK RUN – small sizes, not for publication",
    },
    "disturbed": {
        "zh": "受其他程序打扰：{total}次里有{count}次",
        "en": "Disturbed by other work: {count} of {total} runs",
    },
    "way_for_loop": {"zh": "for循环", "en": "For loop"},
    "way_threads": {"zh": "多线程", "en": "Threads"},
    "way_processes": {"zh": "多进程", "en": "Processes"},
    "way_interpreters": {"zh": "子解释器", "en": "Interpreters"},
    "way_asyncio": {"zh": "asyncio", "en": "asyncio"},
    "way_dask": {"zh": "Dask", "en": "Dask"},
    "way_joblib": {"zh": "joblib", "en": "joblib"},
    "way_vectorised": {"zh": "NumPy向量化", "en": "NumPy, vectorised"},
}


class Say:
    """The words of one language: those of a picture, and the shared ones."""

    def __init__(self, language: str, words: Optional[Words] = None) -> None:
        self.language = language
        self._words: Dict[str, Mapping[str, str]] = {**SHARED, **(words or {})}

    def __call__(self, name: str, /, **fields: object) -> str:
        """The text of that name. Raises KeyError for a name or a field that is missing."""
        return self._words[name][self.language].format(**fields)

    def number(self, quantity: Quantity) -> str:
        """The value of a quantity, without its unit."""
        return quantity.text(self.language)

    def unit(self, quantity: Quantity) -> str:
        """The value of a quantity with its unit: "23.4 s", "23.4秒"."""
        return quantity.with_unit(self.language)

    def interval(self, quantity: Quantity) -> str:
        """Both ends of the interval with the unit; "" where there is none."""
        return quantity.range_with_unit(self.language)

    def times(self, value: float) -> str:
        """How many times: "2.07 times", "2.07倍"."""
        return self("times", number=units.text(value, "ratio", self.language))

    def many(self, name: str, count: int) -> str:
        """So many of something that has a word for one and one for more: "1 round", "5 rounds"."""
        return self(name) if count == 1 else self(f"{name}s", count=units.count(count))

    def way(self, way: str) -> str:
        """The name of a way of running."""
        return self(f"way_{way}")

    def origin(self, record: Record) -> str:
        """Where the numbers come from: machine, interpreter and date."""
        machine, runtime = record.machine, record.runtimes[0]
        interpreter = f"{runtime.implementation} {runtime.version}"
        if not runtime.gil:
            interpreter = self("without_gil", name=interpreter)
        separator = "，" if self.language == "zh" else ", "
        where = f"{short_model(machine.cpu_model)}{separator}{self.many('core', machine.cores)}"
        parts = (where, interpreter, self.date(record.finished))
        return " · ".join(part.replace(" ", "\u00a0") for part in parts)

    def date(self, moment: str) -> str:
        """The day of a moment in UTC, as the language writes it."""
        day = datetime.date(*map(int, moment[:10].split("-")))
        return f"{day.year}年{day.month}月{day.day}日" if self.language == "zh" else moment[:10]

    def disturbance(self, samples: Sequence[Sample]) -> str:
        """How many runs other work on the machine disturbed; "" when there were none."""
        count = sum(bool(sample.disturbance.get("disturbed")) for sample in samples)
        total = units.count(len(samples))
        return self("disturbed", count=units.count(count), total=total) if count else ""


def short_model(model: str) -> str:
    """The name of a CPU without trade marks, speed and number of cores."""
    model = re.sub(r"\((R|TM)\)| CPU|@.*$|\d+-Core Processor", "", model)
    model = " ".join(model.split())
    return model if len(model) <= 40 else f"{model[:39].rstrip()}…"
