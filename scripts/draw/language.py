"""The words of pictures and tables, in the language of the page that shows them.

Every experiment keeps its words in its own words.py: WORDS, by name, in the order of LANGUAGES.
Those that all pictures share stand here. A text may have fields in braces.
"""

from __future__ import annotations

import datetime
import re
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from scripts.conclude.quantity import Quantity
from scripts.record import Record, Sample, units

LANGUAGES = ("zh", "en")
Words = Mapping[str, Tuple[str, str]]
# The names of the columns, and the cells row by row.
Table = Tuple[List[str], List[List[str]]]

SHARED: Words = {
    "seconds": ("秒", "Seconds"),
    "ms": ("毫秒", "ms"),
    "comma": ("，", ", "),
    "in_brackets": ("{number}（{ends}）", "{number} ({ends})"),
    "tasks": ("任务", "Tasks"),
    "job": ("任务{number}", "job {number}"),
    "workers": ("工人数", "Workers"),
    "times": ("{number}倍", "{number} times"),
    "rounds": ("{count}轮", "{count} rounds"),
    "round": ("1轮", "1 round"),
    "sessions": ("{count}次测量", "{count} sessions"),
    "session": ("1次测量", "1 session"),
    "cores": ("{count}核", "{count} cores"),
    "core": ("1核", "1 core"),
    "without_gil": ("{name}，无GIL", "{name} without GIL"),
    "quick": ("QUICK试跑：数据量小，不可发表", "QUICK RUN – small sizes, not for publication"),
    "disturbed": (
        "受其他程序打扰：{total}次里有{count}次",
        "Disturbed by other work: {count} of {total} runs",
    ),
    "way_for_loop": ("for循环", "For loop"),
    "way_threads": ("多线程", "Threads"),
    "way_processes": ("多进程", "Processes"),
    "way_interpreters": ("子解释器", "Interpreters"),
    "way_asyncio": ("asyncio", "asyncio"),
    "way_dask": ("Dask", "Dask"),
    "way_joblib": ("joblib", "joblib"),
    "way_vectorised": ("NumPy向量化", "NumPy, vectorised"),
}


class Say:
    """The words of one language: those of a picture, and the shared ones."""

    def __init__(self, language: str, words: Optional[Words] = None) -> None:
        self.language = language
        self._words: Words = {**SHARED, **(words or {})}

    def __call__(self, name: str, /, **fields: object) -> str:
        """The text of that name. Raises KeyError for a name or a field that is missing."""
        return self._words[name][LANGUAGES.index(self.language)].format(**fields)

    def number(self, quantity: Quantity) -> str:
        """The value of a quantity, without its unit."""
        return quantity.text(self.language)

    def unit(self, quantity: Quantity) -> str:
        """The value of a quantity with its unit: "23.4 s", "23.4秒"."""
        return quantity.with_unit(self.language)

    def interval(self, quantity: Quantity) -> str:
        """Both ends of the interval with the unit; "" where there is none."""
        return quantity.range_with_unit(self.language)

    def with_range(self, quantity: Optional[Quantity]) -> str:
        """The value with its interval, as a cell of a table; "" for what was not measured."""
        if quantity is None:
            return ""
        ends = self.interval(quantity) if quantity.n != 1 else ""
        number = self.unit(quantity)
        return self("in_brackets", number=number, ends=ends) if ends else number

    def sizes(self, record: Record, *names: str, prefix: str = "") -> Dict[str, str]:
        """The sizes of these names that the record was measured with, by name."""
        found = {name: int(record.settings[f"{prefix}{name}"]) for name in names}
        return {name: units.text(size, "count", self.language) for name, size in found.items()}

    def joined(self, sentences: Iterable[str]) -> str:
        """The sentences behind one another."""
        return ("" if self.language == "zh" else " ").join(sentences)

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
        cores = self.many("core", machine.cores)
        where = f"{short_model(machine.cpu_model)}{self('comma')}{cores}"
        parts = (where, interpreter, self.date(record.finished))
        return " · ".join(part.replace(" ", "\u00a0") for part in parts)

    def date(self, moment: str) -> str:
        """The day of a moment in UTC, as the language writes it."""
        day = datetime.date(*map(int, moment[:10].split("-")))
        return f"{day.year}年{day.month}月{day.day}日" if self.language == "zh" else moment[:10]

    def disturbance(self, samples: Sequence[Sample]) -> str:
        """How many runs other work on the machine disturbed; "" when there were none."""
        count = sum(sample.disturbed for sample in samples)
        total = units.count(len(samples))
        return self("disturbed", count=units.count(count), total=total) if count else ""


def short_model(model: str) -> str:
    """The name of a CPU without trade marks, speed and number of cores."""
    model = re.sub(r"\((R|TM)\)| CPU|@.*$|\d+-Core Processor", "", model)
    model = " ".join(model.split())
    return model if len(model) <= 40 else f"{model[:39].rstrip()}…"
