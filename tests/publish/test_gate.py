"""What is not published: every reason at once, each with its cure."""

import dataclasses
import os
import re
import subprocess

import pytest
import yaml

from scripts.blog import fileset
from scripts.project import Project
from scripts.publish import gate
from scripts.publish.gate import FORCE, PLACEHOLDER, disturbance
from scripts.record.errors import BlogError
from tests.conftest import ROOT, edit, run
from tests.publish.conftest import MAIN, OLD, POST, chosen, commit, git, install, measured, write
from tests.publish.places import deploy

RECORD = "static/records/generated-cpu-2-cores.json"
MEASURE = "measure again: make figures"
PAGE = "public/posts/main/index.html"
COMMIT = re.compile(r"网站出自提交([0-9a-f]+)")


@pytest.fixture
def ready(blog, tmp_path):
    """A blog that can be published as it is, into the folder `place`."""
    (tmp_path / "there").mkdir()
    deploy(blog, f"file://{tmp_path / 'there'}?metadata=skip&no_tmp_dir=true")
    commit(blog)
    return blog


def test_nothing_speaks_against_it(ready, say, tmp_path, monkeypatch):
    """A set that agrees, committed, with an address and a place.

    The page names the commit, not one from the shell. Everyone may read what is published, whatever
    the author's umask and the modes in the checkout. Force leaves no trace: there is nothing to
    forgive.
    """
    write(ready, "static/private.txt", "for all")
    commit(ready)
    (ready.root / "static/private.txt").chmod(0o600)
    monkeypatch.setenv("HUGO_PARAMS_COMMIT", "0123456789abcdef")
    before = os.umask(0o077)
    try:
        assert say(ready).status == 0
    finally:
        os.umask(before)
    for folder in (ready.root / "public", tmp_path / "there"):
        modes = {(path.is_dir(), oct(path.stat().st_mode)[-3:]) for path in folder.rglob("*")}
        assert modes == {(True, "755"), (False, "644")}
    plain = (ready.root / PAGE).read_text()
    assert COMMIT.findall(plain) == [git(ready.root, "rev-parse", "HEAD")[:12]]
    assert say(ready, force=True, build_only=True).status == 0
    assert (ready.root / PAGE).read_text() == plain


def test_all_reasons_at_once(blog, say):
    """The record, the posts, the repository, the address, the place and the links."""
    install(blog, measured(quick=True, rounds=4, disturbed=9))
    edit(blog.config, "https://blog.test/sub/", "https://example.org/")
    edit(blog.root / MAIN, "They took", "[nowhere](/there/) [no place](#here) TODO")
    edit(blog.root / OLD, "tags:", "draft: true\ntags:")
    said = say(blog)
    assert said.status == 1 and said.out == ""
    page = "public/posts/main/index.html: the link to"
    mend = "(mend the link, or what it leads to)"
    assert said.err.splitlines() == [
        f"quick: {RECORD} is of a trial run (measure in full: make figures)",
        f"partly measured: {RECORD} has 4 rounds, and fewer than 6 decide nothing ({MEASURE})",
        "disturbed: 9 of 15 samples, more than one in ten, were disturbed (measure again:"
        " make figures, on a quiet machine; or publish with FORCE=1, which the post then says)",
        f"{OLD}: is a draft (finish it: draft: false, or take it out of content/)",
        f"{MAIN}:18: 'TODO' is a placeholder (write what belongs there)",
        f"not committed: config.yaml, {MAIN}, {OLD},"
        " data/machines/generated-cpu-2-cores-python3.11-00000000.json, data/measured.json"
        " and 18 more (git add them, git commit)",
        "config.yaml: baseURL: is still https://example.org/"
        " (write there the address at which the blog is read)",
        "config.yaml: params.publish.target: is not set (write there pages, deploy, rsync;"
        " the comments beside it say what each one needs)",
        f"{page} /there/ leads nowhere {mend}",
        f"{page} /posts/main/#here leads to no place in that page {mend}",
    ]


def test_what_does_not_agree(ready, say, tmp_path, second):
    """make check's word counts, on a number edited by hand and a picture of another run: nothing

    is sent.
    """
    edit(ready.root / MAIN, "They took {{< measured", "They took not {{< measured")
    post = (ready.root / MAIN).read_text()
    (ready.root / MAIN).write_text(re.sub(r'wall_s" >}}[\d.]+', 'wall_s" >}}1.0', post))
    name = "static/post_imgs/thres_vs_process.svg"
    (ready.root / name).write_bytes((second.root / name).read_bytes())
    commit(ready)
    said = say(ready)
    assert said.status == 1 and f"--- {MAIN}\n+++ {MAIN}, by the record\n" in said.err
    assert f"mixed: {name} is of run 20000102T000000Z-00000001" in said.err
    assert list((tmp_path / "there").iterdir()) == []


