"""The pages of a kind of machine: derived from its record, built by the real Hugo, and read."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import json
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import yaml

from scripts.blog import derive, hugo, pictures, posts
from scripts.comparison import summaries
from scripts.conclude.claims import Claim
from scripts.draw.language import Say
from scripts.project import Project
from scripts.record import Record, dumps, sha256
from scripts.written import claims
from tests import machine_records as machines
from tests import markdown
from tests.conftest import ROOT, copy_sources, edit

LANGUAGES = ("zh", "en")
POST = "posts/threads-vs-processes"
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclasses.dataclass
class Node:
    """An element of a page; `inside` are its elements and texts."""

    tag: str
    attributes: dict[str, str]
    inside: list[Node | str] = dataclasses.field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The names in its class attribute."""
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def find(self, tag: str, css_class: str = "") -> Iterator[Node]:
        """The elements in it of that name, in the order of the page."""
        for one in self.inside:
            if isinstance(one, Node):
                if one.tag == tag and (not css_class or css_class in one.classes):
                    yield one
                yield from one.find(tag, css_class)

    def without(self, *classes: str) -> Node:
        """A copy without the elements of these classes."""
        kept = [
            one if isinstance(one, str) else one.without(*classes)
            for one in self.inside
            if isinstance(one, str) or not set(classes) & set(one.classes)
        ]
        return Node(self.tag, self.attributes, kept)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        while tag not in _VOID and len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parse(html: str) -> Node:
    """The elements of a page."""
    tree = _Tree()
    tree.feed(html)
    return tree.open[0]


@dataclasses.dataclass(frozen=True)
class Page:
    """A page in one language: what its author wrote, and what the reader gets."""

    name: str
    language: str
    source: str
    html: str

    @functools.cached_property
    def article(self) -> Node:
        """The text of the post, without title, navigation and footer."""
        (found,) = parse(self.html).find("div", "text")
        return found


