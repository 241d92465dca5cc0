"""Do record, figures, data, posts and measuring code agree? Reads all and writes nothing."""

from __future__ import annotations

import dataclasses
import difflib
import json
from typing import Iterator

from scripts.blog import claims, config, embed, hugo, loose_words, pictures
from scripts.conclude import summary
from scripts.draw.code import code_sha256 as drawn_by
from scripts.machines import speedup
from scripts.machines import summaries as machines
from scripts.project import Project
from scripts.reader import pyz
from scripts.record import Record, load, sha256
from scripts.record.errors import BlogError
from scripts.record.settings import quick
from scripts.runner.run import code_sha256

REDRAW, MEASURE = "run make redraw", "measure again: make figures"


def _diff(before: str, after: str, name: str) -> str:
    """A unified diff from what a file says to what the record says."""
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
    if record.code_sha256 != code_sha256():
        yield f"stale: scripts/measure/ was changed after {data['record']} was measured ({MEASURE})"


def _of_settings(project: Project, record: Record) -> Iterator[str]:
    wanted = config.load_settings(project.config)
    if record.quick:
        wanted = quick(wanted)
    for name, value in dataclasses.asdict(wanted).items():
        measured = record.settings.get(name)
        # ROUNDS=n is asked for at the command line; more or fewer rounds are no other measurement.
        if name != "rounds" and measured != value:
            said = f"{name} is {value}, the record was measured with {measured}"
            yield f"stale: {project.relative(project.config)}: {said} ({MEASURE})"


def _of_pictures(project: Project, record: Record, data: dict) -> Iterator[str]:
    if data.get("drawn_by_sha256") != drawn_by():
        yield f"stale: the code was changed after the figures were drawn ({REDRAW})"
    for picture in data.get("figures", {}).values():
        for name, digest in picture["files"].items():
            path = project.pictures / name
            shown = project.relative(path)
            if not path.exists():
                yield f"{shown}: is missing ({REDRAW})"
            elif (run_id := pictures.picture_run_id(path)) != record.run_id:
                yield f"mixed: {shown} is of run {run_id}, the record of {record.run_id} ({REDRAW})"
            elif sha256(path.read_bytes()) != digest:
                yield f"{shown}: is not the picture that was drawn ({REDRAW})"


def _summed_up(project: Project, record: Record, data: dict) -> dict:
    """What data/measured.json should say."""
    stated = claims.load(project.claims, project.relative(project.claims))
    digest = data.get("record_sha256")
    fresh = summary.summarise(record, data["record"], digest, data["figures"], stated)
    fresh["drawn_by_sha256"] = data.get("drawn_by_sha256")
    fresh["download"] = data.get("download")
    return fresh


def _of_data(project: Project, fresh: dict, data: dict) -> Iterator[str]:
    before, after = summary.dumps(data), summary.dumps(json.loads(summary.dumps(fresh)))
    if before != after:
        yield _diff(before, after, project.relative(project.measured)) + f"\n({REDRAW})"


def _of_program(project: Project, data: dict) -> Iterator[str]:
    wanted, shown = pyz.build(project), project.relative(project.pyz)
    if not project.pyz.exists():
        yield f"{shown}: is missing ({REDRAW})"
    elif project.pyz.read_bytes() != wanted:
        yield f"stale: {shown}: is not what scripts/, config.yaml and claims make now ({REDRAW})"
    elif data.get("download") != pyz.facts(wanted):
        yield f"{project.relative(project.measured)}: is not about {shown} as it is ({REDRAW})"


def _of_machines(project: Project, record: Record, fresh: dict) -> Iterator[str]:
    """Whether every summary says what its record says, and the figure of all what they say."""
    try:
        found = machines.summaries(project, record, fresh, machines.others(project), anew=True)
    except BlogError as error:
        yield str(error)
        return
    for name in sorted(machines.names(project.machines) | set(found)):
        path = project.machines / f"{name}.json"
        where = project.relative(path)
        if name not in found:
            yield f"{where}: there is no such record ({REDRAW})"
        elif not path.exists():
            yield f"{where}: is missing ({REDRAW})"
        elif (after := machines.dumps(found[name])) != (before := path.read_text("utf-8")):
            yield _diff(before, after, where) + f"\n({REDRAW})"
    points = machines.points(found)
    table = [list(part) for part in speedup.table(points)]
    drawn = fresh["figures"].get(speedup.NAME, {}).get("table", {})
    if points and [drawn.get("columns"), drawn.get("rows")] != table:
        yield f"stale: {speedup.NAME} was not drawn from these records ({REDRAW})"


def _of_posts(project: Project, data: dict) -> Iterator[str]:
    for path in project.posts():
        name = project.relative(path)
        try:
            before = embed.read_post(path, name)
            after = embed.embed(before, data["values"], data["finished"], name)
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
    """Words in the posts that hang on no measurement, with place and cure; nothing is refused."""
    return [
        warning
        for path in project.posts()
        for warning in loose_words.warnings(
            path.read_text(encoding="utf-8", errors="replace"), project.relative(path)
        )
    ]


def problems(project: Project) -> list[str]:
    """Everything that does not agree, each with its cure; [] when all is well.

    Raises BlogError when the record or data/measured.json cannot be read at all.
    """
    data = project.load_measured()
    record = load(project.root / str(data.get("record")))
    fresh = _summed_up(project, record, data)
    return [
        *_of_record(project, record, data),
        *_of_settings(project, record),
        *_of_pictures(project, record, data),
        *_of_data(project, fresh, data),
        *_of_machines(project, record, fresh),
        *_of_program(project, data),
        *_of_posts(project, data),
        *_of_claims(project),
        *hugo.overlooked(project),
    ]
