"""What speaks against publishing: each reason is one text with its cure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.blog import check, hugo
from scripts.conclude.intervals import FEWEST_ROUNDS
from scripts.project import Project
from scripts.publish.manifest import files_in
from scripts.publish.program import native, printable, run
from scripts.publish.source import Source
from scripts.record.errors import BlogError

MEASURE = "measure again: make figures"
FORCE = f"({MEASURE}, on a quiet machine; or publish with FORCE=1, which the post then says)"
# The median of six rounds, the fewest there are, stands while two of them are off. With one sample
# in ten disturbed, three or more of them are so in fewer than two cases of a hundred.
DISTURBED_SHARE = 0.1
PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])(?:TODO|FIXME|TBD|XXX+|xxx+|(?i:lorem ipsum))(?![A-Za-z])|占位(?!符)|待补|待写"
)
EXAMPLE = re.compile(r"https?://(?!([^/]+\.)?example\.(org|com|net)\b)[^/]")
DRAFT = "is a draft (finish it: draft: false, or take it out of content/)"
FUTURE = "is dated in the future, and would not be there (correct its date, or wait)"
EXPIRED = "has expired, and would not be there (correct its date, or take it out of content/)"
NO_PAGE = "is no page to Hugo, and would not be there (give it a name of its own, or take it away)"
NO_TITLE = "has no title (write one)"
DELIBERATE = re.compile(r"^(?:headless|build)\s*[:=]", re.MULTILINE)
COVERED = "has the name of a page, and would not be there (rename it, git commit)"
POINTER = b"version https://git-lfs.github.com/spec/"
NEVER = datetime(1, 1, 1, tzinfo=UTC)  # as Hugo says it
# What editors, systems and other programs keep beside files; readers ask for these dot names only.
STRAY = re.compile(
    r"(?:^|/)(?:\.(?!well-known/|nojekyll$|htaccess$)|#|thumbs\.db$|desktop\.ini$)"
    r"|(?:~|\.(?:bak|old|orig|rej|sw[op]|tmp))$",
    re.IGNORECASE,
)


def reasons(source: Source, settings: Mapping[str, Any], force: bool) -> Iterator[str]:
    """All that is found without building. `settings` is the content of config.yaml."""
    project = source.project
    try:
        yield from check.problems(project)
        yield from _of_record(project, force)
    except BlogError as error:
        yield str(error)
    yield from _left_out(project)
    yield from _placeholders(project)
    yield from source.reasons
    address = str(settings.get("baseURL") or "")
    if not EXAMPLE.match(address):
        said = f"is still {address}" if address else "is not set"
        yield f"config.yaml: baseURL: {said} (write there the address at which the blog is read)"


def strays(public: Path, static: Path) -> Iterator[str]:
    """What is among the built files and should not be, and what of `static` is not among them."""
    for name, path in files_in(static).items():
        if path.read_bytes() != (public / path.relative_to(static)).read_bytes():
            yield f"static/{printable(name)}: {COVERED}"
    for name, path in files_in(public).items():
        with path.open("rb") as file:
            if file.read(len(POINTER)) == POINTER:
                what = "is what git LFS keeps in place of a file (git lfs install, git lfs pull)"
                yield f"public/{printable(name)}: {what}"
        if STRAY.search(name) or not name.isprintable():
            what = "would be published, and is nothing for readers"
            cure = "take it out of static/ or content/, git commit"
            yield f"public/{printable(name)}: {what} ({cure})"


def doubts(data: Mapping[str, Any]) -> Iterator[str]:
    """What data/measured.json says against its own numbers, unless they are published by force."""
    if said := disturbance(data):
        yield f"disturbed: {said}"
    rows = ((key, data["values"].get(key) or {}) for key in data.get("above_ceiling") or ())
    above = [f"{key} is {row.get('text')}, of at most {row.get('ceiling')}" for key, row in rows]
    if above:
        yield f"more than is possible: {'; '.join(above)}"


def disturbance(data: Mapping[str, Any]) -> str:
    """How the machine was disturbed while it measured, if it was too much; else ""."""
    steadiness = data.get("steadiness") or {}
    disturbed, samples = steadiness.get("disturbed", 0), steadiness.get("samples", 0)
    said = []
    if disturbed > DISTURBED_SHARE * samples:
        said.append(f"{disturbed} of {samples} samples, more than one in ten, were disturbed")
    if steadiness.get("control_differs"):
        said.append("the same case measured twice gave two different times")
    for number, speed in enumerate(steadiness.get("speeds") or (), 1):
        if speed.get("two_speeds"):
            said.append(f"session {number} ran at two speeds, {speed['apart']} apart")
    return "; ".join(said)


def _of_record(project: Project, force: bool) -> Iterator[str]:
    data = project.load_measured()
    where = data.get("record")
    if data.get("quick"):
        yield f"quick: {where} is of a trial run (measure in full: make figures)"
    ratios = [row for row in data["values"].values() if row.get("unit") == "ratio"]
    rounds = max((row.get("n") or 0 for row in ratios), default=0)
    if rounds < FEWEST_ROUNDS:
        what = f"has {rounds} rounds, and fewer than {FEWEST_ROUNDS} decide nothing"
        yield f"partly measured: {where} {what} ({MEASURE})"
    if not force:
        yield from (f"{said} {FORCE}" for said in doubts(data))


def _left_out(project: Project) -> Iterator[str]:
    """What Hugo leaves out of a build without a word."""
    try:
        listed = run(hugo.command("list", "all"), project.root, **hugo.FAST)
    except BlogError:
        return  # the build will name it
    now = datetime.now(UTC)
    rows = list(csv.DictReader(listed.splitlines(keepends=True)))
    pages = {native(row["path"]) for row in rows}
    for path in project.posts():
        name = project.relative(path)
        if name not in pages and not DELIBERATE.search(path.read_text("utf-8", "replace")):
            yield f"{printable(name)}: {NO_PAGE}"
    for row in rows:
        where = printable(row["path"])
        if row["kind"] == "page" and not row["title"]:
            yield f"{where}: {NO_TITLE}"
        if row["draft"] == "true":
            yield f"{where}: {DRAFT}"
        if _moment(row["publishDate"]) > now:
            yield f"{where}: {FUTURE}"
        if NEVER < _moment(row["expiryDate"]) < now:
            yield f"{where}: {EXPIRED}"


def _moment(date: str) -> datetime:
    """Python knows no year 0, which Hugo does."""
    return datetime.fromisoformat(date.replace("0000-", "0001-", 1))


def _placeholders(project: Project) -> Iterator[str]:
    words = sorted((project.root / "i18n").glob("*.yaml"))
    for path in [*project.posts(), project.claims, project.config, *words]:
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        for found in PLACEHOLDER.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            where = f"{project.relative(path)}:{line}"
            yield f"{where}: {found.group()!r} is a placeholder (write what belongs there)"
