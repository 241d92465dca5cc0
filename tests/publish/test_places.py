"""make publish to each of the four places: what is sent, what is said, and what stays."""

import json
import shutil
import subprocess

import pytest

from scripts.record.errors import BlogError
from tests.conftest import edit
from tests.publish.conftest import NEW, NUMBER, OLD, commit, git, write
from tests.publish.places import Branch, Bucket, Folder, Server


def tree(project):
    """public/ as it was built."""
    public = project.root / "public"
    found = (path for path in public.rglob("*") if path.is_file())
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in found}


def remeasure(blog, second):
    """Put what was measured second into the blog, with its posts."""
    for name in ("content", "data", "static"):
        shutil.rmtree(blog.root / name)
        shutil.copytree(second.root / name, blog.root / name)
    commit(blog)


def text_of(project):
    """The number that readers see."""
    return project.load_measured()["values"][NUMBER]["text"]


def test_twice_with_a_changed_number_in_between(blog, second, place, say):
    """What is there is what was built, byte for byte; the dry run names the change and sends

    nothing; without a change nothing is sent; what is gone is deleted.
    """
    place.configure(blog)
    commit(blog)
    said = say(blog)
    assert said.err == "" and said.status == 0
    assert "there is no published.json yet to compare with: all is new\n" in said.out
    assert said.out.endswith("\npublished\n")
    assert place.files() == tree(blog)
    before, state = text_of(blog), place.state()

    said = say(blog)
    assert said.err == "" and said.status == 0
    assert "pages: 0 added, 0 changed, 0 removed\n" in said.out
    assert "numbers: 0 changed\n" in said.out
    assert said.out.endswith("\nall of this is there already: nothing was sent\n")
    assert place.state() == state

    remeasure(blog, second)
    assert text_of(blog) != before
    said = say(blog, dry_run=True)
    assert said.err == "" and said.status == 0
    assert f"\n  {NUMBER}: {before} s → {text_of(blog)} s\n" in said.out
    assert "\n  + /posts/new/\n" in said.out and "\n  - /posts/old/\n" in said.out
    assert "\n  ~ /posts/main/\n" in said.out
    assert said.out.endswith("\ndry run: nothing was sent\n")
    assert place.state() == state

    assert say(blog).status == 0
    there = place.files()
    assert there == tree(blog)
    assert "posts/new/index.html" in there and "posts/old/index.html" not in there
    assert json.loads(there["published.json"])["numbers"][NUMBER] == f"{text_of(blog)} s"


def test_a_failed_delivery_leaves_what_was_published(blog, second, place, say):
    """One line; every page that readers had is still there; the next try is as good as any."""
    place.configure(blog)
    commit(blog)
    say(blog)
    before = place.files()
    remeasure(blog, second)
    place.break_()
    with pytest.raises(BlogError) as caught:
        say(blog)
    assert len(str(caught.value).splitlines()) == 1 and caught.value.cure
    place.mend()
    left = place.files()
    assert set(before) <= set(left)
    if not isinstance(place, Folder | Bucket):  # there the files are replaced one by one
        assert left == before
    assert say(blog).status == 0
    assert place.files() == tree(blog)


@pytest.mark.parametrize("kind", [Folder, Server])
def test_a_folder_with_other_things_in_it_is_left_alone(kind, blog, tmp_path, say):
    """A mistyped folder does not lose what is in it."""
    with kind(tmp_path) as place:
        place.configure(blog)
        commit(blog)
        (place.folder / "letters.txt").write_text("dear")
        with pytest.raises(BlogError) as caught:
            say(blog)
        assert "holds 1 files or folders that would be deleted, and none of this blog's" in str(
            caught.value
        )
        assert place.files() == {"letters.txt": b"dear"}


def test_an_empty_list_gives_no_right_to_what_is_there(blog, place, say):
    """Whoever has put it there: a dry run says it, too, and nothing is lost."""
    place.configure(blog)
    commit(blog)
    nothing = {"run_id": "", "numbers": {}, "verdicts": {}, "files": {}}
    place.put("published.json", json.dumps(nothing).encode())
    place.put("letters/dear.txt", b"dear")
    before = place.files()
    for dry_run in (True, False):
        with pytest.raises(BlogError) as caught:
            say(blog, dry_run=dry_run)
        assert "files or folders that would be deleted, and none of this blog's: letters/" in str(
            caught.value
        )
    assert place.files() == before


def test_a_list_that_is_none(blog, place, say):
    """One line, of which no part is what somebody has written there."""
    place.configure(blog)
    commit(blog)
    place.put("published.json", b'{"files": ["\x1b[2J"]}')
    before = place.files()
    with pytest.raises(BlogError) as caught:
        say(blog)
    assert ": published.json: is no list of what is published (look what it is; " in str(
        caught.value
    )
    assert str(caught.value).isprintable()
    assert place.files() == before


