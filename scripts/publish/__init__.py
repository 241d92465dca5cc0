"""From the record to the reader: gate, strict build, link check, then delivery to one target.

What is refused is refused with all its reasons at once. `target` says what a target is; adding one
is adding a module with a class like Pages and a line in TARGETS.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.blog import fileset, hugo
from scripts.project import Project
from scripts.publish import gate, links, manifest, source
from scripts.publish.deploy import Deploy
from scripts.publish.pages import Pages
from scripts.publish.rsync import Rsync
from scripts.publish.source import Source
from scripts.publish.target import SECTION, Site, Target, mapping, refuse_foreign
from scripts.record.errors import BlogError
from scripts.written import yaml_lines

TARGETS = {"pages": Pages, "deploy": Deploy, "rsync": Rsync}


@dataclasses.dataclass(frozen=True)
class Options:
    """What the caller of `publish` may choose.

    `dry_run`: say what would be sent. `force`: numbers that are in doubt, too. `build_only`: no
    target, for a workflow that delivers public/ itself.
    """

    dry_run: bool = False
    force: bool = False
    build_only: bool = False


def publish(project: Project, options: Options) -> int:
    """Check, build and deliver; the exit status. Reasons against it go to standard error.

    Raises BlogError when another `make publish` is running or the delivery failed.
    """
    with _alone(project), source.opened(project) as held:
        settings = _settings(held.project)
        base_url = str(settings.get("baseURL") or "").rstrip("/") + "/"
        public = project.root / "public"
        site = Site(project.root, held.project.root, public, settings)
        reasons = list(gate.reasons(held, settings, options.force))
        target = built = None
        with _noting(reasons):
            target = None if options.build_only else choose(site)
        with _noting(reasons):
            built = _build(project, held, base_url, options.force)
            static = held.project.root / "static"
            reasons += [*gate.strays(public, static), *links.broken(public, base_url)]
        unseen = "was told to overlook what changed in it"
        for left, why in ((held.ignored, "ignores it"), (held.overlooked, unseen)):
            if left:
                print(f"not published, since git {why}: {source.names(left)}", file=sys.stderr)
        for reason in dict.fromkeys(reasons):
            print(reason, file=sys.stderr)
        if target and built and (options.dry_run or not reasons):
            _deliver(target, built, options.dry_run)
        return 1 if reasons else 0


def choose(site: Site) -> Target:
    """The target that config.yaml names. Raises BlogError that says what to write where."""
    kind = site.word("target")
    if kind not in TARGETS:
        what = f"is {kind!r}: no place to publish to" if kind else "is not set"
        cure = f"write there {', '.join(TARGETS)}; the comments beside it say what each one needs"
        raise BlogError(what, where=f"{SECTION}.target", cure=cure)
    return TARGETS[kind].configured(site)


def _settings(project: Project) -> Mapping[str, Any]:
    where = project.relative(project.config)
    node = yaml_lines.compose(project.config, where)
    try:
        return mapping(yaml_lines.value(node) if node else None, where)
    except ValueError as error:
        raise BlogError(f"is no YAML: {error}", where=where, cure="mend it") from None


@contextlib.contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Keep other publishers out, and those who would change what is being published."""
    with contextlib.ExitStack() as locks:
        try:
            locks.enter_context(fileset.locked(project.run / "publish.lock"))
        except BlogError as error:
            what = error.what.replace("make figures", "make publish")
            raise BlogError(what, where=error.where, cure=error.cure) from None
        locks.enter_context(fileset.locked(project.run / "lock"))
        yield


@contextlib.contextmanager
def _noting(reasons: list[str]) -> Iterator[None]:
    """Go on after a BlogError, to find the other reasons too."""
    try:
        yield
    except BlogError as error:
        reasons.append(str(error))


def _build(project: Project, held: Source, base_url: str, force: bool) -> manifest.Manifest:
    """Build public/ and put the manifest into it, by which the next one will compare."""
    data = held.project.load_measured()
    # The machine card shows both.
    forced = "1" if force and list(gate.doubts(data)) else ""
    folder = ("--source", held.project.root)
    hugo.build(project, *folder, "--baseURL", base_url, forced=forced, commit=held.commit)
    public = project.root / "public"
    made = manifest.make(public, data)
    text = manifest.dumps(made).encode("utf-8", "backslashreplace")
    (public / manifest.NAME).write_bytes(text)
    _let_everyone_read(public)
    return made


def _let_everyone_read(public: Path) -> None:
    """As a web server must, whatever the modes of the sources and the umask of the author."""
    for path in (public, *public.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _deliver(target: Target, built: manifest.Manifest, dry_run: bool) -> None:
    print(f"to {target}")
    before = manifest.loads(target.published(), f"{target}: {manifest.NAME}")
    changes = target.changes()
    refuse_foreign(target, changes, before)
    print("\n".join(manifest.differences(before, built, changes)))
    if dry_run:
        print("dry run: nothing was sent")
    elif changes:
        announcement = manifest.dumps(manifest.both(before, built))
        target.deliver(changes, f"Publish run {built['run_id']}", announcement)
        print("published")
    else:
        print("all of this is there already: nothing was sent")
