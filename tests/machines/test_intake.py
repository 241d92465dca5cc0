"""Records from elsewhere come in as one set with all that is derived from them, or not at all."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from unittest import mock

import pytest

from scripts.blog import check, derive, hugo
from scripts.blog import pictures as figures
from scripts.comparison import summaries as machines
from scripts.machines import intake
from scripts.project import Project
from scripts.record import dumps, load, units
from scripts.record.errors import BlogError
from tests import pages
from tests.conftest import copy_sources, edit, run
from tests.foreign import record

NAME = "ampere-altra-2-cores-python3.11-00000001"
# What a name may hold besides letters.
NASTY = "Intel(R) Xeon(R) CPU E5-2673 v4 @ 2.30GHz"
# What no record may hold; the page must show it as it is.
MARKUP = "<img src=x onerror=alert(1)> & \"'**x** {{ .Site }}"


def state(project):
    """Every file of the project but the lock and compiled modules, with its content."""
    found = (path for path in project.root.rglob("*") if path.is_file())
    kept = (path for path in found if path.parent != project.run and path.suffix != ".pyc")
    return {path: path.read_bytes() for path in kept}


def another(cpu_model="Ampere Altra"):
    """A record of another machine, which measured with another interpreter."""
    return record(2, cpu_model, "python3.14")


def taken_in(project, one):
    """Take in a record; where it is stored."""
    return intake.add(project, dumps(one).encode(), "a.json")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A small record, and one from elsewhere; no pictures, which are tried elsewhere."""
    project = copy_sources(tmp_path_factory.mktemp("two") / "project")
    with mock.patch.object(figures, "_draw_jobs", pages._no_pictures):
        derive.recover(project)
        derive.install_set(project, record(3, "AMD EPYC", "one-core"))
        taken_in(project, record())
    return project


@pytest.fixture
def drawn(two, tmp_path, monkeypatch):
    """A copy of it of one's own."""
    monkeypatch.setattr(figures, "_draw_jobs", pages._no_pictures)
    shutil.copytree(two.root, tmp_path / "project")
    return Project(tmp_path / "project")


def test_a_record_is_taken_in(project, tmp_path):
    """By the command, with its summary and a new figure; the post keeps to its own machine."""
    sent = tmp_path / "sent.json"
    sent.write_text(json.dumps(json.loads(dumps(record()))), encoding="utf-8")
    before = project.load_measured()
    done = run(project, "add-record", str(sent))
    path = f"static/records/others/{NAME}.json"
    said = f"taken in as {path}; figures, data and posts are derived anew\n"
    assert (done.stdout, done.stderr, done.returncode) == (said, "", 0)
    assert (project.root / path).read_text(encoding="utf-8") == dumps(record())
    after = project.load_measured()
    rows = before["figures"]["machines"]["table"]["zh"]["rows"]
    assert after["figures"]["machines"]["table"]["zh"]["rows"] != rows
    assert {**after, "figures": 0} == {**before, "figures": 0}
    assert [line for line in check.problems(project) if "stale: scripts/measure" not in line] == []


def test_what_cannot_be_taken_in_changes_nothing(drawn, call, tmp_path):
    """Refused, there already, or no file: one line, status 1, every file as before."""
    sent = tmp_path / "sent.json"
    before = state(drawn)
    wrong = dumps(another()).replace("Ampere Altra", "<b>")
    for text, said in (
        (dumps(record()), f"{NAME} is already there"),
        (wrong, "refused: machine.cpu_model: is malformed: '<b>'"),
        (None, "cannot be read: No such file or directory (name a file that is there: FILE=…)"),
    ):
        sent.unlink(missing_ok=True)
        if text:
            sent.write_text(text, encoding="utf-8")
        done = call(drawn, "add-record", str(sent))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"{sent}: {said}") and done.stderr.count("\n") == 1
        assert state(drawn) == before


def test_what_no_check_has_thought_of_is_a_refusal_too(drawn, monkeypatch):
    """One line, and everything as before."""
    before = state(drawn)

    def fail(*_):
        raise KeyError("start_s")

    monkeypatch.setattr(figures, "_draw_jobs", fail)
    with pytest.raises(BlogError) as caught:
        taken_in(drawn, another())
    said = "a.json: refused: it cannot be summed up: KeyError: 'start_s' (ask its sender "
    assert str(caught.value).startswith(said)
    assert state(drawn) == before and not drawn.stage.exists()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "is no file (name another: FILE=…)"),
        (lambda path: path.symlink_to("/dev/zero"), "is no file (name another: FILE=…)"),
        (
            lambda path: path.mkdir(),
            "cannot be read: Is a directory (name a file that is there: FILE=…)",
        ),
        (lambda path: path.write_bytes(b""), "is empty (name another: FILE=…)"),
        (
            lambda path: path.symlink_to(path.name),
            "cannot be read: Too many levels of symbolic links (name a file that is there: FILE=…)",
        ),
    ],
)
def test_what_is_no_file_is_one_line_and_no_wait(tmp_path, make, said):
    """A pipe that nobody writes to, a device without end, a folder, nothing at all."""
    path = tmp_path / "a.json"
    make(path)
    with pytest.raises(BlogError) as caught:
        intake.read(str(path), "FILE")
    assert str(caught.value) == f"{path}: {said}"


