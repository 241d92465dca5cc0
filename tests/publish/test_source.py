"""What is published is the content of a commit, whatever else lies in the checkout."""

import os
import shutil
import subprocess
import sys

import pytest

from scripts.project import Project
from scripts.publish import source
from tests.conftest import ROOT, edit
from tests.publish.conftest import MAIN, OLD, commit, git, write
from tests.publish.places import Folder
from tests.publish.test_gate import COMMIT, PAGE
from tests.publish.test_places import tree

LISTED = "scripts/measure/workloads.py"


@pytest.fixture
def place(blog, tmp_path):
    """A folder that `blog` can be published into as it is."""
    made = Folder(tmp_path)
    made.configure(blog)
    commit(blog)
    return made


def held(project):
    """What speaks against publishing this source, and its files."""
    with source.opened(project) as found:
        root = found.project.root
        paths = [path for path in root.rglob("*") if path.is_file()]
        return [*found.reasons], {str(path.relative_to(root)): path.read_bytes() for path in paths}


def ignore(blog):
    """Let git ignore .env, *.bak and *.old, each in one of the three ways."""
    edit(blog.root / ".gitignore", ".run/\n", ".run/\n.env\n")
    commit(blog)
    (blog.root / ".git/info/exclude").write_text("*.bak\nhugo.yaml\nresources/\n")
    (blog.root / ".git/rules").write_text("*.old\n")
    git(blog.root, "config", "core.excludesFile", str(blog.root / ".git/rules"))


def test_what_git_does_not_hold_is_not_published(blog, place, say):
    """Neither a file in static/ that it ignores nor one beside a post; and it is said.

    Settings that it ignores rule nothing: hugo.yaml would go before config.yaml. Nor does a change
    that it was told to overlook, in a page or in the code that a page shows, nor what a killed
    publisher has left.
    """
    ignore(blog)
    write(blog, "static/.env", "TOKEN=secret")
    write(blog, "content/posts/old/index.md.bak", "unfinished")
    write(blog, "content/posts/old/index.md.old", "unfinished")
    write(blog, "hugo.yaml", "baseURL: https://elsewhere.test/\n")
    write(blog, ".run/source/checked-out/static/left.txt", "left")
    for name in (OLD, LISTED):
        git(blog.root, "update-index", "--assume-unchanged", name)
    git(blog.root, "update-index", "--skip-worktree", MAIN)
    (blog.root / MAIN).write_text("older")
    edit(blog.root / OLD, "\n\nold", "\n\nolder")
    edit(blog.root / LISTED, "def naive_add(", "def naive_add(secret, ")
    said = say(blog)
    assert said.status == 0
    assert said.err == (
        "not published, since git ignores it: content/posts/old/index.md.bak,"
        " content/posts/old/index.md.old, static/.env\n"
        f"not published, since git was told to overlook what changed in it: {MAIN}, {OLD}\n"
    )
    there = place.files()
    assert there == tree(blog)
    assert not [name for name in there if name.endswith((".env", ".bak", ".old", "left.txt"))]
    assert there["posts/old/index.html"].count(b"https://blog.test/sub/posts/old/") > 0
    pages = b"".join(data for name, data in there.items() if name.endswith(".html"))
    assert b"naive_add" in pages and b"secret" not in pages and b"older" not in pages
    assert not (blog.run / "source").exists()


def test_a_dry_run_knows_nothing_of_them_either(blog, place, say):
    """With changes in the checkout, too: it says what would be sent and what speaks against it, and

    the page is of no commit. No setting of `git status` hides a file that is not committed.
    """
    ignore(blog)
    git(blog.root, "config", "status.showUntrackedFiles", "no")
    write(blog, "static/.env", "TOKEN=secret")
    write(blog, "static/new.txt", "new")
    edit(blog.root / OLD, "\n\nold", "\n\nolder")
    said = say(blog, dry_run=True)
    assert said.status == 1 and "pages: " in said.out
    assert said.err.splitlines() == [
        "not published, since git ignores it: static/.env",
        f"not committed: {OLD}, static/new.txt (git add them, git commit)",
    ]
    assert "older" in (blog.root / "public/posts/old/index.html").read_text()
    assert COMMIT.findall((blog.root / PAGE).read_text()) == []
    assert (blog.root / "public/new.txt").exists() and not (blog.root / "public/.env").exists()
    assert not (blog.run / "source").exists()


def test_line_ends_of_a_checkout_are_not_those_of_the_commit(blog):
    """Nor is a part of the tree all of it."""
    plain = held(blog)
    assert plain[0] == [] and "static/favicon.ico" in plain[1]
    git(blog.root, "config", "core.autocrlf", "true")
    git(blog.root, "config", "core.eol", "crlf")
    git(blog.root, "config", "core.attributesFile", str(blog.root / ".git/attributes"))
    (blog.root / ".git/attributes").write_text("*.txt text eol=crlf\n")
    git(blog.root, "update-index", "--refresh")  # these files are copies
    git(blog.root, "sparse-checkout", "set", "--no-cone", "/*", "!/static/favicon.ico")
    assert not (blog.root / "static/favicon.ico").exists()
    assert held(blog) == plain


