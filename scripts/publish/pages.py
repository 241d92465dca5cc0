"""The branch of a git remote from which GitHub Pages and its like serve, by way of ghp-import."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.project import Project
from scripts.publish.manifest import NAME
from scripts.publish.target import run
from scripts.record.errors import BlogError


@dataclasses.dataclass(frozen=True)
class Pages:
    """The branch `branch` of the remote `remote` of the repository at `root`."""

    root: Path
    remote: str
    branch: str

    def __str__(self) -> str:
        return f"the branch {self.branch} of {self.remote}"

    @classmethod
    def configured(cls, project: Project, settings: object, wanted: Mapping[str, Any]) -> Pages:
        """See Target."""
        made = cls(project.root, wanted.get("remote") or "", wanted.get("branch") or "")
        if not made.remote or not made.branch:
            cure = "write there, for instance, remote: origin and branch: gh-pages"
            what = "remote or branch is not set"
            raise BlogError(what, where="config.yaml: params.publish", cure=cure)
        if made.remote not in made._git("remote").split():
            where = "config.yaml: params.publish.remote"
            cure = f"git remote add {made.remote} ADDRESS, or write another name there"
            raise BlogError(f"git knows no remote {made.remote!r}", where=where, cure=cure)
        return made

    def published(self) -> bytes | None:
        """See Target; afterwards the tracking branch is what the remote has."""
        head = f"refs/heads/{self.branch}"
        if not self._git("ls-remote", self.remote, head):
            self._git("update-ref", "-d", self._tracking)
            return None
        self._git("fetch", "--quiet", self.remote, f"+{head}:{self._tracking}")
        text = self._show(NAME)
        return text.encode() if text else None

    def deliver(self, public: Path, message: str, first: bool) -> bool:
        """See Target. One commit on top of what the remote has, and one push, or neither.

        The branch keeps its history, so nothing is lost on a first delivery either.
        """
        local = f"refs/heads/{self.branch}"
        before, there = self._commit(local), self._commit(self._tracking)
        self._import(public, f"{message} from commit {self._git('rev-parse', '--short', 'HEAD')}")
        changed = not there or bool(self._git("diff", "--name-only", there, local))
        try:
            if changed:
                self._git("push", "--quiet", self.remote, f"{local}:{local}")
        except BlogError:
            # The next try shall not find a commit here that nobody got.
            self._git("update-ref", *(("-d", local) if not before else (local, before)))
            raise
        if not changed:
            self._git("update-ref", local, there)
        return changed

    @property
    def _tracking(self) -> str:
        return f"refs/remotes/{self.remote}/{self.branch}"

    def _import(self, public: Path, message: str) -> None:
        options = ["-n", "-r", self.remote, "-b", self.branch, "-m", message]
        # The host's settings page writes it into the branch, and ghp-import begins with none.
        cname = self._show("CNAME")
        if cname and not (public / "CNAME").exists():
            options += ["-c", cname]
        run([sys.executable, "-m", "ghp_import", *options, public], self.root)

    def _git(self, *arguments: str) -> str:
        cure = f"see that git can reach {self.remote}, then make publish"
        return run(["git", *arguments], self.root, cure).strip()

    def _commit(self, ref: str) -> str:
        return self._git("for-each-ref", "--format=%(objectname)", ref)

    def _show(self, name: str) -> str:
        """The text of a file as it is published, "" when there is none."""
        if not self._commit(self._tracking):
            return ""
        if not self._git("ls-tree", "--name-only", self._tracking, name):
            return ""
        return self._git("show", f"{self._tracking}:{name}")
