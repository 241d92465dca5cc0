"""The branch that is served: never that of the sources, and no commit is lost."""

import subprocess

import pytest

from scripts.record.errors import BlogError
from tests.conftest import edit
from tests.publish.conftest import chosen, commit, git
from tests.publish.places import Branch

CURE = "(name a branch there that holds nothing else, as gh-pages)"


@pytest.fixture
def place(blog, tmp_path):
    """The branch that `blog` can be published to as it is."""
    made = Branch(tmp_path)
    made.configure(blog)
    return made


def aim(blog, branch):
    """Let another branch be published to."""
    edit(blog.config, "branch: gh-pages", f"branch: {branch}")
    commit(blog)


def test_a_branch_that_holds_sources(blog, built, place, deliver):
    """It would be replaced by the pages: the one that is checked out, and any other, here or there.

    On a detached head, as a workflow has it, a branch is known by what it holds.
    """
    where = "config.yaml: params.publish.branch:"

    def said():
        with pytest.raises(BlogError) as caught:
            chosen(blog)
        return str(caught.value)

    def holds(name):
        return f"{where} {name} holds sources of a blog, which would be replaced {CURE}"

    aim(blog, "main")
    is_checked_out = "is the branch of the sources, which would be replaced"
    assert said() == f"{where} main {is_checked_out} {CURE}"
    git(blog.root, "checkout", "--quiet", "--detach")
    assert said() == holds("main")
    git(blog.root, "checkout", "--quiet", "-b", "old-main")
    git(blog.root, "checkout", "--quiet", "main")
    edit(blog.config, "branch: main", "branch: old-main")
    commit(blog)
    assert said() == holds("old-main")
    git(blog.root, "push", "--quiet", "origin", "old-main")
    assert said() == holds("old-main")
    git(blog.root, "branch", "--quiet", "-D", "old-main")
    state = place.state()
    for dry_run in (True, False):
        with pytest.raises(BlogError) as caught:
            deliver(blog, built.first, dry_run=dry_run)
        assert str(caught.value) == holds("origin/old-main")
    assert place.state() == state


def test_the_branch_of_that_name_here(blog, built, place, deliver):
    """A commit that stands only here is neither dropped nor passed over: the author says what shall

    become of it, before there is anything at the remote and after. A branch that only lags behind
    is left as it is, and nothing here points to what was published.
    """

    def refuses(*made, **options):
        only = git(blog.root, "commit-tree", "-m", "Only here", *made)
        git(blog.root, "update-ref", "refs/heads/gh-pages", only)
        state = place.state()
        with pytest.raises(BlogError) as caught:
            deliver(blog, built.first, **options)
        assert str(caught.value) == (
            "the branch gh-pages here: holds 1 commit that origin does not have, and nobody would"
            " see (git push origin gh-pages, or git branch -D gh-pages)"
        )
        assert git(blog.root, "rev-parse", "gh-pages") == only
        assert place.state() == state

    refuses(git(blog.root, "mktree"), dry_run=True)
    git(blog.root, "branch", "--quiet", "-D", "gh-pages")
    deliver(blog)
    git(blog.root, "fetch", "--quiet", "origin", "gh-pages:gh-pages")
    before = git(blog.root, "rev-parse", "gh-pages")
    assert deliver(blog, built.second).endswith("\npublished\n")
    assert git(blog.root, "rev-parse", "gh-pages") == before
    assert git(place.folder, "rev-parse", "gh-pages~") == before
    refuses("-p", before, f"{before}^{{tree}}")


def test_files_come_as_they_are(blog, built, place, deliver):
    """Whatever git would do to their line ends, and whatever it ignores."""
    (blog.root / ".git/attributes").write_text("* text eol=crlf\n")
    git(blog.root, "config", "core.attributesFile", str(blog.root / ".git/attributes"))
    (blog.root / ".git/info/exclude").write_text("*.html\n")
    git(blog.root, "config", "core.autocrlf", "true")
    git(blog.root, "config", "core.safecrlf", "true")
    deliver(blog, built.first)
    found = {path for path in (blog.root / "public").rglob("*") if path.is_file()}
    there = place.files()
    for path in found:
        name = path.relative_to(blog.root / "public").as_posix()
        assert there[name] == path.read_bytes()
    assert len(there) == len(found)


def test_somebody_pushes_meanwhile(blog, built, place, deliver):
    """The remote refuses, and has what it had."""
    deliver(blog, built.first)
    hook = blog.root / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    move = "git commit-tree -m Theirs -p gh-pages gh-pages^{tree}"
    hook.write_text(
        f"#!/bin/sh\ncd {place.folder} && unset GIT_DIR && export GIT_COMMITTER_NAME=T"
        f" GIT_COMMITTER_EMAIL=t GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t"
        f" && git update-ref refs/heads/gh-pages $({move})\n"
    )
    hook.chmod(0o755)
    with pytest.raises(BlogError, match="git: "):
        deliver(blog, built.second)
    assert git(place.folder, "log", "-1", "--format=%s", "gh-pages") == "Theirs"
    hook.unlink()
    assert deliver(blog).endswith("\npublished\n")
    assert len(git(place.folder, "log", "--format=%s", "gh-pages").splitlines()) == 3


def test_a_remote_with_the_pages_of_others(blog, built, place, deliver):
    """What the branch holds is not this blog's: it stays."""
    place.put("index.html", b"theirs")
    place.put("CNAME", b"their.test")
    with pytest.raises(BlogError) as caught:
        deliver(blog, built.first)
    assert str(caught.value) == (
        "the branch gh-pages of origin: holds 1 files or folders that would be deleted, and none"
        " of this blog's: index.html (empty it, or name another place in config.yaml)"
    )
    assert place.files() == {"CNAME": b"their.test", "index.html": b"theirs"}
    subprocess.run(["git", "-C", place.folder, "branch", "-D", "gh-pages"], check=True)
    place.put("CNAME", b"my.test")
    assert deliver(blog).endswith("\npublished\n")
    assert place.files()["CNAME"] == b"my.test"
