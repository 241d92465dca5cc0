"""Where everything is: the one place that knows the names of files and folders."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from scripts.record import SCHEMA_FILE, Record, load
from scripts.record.errors import BlogError

_LINE_ENDS = (
    "save your own changes elsewhere, then:"
    " git config core.autocrlf false && git rm -rq --cached . && git reset -q --hard"
)


def records_in(folder: Path) -> list[Path]:
    """The records, or their summaries, in a folder, without the schema that stands beside them."""
    found = sorted(path for path in folder.glob("*.json") if path.name != SCHEMA_FILE)
    return [path for path in found if not is_odd(path)]


def is_odd(path: Path) -> bool:
    """Whether it is neither file nor folder nor link: who reads it may wait without end."""
    return path.exists() and not (path.is_file() or path.is_dir())


class Project:
    """The checkout at `root`, and where in it everything is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Hugo's settings, and what is measured; what the posts conclude; what the layouts say.
        self.config = root / "config.yaml"
        self.claims = root / "data" / "claims.yaml"
        self.words = root / "i18n" / "en.yaml"
        # The records, one per machine, published as they are, and those that came from elsewhere.
        self.records = root / "static" / "records"
        self.others = self.records / "others"
        # Their JSON Schema, where each of them names it: in its own folder.
        self.schemas = (self.records / SCHEMA_FILE, self.others / SCHEMA_FILE)
        # A summary of every record, for the page that compares machines.
        self.machines = root / "data" / "machines"
        # A whole one of each record that the post can be read as, and its figures, which are in
        # the folder of its page.
        self.readings = root / "data" / "readings"
        self.reading_pictures = root / "static" / "machines"
        self.pictures = root / "static" / "post_imgs"
        # What Hugo and `embed` read: values, verdicts and figures.
        self.measured = root / "data" / "measured.json"
        # The program for readers to measure their machine with.
        self.pyz = root / "static" / "measure.pyz"
        # What a command keeps for itself: journal and lock, the set that is to be installed, and
        # a hash of all that there was when the last one was.
        self.run = root / ".run"
        self.stage = self.run / "next"
        self.derived = self.run / "derived"

    def relative(self, path: Path) -> str:
        """`path` as it is called from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def posts(self) -> list[Path]:
        """Every Markdown file, in a fixed order; hidden ones, as of an editor, are no pages."""
        files = sorted((self.root / "content").rglob("*.md"))
        return [path for path in files if not (path.name.startswith(".") or is_odd(path))]

    def load_measured(self) -> dict[str, Any]:
        """The content of data/measured.json. Raises BlogError when it is missing or malformed."""
        where = self.relative(self.measured)
        self.check_line_ends()
        try:
            data = json.loads(self.measured.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BlogError(
                "is missing", where=where, cure="run make redraw, or make figures"
            ) from None
        except (OSError, ValueError) as error:
            raise BlogError(f"is no JSON: {error}", where=where, cure="run make redraw") from None
        if not isinstance(data, dict) or not isinstance(data.get("values"), dict):
            raise BlogError("holds no values", where=where, cure="run make redraw")
        return data

    def own_record(self) -> Record | None:
        """The record that a further session would be part of; None when there is none to read."""
        try:
            return load(self.current_record())
        except BlogError:
            return None

    def check_files(self) -> None:
        """Raise BlogError when what all commands read is no file: they might wait for it."""
        for path in (self.config, self.claims, self.measured):
            if is_odd(path):
                where = self.relative(path)
                raise BlogError("is no file", where, f"git checkout {where}, when it is gone")

    def check_line_ends(self) -> None:
        """Raise BlogError when git has written this checkout with the line ends of Windows.

        What tells is a file that only our program writes, and never with such ends.
        """
        if self.measured.exists() and b"\r\n" in self.measured.read_bytes():
            where = self.relative(self.measured)
            raise BlogError("has the line ends of Windows, as other files", where, _LINE_ENDS)

    def current_record(self) -> Path:
        """The record that the posts are written from.

        It is the one that data/measured.json names, or the only one there is. Raises BlogError when
        there is none, or no telling which.
        """
        found = records_in(self.records)
        self.check_line_ends()
        with contextlib.suppress(BlogError):  # unreadable, it is derived anew
            named = self.root / str(self.load_measured().get("record"))
            if named in found:
                return named
        if len(found) == 1:
            return found[0]
        where = self.relative(self.records)
        if not found:
            raise BlogError("there is no record", where=where, cure="measure: make figures")
        names = ", ".join(path.name for path in found)
        raise BlogError(
            f"which of {names}?", where=where, cure="move the others away, or measure: make figures"
        )