def test_a_file_must_be_named(drawn, call, monkeypatch):
    """By the command or by the variable that make hands over."""
    done = call(drawn, "add-record")
    assert (done.returncode, done.stderr) == (1, "FILE: is not given (name a file: FILE=…)\n")
    monkeypatch.setenv("FILE", "gone.json")
    assert call(drawn, "add-record").stderr.startswith("gone.json: cannot be read: No such file")


def test_many_signals_stop_it_once(drawn, tmp_path):
    """make passes on what its children had already: one line, nothing changed, no traceback."""
    sent = tmp_path / "sent.json"
    sent.write_text(dumps(another()), encoding="utf-8")
    before = state(drawn)
    command = [sys.executable, "-m", "scripts", "add-record", str(sent)]
    going = subprocess.Popen(command, cwd=drawn.root, stderr=subprocess.PIPE, text=True)
    while not drawn.stage.exists():
        assert going.poll() is None, going.stderr.read()
        time.sleep(0.001)
    while going.poll() is None:
        going.terminate()
        time.sleep(0.0005)
    said = going.stderr.read()
    assert said.startswith("stopped; ") and said.count("\n") == 1
    assert going.returncode in (130, -signal.SIGTERM)  # at its very end Python listens no more
    shutil.rmtree(drawn.stage)
    assert state(drawn) == before


def test_the_record_of_this_machine_is_there_already(drawn):
    """It needs no taking in."""
    own = load(drawn.current_record())
    with pytest.raises(BlogError) as caught:
        taken_in(drawn, own)
    said = f"a.json: {machines.name_of(own)} is already there"
    assert str(caught.value).startswith(said)


def test_what_was_measured_comes_in_once_whatever_it_calls_itself(drawn):
    """The times of a record are its own: under another name they are that record again."""
    with pytest.raises(BlogError) as caught:
        taken_in(drawn, record(2))
    assert str(caught.value).startswith(f"a.json: refused: holds what {NAME} measured")


def test_a_summary_says_what_each_interpreter_did(drawn):
    """The first by all experiments, the others by less; what was not measured is not there."""
    said = json.loads((drawn.machines / f"{NAME}.json").read_text(encoding="utf-8"))
    assert said["machine"]["cpu_model"] == "Ampere Altra"
    lines = {line["id"]: line for line in said["interpreters"]}
    assert list(lines) == ["python3.11", "python3.13t", "python3.14"]
    sizes = record().settings
    many = [sizes["short_additions"], *[sizes["runtimes_additions"]] * 2]
    assert [line["work"] for line in lines.values()] == [
        units.count(sizes["jobs"] * additions) for additions in many
    ]
    every = {*machines.QUANTITIES} - {"best_processes"}  # on which these few rounds do not decide
    assert [set(line["quantities"]) for line in lines.values()] == [every] * 3
    walls = [
        one.values["wall_s"]
        for one in record().select("runtimes", "threads", runtime="python3.13t")
    ]
    shown = lines["python3.13t"]["quantities"]["threads"]
    assert min(walls) <= shown["low"] < shown["value"] < shown["high"] <= max(walls)
    assert "threads-no-gain" in lines["python3.13t"]["verdicts"]
    assert "io-threads-beat-loop" not in lines["python3.13t"]["verdicts"]


def test_only_what_changed_is_summed_up_again(drawn, monkeypatch):
    """A record that stayed has its summary; one that is gone has none; make site sees to it."""
    other = taken_in(drawn, another("Intel Xeon"))
    assert derive.is_current(drawn)
    before = state(drawn)
    monkeypatch.setattr(machines, "whole", None)  # nobody asks for it
    drawn.derived.unlink()
    derive.redraw(drawn)
    assert state(drawn) == before
    (drawn.others / f"{NAME}.json").unlink()
    assert not derive.is_current(drawn)
    derive.redraw(drawn)
    assert machines.names(drawn.others) == {other.stem} < machines.names(drawn.machines)
    assert derive.is_current(drawn)


