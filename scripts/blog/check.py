"""Do record, figures, data, posts and measuring code agree? Reads all and writes nothing."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.blog import costs, derive, hugo, loose_words, pictures, posts
from scripts.blog.derive import Derived
from scripts.comparison import summaries as machines
from scripts.conclude import summary as summing
from scripts.experiments.settings import quick
from scripts.project import Project
from scripts.reader import pyz
from scripts.record import Record, load, sha256
from scripts.record.errors import BlogError
from scripts.runner.code import code_sha256s
from scripts.written import claims, config

REDRAW, MEASURE = "run make redraw", "measure again: make figures"


def _diff(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), name, f"{name}, by the record", lineterm="", n=1
    )
    return "\n".join(lines)


def _of_record(project: Project, record: Record, data: dict) -> Iterator[str]:
    path = project.root / data["record"]
    if data.get("run_id") != record.run_id:
        runs = f"{project.relative(project.measured)} is of run {data.get('run_id')}"
        yield f"mixed: {runs}, {data['record']} of run {record.run_id} ({REDRAW})"
    elif data.get("record_sha256") != sha256(path.read_bytes()):
        yield f"{data['record']}: was changed after the figures were drawn ({REDRAW})"
    for name, digest in code_sha256s().items():
        if name not in record.code:
            yield f"stale: {data['record']} holds nothing of {name} ({MEASURE})"
        elif record.code[name] != digest:
            what = f"the code of {name} was changed after {data['record']} was measured"
            yield f"stale: {what} ({MEASURE})"


def _of_settings(project: Project, record: Record) -> Iterator[str]:
    wanted = config.load_settings(project.config)
    if record.quick:
        wanted = quick(wanted)
    for name, value in dataclasses.asdict(wanted).items():
        measured = record.settings.get(name)
        # More minutes or fewer are no other measurement.
        if name != "minutes" and measured != value:
            said = f"{name} is {value}, the record was measured with {measured}"
            yield f"stale: {project.relative(project.config)}: {said} ({MEASURE})"


def _of_pictures(project: Project, derived: Derived, data: dict) -> Iterator[str]:
    points = machines.points(derived.machines)
    fresh = pictures.made_of(derived.record, derived.summary.values, points)
    figures = data.get("figures", {})
    yield from _of_folder(project, project.pictures, derived.record, fresh, figures)


def _of_folder(
    project: Project,
    folder: Path,
    record: Record,
    fresh: Mapping[str, str],
    figures: Mapping[str, Mapping],
) -> Iterator[str]:
    """Whether the pictures in a folder are those that are told of, and made of what is `fresh`."""
    of = "" if folder == project.pictures else f"{folder.name}/"
    for stem in sorted({*fresh, *figures}):
        figure = figures.get(stem, {})
        if figure.get("made_of") != fresh.get(stem):
            yield f"stale: {of}{stem} was not drawn from this record by this code ({REDRAW})"
        for name in derive.missing_files(folder, figure):
            path = folder / name
            shown = project.relative(path)
            if not path.exists():
                yield f"{shown}: is missing ({REDRAW})"
            elif (run_id := pictures.picture_run_id(path)) != record.run_id:
                yield f"mixed: {shown} is of run {run_id}, the record of {record.run_id} ({REDRAW})"
            else:
                yield f"{shown}: is not the picture that was drawn ({REDRAW})"


def _of_data(project: Project, derived: Derived, data: dict) -> Iterator[str]:
    whole = derived.whole(data.get("figures", {}))
    programs = [path.read_bytes() for path in (project.pyz,) if path.exists()]
    if data.get("download") in map(pyz.facts, programs):  # what is wrong there is told once
        whole = dataclasses.replace(whole, download=data["download"])
    yield from _of_text(project, project.measured, summing.dumps(whole))


def _of_program(project: Project, derived: Derived) -> Iterator[str]:
    shown = project.relative(project.pyz)
    if not project.pyz.exists():
        yield f"{shown}: is missing ({REDRAW})"
    elif project.pyz.read_bytes() != derived.program:
        yield f"stale: {shown}: is not what scripts/, config.yaml and claims make now ({REDRAW})"


def _of_text(project: Project, path: Path, after: str) -> Iterator[str]:
    """Whether a file says what follows from the record."""
    where = project.relative(path)
    if not path.exists():
        yield f"{where}: is missing ({REDRAW})"
    elif (before := path.read_text(encoding="utf-8", errors="replace")) != after:
        yield _diff(before, after, where) + f"\n({REDRAW})"


def _of_machines(project: Project, derived: Derived) -> Iterator[str]:
    texts = {name: machines.dumps(one) for name, one in derived.machines.items()}
    yield from _of_summaries(project, project.machines, texts, "there is no such record")


def _of_readings(project: Project, derived: Derived) -> Iterator[str]:
    """Whether the post is read as what its records say, with their pictures."""
    figures, texts = {}, {}
    for name, (_, summary) in derived.readings.items():
        figures[name] = derive.figures_of(project.readings / f"{name}.json")
        texts[name] = summing.dumps(dataclasses.replace(summary, figures=figures[name]))
    yield from _of_summaries(project, project.readings, texts, "the post is not read as this")
    for name, (record, summary) in derived.readings.items():
        fresh = pictures.made_of(record, summary.values)
        folder = project.reading_pictures / name
        yield from _of_folder(project, folder, record, fresh, figures[name])


def _of_summaries(
    project: Project, folder: Path, texts: Mapping[str, str], stray: str
) -> Iterator[str]:
    for name in sorted(machines.names(folder) | set(texts)):
        path = folder / f"{name}.json"
        if name in texts:
            yield from _of_text(project, path, texts[name])
        else:
            yield f"{project.relative(path)}: {stray} ({REDRAW})"


def _of_posts(project: Project, data: dict) -> Iterator[str]:
    for path in project.posts():
        name = project.relative(path)
        try:
            before = posts.read(path, name)
            after = posts.embedded(before, data, name)
        except BlogError as error:
            yield str(error)
            continue
        if before != after:
            yield _diff(before, after, name) + f"\n({REDRAW})"


def _of_claims(project: Project) -> Iterator[str]:
    where = project.relative(project.claims)
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in project.posts()}
    named = set().union(*map(claims.used, texts.values()))
    for claim in claims.load(project.claims, where):
        if claim.id not in named:
            cure = "use it in a post, or delete it"
            yield f"{where}:{claim.line}: no text uses {claim.id!r} ({cure})"


def warnings(project: Project) -> list[str]:
    """What is not refused, each with its place and cure.

    Words in the posts that hang on no measurement, and costs of another run.
    """
    run_id = str(project.load_measured().get("run_id"))
    loose = [
        warning
        for path in project.posts()
        for warning in loose_words.warnings(
            path.read_text(encoding="utf-8", errors="replace"), project.relative(path)
        )
    ]
    return [*loose, *costs.warnings(project.root / "README.md", run_id)]


def problems(project: Project) -> list[str]:
    """Everything that does not agree, each with its cure; [] when all is well.

    Raises BlogError when the record or data/measured.json cannot be read at all.
    """
    data = project.load_measured()
    record = load(project.root / str(data.get("record")))
    derived = derive.derive(project, record, anew=True)
    return [
        *_of_record(project, record, data),
        *_of_settings(project, record),
        *_of_pictures(project, derived, data),
        *_of_data(project, derived, data),
        *_of_machines(project, derived),
        *_of_readings(project, derived),
        *_of_program(project, derived),
        *(line for path in project.schemas for line in _of_text(project, path, derived.schema)),
        *_of_posts(project, data),
        *_of_claims(project),
        *hugo.overlooked(project),
    ]
