"""A new post that works from the start: a copy of archetypes/post, under a name of its own.

It is laid out as the project is: a post in both languages, an experiment with its test, and a claim
that is appended to data/claims.yaml.
"""

from __future__ import annotations

import contextlib
import datetime
import keyword
import os
import re
from pathlib import Path

from scripts.blog import fileset
from scripts.conclude.summary import FACTS
from scripts.project import Project
from scripts.record.errors import BlogError

# What stands in the archetype for the post's name, for that of its experiment, and for the day.
_NAME, _MODULE, _DAY = "new-post", "new_post", "2000-01-01"
# Long enough for an address, short enough for the lines of the archetype.
_LONGEST = 20
_CURE = "make post NAME=words-with-dashes, in small letters"


def create(project: Project, name: str) -> list[Path]:
    """Write the files of a post called `name`; what was written.

    Raises BlogError, with nothing written, for a name that is malformed or taken.
    """
    module = _module(name)
    source = project.root / "archetypes" / "post"
    if not source.is_dir():
        where = project.relative(source)
        raise BlogError("is missing", where=where, cure=f"git checkout {where}")
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    files: dict[Path, str] = {}
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        target, text = (
            told.replace(_NAME, name).replace(_MODULE, module).replace(_DAY, day)
            for told in (path.relative_to(source).as_posix(), path.read_text(encoding="utf-8"))
        )
        files[project.root / target] = text
    claim = files.pop(project.claims)
    _refuse_taken(project, name, module, [path.parent for path in files])
    before = project.claims.stat().st_size
    try:
        for path, text in files.items():
            with fileset.writing(project.relative(path)):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        claims = fileset.writing(project.relative(project.claims))
        with claims, project.claims.open("a", encoding="utf-8") as stated:
            stated.write(claim)
    except BaseException:  # Ctrl-C as well: half a post would be in the way of the next try
        for path in files:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                os.removedirs(path.parent)
        with contextlib.suppress(OSError):
            os.truncate(project.claims, before)
        raise
    return [*files, project.claims]


def _module(name: str) -> str:
    """The name of the experiment. Raises BlogError for a name that cannot be one."""
    if not name:
        raise BlogError("is not given", where="NAME", cure=_CURE)
    module = name.replace("-", "_")
    if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or keyword.iskeyword(module):
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        raise BlogError(f"{shown!r} is no name for a post", where="NAME", cure=_CURE)
    if len(name) > _LONGEST:
        what = f"has {len(name)} letters, more than {_LONGEST}"
        raise BlogError(what, where="NAME", cure="a shorter one; the title may be as long as it is")
    return module


def _refuse_taken(project: Project, name: str, module: str, folders: list[Path]) -> None:
    """Raise BlogError when a file, a picture, a claim or the keys of others are so called."""
    pictures = sorted(project.pictures.glob(f"{name}.*"))
    for path in [*folders, *(folder.with_suffix(".py") for folder in folders), *pictures]:
        if path.exists():
            where = project.relative(path)
            raise BlogError("is already there", where=where, cure="choose another NAME")
    stated = project.claims.read_text(encoding="utf-8")
    if re.search(rf"(?m)^{name}-pays:", stated):
        where = project.relative(project.claims)
        raise BlogError(f"states {name}-pays already", where=where, cure="choose another NAME")
    if module in {fact.split(".")[0] for fact in FACTS}:
        raise BlogError(f"{name} begins keys of every record", where="NAME", cure="choose another")