def test_check_compares_summaries_with_records(drawn):
    """Edited by hand, missing, one too many, a figure of other records, a record changed."""
    path = drawn.others / f"{NAME}.json"
    summary = drawn.machines / path.name
    own = machines.name_of(load(drawn.current_record()))

    def found():
        """But for the code and the sizes of the small record, and the pictures that it lacks."""
        stale = ("static/post_imgs/", "mixed: ")
        lines = [line for line in check.problems(drawn) if not line.startswith(stale)]
        return [line for line in lines if not line.endswith("(measure again: make figures)")]

    (drawn.machines / f"{own}.json").rename(summary.with_stem("more"))
    edit(summary, '"Ampere Altra"', '"Ampere Altra Max"')
    *problems, stray = found()
    diff, missing = sorted(problems)
    assert f"--- data/machines/{path.name}" in diff and '+  "cpu_model": "Ampere Altra' in diff
    assert missing == f"data/machines/{own}.json: is missing (run make redraw)"
    assert stray == "data/machines/more.json: there is no such record (run make redraw)"
    summary.unlink()
    summary.with_stem("more").rename(drawn.machines / f"{own}.json")
    path.rename(path.with_suffix(".txt"))
    assert found() == [
        "stale: machines was not drawn from this record by this code (run make redraw)"
    ]
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BlogError) as caught:
        found()
    where = f"static/records/others/{path.name}"
    cure = f"put back what was taken in, or do without it: git rm {where}"
    assert str(caught.value) == f"{where}: schema: is None, not one of 1 to 2 ({cure})"


def rows_of(project, language=""):
    """The cells of the table of machines, as the built page shows them."""
    html = (project.root / "public" / language / "machines" / "index.html").read_text("utf-8")
    tree = pages.parse(html)
    (region,) = tree.find("section", "machines")
    (body,) = region.find("tbody")
    cells = [
        [" ".join(cell.text.split()) for cell in row.inside if isinstance(cell, pages.Node)]
        for row in body.find("tr")
    ]
    return html, cells


def test_the_page_shows_names_as_they_are(drawn):
    """The nastiest that is taken in, and what never would be: text that nothing executes."""
    taken_in(drawn, another(NASTY))
    summary = drawn.machines / f"{NAME}.json"
    kept = json.loads(summary.read_text(encoding="utf-8"))
    kept["machine"]["cpu_model"] = MARKUP
    summary.write_text(machines.dumps(kept), encoding="utf-8")
    hugo.build(drawn)
    for language in ("", "en"):
        html, rows = rows_of(drawn, language)
        assert {f"CPython 3.14.8 {NASTY}", f"CPython 3.11.7 {MARKUP}"} <= {row[0] for row in rows}
        assert "onerror" not in re.sub(r"&lt;img src=x onerror=alert\(1\)&gt;", "", html)


def test_every_line_links_to_its_record_and_the_post_says_on_how_many_a_conclusion_holds(drawn):
    """A row per interpreter; the last one is of 2019, without ratio, verdict and record. A
    conclusion counts those that measured it; with one record alone the column stays away."""
    post = drawn.root / "public" / "posts" / "threads-vs-processes" / "index.html"
    hugo.build(drawn)
    html, rows = rows_of(drawn)
    assert [row[0] for row in rows if row[0].endswith("Ampere Altra")] == [
        "CPython 3.11.7 Ampere Altra",
        "CPython 3.13.5，无GIL Ampere Altra",
        "CPython 3.14.8 Ampere Altra",
    ]
    assert f'href="/records/others/{NAME}.json"' in html
    assert rows[-1][0].startswith("作者2019年的机器")
    assert rows[-1][1:] == ["", "", "", "约24", "约5", "≥ 4", "4亿", ""]

    (table,) = pages.parse(post.read_text("utf-8")).find("table", "claims")
    said = {}
    for path in drawn.machines.glob("*.json"):
        verdicts = json.loads(path.read_text("utf-8"))["interpreters"][0]["verdicts"]
        for claim, verdict in verdicts.items():
            said.setdefault(claim, []).append(verdict)
    measured = {claim: [v for v in all_ if v != "not_applicable"] for claim, all_ in said.items()}
    shown = [next(cell.find("span")).text for cell in table.find("td", "records")]
    assert len(shown) == len(measured) > 10
    counts = [f"{v.count('holds')}/{len(v)}" for v in measured.values()]
    assert sorted(shown) == sorted(counts)
    (drawn.machines / f"{NAME}.json").unlink()
    hugo.build(drawn)
    assert "份记录里有" not in post.read_text("utf-8")
