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


def test_they_are_workflows():
    """By the schema that GitHub's own tools use."""
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [file.name for file in FILES] == ["measure.yml", "site.yml"]


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
