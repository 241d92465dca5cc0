"""What the program itself costs: a few lines of README.md, which `make bench` writes.

They stand between two comments, the first of which names the run of the record they speak of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scripts.record.errors import BlogError

MOST_LINES = 5
_COSTS = re.compile(r"<!-- costs of run ([^ ]*) -->\n(.*?)<!-- /costs -->", re.DOTALL)
_CURE = "write <!-- costs of run 0 --> and, below it, <!-- /costs -->"


def replaced(text: str, run_id: str, lines: Sequence[str]) -> str:
    """The text of README.md with these lines, which speak of the run `run_id`.

    Raises BlogError when the comments are not there, once each; ValueError for too many lines.
    """
    if len(lines) > MOST_LINES:
        raise ValueError(f"{len(lines)} lines are more than {MOST_LINES}")
    if len(_COSTS.findall(text)) != 1:
        raise BlogError("has no one place for the costs", where="README.md", cure=_CURE)
    body = "".join(f"- {line}\n" for line in lines)
    return _COSTS.sub(lambda _: f"<!-- costs of run {run_id} -->\n{body}<!-- /costs -->", text)


def warnings(readme: Path, run_id: str) -> list[str]:
    """What README.md says of another record than that of `run_id`; a blog may have no such file."""
    if not readme.exists():
        return []
    found = _COSTS.search(readme.read_text(encoding="utf-8", errors="replace"))
    if not found or found[1] == run_id:
        return []
    what = f"the costs are of run {found[1]}, the record of {run_id}"
    line = readme.read_text(encoding="utf-8", errors="replace").count("\n", 0, found.start()) + 1
    return [str(BlogError(what, where=f"{readme.name}:{line}", cure="run make bench"))]
