"""What git holds of the project, in a folder of its own: nothing else is published.

So neither what git ignores comes along, nor what is not committed, nor what was left by others in
folders that Hugo reads.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.project import Project
from scripts.publish.program import native, printable, run
from scripts.record.errors import BlogError

# What the pages are made from.
SOURCES = ("content", "data", "static", "layouts", "assets", "i18n", "config.yaml")
# Whatever this user's git makes of line ends and of a part of the tree, a commit has one content.
PLAIN = {
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.attributesFile": os.devnull,
    "core.sparseCheckout": "false",
}
SUBMODULE = "160000"  # the mode that git holds one by


@dataclasses.dataclass(frozen=True)
class Source:
    """A project to build from.

    `commit` is the commit whose content it is, "" when it is none's: then `reasons` say why.
    `ignored` are files beside the sources that are not in it, since git ignores them.
    """

    project: Project
    commit: str = ""
    reasons: Sequence[str] = ()
    ignored: Sequence[str] = ()


@contextlib.contextmanager
def opened(project: Project) -> Iterator[Source]:
    """The content of the commit that is checked out.

    With changes in it, what git would hold were they committed; and outside of git the project
    itself. In both cases `reasons` says so, and nothing may be delivered.
    """
    # One name, so that the next try removes what a kill left.
    folder = project.run / "source"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield _source(project, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def names(found: Sequence[str]) -> str:
    """The first five of some names, and how many more there are."""
    more = f" and {len(found) - 5} more" if found[5:] else ""
    return f"{', '.join(map(printable, found[:5]))}{more}"


def _source(project: Project, folder: Path) -> Source:
    try:
        changed, ignored = _status(project)
        reasons = [*_uncommitted(changed), *_submodules(project)]
        commit = "" if changed else _git(project, "rev-parse", "HEAD").strip()
        held = Project(folder / "checked-out")
        held.root.mkdir(parents=True)
        if commit:
            _check_out(project, commit, held.root)
        else:
            _copy(project, held.root)
    except BlogError as error:
        return Source(project, reasons=(str(error),))
    return Source(held, commit, reasons, ignored)


def _status(project: Project) -> tuple[list[str], list[str]]:
    """The names of what is not as it is committed, and of what git ignores.

    Raises BlogError when git does not hold the project at all.
    """
    asked = ("--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal")
    seen = ("--ignored=matching", "--ignore-submodules=none", "--", *SOURCES)
    entries = _git(project, "status", *asked, *seen).split("\0")[:-1]
    changed = [entry[3:] for entry in entries if not entry.startswith("!!")]
    name = project.config.name
    if not changed and not _git(project, "ls-files", name):
        raise BlogError("is not in git", where=name, cure="publish from a git checkout")
    return changed, [entry[3:] for entry in entries if entry.startswith("!!")]


def _uncommitted(changed: Sequence[str]) -> Iterator[str]:
    if changed:
        yield f"not committed: {names(changed)} (git add them, git commit)"


def _submodules(project: Project) -> Iterator[str]:
    """What git holds only as the name of a commit elsewhere; links are for the build to refuse."""
    for entry in _git(project, "ls-files", "-z", "--stage", "--", *SOURCES).split("\0")[:-1]:
        facts, _, name = entry.partition("\t")
        if facts.startswith(SUBMODULE):
            what = "is a repository of its own, of which nothing would be there"
            yield f"{printable(name)}: {what} (put the files in its place, git commit)"


def _check_out(project: Project, commit: str, folder: Path) -> None:
    where = native(_git(project, "rev-parse", "--absolute-git-dir").rstrip("\n"))
    index = {"GIT_INDEX_FILE": f"{folder}.index"}
    # By its path from the folder of the project, which may be one within the repository.
    _git(project, "read-tree", f"{commit}:./", **index)
    settings = (part for pair in PLAIN.items() for part in ("-c", "=".join(pair)))
    there = ("--git-dir", where, "--work-tree", folder)
    run(["git", *settings, *there, "checkout-index", "--all"], folder, **index)


def _copy(project: Project, folder: Path) -> None:
    listed = _git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in map(native, listed.split("\0")[:-1]):
        path = project.root / name
        if path.is_file() and not path.is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def _git(project: Project, *arguments: str, **variables: str) -> str:
    return run(["git", *arguments], project.root, "publish from a git checkout", **variables)
