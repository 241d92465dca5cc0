"""The report that measure.pyz writes beside its record: one HTML file that asks for nothing else.

Verdicts, three figures and their tables in both languages, light and dark, without a script. It
carries the summary as JSON, so that the post can be read with its numbers (assets/js/reading.js).
"""

from __future__ import annotations

import importlib
import json
import math
import re
from html import escape
from types import ModuleType
from typing import List, Mapping, NamedTuple, Sequence, Tuple

from scripts.conclude import report, summary
from scripts.conclude.claims import Claim
from scripts.conclude.quantity import Quantity
from scripts.conclude.summary import Summary
from scripts.draw.language import LANGUAGES, Say
from scripts.draw.theme import THEMES, Theme
from scripts.experiments.cpu_bound.words import WORDS as WAYS
from scripts.record import Record, units

# What the words of i18n/ are called that it is written with.
SPOKEN = re.compile("(verdict|reason|run)_.*|claims?|ratio_interval|figure(_data)?|comma|table")
# The post finds the summary between these.
BEGIN, END = '<script type="application/json" id="summary">', "</script>"
WORDS = {
    "title": ("多线程还是多进程？这台机器这么说", "Threads or processes? As measured here"),
    "open": (
        "把这个文件拖进博客的那篇文章，文中的数字和结论就换成这里的。什么也不会发送出去。",
        "Drop this file into the post to read it with these numbers and verdicts. Nothing is sent "
        "anywhere.",
    ),
    "spread": ("八成的轮次", "8 of 10 rounds"),
    "column_wall": ("用时", "Wall time"),
    "ratio": ("比值 [区间]", "Ratio [interval]"),
}
# An SVG is as wide as a phone, so that its text has the size it says there.
_WIDTH, _PITCH, _LEFT, _RIGHT = 360, 22, 104, 84
_STYLE = """
body{max-width:42rem;margin:1rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;
background:var(--page);color:var(--ink)}
h1,h2{line-height:1.3}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
svg{display:block;width:100%;max-width:28rem;font-size:12px;fill:currentColor}
table{border-collapse:collapse;font-size:.88em;line-height:1.45}
th,td{text-align:start;font-weight:400;vertical-align:top;padding:.35em .9em .35em 0;
border-bottom:1px solid var(--grid)}
thead th,summary,small{color:var(--muted)}b{white-space:nowrap}
.scroll{overflow-x:auto}.warning{color:var(--threads)}
.holds{color:var(--interpreters)}.fails{color:var(--threads)}
.undecided{color:var(--dask)}.not_applicable{color:var(--muted)}
li{margin:.5em 0}ul{list-style:none;padding:0}code{font-size:.9em}
#zh:checked~article[lang=en],#en:checked~article[lang=zh]{display:none}
"""
_SIGNS = {"holds": "✓", "fails": "✗", "undecided": "≈", "not_applicable": "–"}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
<body>
<main>
<input type="radio" name="language" id="en" checked><label for="en" lang="en"> English</label>
<input type="radio" name="language" id="zh"><label for="zh" lang="zh"> 中文</label>
{sections}
</main>
{begin}{data}{end}
</body>
</html>
"""
Values, Words = Mapping[str, Quantity], Mapping[str, str]


class Bar(NamedTuple):
    """A line of a figure: a bar from `start` to `stop`, with the ends of its interval, and a text.

    A line without a way is a heading.
    """

    label: str
    text: str = ""
    way: str = ""
    start: float = 0.0
    stop: float = 0.0
    ends: Tuple[float, float] = (0.0, 0.0)


def build(
    made: Summary, record: Record, claims: Sequence[Claim], words: Mapping[str, Words]
) -> str:
    """The text of the report; `words` are those of i18n/ by language and name, as SPOKEN says."""
    data = json.dumps(summary.to_json(made), ensure_ascii=False, separators=(",", ":"))
    return _PAGE.format(
        title=escape(Say("en", WORDS)("title")),
        style=_style(),
        sections="\n".join(
            _section(made, record, claims, words[language], language) for language in LANGUAGES
        ),
        begin=BEGIN,
        data=data.replace("<", "\\u003c"),
        end=END,
    )


def _style() -> str:
    light, dark = (f":root{{{_colours(theme)}}}" for theme in THEMES)
    fills = "".join(f"rect.{way}{{fill:var(--{way})}}" for way in THEMES[0].ways)
    return f"\n{light}\n@media (prefers-color-scheme:dark){{{dark}}}{_STYLE}{fills}\n"


def _colours(theme: Theme) -> str:
    shown = {name: getattr(theme, name) for name in ("page", "ink", "muted", "grid")}
    return ";".join(f"--{name}:{colour}" for name, colour in {**shown, **theme.ways}.items())


def _section(
    made: Summary, record: Record, claims: Sequence[Claim], words: Words, language: str
) -> str:
    say = Say(language, WORDS)
    parts = [f"<h1>{escape(say('title'))}</h1>", f"<p>{escape(say.origin(record))}</p>"]
    if made.quick:
        parts.append(f'<p class="warning">{escape(words["run_quick"])}</p>')
    parts += [f"<p>{escape(line)}</p>" for line in _remarks(made, words)]
    parts.append(f"<p><small>{escape(say('open'))}</small></p>")
    parts += [f"<h2>{escape(words['claims'])}</h2>", _verdicts(made, claims, words, language)]
    parts.append(_times(made, language))
    measured = {sample.experiment for sample in record.samples}
    for number, (name, figure) in _FIGURES.items():
        if name not in measured:  # a blog may be without that experiment
            continue
        picture = importlib.import_module(f"scripts.experiments.{name}.picture")
        title, bars, marks, table = figure(picture, made.values, record, language)
        if bars:
            named = escape(_filled(words["figure_data"], Count=number))
            parts.append(f"<h2>{escape(title)}</h2>{_svg(title, bars, marks)}")
            parts.append(f"<details><summary>{named}</summary>{_table(*table)}</details>")
    return f'<article lang="{language}">\n' + "\n".join(parts) + "\n</article>"


def _filled(text: str, **fields: object) -> str:
    """A text of i18n/ with its fields: "session {{ .Count }}"."""
    return re.sub(r"{{ \.(\w+) }}", lambda found: str(fields[found[1]]), text)


def _remarks(made: Summary, words: Words) -> List[str]:
    steady = made.steadiness
    found = [words["run_control"]] if steady.control_differs else []
    found += [
        _filled(words["run_two_speeds"], apart=units.number(speed.apart))
        for speed in steady.speeds
        if speed.two_speeds
    ]
    if steady.disturbed:
        disturbed = {"disturbed": steady.disturbed, "samples": steady.samples}
        found.append(_filled(words["run_disturbed"], **disturbed))
    if made.above_ceiling:
        found.append(" ".join((words["run_above"], *made.above_ceiling)))
    if steady.resolution:
        percent = units.number(100 * math.expm1(steady.resolution))
        found.append(_filled(words["run_resolution"], percent=percent))
    return found


def _verdicts(made: Summary, claims: Sequence[Claim], words: Words, language: str) -> str:
    lines = []
    for claim in claims:
        found = made.verdicts[claim.id]
        number = _with_ends(found.compared, language) if found.compared else ""
        why = words[f"reason_{found.reason}"] if found.reason else ""
        stated = re.sub("`([^`]*)`", r"<code>\1</code>", escape(claim.text[language]))
        said = f"{_SIGNS[found.verdict]} {words['verdict_' + found.verdict]}"
        told = words["comma"].join(filter(None, (number, why)))
        lines.append(
            f'<li>{stated}<br><b class="{found.verdict}">{escape(said)}</b> {escape(told)}'
        )
    return f"<ul>{''.join(lines)}</ul>"


def _with_ends(quantity: Quantity, language: str) -> str:
    ends = quantity.range_with_unit(language)
    return f"{quantity.text(language)} [{ends}]" if ends else quantity.with_unit(language)


def _times(made: Summary, language: str) -> str:
    """The small table that the terminal shows, in the words of figure 1."""
    say = Say(language, {**WAYS, **WORDS})
    rows = []
    for key, ratio in report.ROWS.values():
        wall, compared = made.values.get(key), made.values.get(ratio)
        if wall is not None:
            told = _with_ends(compared, language) if compared else ""
            name = [say.way(way) for way in ratio.partition(".")[2].split("_over_") if ratio]
            told = f"{' / '.join(name)} = {told}" if told else ""
            cells = (wall.with_unit(language), wall.range_with_unit(language), told)
            rows.append([say.way(key.split(".")[1]), *cells])
    return _table([say(name) for name in ("column_way", "column_wall", "spread", "ratio")], rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}' for cell in row)}" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}<tbody>{body}</table></div>'


def _of_ways(ways: ModuleType, values: Values, record: Record, language: str) -> Tuple:
    """Figure 1: who ran when."""
    say = Say(language, ways.WORDS)
    bars = []
    for way, samples in ways.takes(record).items():
        bars.append(Bar(say(f"label_{way}"), say.unit(values[f"cpu_bound.{way}.take_s"])))
        for span in sorted(ways.middle(samples).spans, key=lambda one: one.job):
            text = units.with_unit(span.stop_s - span.start_s, "s", language)
            bars.append(Bar(say("job", number=span.job), text, way, span.start_s, span.stop_s))
    return ways.title(values, say), bars, {}, ways.table(record, values, say)


def _of_workers(workers: ModuleType, values: Values, record: Record, language: str) -> Tuple:
    """Figure 3: how many times as fast as one worker, with the cores as a line."""
    say = Say(language, workers.WORDS)
    cores, bars = record.machine.cores, []
    for way in workers.CURVES:
        points = {
            count: values.get(f"process_count.{way}.at_{count}.speedup_ratio")
            for count in workers.numbers.curve(record, way)
        }
        found = [_speed(f"{say('workers')} {n}", way, one, say) for n, one in points.items() if one]
        bars += [Bar(say(f"line_{way}")), *found] if found else []
    marks = {1: say("one"), cores: say("ideal")}
    return workers.title(values, cores, say), bars, marks, workers.table(record, values, say)


def _of_steps(pipeline: ModuleType, values: Values, record: Record, language: str) -> Tuple:
    """Figure 5: how many times as fast as the for loop, with the most work that was measured."""
    say, bars = Say(language, pipeline.WORDS), []
    for step, names in pipeline.STEPS.items():
        speeds = {way: values.get(f"pipeline.{step}.{way}.speedup_ratio") for way in names}
        found = [
            _speed(
                pipeline.name_of(step, way, say, short=True), pipeline.KIN.get(way, way), one, say
            )
            for way, one in speeds.items()
            if one and way != "one_thread"
        ]
        bars += [Bar(say(f"step_{step}")), *found] if found else []
    return pipeline.title(values, say), bars, {1: say("one")}, pipeline.table(record, values, say)


def _speed(label: str, way: str, speed: Quantity, say: Say) -> Bar:
    ends = (speed.value if speed.low is None else speed.low, speed.high or speed.value)
    return Bar(label, say.unit(speed), way, 0.0, speed.value, ends)


# By their numbers in the post, each with its experiment.
_FIGURES = {
    1: ("cpu_bound", _of_ways),
    3: ("process_count", _of_workers),
    5: ("pipeline", _of_steps),
}


def _svg(title: str, bars: Sequence[Bar], marks: Mapping[float, str]) -> str:
    """The bars one below the other, and a line at each of the marks with its name below."""
    most = max([*marks, *(max(bar.stop, *bar.ends) for bar in bars)])
    height = _PITCH * len(bars)

    def at(value: float) -> str:
        return f"{_LEFT + (_WIDTH - _LEFT - _RIGHT) * value / (most or 1):.1f}"

    parts = []
    for mark, name in marks.items():
        line = f'd="M{at(mark)} 0V{height}" stroke="var(--muted)" stroke-dasharray="3 3"'
        parts += [f"<path {line}/>", _text(name, at(mark), height + 12, "middle")]
    for place, bar in enumerate(bars):
        line, weight = _PITCH * place + 16, "normal" if bar.way else "bold"
        parts.append(_text(bar.label, "0", line, "start", weight))
        parts.append(_text(bar.text, str(_WIDTH), line, "end", weight))
        if bar.way:
            width = max(float(at(bar.stop)) - float(at(bar.start)), 1)
            box = f'x="{at(bar.start)}" y="{line - 11}" width="{width:.1f}" height="14"'
            parts.append(f'<rect class="{bar.way}" {box}/>')
        if bar.ends[1] > bar.ends[0]:
            low, high = map(at, bar.ends)
            line = f'd="M{low} {line - 4}H{high}" stroke="var(--ink)" stroke-width="2"'
            parts.append(f"<path {line}/>")
    box = f'viewBox="0 0 {_WIDTH} {height + 16}" role="img" aria-label="{escape(title)}"'
    return f"<svg {box}>{''.join(parts)}</svg>"


def _text(text: str, x: str, y: int, anchor: str, weight: str = "normal") -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {place}>{escape(text)}</text>"
