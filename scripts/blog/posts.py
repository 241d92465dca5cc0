"""The posts: their authors' prose, with measured numbers between markers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.blog.embed import decode, embed
from scripts.conclude.verdicts import Verdict
from scripts.project import Project
from scripts.record.errors import BlogError


def language_of(name: str) -> str:
    """The language of a post, by the name of its file: index.en.md is English, index.md Chinese."""
    return "en" if name.endswith(".en.md") else "zh"


def texts_of(values: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, str]:
    """The text of every key as a language writes it; "" for what could not be measured here."""
    return {
        key: str(entry.get(f"text_{language}", entry.get("text", "")))
        for key, entry in values.items()
    }


def read(path: Path, where: str) -> str:
    """The text of a post; errors name `where`. Raises BlogError when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"the post cannot be read: {error.strerror}"
        raise BlogError(what, where=where, cure="restore it or make it readable") from None
    return decode(data, where)


def embedded(text: str, data: Mapping[str, Any], where: str) -> str:
    """A post with the numbers of `data`, the content of data/measured.json. Raises BlogError."""
    return embed(text, texts_of(data["values"], language_of(where)), data["finished"], where)


_ANSWER = re.compile(r"{{%\s*answer\s*%}}(.*?){{%\s*/answer\s*%}}", re.DOTALL)
_WORD = re.compile(r'{{<\s*word\s+"([^"]*)"((?:\s+"[^"]*")*)\s*>}}')
_VERDICTS = ("holds", "fails", "undecided", "not_applicable")


def short_answer(text: str, verdicts: Mapping[str, Verdict]) -> str:
    """The short answer of a post in words, each verdict with what it rests on; "" without one.

    The same words that the page picks: a claim's words for its verdict stand in the post itself.
    """
    found = _ANSWER.search(text)
    if not found:
        return ""
    return " ".join(_WORD.sub(lambda match: _picked(match, verdicts), found[1]).split())


def _picked(match: re.Match[str], verdicts: Mapping[str, Verdict]) -> str:
    verdict = verdicts[match[1]]
    words = [*re.findall(r'"([^"]*)"', match[2]), "", "", "", ""]
    picked = words[_VERDICTS.index(verdict.verdict)]
    compared = verdict.compared
    if compared is None:
        return picked
    return f"{picked} ({compared.text()} [{'–'.join(compared.ends())}])"


class Rewriting:
    """What `fileset` rewrites the posts of a project with: the data that is in place by then."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def __call__(self, name: str, data: bytes) -> bytes:
        """The bytes of a post with the numbers of data/measured.json. Raises BlogError."""
        measured = json.loads(self._project.measured.read_bytes())
        return embedded(decode(data, name), measured, name).encode()
