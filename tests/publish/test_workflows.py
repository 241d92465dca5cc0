"""The GitHub workflows: checked by their schema and by an auditor, and their shell really run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.publish.conftest import git

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
BIN = Path(sys.executable).parent


def check_schema(name: str, files: list[Path]) -> None:
    """Let check-jsonschema look at files."""
    from check_jsonschema import main
    from click.testing import CliRunner

    done = CliRunner().invoke(main, ["--builtin-schema", name, *map(str, files)])
    assert done.exit_code == 0, done.output


def test_they_are_workflows():
    """By the schema that GitHub's own tools use."""
    check_schema("vendor.github-workflows", FILES)
    assert [file.name for file in FILES] == ["measure.yml", "record.yml", "site.yml"]


def test_the_form_for_a_record_is_one():
    """By the schema that GitHub's own tools use."""
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    check_schema("vendor.github-issue-forms", forms)
    assert [form.name for form in forms] == ["record.yml"]


def test_an_auditor_finds_nothing():
    """Pinned actions, least permissions, no text of strangers in a shell: at its strictest."""
    command = [BIN / "zizmor", "--offline", "--persona", "pedantic", "--strict-collection", FOLDER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_they_call_is_there(file):
    """Targets of the Makefile, and commands of the program, are called by their names."""
    jobs = yaml.safe_load(file.read_text())["jobs"].values()
    shells = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    targets = [line.split()[1] for text in shells for line in text.splitlines() if "make " in line]
    assert targets and not [
        target for target in targets if f"\n{target}: " not in (ROOT / "Makefile").read_text()
    ]
    for text in shells:
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)


def test_a_new_set_becomes_a_pull_request(blog, second, tmp_path):
    """The last step of measure.yml: a branch named after the run holds the new set, and no more."""
    remote, tools = tmp_path / "remote", tmp_path / "bin"
    git(tmp_path, "init", "--bare", "--quiet", str(remote))
    git(blog.root, "remote", "add", "origin", str(remote))
    tools.mkdir()
    # The one thing that is not here is GitHub itself.
    (tools / "gh").write_text('#!/bin/sh\necho "$@" >> "$0.log"\n')
    (tools / "gh").chmod(0o755)
    for name in ("data/measured.json", "static/post_imgs/thres_vs_process.png"):
        (blog.root / name).write_bytes((second.root / name).read_bytes())
    (blog.root / "left-over.log").touch()
    jobs = yaml.safe_load((FOLDER / "measure.yml").read_text())["jobs"]
    shell = jobs["measure"]["steps"][-1]["run"]
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    where = {**os.environ, "PATH": path, "GITHUB_REF_NAME": "main"}
    subprocess.run(["bash", "-e", "-c", shell], cwd=blog.root, env=where, check=True)
    branch = "measured/20000102T000000Z-00000001"
    changed = git(remote, "show", "--name-only", "--format=%an: %s", branch).splitlines()
    assert changed == [
        "github-actions[bot]: Measure again: run 20000102T000000Z-00000001",
        "",
        "data/measured.json",
        "static/post_imgs/thres_vs_process.png",
    ]
    assert (tools / "gh.log").read_text() == "auth setup-git\npr create --fill --base main\n"


def offered(root: Path, records: dict[str, str]) -> str:
    """A repository at `root` in the state that a workflow finds for a pull request with records.

    The pull request also puts a Makefile of its own in the place of ours. Returns the last step's
    shell of record.yml.
    """
    folder = root / "static" / "records" / "others"
    folder.mkdir(parents=True)
    (folder / "record.schema.json").write_text("{}")
    (root / "Makefile").write_text("ours")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "An Author")
    git(root, "config", "user.email", "author@blog.test")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Ours")
    git(root, "switch", "--quiet", "--create", "theirs")
    for name, text in {**records, "record.schema.json": "{ }"}.items():
        (folder / name).write_text(text)
    (root / "Makefile").write_text("theirs")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Theirs")
    git(root, "switch", "--quiet", "main")
    git(root, "merge", "--quiet", "--no-ff", "--message", "Both", "theirs")
    jobs = yaml.safe_load((FOLDER / "record.yml").read_text())["jobs"]
    return jobs["intake"]["steps"][-1]["run"]


def take_in(root: Path, shell: str) -> subprocess.CompletedProcess:
    """Run the step where `make` says whose Makefile it found and what FILE holds; "bad" fails."""
    tools = root.parent / "bin"
    tools.mkdir()
    said = 'echo "$1 by $(cat Makefile): $(cat "$FILE")"; ! grep -q bad "$FILE"\n'
    (tools / "make").write_text(f"#!/bin/sh\n{said}")
    (tools / "make").chmod(0o755)
    where = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-e", "-c", shell]
    return subprocess.run(command, cwd=root, env=where, capture_output=True, text=True, check=False)


def test_a_record_in_a_pull_request_is_tried_by_our_own_intake(tmp_path):
    """Every record that it brings, whatever it is called; what it makes of our code is not run."""
    root = tmp_path / "blog"
    shell = offered(root, {"a.json": "one", "b $(touch c)\n;.json": "two"})
    done = take_in(root, shell)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "add-record by ours: one",
        "add-record by ours: two",
        "records taken in: 2",
    ]
    assert not (root / "c").exists()


def test_a_record_that_the_intake_refuses_fails_the_check(tmp_path):
    """The status of the step is not 0."""
    root = tmp_path / "blog"
    done = take_in(root, offered(root, {"a.json": "bad"}))
    assert done.returncode != 0
    assert done.stdout == "add-record by ours: bad\n"