@dataclasses.dataclass(frozen=True)
class Site:
    """All pages of a kind of machine, with the data they come from."""

    kind: str
    record: Record
    data: dict
    claims: list[Claim]
    pages: list[Page]

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each claim, as data/measured.json has it."""
        return {name: found["verdict"] for name, found in self.data["verdicts"].items()}


def derived(project: Project, kind: str) -> Project:
    """The project with everything derived from the record of `kind`.

    Only the pictures are not drawn: that is tried elsewhere, and takes longer than all the rest.
    """
    with mock.patch.object(pictures, "_draw_jobs", _no_pictures):
        derive.recover(project)
        derive.install_set(project, machines.load(kind))
    return project


def build(kind: str, folder: Path) -> Site:
    """All pages of `kind`, built by the real Hugo. Raises BlogError when that fails."""
    project = derived(copy_sources(folder), kind)
    hugo.build(project)
    pages = [
        Page(*_names(project, path), path.read_text(encoding="utf-8"), _html(project, path))
        for path in project.posts()
    ]
    stated = claims.load(project.claims, "data/claims.yaml")
    return Site(kind, machines.load(kind), project.load_measured(), stated, pages)


def read_as(project: Project, own: Record, others: Sequence[Record]) -> Project:
    """The project with the post of `own`, and the others beside it, to be read as each of them."""
    incoming = {summaries.name_of(one): dumps(one).encode() for one in others}
    edit(project.config, "  readAs:", f"  readAs: [{', '.join(incoming)}]")
    derive.install_set(project, own, incoming)
    return project


def build_readings(kinds: Sequence[str], folder: Path) -> dict[str, Site]:
    """The post of a large machine, read as the record of each kind. Raises BlogError."""
    records = {kind: machines.load(kind) for kind in kinds}
    own = machines.load("sixteen-cores")
    with mock.patch.object(pictures, "_draw_jobs", _no_pictures):
        project = read_as(copy_sources(folder), own, list(records.values()))
    hugo.build(project)
    return {kind: _reading(project, kind, record) for kind, record in records.items()}


def _reading(project: Project, kind: str, record: Record) -> Site:
    name = summaries.name_of(record)
    data = json.loads((project.readings / f"{name}.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((project.root / "content" / POST).glob("*.md")):
        language = _names(project, path)[1]
        source = posts.embedded(path.read_text(encoding="utf-8"), data, path.name)
        html = project.root / "public" / ("" if language == "zh" else language) / "machines" / name
        page = (html / "index.html").read_text(encoding="utf-8")
        found.append(Page(f"machines/{name}", language, source, page))
    return Site(kind, record, data, claims.load(project.claims, "data/claims.yaml"), found)


def _no_pictures(jobs: Sequence[pictures.Job], record: Record, folder: Path) -> list[dict]:
    """What pictures._draw_jobs says of its pictures, with empty files for them."""
    return [_no_picture(job, record, folder) for job in jobs]


def _no_picture(job: pictures.Job, record: Record, folder: Path) -> dict:
    module = importlib.import_module(job.module)
    both = (".png", ".svg", ".zh.svg", ".en.svg")
    ends = {pictures.PNG: (".png",), pictures.SVG: (".zh.svg", ".en.svg")}.get(job.forms, both)
    files = [f"{job.stem}{twin}{end}" for twin in ("", "-dark") for end in ends]
    for name in files:
        (folder / name).write_bytes(b"")
    entry = {"width": 16, "height": 9, "files": dict.fromkeys(files, sha256(b""))}
    if not hasattr(module, "table"):
        return entry
    tables = {
        language: module.table(record, job.about, Say(language, module.WORDS))
        for language in LANGUAGES
    }
    return {
        **entry,
        "table": {
            language: {"columns": list(columns), "rows": [list(row) for row in rows]}
            for language, (columns, rows) in tables.items()
        },
    }


def _names(project: Project, path: Path) -> tuple[str, str]:
    """The folder of a post below content/, and its language."""
    folder = path.parent.relative_to(project.root / "content").as_posix()
    return folder, "en" if path.name.endswith(".en.md") else "zh"


def _html(project: Project, path: Path) -> str:
    folder, language = _names(project, path)
    public = project.root / "public" / ("" if language == "zh" else language)
    return (public / folder / "index.html").read_text(encoding="utf-8")


@functools.cache
def words(language: str) -> dict[str, str]:
    """What the templates say in a language."""
    return yaml.safe_load((ROOT / "i18n" / f"{language}.yaml").read_text(encoding="utf-8"))


def table_of_claims(page: Page) -> list[tuple[str, str]]:
    """Verdict and third cell of each row of the table of claims; [] for a page without one."""
    rows = [row for table in page.article.find("table", "claims") for row in table.find("tr")]
    found = []
    for row in rows[1:]:
        _, verdict, ratio, *_ = (cell for cell in row.inside if isinstance(cell, Node))
        (word,) = verdict.find("b", "verdict")
        (name,) = set(word.classes) & set(markdown.VERDICTS)
        assert re.sub(r"^\W+", "", verdict.text) == words(page.language)[f"verdict_{name}"]
        found.append((name, ratio.text.strip()))
    return found


def verdicts_shown(site: Site) -> dict[str, str]:
    """The verdicts that the pages show, and for one that does not apply, the reason they name.

    Raises AssertionError when two pages, or a page and the data, do not say the same.
    """
    said = []
    for page in site.pages:
        rows = table_of_claims(page)
        if rows:
            reasons = {
                text: name.removeprefix("reason_")
                for name, text in words(page.language).items()
                if name.startswith("reason_")
            }
            assert len(rows) == len(site.claims)
            texts = [
                f"{name} ({reasons[cell]})" if name == "not_applicable" else name
                for name, cell in rows
            ]
            said.append(dict(zip((claim.id for claim in site.claims), texts, strict=True)))
    assert said and all(one == said[0] for one in said)
    return said[0]


def snapshot(sites: list[Site]) -> str:
    """The verdicts of all kinds of machine, as tests/fixtures/verdicts.yaml has them."""
    head = (
        "# The verdicts that the pages of each kind of machine show, with the reason where a\n"
        "# claim does not apply. Made by: python -m tests.make_fixtures verdicts\n"
    )
    shown = {site.kind: verdicts_shown(site) for site in sites}
    return head + yaml.safe_dump(shown, sort_keys=False)
