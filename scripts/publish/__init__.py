"""From the record to the reader: gate, strict build, link check, then delivery to one target.

What is refused is refused with all its reasons at once. `target` says what a target is; adding one
is adding a module with a class like Pages and a line in TARGETS.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from typing import Any

from scripts.blog import fileset, hugo, yaml_lines
from scripts.project import Project
from scripts.publish import gate, links, manifest
from scripts.publish.deploy import Deploy
from scripts.publish.pages import Pages
from scripts.publish.rsync import Rsync
from scripts.publish.target import Target
from scripts.record.errors import BlogError

TARGETS = {"pages": Pages, "deploy": Deploy, "rsync": Rsync}


@dataclasses.dataclass(frozen=True)
class Options:
    """What the caller of `publish` may choose.

    `dry_run`: say what would be sent. `force`: a disturbed record too. `build_only`: no target, for
    a workflow that delivers public/ itself.
    """

    dry_run: bool = False
    force: bool = False
    build_only: bool = False


def publish(project: Project, options: Options) -> int:
    """Check, build and deliver; the exit status. Reasons against it go to standard error.

    Raises BlogError when another `make publish` is running or the delivery failed.
    """
    with _alone(project):
        settings = _settings(project)
        base_url = str(settings.get("baseURL") or "").rstrip("/") + "/"
        reasons = list(gate.reasons(project, settings, options.force))
        target = built = None
        with _noting(reasons):
            target = None if options.build_only else choose(project, settings)
        with _noting(reasons):
            built = _build(project, base_url, options.force)
            reasons += links.broken(project.root / "public", base_url)
        for reason in dict.fromkeys(reasons):
            print(reason, file=sys.stderr)
        if target and built and (options.dry_run or not reasons):
            _deliver(project, target, built, options.dry_run)
        return 1 if reasons else 0


def choose(project: Project, settings: dict[str, Any]) -> Target:
    """The target that config.yaml names. Raises BlogError that says what to write where."""
    wanted = (settings.get("params") or {}).get("publish") or {}
    kind = wanted.get("target")
    if kind not in TARGETS:
        what = f"is {kind!r}: no place to publish to" if kind else "is not set"
        cure = f"write there {', '.join(TARGETS)}; the comments beside it say what each one needs"
        raise BlogError(what, where="config.yaml: params.publish.target", cure=cure)
    return TARGETS[kind].configured(project, settings, wanted)


def _settings(project: Project) -> dict[str, Any]:
    where = project.relative(project.config)
    return yaml_lines.value(yaml_lines.compose(project.config, where)) or {}


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


def _build(project: Project, base_url: str, force: bool) -> manifest.Manifest:
    """Build public/ and put the manifest into it, by which the next dry run will compare."""
    data = project.load_measured()
    # The machine card shows both.
    forced = "1" if force and gate.disturbance(data) else ""
    hugo.build(project, "--baseURL", base_url, forced=forced, commit=gate.commit(project))
    public = project.root / "public"
    made = manifest.make(public, data)
    (public / manifest.NAME).write_text(manifest.dumps(made), encoding="utf-8")
    return made


def _deliver(project: Project, target: Target, built: manifest.Manifest, dry_run: bool) -> None:
    print(f"to {target}")
    before = manifest.loads(target.published(), f"{target}: {manifest.NAME}")
    print("\n".join(manifest.differences(before, built)))
    if dry_run:
        print("dry run: nothing was sent")
    elif target.deliver(project.root / "public", f"Publish run {built['run_id']}", before is None):
        print("published")
    else:
        print("all of this is there already: nothing was sent")
