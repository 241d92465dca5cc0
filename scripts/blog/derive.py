"""From a record to everything else: figures, data/measured.json and the numbers in the posts.

Nothing here reads a clock, so the same record gives the same files, byte for byte.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from scripts import experiments
from scripts.blog import fileset, pictures, posts
from scripts.comparison import summaries as machines
from scripts.conclude import summary as summing
from scripts.conclude import verdicts
from scripts.conclude.claims import Claim
from scripts.conclude.summary import Summary
from scripts.project import Project, records_in
from scripts.reader import pyz
from scripts.record import Record, dumps, load, loads, schema, sha256
from scripts.record.errors import BlogError
from scripts.written import claims


@dataclasses.dataclass(frozen=True)
class Derived:
    """All that follows from a record and is not drawn: what to write, and what to check against.

    `text` is what is written of the record; `machines` has the summary of every record by its name;
    `program` is measure.pyz; `schema` is the JSON Schema of records.
    """

    record: Record
    text: str
    summary: Summary
    machines: Mapping[str, dict]
    program: bytes
    schema: str

    def whole(self, figures: Mapping[str, dict]) -> Summary:
        """The summary with its pictures."""
        download = pyz.facts(self.program)
        return dataclasses.replace(self.summary, figures=figures, download=download)


def recover(project: Project) -> None:
    """Finish the set that a killed command had committed, or throw away what it had not."""
    fileset.recover(project.root, project.stage, posts.Rewriting(project))


def stated(project: Project) -> list[Claim]:
    """The claims, each about keys that there are. Raises BlogError."""
    where = project.relative(project.claims)
    found = claims.load(project.claims, where)
    verdicts.check_keys(found, summing.keys(experiments.declarations()), where)
    return found


def summarise(project: Project, record: Record, name: str, text: str) -> Summary:
    """What follows from the record of that name and text. Raises BlogError."""
    return summing.summarise(
        record,
        name,
        sha256(text.encode()),
        experiments.declarations(),
        experiments.quantities,
        stated(project),
        project.relative(project.claims),
    )


def derive(
    project: Project,
    record: Record,
    incoming: Mapping[str, bytes] | None = None,
    anew: bool = False,
) -> Derived:
    """All that follows from `record` and the records from elsewhere, with `incoming` among them.

    What is known of those from elsewhere is taken from their summaries, except `anew`.
    """
    text = dumps(record)
    name = f"{project.relative(project.records)}/{record.machine.slug}.json"
    record = loads(text, name)  # derive from what is written: `check` has no more than that
    summary = summarise(project, record, name, text)
    others = {**machines.others(project), **(incoming or {})}
    lines = machines.summaries(project, record, summary, others, anew)
    described = schema.text(experiments.declarations())
    return Derived(record, text, summary, lines, pyz.build(project), described)


def check_ready(project: Project) -> None:
    """Raise BlogError if anything would stop the installing of a set, before there is one.

    A claim or a post that names an unknown key, a malformed marker, a file that cannot be replaced.
    """
    project.check_line_ends()
    stated(project)
    pyz.build(project)
    texts = dict.fromkeys(summing.keys(experiments.declarations()), "")
    for post in project.posts():
        where = project.relative(post)
        posts.embed(posts.read(post, where), texts, "", where)
    outputs = [
        project.records / "any.json",
        project.others / "any.json",
        project.machines / "any.json",
        project.pictures / "any.png",
        project.pyz,
        project.measured,
        *project.schemas,
    ]
    paths = [*outputs, *project.posts()]
    fileset.check_writable(project.root, [project.relative(path) for path in paths])


def install_set(
    project: Project, record: Record, incoming: Mapping[str, bytes] | None = None
) -> Summary:
    """Draw, sum up and embed, as one set: all of it is put into place, or nothing.

    `incoming` are checked records from elsewhere that come into the set, by their names.
    The caller holds the lock and has called `recover`.
    Raises BlogError for a malformed marker in a post, an unknown key, or an unwritable folder.
    """
    check_ready(project)
    derived = derive(project, record, incoming)
    new = Project(project.stage)
    with fileset.writing(project.stage):
        for folder in (new.others, new.pictures, new.machines):
            folder.mkdir(parents=True)
        figures = pictures.draw_all(
            derived.record,
            derived.summary.values,
            new.pictures,
            machines.points(derived.machines),
            _in_place(project),
        )
        summary = derived.whole(figures)
        for stem, taken in (incoming or {}).items():
            (new.others / f"{stem}.json").write_bytes(taken)
        for path, text in _texts(new, summary, derived).items():
            path.write_bytes(text)
    names = [project.relative(post) for post in project.posts()]
    fileset.commit(
        project.stage,
        last=new.relative(new.measured),
        rewrite=names,
        delete=_gone(project, derived, figures),
    )
    fileset.install(project.root, project.stage, posts.Rewriting(project))
    return summary


def _texts(new: Project, summary: Summary, derived: Derived) -> dict[Path, bytes]:
    """What is written besides pictures, by path below the project `new`."""
    texts = {
        new.machines / f"{stem}.json": machines.dumps(one).encode()
        for stem, one in derived.machines.items()
    }
    texts[new.root / summary.record] = derived.text.encode()
    texts[new.pyz] = derived.program
    texts.update(dict.fromkeys(new.schemas, derived.schema.encode()))
    texts[new.measured] = summing.dumps(summary).encode()
    return texts


def _in_place(project: Project) -> dict[str, dict]:
    """What data/measured.json says of the pictures whose files are there as they were drawn."""
    try:
        figures = project.load_measured().get("figures", {})
    except BlogError:
        return {}
    return {stem: one for stem, one in figures.items() if not list(missing_files(project, one))}


def missing_files(project: Project, figure: Mapping) -> list[str]:
    """The files of a picture that are not there, or not as they were drawn."""
    return [
        name
        for name, digest in figure.get("files", {}).items()
        if not (path := project.pictures / name).exists() or sha256(path.read_bytes()) != digest
    ]


def _gone(project: Project, derived: Derived, figures: Mapping[str, dict]) -> list[str]:
    """What an earlier set has put there and this one has not."""
    files = {name for one in figures.values() for name in one["files"]}
    paths = [path for path in records_in(project.machines) if path.stem not in derived.machines]
    paths += [path for path in project.pictures.glob("*") if path.name not in files]
    return [project.relative(path) for path in paths if path.is_file()]


def redraw(project: Project) -> Summary:
    """Derive everything again from the current record."""
    return install_set(project, load(project.current_record()))


def is_current(project: Project) -> bool:
    """Whether data/measured.json comes from the record that stands in static/records now.

    And whether there is a summary of each record from elsewhere, and of no other; that each is the
    right one is for `make check` to see, which takes longer.
    """
    if not project.measured.exists():
        return False
    path = project.current_record()
    if project.load_measured().get("record_sha256") != sha256(path.read_bytes()):
        return False
    own = machines.name_of(load(path))
    return machines.names(project.machines) == {own, *machines.names(project.others)}
