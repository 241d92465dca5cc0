"""make publish to each of the four places: what is sent, what is said, and what stays."""

import json
import shutil
import subprocess

import pytest

from scripts.record.errors import BlogError
from tests.publish.conftest import NUMBER, commit, git, write
from tests.publish.places import Branch, Bucket, Folder


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


def refused(send, blog, *built, **options):
    """What is said in one line, of which no part moves a terminal's cursor."""
    with pytest.raises(BlogError) as caught:
        send(blog, *built, **options)
    assert str(caught.value).isprintable() and caught.value.cure
    return str(caught.value)


def test_what_is_sent_and_what_stays(blog, built, place, say, deliver):
    """What is there is what was built, byte for byte; without a change nothing is sent. The dry run

    says what is then done, and sends nothing; it goes by what lies there, not by what was sent
    once. What is gone is deleted. After a failed delivery every page that readers had is still
    there, and the next try is as good as any.
    """
    place.configure(blog)
    commit(blog)
    said = say(blog)
    assert said.err == "" and said.status == 0
    assert "there is no published.json yet to compare with: all is new\n" in said.out
    assert said.out.endswith("\npublished\n")
    assert place.files() == tree(blog)
    before, state = text_of(blog), place.state()

    out = deliver(blog)
    assert "pages: 0 added, 0 changed, 0 removed\n" in out
    assert "numbers: 0 changed\n" in out
    assert out.endswith("\nall of this is there already: nothing was sent\n")
    assert place.state() == state

    place.put("fixed.html", b"edited by hand")
    state = place.state()
    dry = deliver(blog, built.second, dry_run=True)
    assert text_of(blog) != before
    assert f"\n  {NUMBER}: {before} s → {text_of(blog)} s\n" in dry
    assert "\n  + /posts/new/\n" in dry and "\n  - /posts/old/\n" in dry
    assert "\n  ~ /posts/main/\n" in dry and "\n  ~ /fixed.html\n" in dry
    assert place.state() == state
    assert deliver(blog) == dry.removesuffix("dry run: nothing was sent\n") + "published\n"
    there = place.files()
    assert there == tree(blog)
    assert json.loads(there["published.json"])["numbers"][NUMBER] == f"{text_of(blog)} s"

    write(blog, "public/posts/old/index.html", "new again")
    write(blog, "public/only.svg", f"<svg/>{' ' * 60_000}")
    place.break_()
    refused(deliver, blog)
    place.mend()
    if isinstance(place, Folder | Bucket):  # there the files are replaced one by one
        assert set(there) | {"only.svg"} <= place.names()
    else:
        assert place.files() == there
    (blog.root / "public/only.svg").unlink()
    assert deliver(blog).endswith("\npublished\n")
    assert place.files() == tree(blog)


def test_what_others_have_put_there_is_left_alone(blog, built, place, deliver):
    """A mistyped folder, a site with pages of the same names; whoever has put a list there that

    names nothing, or is none. A dry run says it, too.
    """
    place.configure(blog)
    place.put("index.html", b"theirs")
    place.put("letters/dear.txt", b"dear")
    foreign = "would be deleted, and none of this blog's: index.html, letters/"
    if isinstance(place, Bucket):  # of which nothing is known before there is a list
        foreign = foreign.replace("index.html, ", "")
    else:
        assert foreign in refused(deliver, blog, built.first, dry_run=True)
    nothing = {"run_id": "", "numbers": {}, "verdicts": {}, "files": {}}
    place.put("published.json", json.dumps(nothing).encode())
    before = place.files()
    assert foreign in refused(deliver, blog, built.first)
    assert place.files() == before
    place.put("published.json", b'{"files": ["\x1b[2J"]}')
    before = place.files()
    said = refused(deliver, blog)
    assert ": published.json: is no list of what is published (look what it is; " in said
    assert place.files() == before


def test_a_branch_keeps_its_history_and_what_the_host_wrote_into_it(
    blog, built, second, tmp_path, say, deliver
):
    """One commit a delivery, with the run's id; CNAME and .nojekyll stay.

    A failed first push leaves no branch here, or a later one would push two commits.
    """
    place = Branch(tmp_path)
    place.configure(blog)
    place.break_()
    assert "the disk is full" in refused(deliver, blog, built.first)
    assert git(blog.root, "for-each-ref", "refs/heads").endswith("refs/heads/main")
    place.mend()
    deliver(blog)
    host = tmp_path / "host"
    subprocess.run(["git", "clone", "--quiet", "-b", "gh-pages", place.folder, host], check=True)
    (host / "CNAME").write_text("blog.test")
    git(host, "add", "CNAME")
    git(host, "-c", "user.name=Host", "-c", "user.email=h@h", "commit", "-qm", "Create CNAME")
    git(host, "push", "--quiet")

    remeasure(blog, second)
    assert say(blog).status == 0
    assert deliver(blog).endswith("nothing was sent\n")
    log = git(place.folder, "log", "--format=%an|%s", "gh-pages").splitlines()
    head = git(blog.root, "rev-parse", "--short", "HEAD")
    assert log[:2] == [
        f"An Author|Publish run 20000102T000000Z-00000001 from commit {head}",
        "Host|Create CNAME",
    ]
    assert len(log) == 3
    assert git(place.folder, "show", "gh-pages:CNAME") == "blog.test"
    assert git(place.folder, "ls-tree", "--name-only", "gh-pages", ".nojekyll") == ".nojekyll"


def test_what_a_bucket_says_of_its_files(blog, built, tmp_path, deliver):
    """Types, packing, and how long they may be kept: for ever what has its hash in its name."""
    with Bucket(tmp_path) as place:
        place.configure(blog)
        deliver(blog, built.first)
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
