"""Put measured values between a post's markers: {{< measured "key" >}}23.4{{< /measured >}}.

Markers are found as Hugo's lexer finds shortcodes (parser/pageparser in its source): in blocks
of code and in comments too, but not in the front matter, which is YAML or TOML.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scripts.record.errors import BlogError

OPEN, CLOSE = '{{< measured "key" >}}', "{{< /measured >}}"

# Any shortcode's tag. A quoted parameter may hold what looks like a tag, so each is read as a
# whole; of a tag that never ends only the first three characters match. No two alternatives begin
# alike, and (?=(…))(?P=…) is an atomic group that every Python understands: possessive quantifiers
# match otherwise in early releases of 3.11.
_TAG = re.compile(
    r"""\{\{(?:(?P<angle><)|%)
    (?: /\*.*?\*/(?(angle)>|%)\}\}                  # escaped: {{</* … */>}}
      | (?P<inside>(?: "(?:\\"|\\(?!")|[^"\\\n])*"  # "text", with \" inside
                     | \\"[^"\n]*"                  # \"text\"
                     | `[^`]*`
                     | (?=(?P<value>=\s*[^\s"`\\]\S*))(?P=value)  # name=value, up to a space
                     | (?!(?(angle)>|%)\}\})[^"`\\=] | \\(?!") | =(?!\s*[^\s"`\\]) )*)
        (?(angle)>|%)\}\} )?""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_OURS = re.compile(r"\s*/?\s*measured(?![\w/-])", re.ASCII | re.IGNORECASE)
