"""make check: everything that does not agree is named, each with its cure; nothing is written."""

import json

import pytest

from scripts import derive, fileset
from scripts.check import problems
from scripts.errors import BlogError
from scripts.measure.run import code_sha256
from scripts.record import sha256
from tests.conftest import edit, run
from tests.factory import make_record

POST = "content/posts/threads-vs-processes/index.md"
RECORD = "static/records/generated-cpu-2-cores.json"
STALE_CODE = (
    f"stale: scripts/measure/ was changed after {RECORD} was measured (measure again: make figures)"
)


@pytest.fixture
def agreed(project):
    """A project about which there is nothing to say: its record claims the code of today."""
    edit(project.root / RECORD, make_record().code_sha256, code_sha256())
    fileset.recover(project.root, project.stage)
    derive.redraw(project)
    return project


def test_a_set_that_agrees(agreed):
    """Nothing to say, status 0, and no file is touched."""
    before = {path: path.stat().st_mtime_ns for path in agreed.root.rglob("*")}
    assert problems(agreed) == []
    assert {path: path.stat().st_mtime_ns for path in agreed.root.rglob("*")} == before
    done = run(agreed, "check")
    assert (done.returncode, done.stdout) == (0, "record, figures, data and posts agree\n")


def test_a_record_of_other_measuring_code_is_stale(project):
    """The generated record was not measured with the code of today."""
    assert problems(project) == [STALE_CODE]


def test_a_number_edited_by_hand_is_shown_as_a_diff(agreed):
    """Old and new line of the post, and the cure."""
    text = json.loads(agreed.measured.read_text())["values"]["cpu_bound.threads.wall_s"]["text"]
    marker = '{{< measured "cpu_bound.threads.wall_s" >}}'
    edit(agreed.root / POST, f"{marker}{text}{{{{< /measured", f"{marker}99.9{{{{< /measured")
    (problem,) = problems(agreed)
    lines = problem.splitlines()
    assert lines[:2] == [f"--- {POST}", f"+++ {POST}, by the record"]
    assert any(line.startswith("-") and f"{marker}99.9" in line for line in lines)
    assert any(line.startswith("+") and f"{marker}{text}" in line for line in lines)
    assert lines[-1] == "(run make redraw)"
    done = run(agreed, "check")
    assert (done.returncode, done.stderr) == (1, problem + "\n")


def test_data_edited_by_hand_is_shown_as_a_diff(agreed):
    """Also a number that no post quotes."""
    edit(agreed.measured, '"n": 5', '"n": 50')
    (problem,) = problems(agreed)
    assert problem.startswith("--- data/measured.json\n+++ data/measured.json, by the record\n")
    assert '-   "n": 50,\n+   "n": 5,' in problem


def test_a_record_edited_by_hand(agreed):
    """The hash of the record is in data/measured.json."""
    edit(agreed.root / RECORD, '"wall_s": ', '"wall_s": 1')
    assert f"{RECORD}: was changed after the figures were drawn (run make redraw)" in problems(
        agreed
    )


def test_pictures_missing_changed_and_mixed(agreed):
    """One line each: not there, not as drawn, of another run."""
    folder = agreed.pictures
    (folder / "thres_vs_process.svg").unlink()
    edit(folder / "thres_vs_process-dark.svg", "</svg>", "<!-- nicer --></svg>")
    path = folder / "thres_vs_process2.svg"
    own = make_record().run_id
    other = own[:-8] + "ffffffff"
    path.write_text(path.read_text().replace(own, other))
    assert problems(agreed) == [
        "static/post_imgs/thres_vs_process.svg: is missing (run make redraw)",
        "static/post_imgs/thres_vs_process-dark.svg: is not the picture that was drawn"
        " (run make redraw)",
        f"mixed: static/post_imgs/thres_vs_process2.svg is of run {other}, the record of {own}"
        " (run make redraw)",
    ]


def test_other_sizes_in_the_settings_make_the_record_stale(agreed):
    """Only the number of rounds may differ, since it may be asked for at the command line."""
    edit(agreed.config, "additions: 100000000", "additions: 5000")
    edit(agreed.config, "rounds: 5", "rounds: 7")
    assert problems(agreed) == [
        "stale: config.yaml: additions is 5000, the record was measured with 100000000"
        " (measure again: make figures)"
    ]


def test_a_claim_that_no_text_uses(agreed):
    """A conclusion nobody reads is a mistake."""
    claim = "lonely: {key: run.rounds, above: 1, text: {zh: 一, en: one}}\n"
    agreed.claims.write_text(claim + agreed.claims.read_text())
    fileset.recover(agreed.root, agreed.stage)
    derive.redraw(agreed)
    assert problems(agreed) == [
        "data/claims.yaml:1: no text uses 'lonely' (use it in a post, or delete it)"
    ]


def test_a_record_of_another_machine(agreed):
    """A record under another machine's name is refused."""
    wrong = agreed.records / "another-cpu-8-cores.json"
    (agreed.root / RECORD).rename(wrong)
    edit(agreed.measured, RECORD, "static/records/another-cpu-8-cores.json")
    with pytest.raises(BlogError) as caught:
        problems(agreed)
    assert "the record is of another machine: generated-cpu-2-cores" in str(caught.value)


def test_nothing_measured_yet(project):
    """One line that says what to run."""
    project.measured.unlink()
    done = run(project, "check")
    assert done.returncode == 1
    assert done.stderr == ("data/measured.json: is missing (run make redraw, or make figures)\n")


def test_redrawing_is_deterministic(agreed):
    """The same record gives the same files, byte for byte."""

    def digests():
        files = [
            *agreed.pictures.iterdir(),
            agreed.measured,
            *agreed.posts(),
            *agreed.records.iterdir(),
        ]
        return {path.name: sha256(path.read_bytes()) for path in files}

    before = digests()
    fileset.recover(agreed.root, agreed.stage)
    derive.redraw(agreed)
    assert digests() == before