def test_what_git_holds_by_its_name_only(blog, say):
    """A symbolic link, a repository in the repository: what they lead to is not in the commit."""
    for mode, name in (("120000", f"HEAD:{OLD}"), ("160000", "HEAD")):
        made = git(blog.root, "rev-parse", name)
        entry = f"{mode},{made},static/more-{mode}"
        git(blog.root, "update-index", "--add", "--cacheinfo", entry)
    git(blog.root, "commit", "--quiet", "--message", "More")
    git(blog.root, "checkout", "--", "static")
    assert say(blog, build_only=True).err.splitlines() == [
        "static/more-120000: is a link, and Hugo reads none (put what it points to in its place)",
        "static/more-160000: is a repository of its own, of which nothing would be there"
        " (put the files in its place, git commit)",
    ]


def test_the_shell_names_no_other_repository_or_place(blog, place, say, monkeypatch, tmp_path):
    """As it does within a hook, for instance."""
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    (other / "file").touch()
    git(other, "add", "file")
    write(blog, "static/new.txt", "new")
    for name, value in {
        "GIT_DIR": f"{other}/.git",
        "GIT_WORK_TREE": f"{other}",
        "GIT_INDEX_FILE": f"{other}/.git/index",
        "GIT_CONFIG_PARAMETERS": "'status.showUntrackedFiles=no'",
        "GIT_CEILING_DIRECTORIES": "/",
        "HUGO_DEPLOYMENT_TARGETS": f'[{{"name": "x", "url": "file://{other}"}}]',
    }.items():
        monkeypatch.setenv(name, value)
    assert held(blog)[0] == ["not committed: static/new.txt (git add them, git commit)"]
    (blog.root / "static/new.txt").unlink()
    assert say(blog).err == ""
    assert place.files() == tree(blog)
    assert sorted(path.name for path in other.iterdir()) == [".git", "file"]


def test_a_worktree_and_a_folder_of_a_repository(blog, place, say, tmp_path):
    """There git holds the project as well."""
    git(blog.root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    assert say(Project(tmp_path / "tree")).err == ""
    assert place.files() == tree(Project(tmp_path / "tree"))
    whole = tmp_path / "whole"
    shutil.copytree(blog.root, whole / "blog", ignore=shutil.ignore_patterns(".git"))
    shutil.copytree(blog.root / ".git", whole / ".git", ignore=shutil.ignore_patterns("worktrees"))
    inner = Project(whole / "blog")
    commit(Project(whole))
    write(inner, "static/new.txt", "new")
    assert held(inner)[0] == ["not committed: blog/static/new.txt (git add them, git commit)"]
    (inner.root / "static/new.txt").unlink()
    assert say(inner).err == ""
    assert place.files() == tree(inner)


def test_outside_of_git(blog, place, say, tmp_path):
    """As unpacked from a tarball: nothing is sent, and all other reasons are found, too.

    Nor is it held by a repository around it that knows nothing of it.
    """
    shutil.rmtree(blog.root / ".git")
    edit(blog.root / MAIN, "They took", "[nowhere](/there/) They took")
    said = say(blog).err.splitlines()
    assert said[0].startswith("git: fatal: not a git repository")
    assert said[0].endswith("(publish from a git checkout in which git status works)")
    assert said[1:] == [
        "public/posts/main/index.html: the link to /there/ leaves the site, which begins at"
        " https://blog.test/sub/ (mend the link, or what it leads to)"
    ]
    assert place.files() == {}
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("*\n")
    nothing = ("commit", "--quiet", "--allow-empty", "--message", "Nothing")
    git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@b", *nothing)
    assert held(blog)[0] == ["config.yaml: is not in git (publish from a git checkout)"]


def test_before_the_first_commit(blog):
    """There is nothing yet that could be published."""
    shutil.rmtree(blog.root / ".git")
    git(blog.root, "init", "--quiet")
    (line,) = held(blog)[0]
    assert line.startswith("not committed: assets/, config.yaml, content/, data/, i18n/ and 2 more")


def test_names_of_other_languages_in_any_locale(blog, place, say):
    """What git, Hugo and the disk call a file is UTF-8, whatever the user's language."""
    write(blog, "content/posts/三/index.md", (blog.root / OLD).read_text().replace("old", "三"))
    edit(blog.root / MAIN, "So be it", "[三](../三/)")
    commit(blog)
    assert say(blog).err == ""
    code = (
        "import sys; from pathlib import Path; from scripts.project import Project;"
        "from scripts.publish import links, manifest, source; here = Project(Path.cwd());"
        "assert sys.getfilesystemencoding() != 'utf-8';"
        "one = source.opened(here); held = one.__enter__(); assert not held.reasons;"
        "made = manifest.make(here.root / 'public', held.project.load_measured());"
        "assert not links.broken(here.root / 'public', 'https://blog.test/sub/');"
        "(here.root / 'there.json').write_text(manifest.dumps(made), encoding='utf-8');"
        "(here.root / 'static/more').touch(); two = source.opened(here); held = two.__enter__();"
        "assert len(list(held.project.root.glob('content/posts/*/index.md'))) == 3"
    )
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    plain = {**os.environ, **plain, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=blog.root, env=plain, check=True)
    there = place.files()
    assert (blog.root / "there.json").read_bytes() == there["published.json"]
    assert "posts/三/index.html" in there


def test_names_are_cut_short():
    """And nothing in them moves a terminal's cursor."""
    assert source.names(["a", "b\x1b[2J"]) == "a, b\\x1b[2J"
    assert source.names(list("abcdefg")) == "a, b, c, d, e and 2 more"
