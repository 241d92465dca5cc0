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
FACTS = {"1": 7, "u": 9}  # how many `git status` tells of a changed file, before its name


@dataclasses.dataclass(frozen=True)
class Source:
    """A project to build from.

    `commit` is the commit whose content it is, "" when it is none's: then `reasons` say why.
    `ignored` are files beside the sources that are not in it, since git ignores them; `overlooked`
    are those that it was told not to look at, and that differ from what it holds.
    """

    project: Project
    commit: str = ""
    reasons: Sequence[str] = ()
    ignored: Sequence[str] = ()
    overlooked: Sequence[str] = ()


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
        head, changed, ignored = _status(project)
        reasons = [*_uncommitted(changed), *_submodules(project, changed)]
        commit = "" if changed else head
        held = Project(folder / "checked-out")
        held.root.mkdir(parents=True)
        if commit:
            _check_out(project, commit, held.root)
        else:
            _copy(project, held.root)
    except BlogError as error:
        return Source(project, reasons=(str(error),))
    return Source(held, commit, reasons, ignored, _overlooked(project) if commit else ())


def _status(project: Project) -> tuple[str, list[str], list[str]]:
    """The commit that is checked out; what is not as it is there, and what git ignores, by name.

    Raises BlogError where there is no git.
    """
    asked = ("--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--no-renames")
    seen = (
        "--untracked-files=normal",
        "--ignored=matching",
        "--ignore-submodules=none",
        "--",
        *SOURCES,
    )
    found: dict[str, list[str]] = {kind: [] for kind in "#1u?!"}
    for entry in _git(project, "status", *asked, *seen).split("\0")[:-1]:
        kind, _, facts = entry.partition(" ")
        found[kind].append(facts.split(" ", FACTS.get(kind, 0))[-1])
    commit = found["#"][0].removeprefix("branch.oid ")
    return commit, [*found["1"], *found["u"], *found["?"]], found["!"]


def _overlooked(project: Project) -> list[str]:
    """Files that are assumed to be unchanged, or are to be skipped, and have been changed."""
    entries = _git(project, "ls-files", "-v", "-z", "--", *SOURCES).split("\0")[:-1]
    marked = [entry[2:] for entry in entries if entry[0] == "S" or entry[0].islower()]
    return [
        name
        for name in marked
        if (project.root / native(name)).is_file()
        and _git(project, "hash-object", "--", native(name))
        != _git(project, "rev-parse", f"HEAD:./{native(name)}")
    ]


def _uncommitted(changed: Sequence[str]) -> Iterator[str]:
    if changed:
        yield f"not committed: {names(changed)} (git add them, git commit)"


def _submodules(project: Project, changed: Sequence[str]) -> Iterator[str]:
    """What git holds only as the name of a commit elsewhere; links are for the build to refuse.

    Raises BlogError when git does not hold the project at all.
    """
    entries = _git(project, "ls-files", "-z", "--stage", "--", *SOURCES).split("\0")[:-1]
    held = {name: facts for facts, _, name in (entry.partition("\t") for entry in entries)}
    name = project.config.name
    if not changed and name not in held:
        raise BlogError("is not in git", where=name, cure="publish from a git checkout")
    for name, facts in held.items():
        if facts.startswith(SUBMODULE):
            what = "is a repository of its own, of which nothing would be there"
            yield f"{printable(name)}: {what} (put the files in its place, git commit)"


def _check_out(project: Project, commit: str, folder: Path) -> None:
    index = {"GIT_INDEX_FILE": f"{folder}.index"}
    # By its path from the folder of the project, which may be one within the repository.
    _git(project, "read-tree", f"{commit}:./", **index)
    settings = (part for pair in PLAIN.items() for part in ("-c", "=".join(pair)))
    _git(project, *settings, f"--work-tree={folder}", "checkout-index", "--all", **index)


def _copy(project: Project, folder: Path) -> None:
    listed = _git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in map(native, listed.split("\0")[:-1]):
        path = project.root / name
        if path.is_file() and not path.is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def _git(project: Project, *arguments: str, **variables: str) -> str:
    cure = "publish from a git checkout in which git status works"
    return run(["git", *arguments], project.root, cure, **variables)