@pytest.mark.parametrize("kind", [Branch, Folder, Server])
def test_a_page_of_others_is_not_replaced(kind, blog, tmp_path, say):
    """A folder with somebody's site in it, which has pages of the same names."""
    with kind(tmp_path) as place:
        place.configure(blog)
        commit(blog)
        place.put("index.html", b"theirs")
        with pytest.raises(BlogError, match="none of this blog's: index"):
            say(blog)
        assert place.files() == {"index.html": b"theirs"}


def test_a_dry_run_says_what_is_then_done(blog, second, place, say):
    """By what lies there, and not by a list of what was sent once."""
    place.configure(blog)
    commit(blog)
    say(blog)
    place.put("posts/main/index.html", b"edited by hand")
    for _ in range(2):
        dry = say(blog, dry_run=True).out
        done = say(blog).out
        assert dry.removesuffix("dry run: nothing was sent\n") == done.removesuffix("published\n")
        assert "\n  ~ /posts/main/\n" in done
        remeasure(blog, second)
    assert "\n  - /posts/old/\n" in done and "\n  + /posts/new/\n" in done


@pytest.mark.parametrize("kind", [Folder, Bucket])
def test_what_a_failed_delivery_left_is_this_blogs(kind, blog, tmp_path, say):
    """Though the next one has other files: it is removed, like all that is gone."""
    with kind(tmp_path) as place:
        place.configure(blog)
        commit(blog)
        say(blog)
        write(blog, "static/only.svg", "<svg/>")
        write(blog, NEW, (blog.root / OLD).read_text())
        commit(blog)
        place.break_()
        with pytest.raises(BlogError):
            say(blog)
        place.mend()
        assert "only.svg" in place.files()
        (blog.root / "static/only.svg").unlink()
        commit(blog)
        assert say(blog).status == 0
        assert place.files() == tree(blog)


def test_a_branch_keeps_its_history_and_what_the_host_wrote_into_it(blog, second, tmp_path, say):
    """One commit a delivery, with the run's id; CNAME and .nojekyll stay."""
    place = Branch(tmp_path)
    place.configure(blog)
    commit(blog)
    say(blog)
    host = tmp_path / "host"
    subprocess.run(["git", "clone", "--quiet", "-b", "gh-pages", place.folder, host], check=True)
    (host / "CNAME").write_text("blog.test")
    git(host, "add", "CNAME")
    git(host, "-c", "user.name=Host", "-c", "user.email=h@h", "commit", "-qm", "Create CNAME")
    git(host, "push", "--quiet")

    remeasure(blog, second)
    assert say(blog).status == 0
    assert say(blog).out.endswith("nothing was sent\n")
    log = git(place.folder, "log", "--format=%an|%s", "gh-pages").splitlines()
    head = git(blog.root, "rev-parse", "--short", "HEAD")
    assert log[:2] == [
        f"An Author|Publish run 20000102T000000Z-00000001 from commit {head}",
        "Host|Create CNAME",
    ]
    assert len(log) == 3
    assert git(place.folder, "show", "gh-pages:CNAME") == "blog.test"
    assert git(place.folder, "ls-tree", "--name-only", "gh-pages", ".nojekyll") == ".nojekyll"


def test_a_failed_first_push_leaves_no_branch_here(blog, tmp_path, say):
    """Or a later one would push two commits."""
    place = Branch(tmp_path)
    place.configure(blog)
    commit(blog)
    place.break_()
    with pytest.raises(BlogError, match="the disk is full"):
        say(blog)
    assert git(blog.root, "for-each-ref", "refs/heads").endswith("refs/heads/main")
    place.mend()
    say(blog)
    assert git(place.folder, "rev-list", "--count", "gh-pages") == "1"


def test_what_a_bucket_says_of_its_files(blog, tmp_path, say):
    """Types, packing, and how long they may be kept: for ever what has its hash in its name."""
    with Bucket(tmp_path) as place:
        place.configure(blog)
        commit(blog)
        say(blog)
        css = next(name for name in place.files() if name.startswith("css/"))
        record = next(name for name in place.files() if name.startswith("records/"))
        short = {"Cache-Control": "public, max-age=300", "Content-Encoding": "gzip"}
        assert place.headers("index.html") == {**short, "Content-Type": "text/html"}
        assert place.headers("feed.json") == {**short, "Content-Type": "application/feed+json"}
        assert place.headers("feed.xml") == {**short, "Content-Type": "application/rss+xml"}
        assert place.headers("sitemap.xml") == {**short, "Content-Type": "application/xml"}
        assert place.headers(record) == {**short, "Content-Type": "application/json"}
        assert place.headers("published.json")["Cache-Control"] == "no-cache"
        assert place.headers("post_imgs/thres_vs_process.png") == {
            "Cache-Control": "public, max-age=300",
            "Content-Type": "image/png",
        }
        assert place.headers(css)["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_page_edited_at_the_place_is_put_right(blog, tmp_path, say):
    """What is compared is what lies there, and not what was sent once."""
    place = Folder(tmp_path)
    place.configure(blog)
    commit(blog)
    say(blog)
    edit(place.folder / "index.html", "</h1>", "!</h1>")
    assert say(blog).out.endswith("\npublished\n")
    assert place.files() == tree(blog)
