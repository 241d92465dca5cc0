"""Projects to try things on: copies of this checkout, with a generated record or a measured one."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from scripts.__main__ import STOPPING, main
from scripts.blog import derive
from scripts.experiments.settings import Settings
from scripts.project import Project
from scripts.record import environment
from scripts.record.errors import BlogError
from tests.site import browser as chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.site.watch import Watch

# What speaks to Python, pip, Hugo and Matplotlib in the shell of who tests is not what is tested.
environment.clean_own()
# Run in the background of a shell, the tests ignore Ctrl-C, and so would what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


MEMORY, ROOM_BYTES = "/dev/shm", 4 << 30


def set_temporary_folder() -> None:
    """Keep the many copies of a project in memory, where there is room and programs may be run."""
    if os.access(MEMORY, os.W_OK):
        disk = os.statvfs(MEMORY)
        if disk.f_bavail * disk.f_frsize >= ROOM_BYTES and not disk.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


set_temporary_folder()
ROOT = Path(__file__).parents[1]
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SOURCES = ("assets", "content", "data", "i18n", "layouts", "scripts", "static", "config.yaml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest file, so that at the end no worker is left alone with it."""
    items.sort(key=lambda item: item.path.name != "test_end_to_end.py")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: who looks for rubbish need not look through it each time."""
    gc.collect()
    gc.freeze()


def copy_checkout(target: Path) -> Project:
    """A copy of all that the site is made from, with the record that was measured last.

    What is compiled of its code comes along, and need not be compiled again by whoever runs it.
    """
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy(source, target / name)
    return Project(target)


def copy_sources(target: Path) -> Project:
    """The same without records, figures and data/measured.json."""
    project = copy_checkout(target)
    for folder in (project.records, project.machines, project.pictures):
        shutil.rmtree(folder, ignore_errors=True)
    project.measured.unlink(missing_ok=True)
    return project


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess:
    """Run a stage on `project` with its own code, as the Makefile does."""
    command = [sys.executable, "-E", "-s", "-m", "scripts", *arguments]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., subprocess.CompletedProcess]:
    """What `run` does, in the process of the tests: for what a stage says, not how it starts."""

    def called(project: Project, *arguments: str) -> subprocess.CompletedProcess:
        before = {number: signal.getsignal(number) for number in STOPPING}
        capsys.readouterr()
        try:
            status = main(["--root", str(project.root), *arguments])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return subprocess.CompletedProcess(arguments, status, *capsys.readouterr())

    return called


def edit(path: Path, before: str, after: str) -> None:
    """Replace the first `before` in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def set_sizes(project: Project, **sizes: int) -> None:
    """Let config.yaml say these sizes, and all others as before."""
    text = project.config.read_text(encoding="utf-8")
    text = re.sub(rf"(?m)^    (?:{'|'.join(sizes)}): .*\n", "", text)
    lines = "".join(f"    {name}: {size}\n" for name, size in sizes.items())
    text = text.replace("  benchmark:\n", f"  benchmark:\n{lines}")
    project.config.write_text(text, encoding="utf-8")


def keep_only(project: Project, *experiments: str) -> None:
    """Let the project measure these experiments, in tiny sizes and without the ways that take
    seconds to start, draw nothing, and know no record but its own: a run is a matter of seconds."""
    shutil.rmtree(project.others)
    scripts = project.root / "scripts"
    edit(scripts / "__main__.py", '"a picture": export.trial, ', "")
    edit(scripts / "blog" / "pictures.py", "    return jobs\n", "    return []\n")
    edit(scripts / "measure" / "child.py", "_pace(5 * 10**5)", "_pace(5 * 10**3)")
    for path in (scripts / "experiments").glob("*/measure.py"):
        if path.parent.name not in experiments:
            with path.open("a", encoding="utf-8") as file:
                file.write("\n\ndef cases(*_):\n    return []\n")
    for module, library in (("cluster", "distributed"), ("parallel", "joblib")):
        edit(scripts / "measure" / f"{module}.py", f"from {library}", "from nowhere")
    sizes = dataclasses.asdict(Settings())
    set_sizes(project, **{name: min(size, 2) for name, size in sizes.items()})


@pytest.fixture(scope="session")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project about which there is nothing to say. Do not write into it: see `project`.

    It is this checkout with its record; what of its set is not up to date is derived anew.
    """
    project = copy_checkout(tmp_path_factory.mktemp("derived"))
    derive.recover(project)
    derive.redraw(project)
    return project


@pytest.fixture
def project(derived: Project, tmp_path: Path) -> Project:
    """A copy of `derived` of one's own."""
    shutil.copytree(derived.root, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def plain_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python with nothing installed: it starts at once, and says soon what it can do."""
    folder = tmp_path_factory.mktemp("plain")
    venv.create(folder, symlinks=True)
    return str(folder / "bin" / "python")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the run; what drives it is loaded by those who need it."""
    from playwright.sync_api import sync_playwright

    try:
        path = chromium.get()
    except BlogError as error:
        pytest.exit(str(error), returncode=1)
    # Its profile and all that its processes share are files: on a disk, a page costs a sixth more.
    memory = os.environ.get("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    with mock.patch.dict(os.environ, TMPDIR=memory):
        playwright = sync_playwright().start()
    running = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
    yield running
    running.close()
    playwright.stop()


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """What drives the browser lets an event loop run in this thread: others may begin their own."""
    running = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if running:
        asyncio._set_running_loop(None)
    yield
    if running:
        asyncio._set_running_loop(running)


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test do."""
    from tests.site.watch import Watch

    return Watch()


@pytest.fixture
def quiet(watch: Watch) -> Iterator[None]:
    """At the end of the test its pages must have said nothing, and asked no other host."""
    yield
    assert not watch.complaints(), "\n".join(watch.complaints())
