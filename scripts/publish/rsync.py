"""A folder of a server, by rsync over SSH. Ports, keys and names belong into ~/.ssh/config."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.project import Project
from scripts.publish.manifest import NAME
from scripts.publish.target import foreign, run
from scripts.record.errors import BlogError

WHERE = "config.yaml: params.publish.rsync"
# By content, since every build makes files of a new age. New files wait beside the old ones until
# all have come, and only then is deleted what is gone.
OPTIONS = (
    "--recursive",
    "--links",
    "--checksum",
    "--perms",
    "--chmod=D755,F644",
    "--compress",
    "--delay-updates",
    "--delete-after",
    "--itemize-changes",
)


@dataclasses.dataclass(frozen=True)
class Rsync:
    """The folder `folder`, as in user@host:/srv/blog/."""

    folder: str

    def __str__(self) -> str:
        return self.folder

    @classmethod
    def configured(cls, project: Project, settings: object, wanted: Mapping[str, Any]) -> Rsync:
        """See Target."""
        folder = str(wanted.get("rsync") or "")
        host, _, path = folder.partition(":")
        if not host or not path.strip("/"):
            raise BlogError(
                "is no HOST:/FOLDER", where=WHERE, cure="write there user@host:/srv/blog"
            )
        return cls(f"{folder.rstrip('/')}/")

    def published(self) -> bytes | None:
        """See Target."""
        with tempfile.TemporaryDirectory() as here:
            self._rsync("--recursive", f"--include=/{NAME}", "--exclude=*", self.folder, f"{here}/")
            copy = Path(here) / NAME
            return copy.read_bytes() if copy.exists() else None

    def deliver(self, public: Path, message: str, first: bool) -> bool:
        """See Target."""
        if first and (there := self._rsync("--list-only", self.folder).splitlines()[1:]):
            raise foreign(len(there), self)
        return bool(self._rsync(*OPTIONS, f"{public}/", self.folder))

    def _rsync(self, *arguments: str) -> str:
        cure = f"see that rsync can reach {self.folder} and that the folder is there"
        return run(["rsync", "--timeout=60", *arguments], Path.cwd(), cure)
