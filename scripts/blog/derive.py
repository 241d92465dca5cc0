"""From a record to everything else: figures, data/measured.json and the numbers in the posts.

Nothing here reads a clock, so the same record gives the same files, byte for byte.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Collection, Mapping
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
from scripts.record.code import SCRIPTS
from scripts.written import claims, config


@dataclasses.dataclass(frozen=True)
class Derived:
    """All that follows from a record and is not drawn: what to write, and what to check against.

    `text` is what is written of the record; `machines` has the summary of every record by its name,
    `readings` each record that the post can be read as, with all that follows from it; `program` is
    measure.pyz; `schema` is the JSON Schema of records.
    """

    record: Record
    text: str
    summary: Summary
    machines: Mapping[str, dict]
    readings: Mapping[str, tuple[Record, Summary]]
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
    claimed = stated(project), project.relative(project.claims)

    @functools.cache
    def whole(name: str) -> tuple[Record, Summary]:
        path = f"{project.relative(project.others)}/{name}.json"
        return machines.whole(path, others[name], *claimed)

    lines = machines.summaries(project, record, summary, others, whole, anew)
    readings = {name: whole(name) for name in _chosen(project, lines, others)}
    described = schema.text(experiments.declarations())
    return Derived(record, text, summary, lines, readings, pyz.build(project), described)


def _chosen(project: Project, lines: Mapping[str, dict], known: Collection[str]) -> list[str]:
    """The records that the post can be read as, besides the first of `lines`, which is its own."""
    wanted = config.read_as(project.config, known, project.relative(project.config))
    return machines.read_as(next(iter(lines)), lines, wanted)


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
        for folder in (new.others, new.pictures, new.machines, new.readings):
            folder.mkdir(parents=True)
        figures = pictures.draw_all(
            derived.record,
            derived.summary.values,
            new.pictures,
            machines.points(derived.machines),
            _in_place(project.measured, project.pictures),
        )
        summary = derived.whole(figures)
        readings = _draw_readings(project, new, derived)
        for stem, taken in (incoming or {}).items():
            (new.others / f"{stem}.json").write_bytes(taken)
        for path, text in _texts(new, summary, readings, derived).items():
            old = project.root / new.relative(path)
            if not (old.is_file() and old.read_bytes() == text):
                path.write_bytes(text)
    names = [project.relative(post) for post in project.posts()]
    fileset.commit(
        project.stage,
        last=new.relative(new.measured),
        rewrite=names,
        delete=_gone(project, derived, figures, readings),
    )
    fileset.install(project.root, project.stage, posts.Rewriting(project))
    project.derived.write_text(_state(project), encoding="utf-8")
    return summary


def _draw_readings(project: Project, new: Project, derived: Derived) -> dict[str, Summary]:
    """What the post can be read as, with its pictures, which are drawn into `new`."""
    found = {}
    for name, (record, summary) in derived.readings.items():
        folder = new.reading_pictures / name
        folder.mkdir(parents=True)
        kept = _in_place(project.readings / f"{name}.json", project.reading_pictures / name)
        figures = pictures.draw_all(record, summary.values, folder, (), kept, pictures.SVG)
        found[name] = dataclasses.replace(summary, figures=figures)
    return found


def _texts(
    new: Project, summary: Summary, readings: Mapping[str, Summary], derived: Derived
) -> dict[Path, bytes]:
    """What is written besides pictures, by path below the project `new`."""
    texts = {
        new.machines / f"{stem}.json": machines.dumps(one).encode()
        for stem, one in derived.machines.items()
    }
    for name, one in readings.items():
        texts[new.readings / f"{name}.json"] = summing.dumps(one).encode()
    texts[new.root / summary.record] = derived.text.encode()
    texts[new.pyz] = derived.program
    texts.update(dict.fromkeys(new.schemas, derived.schema.encode()))
    texts[new.measured] = summing.dumps(summary).encode()
    return texts


def figures_of(path: Path) -> dict[str, dict]:
    """What the summary at `path` says of its pictures; {} when there is none to be read."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return {stem: one for stem, one in figures.items() if isinstance(one["files"], dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _in_place(path: Path, folder: Path) -> dict[str, dict]:
    """What is said at `path` of those pictures whose files are in `folder` as they were drawn."""
    figures = figures_of(path).items()
    return {stem: one for stem, one in figures if not missing_files(folder, one)}


def missing_files(folder: Path, figure: Mapping) -> list[str]:
    """The files of a picture that are not in `folder`, or not as they were drawn."""
    return [
        name
        for name, digest in figure.get("files", {}).items()
        if not (path := folder / name).exists() or sha256(path.read_bytes()) != digest
    ]


def _gone(
    project: Project,
    derived: Derived,
    figures: Mapping[str, dict],
    readings: Mapping[str, Summary],
) -> list[str]:
    """What an earlier set has put there and this one has not."""
    drawn = {project.pictures: figures}
    drawn.update({project.reading_pictures / name: one.figures for name, one in readings.items()})
    files = {
        folder / name
        for folder, pictured in drawn.items()
        for one in pictured.values()
        for name in one["files"]
    }
    files.update(project.machines / f"{name}.json" for name in derived.machines)
    files.update(project.readings / f"{name}.json" for name in readings)
    there = [*records_in(project.machines), *records_in(project.readings)]
    there += [*project.pictures.glob("*"), *project.reading_pictures.glob("*/*")]
    return [project.relative(path) for path in there if path not in files and path.is_file()]


def redraw(project: Project) -> None:
    """Derive everything again from the current record.

    If since the last time nothing was changed but posts, they are embedded again and that is all.
    """
    path = project.current_record()
    if project.derived.exists() and project.derived.read_text("utf-8") == _state(project):
        _embed_again(project)
    else:
        install_set(project, load(path))


def _embed_again(project: Project) -> None:
    data, changed = project.load_measured(), []
    for post in project.posts():
        name = project.relative(post)
        before = posts.read(post, name)
        if posts.embedded(before, data, name) != before:
            changed.append(name)
    if changed:
        fileset.check_writable(project.root, changed)
        with fileset.writing(project.stage):
            project.stage.mkdir(parents=True)
        fileset.commit(project.stage, rewrite=changed)
        fileset.install(project.root, project.stage, posts.Rewriting(project))


def _state(project: Project) -> str:
    """A hash of this program and of all that a set is made from or consists of, but for posts."""
    found = [sha256(project.config.read_bytes())]
    for root in (SCRIPTS, project.words.parent, project.measured.parent, project.root / "static"):
        for path in sorted(path for path in root.rglob("*") if path.suffix != ".pyc"):
            if path.is_file():
                found += [path.relative_to(root).as_posix(), sha256(path.read_bytes())]
    return sha256("\0".join(found).encode())


def is_current(project: Project) -> bool:
    """Whether data/measured.json comes from the record that stands in static/records now.

    And whether there is a summary of each record from elsewhere, and of no other, and a whole one
    of each that the post is to be read as; that each is the right one is for `make check` to see,
    which takes longer.
    """
    if not project.measured.exists():
        return False
    path = project.current_record()
    if project.load_measured().get("record_sha256") != sha256(path.read_bytes()):
        return False
    own = machines.name_of(load(path))
    known = machines.names(project.others)
    lines = {name: machines.kept(project.machines / f"{name}.json") for name in (own, *known)}
    if machines.names(project.machines) != set(lines) or None in lines.values():
        return False
    return machines.names(project.readings) == set(_chosen(project, lines, known))
