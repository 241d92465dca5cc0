"""What a target of a delivery is, and how the programs are run that deliver."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from scripts.project import Project
from scripts.record.errors import BlogError


class Target(Protocol):
    """A place where readers find the site; `str()` of it is for people."""

    @classmethod
    def configured(
        cls, project: Project, settings: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> Target:
        """The target that `settings`, all of config.yaml, set up; `wanted` is its params.publish.

        Raises BlogError that says what to write where.
        """

    def published(self) -> bytes | None:
        """The manifest that lies there; None when there is none. Raises BlogError."""

    def deliver(self, public: Path, message: str, first: bool) -> bool:
        """Make it hold what `public` holds, deleting last; whether anything had to be sent.

        The `first` time nothing may be deleted. Raises BlogError.
        """


def run(command: Sequence[str | Path], cwd: Path, cure: str = "try again", **options: Any) -> str:
    """The output of a program. Raises BlogError with the end of what it complained about."""
    try:
        done = subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, errors="replace", **options
        )
    except FileNotFoundError:
        name = Path(command[0]).name
        raise BlogError(f"{name} is not there", cure=f"install {name}") from None
    if done.returncode:
        told = (line.strip() for line in done.stderr.splitlines())
        lines = [line for line in told if line and not line.startswith(("hint:", "WARN"))]
        said = "; ".join(lines[-4:]) or f"status {done.returncode}"
        raise BlogError(f"{Path(command[0]).name}: {said}", cure=cure)
    return done.stdout


def foreign(count: int, where: object) -> BlogError:
    """The refusal to delete what this blog has not put there."""
    what = f"holds {count} files or folders that would be deleted, and none of this blog's"
    return BlogError(what, where=str(where), cure="empty it, or name another place in config.yaml")