_FORM = re.compile(
    r"""\s*(?: (?P<close>/)\s*measured
             | measured(?: \s*"(?P<quoted>(?:\\"|\\(?!")|[^"\\])*)" | \s*\\"(?P<escaped>[^"\\]*)\\"
                         | \s*`(?P<raw>[^`]*)` | \s+(?P<bare>[\w-][\w.-]*) )? )\s*""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_FRONT_MATTER = re.compile(
    r"[\ufeff\s]*(?P<mark>---|\+\+\+)(?P<rest>.*?[\r\n](?P=mark))?", re.ASCII | re.DOTALL
)
_LASTMOD = re.compile(
    r"""(?<=[\r\n])lastmod[ \t]*[:=](?:[ \t]*(?P<value>[^\s\#][^\r\n]*?))?
    (?=[ \t]+\#[ \t]*measured[ \t]*[\r\n])""",
    re.VERBOSE,
)
_LINE_BREAK = re.compile(r"[\r\n]")
# What would break its own marker if it were written between the tags.
_UNFIT = re.compile(r"[\r\n]|\{\{[<%]")


class Marker(NamedTuple):
    """A marker that opens on `line`; its number is `markdown[start:stop]`."""

    key: str
    line: int
    start: int
    stop: int


class _Tag(NamedTuple):
    """A shortcode's tag; only that of an opening marker has a `key`."""

    line: int
    start: int
    stop: int
    closes: bool
    key: str


def embed(markdown: str, texts: Mapping[str, str], finished: str, where: str) -> str:
    """Bring every number between markers, and `lastmod: … # measured`, up to date.

    `texts` has the text of every key, "" for what this machine could not measure; `finished` is
    what lastmod shall be. All else stays as it is. Raises BlogError, placed at a line of `where`,
    for what `parse` refuses, for an unknown key, and for a text that would break its marker.
    """
    edits = list(_lastmod_edits(markdown, finished, where))
    for marker in parse(markdown, where):
        edits.append((marker.start, marker.stop, _text(marker, texts, where)))
    # Spliced, since a backslash in a replacement of re.sub has a meaning.
    pieces, position = [], 0
    for start, stop, text in edits:
        pieces += [markdown[position:start], text]
        position = stop
    return "".join([*pieces, markdown[position:]])


def parse(markdown: str, where: str) -> list[Marker]:
    """Find the markers of a post.

    Raises BlogError for a marker that is malformed, has no key, is not closed on its line, holds
    another shortcode, stands in the front matter, or is written with {{% … %}}.
    """
    markers: list[Marker] = []
    opened: _Tag | None = None
    for tag in _tags(markdown, where):
        if opened:
            _check_inside(markdown, opened, tag, where)
            markers.append(Marker(opened.key, opened.line, opened.stop, tag.start))
            opened = None
        elif tag.closes:
            cure = f"delete it, or write {OPEN} before the number"
            raise _error(f"{CLOSE} closes no marker", cure, where, tag.line)
        elif tag.key:
            opened = tag
    if opened:
        raise _unclosed(opened, where)
    return markers


def decode(data: bytes, where: str) -> str:
    """The text of a post, with the newlines it has. Raises BlogError if it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start:,}"
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(what, "save it as UTF-8", where, line) from None


def _tags(markdown: str, where: str) -> Iterator[_Tag]:
    for match in _TAG.finditer(markdown, _body_start(markdown, where)):
        line = _line(markdown, match.start())
        closes, key = False, ""
        # A name follows even if the tag never ends; in an escaped tag a slash and a star do.
        if _OURS.match(markdown, match.start() + 3):
            closes, key = _read_marker(match, markdown, where, line)
        yield _Tag(line, match.start(), match.end(), closes, key)


def _read_marker(match: re.Match, markdown: str, where: str, line: int) -> tuple[bool, str]:
    """Tell whether the tag closes a marker, and if it opens one, its key."""
    if not match["angle"]:
        raise _error("a marker in {{% … %}} is no marker", "write {{< … >}}", where, line)
    form = _FORM.fullmatch(match["inside"] or "")
    if not form:
        shown = _LINE_BREAK.split(markdown[match.start() :], maxsplit=1)[0]
        shown = shown[: match.end() - match.start()] if match["inside"] else shown
        cure = f"write {OPEN} before the number and {CLOSE} behind it"
        raise _error(f"a malformed marker: {shown[:60]}", cure, where, line)
    key = form["quoted"] or form["escaped"] or form["raw"] or form["bare"] or ""
    if not key and not form["close"]:
        raise _error("a marker without a key", f"write {OPEN}", where, line)
    return bool(form["close"]), key


def _check_inside(markdown: str, opened: _Tag, tag: _Tag, where: str) -> None:
    """Refuse all but a number and a closing tag behind the opening one."""
    # A line break on the way means that the closing tag is missing, whatever comes further down.
    if _LINE_BREAK.search(markdown, opened.stop, tag.start):
        raise _unclosed(opened, where)
    if not tag.closes:
        what = f'{"another marker" if tag.key else "a shortcode"} in the marker "{opened.key}"'
        raise _error(what, f"write {CLOSE} before it", where, tag.line)


def _text(marker: Marker, texts: Mapping[str, str], where: str) -> str:
    if marker.key not in texts:
        near = difflib.get_close_matches(marker.key, texts, n=1)
        cure = f'write "{near[0]}"' if near else "write one of the keys in data/measured.json"
        raise _error(f'unknown key "{marker.key}"', cure, where, marker.line)
    text = texts[marker.key]
    if not isinstance(text, str) or _UNFIT.search(text):
        what = f'the value of "{marker.key}" does not fit between markers: {text!r}'
        raise _error(what, "derive the values again: make redraw", where, marker.line)
    return text


def _body_start(markdown: str, where: str) -> int:
    """Find the end of the front matter, where Hugo begins to look for shortcodes."""
    front = _FRONT_MATTER.match(markdown)
    if not front:
        return 0
    if not front["rest"]:
        cure = f"end it with a line {front['mark']}"
        line = _line(markdown, front.start("mark"))
        raise _error("the front matter is not closed", cure, where, line)
    for tag in re.finditer(r"\{\{[<%]", front[0]):
        if _OURS.match(front[0], tag.end()):
            what = "a marker in the front matter, where Hugo does not read it"
            raise _error(what, "move it into the text", where, _line(front[0], tag.start()))
    return front.end()


def _lastmod_edits(markdown: str, finished: str, where: str) -> Iterator[tuple[int, int, str]]:
    for match in _LASTMOD.finditer(markdown, 0, _body_start(markdown, where)):
        if match["value"]:
            yield *match.span("value"), finished
        else:
            yield match.end(), match.end(), f" {finished}"


def _line(markdown: str, position: int) -> int:
    return markdown.count("\n", 0, position) + 1


def _unclosed(opened: _Tag, where: str) -> BlogError:
    what = f'the marker "{opened.key}" is not closed on its line'
    return _error(what, f"write {CLOSE} behind its number", where, opened.line)


def _error(what: str, cure: str, where: str, line: int) -> BlogError:
    # A quoted key may hold line breaks.
    return BlogError(" ".join(what.split()), where=f"{where}:{line}", cure=cure)