def test_no_record_at_all(ready, say):
    """One line; the other reasons follow."""
    ready.measured.unlink()
    said = say(ready)
    assert "data/measured.json: is missing (run make redraw, or make figures)\n" in said.err
    assert "not committed: data/measured.json (git add them, git commit)\n" in said.err


def test_numbers_in_doubt_are_published_by_force_and_say_so(blog, say):
    """A disturbed record, and a value above its ceiling; by the command and its variables.

    A workflow that delivers public/ itself needs no place.
    """
    page = blog.root / PAGE
    record = measured(disturbed=6)
    faster = [
        dataclasses.replace(one, values={**one.values, "wall_s": one.values["wall_s"] / 2})
        if one.case == "processes"
        else one
        for one in record.samples
    ]
    install(blog, dataclasses.replace(record, samples=tuple(faster)))
    commit(blog)
    data = blog.load_measured()
    assert "cpu_bound.for_loop_over_processes" in data["above_ceiling"]
    shown = "; ".join(
        f"{key} is {data['values'][key]['text']}, of at most {data['values'][key]['ceiling']}"
        for key in data["above_ceiling"]
    )
    said = say(blog, build_only=True)
    assert (said.status, said.out, said.err.splitlines()) == (
        1,
        "",
        [
            f"disturbed: 6 of 21 samples, more than one in ten, were disturbed {FORCE}",
            f"more than is possible: {shown} {FORCE}",
        ],
    )
    forced = yaml.safe_load((blog.root / "i18n/zh.yaml").read_text())["run_forced"]
    assert forced not in page.read_text()
    done = run(Project(ROOT), "--root", str(blog.root), "publish", "--build-only", "--force")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert forced in page.read_text()
    assert (blog.root / "public/published.json").exists()
    command = ["make", "--no-print-directory", "--dry-run", "publish", "DRY_RUN=1", "FORCE=1"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert made.stdout.splitlines()[-1].endswith(" -m scripts publish --dry-run --force")


def test_each_doubt_alone():
    """A summary of before there were ceilings says nothing against its numbers."""
    assert list(gate.doubts({"values": {}})) == []
    values = {"a": {"text": "2.1", "ceiling": 2}}
    assert list(gate.doubts({"values": values, "above_ceiling": ["a"]})) == [
        "more than is possible: a is 2.1, of at most 2"
    ]
    assert list(gate.doubts({"values": {}, "steadiness": {"samples": 2, "disturbed": 2}})) == [
        "disturbed: 2 of 2 samples, more than one in ten, were disturbed"
    ]


@pytest.mark.parametrize(
    ("steadiness", "said"),
    [
        ({"samples": 100, "disturbed": 10, "control_differs": False}, ""),
        (
            {"samples": 100, "disturbed": 11, "control_differs": False},
            "11 of 100 samples, more than one in ten, were disturbed",
        ),
        (
            {"samples": 100, "disturbed": 0, "control_differs": True},
            "the same case measured twice gave two different times",
        ),
        ({"samples": 1, "disturbed": 0, "speeds": [{"two_speeds": False, "apart": 1.05}]}, ""),
        (
            {"samples": 1, "speeds": [{"two_speeds": False}, {"two_speeds": True, "apart": 1.4}]},
            "session 2 ran at two speeds, 1.4 apart",
        ),
    ],
)
def test_how_much_disturbance_is_too_much(steadiness, said):
    """More than a tenth of the samples, or a control that differs."""
    assert disturbance({"steadiness": steadiness}) == said


def test_a_case_that_is_missing(ready, say):
    """What a text says of it stops the build, and is among the reasons."""
    edit(ready.claims, "above: 0.9", "above: 0.9, needs: [measured]")
    install(ready, measured(ways=("for_loop", "processes")))
    commit(ready)
    assert say(ready).err == (
        f'{MAIN}:18: measured "cpu_bound.threads.wall_s": this machine did not measure it'
        " (put it into a when block about a claim on it)\n"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TODO: more", "TODO"),
        ("这里TODO补", "TODO"),
        ("Lorem ipsum dolor", "Lorem ipsum"),
        ("xxx 秒", "xxx"),
        ("此处占位", "占位"),
        ("模板里的占位符", None),
        ("TODOS and XXL, https://xxxl.test", None),
    ],
)
def test_what_a_placeholder_is(text, found):
    """Words that nobody leaves in a finished text."""
    match = PLACEHOLDER.search(text)
    assert (match and match.group()) == found


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("target: #", "config.yaml: params.publish.target: is not set (write there pages, deploy,"),
        ("target: ftp #", "config.yaml: params.publish.target: is 'ftp': no place to publish to"),
        (
            "target: pages #",
            "config.yaml: params.publish.remote: git knows no remote 'origin' (git remote add",
        ),
        ("target: deploy #", "config.yaml: deployment.targets: there is none with a url (write"),
        ("target: rsync #", "config.yaml: params.publish.rsync: is no HOST:/FOLDER (write there"),
    ],
)
def test_a_place_that_is_not_set_up(written, said, blog):
    """One line that says what to write where."""
    edit(blog.config, "target: #", written)
    with pytest.raises(BlogError) as caught:
        chosen(blog)
    assert str(caught.value).startswith(said)


