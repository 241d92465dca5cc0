"""What speaks against publishing: each reason is one text with its cure."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.blog import check, config, hugo
from scripts.experiments.settings import from_mapping
from scripts.project import Project
from scripts.publish.target import run
from scripts.record import Record, load
from scripts.record.errors import BlogError
from scripts.runner.plan import make_plan

MEASURE = "measure again: make figures"
# The median of five rounds stands while two of them are off. With one sample in ten disturbed,
# three or more of a case's five are so in fewer than one case of a hundred.
DISTURBED_SHARE = 0.1
# What the pages are made from, so that what is published is always the content of a commit.
SOURCES = ("content", "data", "static", "layouts", "assets", "i18n", "config.yaml")
PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])(?:TODO|FIXME|TBD|XXX+|xxx+|(?i:lorem ipsum))(?![A-Za-z])|占位(?!符)|待补|待写"
)
EXAMPLE = re.compile(r"https?://(?!([^/]+\.)?example\.(org|com|net)\b)[^/]")


def reasons(project: Project, settings: Mapping[str, Any], force: bool) -> Iterator[str]:
    """All that is found without building. `settings` is the content of config.yaml."""
    try:
        yield from check.problems(project)
        yield from _of_record(project, force)
    except BlogError as error:
        yield str(error)
    yield from _drafts(project)
    yield from _placeholders(project)
    yield from _uncommitted(project)
    address = str(settings.get("baseURL") or "")
    if not EXAMPLE.match(address):
        said = f"is still {address}" if address else "is not set"
        yield f"config.yaml: baseURL: {said} (write there the address at which the blog is read)"


def disturbance(data: Mapping[str, Any]) -> str:
    """How the machine was disturbed while it measured, if it was too much; else ""."""
    steadiness = data.get("steadiness") or {}
    disturbed, samples = steadiness.get("disturbed", 0), steadiness.get("samples", 0)
    said = []
    if disturbed > DISTURBED_SHARE * samples:
        said.append(f"{disturbed} of {samples} samples, more than one in ten, were disturbed")
    if steadiness.get("control_differs"):
        said.append("the same case measured twice gave two different times")
    return "; ".join(said)


def commit(project: Project) -> str:
    """The commit whose content the pages are; "" outside of git, or when they are no commit's."""
    if list(_uncommitted(project)):
        return ""
    return run(["git", "rev-parse", "HEAD"], project.root).strip()


def _of_record(project: Project, force: bool) -> Iterator[str]:
    data = project.load_measured()
    record = load(project.root / data["record"])
    if record.quick:
        yield f"quick: {data['record']} is of a trial run (measure in full: make figures)"
    for what in _gaps(record, config.load_settings(project.config).rounds):
        yield f"partly measured: {data['record']} {what} ({MEASURE})"
    if (said := disturbance(data)) and not force:
        cure = f"{MEASURE}, on a quiet machine; or publish with FORCE=1, which the post then says"
        yield f"disturbed: {said} ({cure})"


def _gaps(record: Record, rounds: int) -> Iterator[str]:
    """What the record lacks. By name, since how often a case is varied depends on the machine."""
    if (held := int(record.settings["rounds"])) < rounds:
        yield f"has {held} rounds, config.yaml asks for {rounds}"
    try:
        pace = {runtime.id: 1e-7 for runtime in record.runtimes}
        settings = from_mapping(record.settings)
        plan = make_plan(settings, record.machine, record.runtimes, pace, record.run_id)
    except (TypeError, ValueError):
        return  # a record of other code, which `check` names
    found = defaultdict(set)
    for sample in record.samples:
        variant = tuple(sorted(sample.params.items()))
        found[sample.experiment, sample.case, sample.runtime, variant].add(sample.round)
    there = {key[:3] for key in found}
    wanted = {(step.experiment, step.case.name, step.runtime) for step in plan[0]}
    if missing := sorted({" ".join(key[:2]) for key in wanted - there}):
        yield f"holds no samples of {', '.join(missing)}"
    every = set(range(1, held + 1))
    if short := sorted({" ".join(key[:2]) for key, numbers in found.items() if numbers != every}):
        yield f"lacks rounds of {', '.join(short)}"


def _drafts(project: Project) -> Iterator[str]:
    try:
        listed = run([hugo.binary(), "list", "drafts"], project.root)
    except BlogError:
        return  # the build will name it
    for row in csv.DictReader(listed.splitlines()):
        yield f"{row['path']}: is a draft (finish it: draft: false, or take it out of content/)"


def _placeholders(project: Project) -> Iterator[str]:
    words = sorted((project.root / "i18n").glob("*.yaml"))
    for path in [*project.posts(), project.claims, project.config, *words]:
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        for found in PLACEHOLDER.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            where = f"{project.relative(path)}:{line}"
            yield f"{where}: {found.group()!r} is a placeholder (write what belongs there)"


def _uncommitted(project: Project) -> Iterator[str]:
    command = ["git", "-c", "core.quotePath=false", "status", "--porcelain", "--", *SOURCES]
    try:
        lines = run(command, project.root, "publish from a git checkout").splitlines()
    except BlogError as error:
        yield str(error)
        return
    if lines:
        names = ", ".join(line[3:] for line in lines[:5])
        more = f" and {len(lines) - 5} more" if lines[5:] else ""
        yield f"not committed: {names}{more} (git add them, git commit)"
