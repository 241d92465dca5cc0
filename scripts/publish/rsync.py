"""A folder of a server, by rsync over SSH. Ports, keys and names belong into ~/.ssh/config."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from pathlib import Path

from scripts.publish.manifest import LIMIT, NAME
from scripts.publish.program import run
from scripts.publish.target import SECTION, Changes, Site
from scripts.record.errors import BlogError

# Nothing in it may begin with a dash: ssh would take it for an option, and run what it says.
FOLDER = re.compile(r"(?:(?!-)[^\s:/@]+@)?(?:(?!-)[^\s:/@]+|\[[\da-fA-F:.]+\]):(?![-:]|//)[^\s].*")
# By content, since every build makes files of a new age. New files wait beside the old ones until
# all have come.
OPTIONS = (
    *("--recursive", "--links", "--checksum", "--perms", "--chmod=D755,F644"),
    *("--compress", "--delay-updates"),
)
# What changes, as rsync itemizes it, and the name.
ITEM = re.compile(r"^(\*deleting  |[<>ch.][fdLDS].{9}) (.+)$", re.MULTILINE)
# Where they wait; a delivery that was cut off leaves them there, and no page links to them.
WAITING = ".~tmp~/"


@dataclasses.dataclass(frozen=True)
class Rsync:
    """The folder `folder`, as in user@host:/srv/blog/."""

    site: Site
    folder: str
    certain = True

    def __str__(self) -> str:
        return self.folder

    @classmethod
    def configured(cls, site: Site) -> Rsync:
        """See Target."""
        folder = site.word("rsync")
        if not FOLDER.fullmatch(folder) or not folder.partition(":")[2].strip("/"):
            cure = "write there user@host:/srv/blog"
            raise BlogError("is no HOST:/FOLDER", where=f"{SECTION}.rsync", cure=cure)
        return cls(site, f"{folder.rstrip('/')}/")

    def published(self) -> bytes | None:
        """See Target."""
        with tempfile.TemporaryDirectory() as here:
            only = (f"--include=/{NAME}", "--exclude=*", f"--max-size={LIMIT}")
            self._rsync("--recursive", *only, "--", self.folder, f"{here}/")
            copy = Path(here) / NAME
            return copy.read_bytes() if copy.is_file() else None

    def changes(self) -> Changes:
        """See Target."""
        asked = ("--dry-run", "--delete", "--8-bit-output", "--out-format=%i %n")
        rows = [row for row in ITEM.findall(self._send(*asked)) if WAITING not in row[1]]
        removed = frozenset(name for what, name in rows if what.startswith("*deleting"))
        added = frozenset(name for what, name in rows if what.endswith("+++++++++"))
        return Changes(added, frozenset(name for _, name in rows) - added - removed, removed)

    def deliver(self, changes: Changes, message: str, announcement: str) -> None:
        """See Target."""
        self._send(f"--exclude=/{NAME}")
        # R may be removed, P is protected; the first that fits counts.
        risked = [f"R /{_literal(name)}\n" for name in sorted(changes.removed)]
        rules = f"R {WAITING}**\nR {WAITING}\n{''.join(risked)}P *\n"
        self._send("--delete-before", "--filter=merge -", stdin=rules)

    def _send(self, *options: str, stdin: str = "") -> str:
        public = f"{self.site.public}/"
        return self._rsync(*OPTIONS, *options, "--", public, self.folder, stdin=stdin)

    def _rsync(self, *arguments: str, stdin: str = "") -> str:
        cure = f"see that rsync can reach {self.folder} and that the folder is there"
        command = ["rsync", "--timeout=60", *arguments]
        return run(command, self.site.root, cure, stdin=stdin)


def _literal(name: str) -> str:
    """The name as a pattern that fits only it; a backslash means itself where nothing is a wild."""
    return re.sub(r"([\\*?\[])", r"\\\1", name) if re.search(r"[*?\[]", name) else name
