"""What config.yaml says of a target, and what a target may lose."""

import pytest

from scripts.publish import choose
from scripts.publish.rsync import _literal
from scripts.publish.target import Changes, Site, refuse_foreign
from scripts.record.errors import BlogError
from tests.publish.conftest import git

NO_NAME = "config.yaml: params.publish.{0}: is no name: {1!r} (write another one there)"
NO_FOLDER = (
    "config.yaml: params.publish.rsync: is no HOST:/FOLDER (write there user@host:/srv/blog)"
)


@pytest.fixture(scope="module")
def chosen(tmp_path_factory):
    """What settings choose in a repository with a remote, or why they choose nothing."""
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "remote", "add", "origin", "nowhere")

    def chosen(settings):
        try:
            return choose(Site(root, root, root / "public", settings))
        except BlogError as error:
            return str(error)

    return chosen


def wanted(**publish):
    """The settings that say so of publishing."""
    return {"params": {"publish": publish}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rsync", "-e touch x:/srv"),
        ("remote", "--upload-pack=touch x"),
        ("remote", "-"),
        ("branch", "--mirror"),
        ("branch", "a\x1b[2J"),
        ("target", "-pages"),
    ],
)
def test_a_name_is_no_option(name, value, chosen):
    """And no command to a terminal."""
    kind = "rsync" if name == "rsync" else "pages"
    there = {"target": kind, "remote": "origin", "branch": "gh-pages", name: value}
    assert chosen(wanted(**there)) == NO_NAME.format(name, value)


@pytest.mark.parametrize(
    "folder",
    [
        "-oProxyCommand=x:/srv",
        "user@-oProxyCommand=x:/srv",
        "-l@host:/srv",
        "host:-rf",
        "host::module/blog",
        "rsync://host/blog",
        "host:",
        "host:/",
        "host",
        ":/srv",
        "a b:/srv",
        "/srv/blog",
        "user@host",
    ],
)
def test_what_is_no_folder_of_a_server(folder, chosen):
    """None of these gets as far as ssh."""
    said = chosen(wanted(target="rsync", rsync=folder))
    dash = folder.startswith("-")
    assert said == (NO_NAME.format("rsync", folder) if dash else NO_FOLDER)


@pytest.mark.parametrize(
    "folder",
    ["host:/srv/blog", "user@host:/srv/my blog/", "host:blog", "[::1]:/srv", "u@10.0.0.1:~/blog"],
)
def test_a_folder_of_a_server(folder, chosen):
    """As ssh knows the host."""
    assert str(chosen(wanted(target="rsync", rsync=folder))) == f"{folder.rstrip('/')}/"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"params": ["publish"]}, "config.yaml: params: is no mapping (write name: value there,"),
        ({"params": {"publish": "pages"}}, "config.yaml: params.publish: is no mapping (write"),
        (wanted(target=["pages"]), "config.yaml: params.publish.target: is no name: ['pages'] ("),
        (wanted(target="pages", remote=5), "config.yaml: params.publish.remote: is no name: 5 ("),
        (wanted(target="rsync", rsync={}), "config.yaml: params.publish.rsync: is no HOST:/FOLDER"),
        (wanted(target="pages"), "config.yaml: params.publish: remote or branch is not set (write"),
        (
            wanted(target="pages", remote="origin", branch="a:refs/heads/main"),
            "config.yaml: params.publish.branch: is no name: 'a:refs/heads/main' (name a branch",
        ),
        (
            wanted(target="pages", remote="origin", branch=["gh-pages"]),
            "config.yaml: params.publish.branch: is no name: ['gh-pages'] (write another",
        ),
        (
            {**wanted(target="deploy"), "deployment": []},
            "config.yaml: deployment: is no mapping (write",
        ),
        *(
            (
                {**wanted(target="deploy"), "deployment": {"targets": targets}},
                "config.yaml: deployment.targets: there is none with a url (write there",
            )
            for targets in (
                5,
                "s3://x",
                {},
                [5],
                ["s3://x"],
                [{"url": 5}],
                [{"url": ""}],
                [{"url": "a\x1b://"}],
            )
        ),
    ],
)
def test_settings_of_another_shape(settings, said, chosen):
    """One line that says where."""
    assert chosen(settings).startswith(said)


class There:
    """A place of which `certain` is known."""

    def __init__(self, certain: bool) -> None:
        self.certain = certain

    def __str__(self) -> str:
        return "there"


BEFORE = {"files": {"index.html": [], "old/a/index.html": []}}


@pytest.mark.parametrize(
    ("before", "replaced", "removed", "lost"),
    [
        (BEFORE, ["index.html", "published.json"], ["old/a/index.html", "old/a/", "old/"], ""),
        (None, [], [], ""),
        (None, ["index.html"], [], "index.html"),
        (None, ["published.json"], [], "published.json"),
        (
            {"files": {}},
            ["index.html"],
            ["letters/b.txt", "letters/"],
            "index.html, letters/, lett",
        ),
        (BEFORE, [], ["old/b/", "x\x1b.txt"], "old/b/, x\\x1b.txt"),
    ],
)
def test_what_may_be_lost(before, replaced, removed, lost):
    """Only what the manifest that lies there names, be it an empty one."""
    changes = Changes(frozenset({"new"}), frozenset(replaced), frozenset(removed))
    if not lost:
        refuse_foreign(There(True), changes, before)
        return
    with pytest.raises(BlogError) as caught:
        refuse_foreign(There(True), changes, before)
    assert f"that would be deleted, and none of this blog's: {lost}" in str(caught.value)
    assert str(caught.value).isprintable()


def test_where_only_readers_see_what_is_published():
    """There may be a manifest that is not served yet: nothing is removed, but replaced."""
    changes = Changes(replaced=frozenset({"index.html"}))
    refuse_foreign(There(False), changes, None)
    with pytest.raises(BlogError):
        refuse_foreign(There(False), Changes(removed=frozenset({"a"})), None)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("a/b.html", "a/b.html"), ("a\\b", "a\\b"), ("a\\[1]*?", "a\\\\\\[1]\\*\\?")],
)
def test_a_name_as_a_pattern_of_rsync(name, pattern):
    """A backslash is one only where something is wild."""
    assert _literal(name) == pattern
