"""Words in a post's prose that claim something no measurement holds them to.

A number is kept true by its marker (`measured`), a comparison by a claim (`when`, `word`,
`verdict`) or by the measured number of times it names. What hangs on neither stays when the record
changes, so `make check` points it out. It is a warning: a short list of patterns finds what was
forgotten, and does not understand what it reads.

A line that means something else is excused at its end: <!-- loose-words: the reason -->.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

EXCUSE = re.compile(r"<!--\s*loose-words:(.*?)-->\s*$")
CLAIM_CURE = 'write it inside {{% when "claim" … %}} or beside {{< verdict "claim" >}}'
NUMBER_CURE = 'write the number as {{< measured "key" >}}…{{< /measured >}}'
EXCUSE_CURE = "or end the line with <!-- loose-words: reason -->"

_COMPARISONS = re.compile(
    r"""更[快慢省久短长高低] | 最[快慢] | [快慢]于 | [快慢]过(?!来|去) | [快慢]了 | [快慢]得多
    | [快慢](?:一|不少|好|很)?[些点多] | [快慢]出 | 比[^，。；：！？“”\n]{1,12}?[快慢]
    | 差不多(?![全都定]) | 一样[快慢] | 不相上下
    | \b(?: fast(?:er|est) | slow(?:er|est) | quick(?:er|est) | sooner | (?<!no\ )longer
          | about\ the\ same | twice\ as
          | (?<!\ufffc\ times\ )(?:as|so)\ (?:fast|slow|quick)\ as )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGITS = r"(?:\d[\d.,]*)"
_NUMBERS = re.compile(
    rf"""{_DIGITS}\s*(?: 倍 | 成 | 毫秒 | 微秒 | 秒 | 分钟 | 小时 | 个百分点 )
    | [两三四五六七八九十百千]+(?: 倍 | 毫秒 | 微秒 | 秒钟? )
    | {_DIGITS}\s?(?: times | (?:milli|micro)?seconds? | minutes? | hours? | ms | [µμ]s | us | s
                    | [KMG]i?B | × | x | percent )\b
    | {_DIGITS}\s?(?: % | × )
    | \b(?: two | three | four | five | six | seven | eight | nine | ten | a\ hundred )
      \ times\ (?:as|the|more|less|longer|faster|slower)\b
    | \b(?: two | three | four | five | ten )fold\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

# What is no prose, or hangs on a claim, in the order in which it is looked for at one place.
_APART = re.compile(
    r"""\A(?P<mark>---|\+\+\+)\n.*?^(?P=mark)[ \t]*$      # front matter
    | ^[ \t]*(?P<fence>`{3,}|~{3,}).*?^[ \t]*(?P=fence)   # code
    | <!--.*?-->
    | \{\{[<%]/\*.*?\*/[>%]\}\}                           # a shortcode that is only shown
    | (?P<when>\{\{%\s*when\b[^\n]*?%\}\}(?P<held>.*?)\{\{%\s*/when\s*%\}\})
    | (?P<word>\{\{<\s*word\s+"[^"]*"(?P<choices>(?:\s*"[^"]*")*)\s*>\}\})
    | (?P<marker>\{\{<\s*measured\b.*?\{\{<\s*/measured\s*>\}\})
    | \{\{[<%].*?[>%]\}\}                                 # other shortcodes: their parameters
    | (?P<ticks>`+)[^\n]*?(?P=ticks)                      # code in a line
    | \]\([^)\n]*\) | \{\#[\w-]+\} | </?[a-z][^>\n]*>     # addresses and tags
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_VERDICT = re.compile(r"\{\{<\s*verdict\b")


def warnings(markdown: str, where: str) -> list[str]:
    """One line for each line of the post with loose words: where, which words, and the cure.

    `where` is the post's name. A post without loose words gives [].
    """
    lines = markdown.replace("\r\n", "\n")
    numbered = zip(
        lines.split("\n"), _prose(lines, claimed=False), _prose(lines, claimed=True), strict=True
    )
    found = []
    for number, (line, loose, claimed) in enumerate(numbered, start=1):
        excuse = EXCUSE.search(line)
        if excuse and not excuse[1].strip():
            found.append(f"{where}:{number}: an excuse without a reason ({EXCUSE_CURE[3:]})")
        elif not excuse and not _VERDICT.search(line):
            found += _complaints(loose, claimed, f"{where}:{number}")
    return found


def _prose(markdown: str, *, claimed: bool) -> list[str]:
    """What is prose of each line, with or without what stands in `when` blocks and in `word`.

    A marker with its number leaves a sign that is no digit, so that its unit stands alone.
    """

    def blank(found: re.Match[str]) -> str:
        if claimed and (found["when"] or found["word"]):
            return _APART.sub(blank, found["held"] or found["choices"] or "")
        return ("\ufffc" if found["marker"] else "") + "\n" * found[0].count("\n")

    return _APART.sub(blank, markdown).split("\n")


def _complaints(loose: str, claimed: str, place: str) -> Iterator[str]:
    """What is wrong with a line: comparisons outside of `when` blocks, numbers anywhere."""
    for words, cure in (
        (_COMPARISONS.findall(loose), CLAIM_CURE),
        (_NUMBERS.findall(claimed), NUMBER_CURE),
    ):
        if words:
            shown = ", ".join(f'"{each.strip()}"' for each in dict.fromkeys(words))
            yield f"{place}: loose words {shown} ({cure}, {EXCUSE_CURE})"
