"""What is delivered, what a target of a delivery is, and what is to change there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from scripts.publish.manifest import NAME, Manifest
from scripts.publish.source import names
from scripts.record.errors import BlogError

SECTION = "config.yaml: params.publish"


@dataclasses.dataclass(frozen=True)
class Site:
    """The repository at `root`, `source` (the folder it is built from), and `public`.

    `settings` is the content of config.yaml.
    """

    root: Path
    source: Path
    public: Path
    settings: Mapping[str, Any]

    @property
    def wanted(self) -> Mapping[str, Any]:
        """What config.yaml says of publishing. Raises BlogError when it is no mapping."""
        params = mapping(self.settings.get("params"), "config.yaml: params")
        return mapping(params.get("publish"), SECTION)

    def word(self, name: str) -> str:
        """A name or an address in `wanted`, "" when it is not set.

        Raises BlogError for one that a program would take for an option or a terminal obey.
        """
        said = self.wanted.get(name) or ""
        if isinstance(said, str) and said.isprintable() and not said.startswith("-"):
            return said
        where, cure = f"{SECTION}.{name}", "write another one there"
        raise BlogError(f"is no name: {said!r}", where=where, cure=cure)


@dataclasses.dataclass(frozen=True)
class Changes:
    """The names of what is to be added, replaced and removed at the target; folders end in /."""

    added: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.replaced or self.removed)


class Target(Protocol):
    """A place where readers find the site; `str()` of it is for people.

    `certain` is whether `published` sees the place itself, and not what is served of it: an older
    manifest, or none yet.
    """

    certain: bool

    @classmethod
    def configured(cls, site: Site) -> Target:
        """The target that config.yaml sets up. Raises BlogError that says what to write where."""

    def published(self) -> bytes | None:
        """The manifest that lies there; None when there is none. Raises BlogError."""

    def changes(self) -> Changes:
        """What `deliver` would do, by what lies there now; nothing is sent. Raises BlogError."""

    def deliver(self, changes: Changes, message: str, announcement: str) -> None:
        """Do that, and no more, deleting last; the manifest comes when all is done.

        `announcement` is a manifest of what was and will be there, for a target that replaces its
        files one by one: what a failed delivery leaves is then known. Raises BlogError.
        """


def mapping(value: object, where: str) -> Mapping[str, Any]:
    """`value` when it is a mapping, an empty one for None. Raises BlogError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BlogError("is no mapping", where=where, cure="write name: value there, line by line")
    return value


def refuse_foreign(target: Target, changes: Changes, before: Manifest | None) -> None:
    """Raise BlogError when anything is to be lost that this blog has not put there."""
    files = before["files"] if before else {}
    folders = {f"{parent}/" for name in files for parent in PurePosixPath(name).parents}
    lost = changes.removed | (changes.replaced if target.certain else frozenset())
    if found := sorted(lost - set(files) - folders - ({NAME} if before else set())):
        what = f"holds {len(found)} files or folders that would be deleted"
        raise BlogError(
            f"{what}, and none of this blog's: {names(found)}",
            where=str(target),
            cure="empty it, or name another place in config.yaml",
        )
