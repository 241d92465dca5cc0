"""From a record to everything else: figures, data/measured.json and the numbers in the posts.

Nothing here reads a clock, so the same record gives the same files, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.blog import claims, embed, fileset, pictures
from scripts.conclude import summary
from scripts.machines import summaries as machines
from scripts.project import Project
from scripts.reader import pyz
from scripts.record import Record, dumps, load, loads, sha256


def check_writable(project: Project) -> None:
    """Raise BlogError if any file of the set could not be replaced."""
    outputs = [
        project.records / "any.json",
        project.others / "any.json",
        project.machines / "any.json",
        project.pictures / "any.png",
        project.pyz,
        project.measured,
    ]
    paths = [*outputs, *project.posts()]
    fileset.check_writable(project.root, [project.relative(path) for path in paths])


def install_set(
    project: Project, record: Record, incoming: Mapping[str, bytes] | None = None
) -> None:
    """Draw, sum up and embed, as one set: all of it is put into place, or nothing.

    `incoming` are checked records from elsewhere that come into the set, by their names.
    The caller holds the lock and has called `fileset.recover`.
    Raises BlogError for a malformed marker in a post, an unknown key, or an unwritable folder.
    """
    new = Project(project.stage)
    check_writable(project)
    stated = claims.load(project.claims, project.relative(project.claims))
    program = pyz.build(project)
    text = dumps(record)
    name = f"{project.relative(project.records)}/{record.machine.slug}.json"
    record = loads(text, name)  # derive from what is written: `check` has no more than that
    with fileset.writing(project.stage):
        for folder in (new.others, new.pictures, new.machines):
            folder.mkdir(parents=True)
        data = summary.summarise(record, name, sha256(text.encode()), {}, stated)
        others = {**machines.others(project), **(incoming or {})}
        summaries = machines.summaries(project, record, data, others)
        points = machines.points(summaries)
        data["figures"] = pictures.draw_all(record, new.pictures, points)
        for stem, one in summaries.items():
            (new.machines / f"{stem}.json").write_text(machines.dumps(one), encoding="utf-8")
        for stem, foreign in (incoming or {}).items():
            (new.others / f"{stem}.json").write_bytes(foreign)
        data["download"] = pyz.facts(program)
        new.pyz.write_bytes(program)
        (new.root / name).write_text(text, encoding="utf-8")
        new.measured.write_text(summary.dumps(data), encoding="utf-8")
    for post in project.posts():
        where = project.relative(post)
        embed.embed(embed.read_post(post, where), data["values"], data["finished"], where)
    gone = [path for path in project.machines.glob("*.json") if path.stem not in summaries]
    fileset.commit(
        project.stage,
        posts=[project.relative(post) for post in project.posts()],
        delete=[project.relative(path) for path in gone],
    )
    fileset.install(project.root, project.stage)


def redraw(project: Project) -> Record:
    """Derive everything again from the current record; the record."""
    record = load(project.current_record())
    install_set(project, record)
    return record


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