def test_what_would_not_be_there_and_what_should_not(ready, say, tmp_path):
    """Posts that Hugo leaves out without a word, and files that were committed by mistake.

    What readers and servers look for under a dot is left alone.
    """
    dates = {"past": "expiryDate: 2001-01-01", "soon": "publishDate: 2999-01-01T00:00:00+08:00"}
    for name, line in {"old": "draft: true", **dates}.items():
        text = POST.format(name).replace("tags:", f"{line}\ntags:")
        write(ready, f"content/posts/{name}/index.md", text)
    write(ready, "content/posts/ancient/index.md", POST.format("ancient").replace("2020", "0000"))
    strays = [".DS_Store", ".env", "a.bak", "notes~", "old/.git-credentials", "old/Thumbs.db"]
    for name in [*strays, ".well-known/security.txt", "downloads/a.zip"]:
        write(ready, f"static/{name}", "")
    write(ready, "content/posts/main/draft.orig", "")
    write(ready, "static/\x1b[2J.txt", "")
    commit(ready)
    cure = "would be published, and is nothing for readers (take it out of static/ or content/"
    found = ["\\x1b[2J.txt", *strays, "posts/main/draft.orig"]
    gone = ", and would not be there (correct its date, or"
    assert sorted(say(ready).err.splitlines()) == [
        f"{OLD}: is a draft (finish it: draft: false, or take it out of content/)",
        f"content/posts/past/index.md: has expired{gone} take it out of content/)",
        f"content/posts/soon/index.md: is dated in the future{gone} wait)",
        *sorted(f"public/{name}: {cure}, git commit)" for name in found),
    ]
    assert list((tmp_path / "there").iterdir()) == []


def test_what_has_no_name_of_its_own(ready, say, tmp_path):
    """Posts and files whose place another one takes, and what no page or file is made of.

    What its author has told Hugo to keep back is left alone.
    """
    pages = ["Twin/index.md", "twin/index.md", "twin.md", "main/notes.md", "main/index.fr.md"]
    for name in (*pages, "kept.md"):
        write(ready, f"content/posts/{name}", POST.format("new"))
    edit(
        ready.root / "content/posts/kept.md", "tags:", "build: {render: never, list: never}\ntags:"
    )
    write(ready, "content/posts/bare.md", "no front matter")
    write(ready, "static/posts/old/index.html", "hidden")
    write(ready, "static/big.zip", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    commit(ready)
    said = say(ready).err.splitlines()
    pointer = (
        "public/big.zip: is what git LFS keeps in place of a file (git lfs install, git lfs pull)"
    )
    (twin,) = {f"content/posts/{name}: {gate.NO_PAGE}" for name in pages[:2]} & {*said}
    assert sorted(said) == sorted(
        [
            "content/posts/bare.md: has no title (write one)",
            twin,
            *(f"content/posts/{name}: {gate.NO_PAGE}" for name in pages[2:]),
            f"static/posts/old/index.html: {gate.COVERED}",
            pointer,
        ]
    )
    assert list((tmp_path / "there").iterdir()) == []


def test_two_at_once(ready, say):
    """The second refuses, and names the first."""
    with fileset.locked(ready.run / "publish.lock"), pytest.raises(BlogError) as caught:
        say(ready)
    assert re.fullmatch(
        r"another make publish is running \(pid \d+\) \(wait until it has ended\)",
        str(caught.value),
    )


def test_not_while_figures_are_made(ready, say):
    """What is published must not change meanwhile."""
    with fileset.locked(ready.run / "lock"), pytest.raises(BlogError, match="make figures"):
        say(ready)
