"""A blog in a git repository, measured twice, and the real places that it is published to."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scripts.blog import derive
from scripts.experiments.settings import quick
from scripts.project import Project
from scripts.publish import Options, _deliver, choose, manifest, publish
from scripts.publish.target import Site, Target
from scripts.record import Record, dumps, loads
from scripts.runner.code import code_sha256s
from scripts.written import config
from tests.conftest import ROOT, copy_sources, edit
from tests.factory import make_record
from tests.publish.places import KINDS, Place

POST = "---\ntitle: {0}\ndate: 2020-01-01\ndescription: {0}\ntags: [python]\n---\n\n{0}\n"
MAIN, OLD, NEW = (f"content/posts/{name}/index.md" for name in ("main", "old", "new"))
NUMBER = "cpu_bound.threads.wall_s"
# Every shortcode once: a strict build refuses templates that nothing uses.
QUOTES = """
{{% answer %}}No gain.{{% /answer %}}

{{< run >}}

{{< listing "scripts/measure/workloads.py" "naive_add" >}}

## Threads {#threads}

They took {{< measured "cpu_bound.threads.wall_s" >}}0{{< /measured >}} s:
{{< word "no-gain" "no gain" "a gain" "undecided" "not measured" >}}.
[See above](#threads), or [the other post]({{< relref "/posts" >}}).

{{% when "no-gain" "holds" "fails" "undecided" "not_applicable" %}}
So be it.
{{% /when %}}

{{< claims-table >}}

{{< download >}}

{{< chart "thres_vs_process" >}}{{< alt >}}Bars{{< /alt >}}Four jobs{{< /chart >}}
"""
FIXED = "static/fixed.html"  # is the same in every run
# What the layouts read of the code.
CODE = ("conclude/measured.schema.json", "measure/workloads.py")
# No look after each commit whether there is something to clean up, and no smaller objects.
CHEAP = {"maintenance.auto": "false", "core.compression": "0"}
MACHINES = "---\ntitle: All\ndescription: all\nconclusions: [no-gain]\n---\n"
CLAIMS = "no-gain: {key: cpu_bound.threads_over_for_loop, above: 0.9, text: {zh: 没有, en: None}}\n"


def git(root: Path, *arguments: str) -> str:
    """The output of git."""
    command = ["git", "-C", root, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(project: Project) -> None:
    """Commit all there is."""
    git(project.root, "add", "--all")
    git(project.root, "commit", "--quiet", "--allow-empty", "--message", "All there is")


def install(project: Project, record: Record) -> None:
    """Derive everything from `record`, as the measuring code of today would have left it."""
    sizes = config.load_settings(project.config)
    sizes = dataclasses.asdict(quick(sizes) if record.quick else sizes)
    whole = dataclasses.replace(record, settings=sizes, code=code_sha256s())
    derive.recover(project)
    derive.install_set(project, loads(dumps(whole), "generated"))


def measured(**options: object) -> Record:
    """A record of one experiment, with few pictures to draw."""
    return make_record(experiments=("cpu_bound",), **options)


def write(project: Project, name: str, text: str) -> None:
    """Write a file, with its folders."""
    (project.root / name).parent.mkdir(parents=True, exist_ok=True)
    (project.root / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The blog as it was measured first. Do not write into it: see `blog`."""
    project = copy_sources(tmp_path_factory.mktemp("first") / "blog")
    edit(project.config, "https://example.org/", "https://blog.test/sub/")
    for name in ("content", "scripts"):
        shutil.rmtree(project.root / name)
    for name in CODE:
        write(project, f"scripts/{name}", (ROOT / "scripts" / name).read_text(encoding="utf-8"))
    write(project, FIXED, '<link rel="icon" href="favicon.ico">as it is')
    write(project, MAIN, POST.format("main") + QUOTES)
    write(project, OLD, POST.format("old"))
    write(project, "content/machines/_index.md", MACHINES)
    project.claims.write_text(CLAIMS)
    write(project, ".gitignore", ".run/\npublic/\n.hugo_build.lock\n")
    install(project, measured())
    git(project.root, "init", "--quiet", "--initial-branch=main", "--template=")
    (project.root / ".git/info").mkdir()
    git(project.root, "config", "user.name", "An Author")
    git(project.root, "config", "user.email", "author@blog.test")
    for name, value in CHEAP.items():
        git(project.root, "config", name, value)
    commit(project)
    git(project.root, "gc", "--quiet")  # one file to copy, and not a folder for each object
    return project


@pytest.fixture(scope="session")
def second(first: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same after another measurement, with a post gone and another one come."""
    project = copy(first, tmp_path_factory.mktemp("second") / "blog")
    install(project, measured(seed=2, sessions=2))
    shutil.rmtree((project.root / OLD).parent)
    write(project, NEW, POST.format("new"))
    commit(project)
    return project


@dataclasses.dataclass(frozen=True)
class Built:
    """`first` and `second` with the public/ that each was built into."""

    first: Project
    second: Project


@pytest.fixture(scope="session")
def built(first: Project, second: Project, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What one can deliver without building it again: see `deliver`."""
    copies = [copy(one, tmp_path_factory.mktemp("built") / "blog") for one in (first, second)]
    for one in copies:
        assert publish(one, Options(build_only=True)) == 0
    return Built(*copies)


def chosen(project: Project) -> Target:
    """The place that config.yaml names. Raises BlogError."""
    settings = yaml.safe_load(project.config.read_text(encoding="utf-8"))
    return choose(Site(project.root, project.root, project.root / "public", settings))


def copy(project: Project, folder: Path) -> Project:
    """A copy of a project and its repository."""
    shutil.copytree(project.root, folder)
    return Project(folder)


@pytest.fixture
def blog(first: Project, tmp_path: Path) -> Project:
    """A copy of `first` of one's own, that can be published but for a place to go to."""
    return copy(first, tmp_path / "blog")


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each of the four places in turn."""
    with KINDS[request.param](tmp_path) as made:
        yield made


@dataclasses.dataclass
class Said:
    """How a `make publish` ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def say(capsys: pytest.CaptureFixture) -> object:
    """Publish, and tell what was said."""

    def published(project: Project, **options: bool) -> Said:
        capsys.readouterr()
        status = publish(project, Options(**options))
        return Said(status, *capsys.readouterr())

    return published


@pytest.fixture
def deliver(capsys: pytest.CaptureFixture) -> object:
    """Deliver public/ as it lies there, or as it was `built`; what was said."""

    def delivered(project: Project, built: Project | None = None, dry_run: bool = False) -> str:
        public = project.root / "public"
        if built:
            shutil.rmtree(public, ignore_errors=True)
            shutil.copytree(built.root / "public", public)
            shutil.copyfile(built.measured, project.measured)
        made = manifest.make(public, project.load_measured())
        (public / manifest.NAME).write_text(manifest.dumps(made), encoding="utf-8")
        capsys.readouterr()
        _deliver(chosen(project), made, dry_run)
        return capsys.readouterr().out

    return delivered
