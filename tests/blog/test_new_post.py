"""A new post: from nothing to a built site, and which names are refused."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.blog import new_post
from scripts.project import Project
from tests.conftest import ROOT, edit, run

BIN = Path(sys.executable).parent
# As short and as long as a name can be, and one like that of the archetype.
NAMES = ("a", "coroutines-or-thread", "my-new-post")
MACHINES = "---\ntitle: All\ndescription: all\nconclusions: [sums-pays]\n---\n"


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """A blog without a post, a claim, a record and an experiment that could be measured."""
    project = Project(tmp_path / "blog")
    for name in ("archetypes", "assets", "data", "i18n", "layouts", "scripts", "tests"):
        shutil.copytree(ROOT / name, project.root / name)
    for name in ("config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, project.root / name)
    shutil.copytree(ROOT / "static", project.root / "static")
    for folder in (project.records, project.machines, project.pictures):
        shutil.rmtree(folder)
    project.measured.unlink()
    project.claims.write_text("# What the posts conclude.\n")
    for path in (project.root / "scripts" / "experiments").glob("*/measure.py"):
        if path.parent.name == "cpu_bound":  # of which reports and cards speak
            path.unlink()
        else:
            shutil.rmtree(path.parent)
    edit(project.config, "    ticks:", "    # ticks:")
    machines = project.root / "content" / "machines"
    machines.mkdir(parents=True)
    for language in ("", ".en"):
        (machines / f"_index{language}.md").write_text(MACHINES)
    return project


def files(project: Project) -> dict[Path, bytes]:
    """Every file but compiled ones."""
    found = (path for path in project.root.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in found if path.suffix != ".pyc"}


def test_from_nothing_to_a_built_site(empty, monkeypatch):
    """The new experiment is measured alone; its numbers, figure and listing are in the pages."""
    monkeypatch.setenv("PATH", os.defpath)
    done = run(empty, "post", "sums")
    assert (done.returncode, done.stderr) == (0, "")
    # What the archetype has no use for; a strict build refuses templates that nothing uses.
    extra = '\n{{< claims-table >}}\n\n{{< download >}}\n\n[Others]({{< relref "/machines" >}})\n'
    for path in empty.posts():
        if path.parent.name == "sums":
            path.write_text(path.read_text() + extra)
    edit(empty.config, "minutes: 8", "minutes: 1")
    done = run(empty, "figures", "--quick", "--rounds", "2", "--force")
    assert done.returncode == 0, done.stderr
    data = empty.load_measured()
    values = data["values"]
    assert set(data["code"]) == {"sums"} and list(data["figures"]) == ["sums"]
    done = run(empty, "site")
    assert (done.returncode, done.stderr) == (0, "")
    for page in ("posts/sums", "en/posts/sums"):
        text = (empty.root / "public" / page / "index.html").read_text()
        assert f">{values['sums.loop.wall_s']['text']}</data>" in text
        assert "def by_loop" in re.sub(r"<[^>]+>", "", text)
    done = run(empty, "check")
    assert done.returncode == 0, done.stderr


def test_what_is_written_keeps_the_rules_and_passes_its_test(empty):
    """Ten new files and one claim each; ruff finds nothing in them, and their own tests pass."""
    before = files(empty)
    for name in NAMES:
        assert run(empty, "post", name).returncode == 0
    after = files(empty)
    new = [path for path in after if path not in before]
    assert len(new) == 10 * len(NAMES)
    assert [path for path in before if after[path] != before[path]] == [empty.claims]
    code = [path for path in new if path.suffix == ".py"]
    tests = [path for path in code if path.name.startswith("test_")]
    assert len(tests) == len(NAMES)
    ruff, pytest_ = [BIN / "ruff"], [sys.executable, "-m", "pytest", "--import-mode=importlib"]
    env = {**os.environ, "PYTEST_ADDOPTS": ""}  # what is said to this run is not for theirs
    for command in (
        [*ruff, "check", "--no-cache", *code],
        [*ruff, "format", "--check", "--no-cache", *code],
        [*pytest_, "-p", "no:cacheprovider", "--noconftest", *tests],
    ):
        done = subprocess.run(
            command, cwd=empty.root, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    assert not [path for path in new if "new_post" in path.read_text().replace("my_new_post", "")]


MALFORMED = {
    "": "NAME: is not given (make post NAME=words-with-dashes, in small letters)",
    "../x": "NAME: '../x' is no name for a post",
    "Sums": "NAME: 'Sums' is no name for a post",
    "class": "NAME: 'class' is no name for a post",
    "x" * 21: "NAME: has 21 letters, more than 20",
    "x" * 500 + "/": f"NAME: '{'x' * 20}…' is no name for a post",
    "cpu-bound": "scripts/experiments/cpu_bound: is already there (choose another NAME)",
    "settings": "scripts/experiments/settings.py: is already there (choose another NAME)",
    "machine": "NAME: machine begins keys of every record (choose another)",
}


def test_half_a_post_is_not_left(empty, monkeypatch):
    """Where a folder cannot be made, and at Ctrl-C: the next try finds nothing in its way."""
    place = empty.root / "tests" / "experiments"
    place.rename(place.with_name("aside"))
    place.write_text("")
    before = files(empty)
    done = run(empty, "post", "sums")
    what = "tests/experiments/sums/__init__.py: cannot be written: Not a directory"
    cure = "(move away what is in its way, then try again)"
    assert (done.returncode, done.stderr) == (1, f"{what} {cure}\n")
    assert files(empty) == before
    place.unlink()
    monkeypatch.setattr(Path, "open", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        new_post.create(empty, "sums")
    monkeypatch.undo()
    before.pop(place)
    assert files(empty) == before


def test_a_name_that_is_malformed_or_taken_is_one_line(empty):
    """And nothing is written."""
    before = files(empty)
    for name, said in MALFORMED.items():
        done = run(empty, "post", "--", name)
        assert done.returncode == 1
        assert done.stderr.startswith(said) and len(done.stderr.splitlines()) == 1
    assert files(empty) == before
