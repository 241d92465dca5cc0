"""The branch of a git remote from which GitHub Pages and its like serve.

A commit is made of public/ beside all branches of this repository and pushed to the remote's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scripts.publish.manifest import NAME, files_in
from scripts.publish.program import run
from scripts.publish.target import SECTION, Changes, Site
from scripts.record.errors import BlogError

# The host's settings page writes the one into the branch; the other keeps Jekyll away.
CNAME, NO_JEKYLL = "CNAME", ".nojekyll"
CURE = "name a branch there that holds nothing else, as gh-pages"


@dataclasses.dataclass(frozen=True)
class Pages:
    """The branch `branch` of the remote `remote` of the repository at `site.root`."""

    site: Site
    remote: str
    branch: str
    certain = True

    def __str__(self) -> str:
        return f"the branch {self.branch} of {self.remote}"

    @classmethod
    def configured(cls, site: Site) -> Pages:
        """See Target."""
        made = cls(site, site.word("remote"), site.word("branch"))
        if not made.remote or not made.branch:
            cure = "write there, for instance, remote: origin and branch: gh-pages"
            raise BlogError("remote or branch is not set", where=SECTION, cure=cure)
        if made.remote not in made._git("remote").splitlines():
            cure = f"git remote add {made.remote} ADDRESS, or write another name there"
            what = f"git knows no remote {made.remote!r}"
            raise BlogError(what, where=f"{SECTION}.remote", cure=cure)
        made._check_branch()
        return made

    def published(self) -> bytes | None:
        """See Target; afterwards the tracking branch is what the remote has."""
        there = self._git("ls-remote", "--heads", "--", self.remote, self._local)
        if f"\t{self._local}\n" in there:
            place = f"+{self._local}:{self._tracking}"
            self._git("fetch", "--quiet", "--no-tags", "--", self.remote, place)
        else:
            self._git("update-ref", "-d", self._tracking)
        here, there = self._commits()
        files = self._files(there)
        self._refuse_sources(f"{self.remote}/{self.branch}", files)
        self._refuse_unpushed(here, there)
        if NAME not in files:
            return None
        return self._git("cat-file", "blob", files[NAME]).encode("utf-8", "surrogateescape")

    def changes(self) -> Changes:
        """See Target."""
        old = self._files(self._commits()[1])
        new = self._objects(old)
        both = new.keys() & old.keys()
        replaced = {name for name in both if new[name] != old[name]}
        return Changes(
            frozenset(new.keys() - old.keys()),
            frozenset(replaced),
            frozenset(old.keys() - new.keys()),
        )

    def deliver(self, changes: Changes, message: str, announcement: str) -> None:
        """See Target. One commit on top of what the remote has, and one push, or neither.

        The remote refuses when somebody else has pushed meanwhile.
        """
        message += f" from commit {self._git('rev-parse', '--short', 'HEAD').strip()}"
        before = self._commits()[1]
        parent = ("-p", before) if before else ()
        tree = self._tree(self._files(before))
        made = self._git("commit-tree", "-m", message, *parent, tree).strip()
        place = f"{made}:{self._local}"
        self._git("push", "--quiet", "--no-follow-tags", "--", self.remote, place)

    @property
    def _local(self) -> str:
        return f"refs/heads/{self.branch}"

    @property
    def _tracking(self) -> str:
        return f"refs/remotes/{self.remote}/{self.branch}"

    def _check_branch(self) -> None:
        """Raise BlogError when it is no name of a branch, or that of one with the sources."""
        where = f"{SECTION}.branch"
        try:
            self._git("check-ref-format", self._local)
        except BlogError:
            raise BlogError(f"is no name: {self.branch!r}", where=where, cure=CURE) from None
        if self._git("branch", "--show-current").strip() == self.branch:
            what = f"{self.branch} is the branch of the sources, which would be replaced"
            raise BlogError(what, where=where, cure=CURE)
        self._refuse_sources(self.branch, self._files(self._commits()[0]))

    def _refuse_sources(self, name: str, files: Mapping[str, str]) -> None:
        if "config.yaml" in files:
            what = f"{name} holds sources of a blog, which would be replaced"
            raise BlogError(what, where=f"{SECTION}.branch", cure=CURE)

    def _refuse_unpushed(self, here: str, there: str) -> None:
        """Raise BlogError when the local branch of that name has what the remote's has not."""
        known = [f"^{there}"] if there else []
        count = int(self._git("rev-list", "--count", here, *known)) if here else 0
        if count:
            commits = f"{count} commit{'s' if count > 1 else ''}"
            what = f"holds {commits} that {self.remote} does not have, and nobody would see"
            cure = f"git push {self.remote} {self.branch}, or git branch -D {self.branch}"
            raise BlogError(what, where=f"the branch {self.branch} here", cure=cure)

    def _commits(self) -> tuple[str, str]:
        """The commits that the branch is at, here and at the remote when it was last asked.

        "" where there is no such branch.
        """
        refs = (self._local, self._tracking)
        listed = self._git("for-each-ref", "--format=%(refname) %(objectname)", *refs)
        found = dict(line.split() for line in listed.splitlines())
        return found.get(self._local, ""), found.get(self._tracking, "")

    def _files(self, commit: str) -> dict[str, str]:
        """The objects of the files of a commit by their names; {} for ""."""
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", commit) if commit else ""
        entries = (entry.partition("\t") for entry in listed.split("\0")[:-1])
        return {name: facts.split()[2] for facts, _, name in entries}

    def _objects(self, old: Mapping[str, str], *options: str) -> dict[str, str]:
        """What is to be there, by name; of what is there, `old`, only the host's own file stays."""
        files = files_in(self.site.public)
        folder = self.site.public.relative_to(self.site.root).as_posix()
        paths = "".join(f"{folder}/{name}\n" for name in files)
        hashing = ("hash-object", "--no-filters", *options, "--stdin-paths")
        objects = dict(zip(files, self._git(*hashing, stdin=paths).split(), strict=True))
        objects.setdefault(NO_JEKYLL, self._git("hash-object", *options, "--stdin").strip())
        return {**({CNAME: old[CNAME]} if CNAME in old else {}), **objects}

    def _tree(self, old: Mapping[str, str]) -> str:
        """The tree of these files, bytes as they are, whatever git would do to line ends."""
        index = {"GIT_INDEX_FILE": f"{self.site.source}.tree"}
        entries = (f"100644 {made}\t{name}\0" for name, made in self._objects(old, "-w").items())
        self._git("read-tree", "--empty", **index)
        self._git("update-index", "-z", "--index-info", stdin="".join(entries), **index)
        return self._git("write-tree", **index).strip()

    def _git(self, *arguments: str, **more: str) -> str:
        cure = f"see that git can reach {self.remote}, then make publish"
        return run(["git", *arguments], self.site.root, cure, **more)
