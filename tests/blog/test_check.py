"""make check: everything that does not agree is named, each with its cure; nothing is written."""

import json

import pytest

from scripts.blog import derive, fileset
from scripts.blog.check import problems
from scripts.record import sha256
from scripts.record.errors import BlogError
from tests.conftest import edit, run
from tests.factory import make_record

POST = "content/posts/threads-vs-processes/index.md"
RECORD = "static/records/generated-cpu-2-cores.json"
STALE_PROGRAM = (
    "stale: static/measure.pyz: is not what scripts/, config.yaml and claims make now"
    " (run make redraw)"
)


def test_a_set_that_agrees(project):
    """Nothing to say, status 0, and no file is touched."""
    before = {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}
    assert problems(project) == []
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*")} == before
    done = run(project, "check")
    assert (done.returncode, done.stdout) == (0, "record, figures, data and posts agree\n")


def test_a_record_of_other_measuring_code_is_stale(project):
    """It was measured before the measuring code was changed."""
    edit(project.root / "scripts/measure/workloads.py", "total = 0", "total = 1")
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (
        1,
        f"stale: scripts/measure/ was changed after {RECORD} was measured"
        f" (measure again: make figures)\n{STALE_PROGRAM}\n",
    )


def test_a_number_edited_by_hand_is_shown_as_a_diff(project):
    """Old and new line of the post, and the cure."""
    text = json.loads(project.measured.read_text())["values"]["cpu_bound.threads.wall_s"]["text"]
    marker = '{{< measured "cpu_bound.threads.wall_s" >}}'
    edit(project.root / POST, f"{marker}{text}{{{{< /measured", f"{marker}99.9{{{{< /measured")
    (problem,) = problems(project)
    lines = problem.splitlines()
    assert lines[:2] == [f"--- {POST}", f"+++ {POST}, by the record"]
    assert any(line.startswith("-") and f"{marker}99.9" in line for line in lines)
    assert any(line.startswith("+") and f"{marker}{text}" in line for line in lines)
    assert lines[-1] == "(run make redraw)"
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (1, problem + "\n")


def test_the_program_for_readers_is_compared(project):
    """Another file, other facts about it, or none at all; make redraw mends each."""
    whole = project.pyz.read_bytes()
    project.pyz.write_bytes(whole + b"!")
    assert problems(project) == [STALE_PROGRAM]
    project.pyz.unlink()
    assert problems(project) == ["static/measure.pyz: is missing (run make redraw)"]
    project.pyz.write_bytes(whole)
    edit(project.measured, sha256(whole), "0" * 64)
    assert problems(project) == [
        "data/measured.json: is not about static/measure.pyz as it is (run make redraw)"
    ]
    assert run(project, "redraw").returncode == 0
    assert problems(project) == []


def test_data_edited_by_hand_is_shown_as_a_diff(project):
    """Also a number that no post quotes."""
    edit(project.measured, '"n": 5', '"n": 50')
    (problem,) = problems(project)
    assert problem.startswith("--- data/measured.json\n+++ data/measured.json, by the record\n")
    assert '-   "n": 50,\n+   "n": 5,' in problem


def test_a_record_edited_by_hand(project):
    """The hash of the record is in data/measured.json."""
    edit(project.root / RECORD, '"wall_s": ', '"wall_s": 1')
    assert f"{RECORD}: was changed after the figures were drawn (run make redraw)" in problems(
        project
    )


def test_pictures_missing_changed_and_mixed(project):
    """One line each: not there, not as drawn, of another run."""
    folder = project.pictures
    (folder / "thres_vs_process.svg").unlink()
    edit(folder / "thres_vs_process-dark.svg", "</svg>", "<!-- nicer --></svg>")
    path = folder / "thres_vs_process2.svg"
    own = make_record().run_id
    other = own[:-8] + "ffffffff"
    path.write_text(path.read_text().replace(own, other))
    assert problems(project) == [
        "static/post_imgs/thres_vs_process.svg: is missing (run make redraw)",
        "static/post_imgs/thres_vs_process-dark.svg: is not the picture that was drawn"
        " (run make redraw)",
        f"mixed: static/post_imgs/thres_vs_process2.svg is of run {other}, the record of {own}"
        " (run make redraw)",
    ]


def test_other_sizes_in_the_settings_make_the_record_stale(project):
    """Only the number of rounds may differ, since it may be asked for at the command line."""
    edit(project.config, "additions: 100000000", "additions: 5000")
    edit(project.config, "rounds: 5", "rounds: 7")
    assert problems(project) == [
        "stale: config.yaml: additions is 5000, the record was measured with 100000000"
        " (measure again: make figures)",
        STALE_PROGRAM,
    ]


def test_a_claim_that_no_text_uses(project):
    """A conclusion nobody reads is a mistake."""
    claim = "lonely: {key: run.rounds, above: 1, text: {zh: 一, en: one}}\n"
    project.claims.write_text(claim + project.claims.read_text())
    verdict, of_machine, program, unused = problems(project)
    assert program == STALE_PROGRAM
    assert verdict.startswith("--- data/measured.json\n") and '+  "lonely": {' in verdict
    assert of_machine.startswith("--- data/machines/") and '+    "lonely": "holds",' in of_machine
    assert unused == "data/claims.yaml:1: no text uses 'lonely' (use it in a post, or delete it)"


def test_a_record_of_another_machine(project):
    """A record under another machine's name is refused."""
    wrong = project.records / "another-cpu-8-cores.json"
    (project.root / RECORD).rename(wrong)
    edit(project.measured, RECORD, "static/records/another-cpu-8-cores.json")
    with pytest.raises(BlogError) as caught:
        problems(project)
    assert "the record is of another machine: generated-cpu-2-cores" in str(caught.value)


def test_nothing_measured_yet(project):
    """One line that says what to run."""
    project.measured.unlink()
    done = run(project, "check")
    assert done.returncode == 1
    assert done.stderr == ("data/measured.json: is missing (run make redraw, or make figures)\n")


def test_redrawing_is_deterministic(project):
    """The same record gives the same files, byte for byte."""

    def digests():
        files = [
            *project.pictures.iterdir(),
            project.measured,
            *project.posts(),
            *project.records.iterdir(),
        ]
        return {path.name: sha256(path.read_bytes()) for path in files}

    before = digests()
    fileset.recover(project.root, project.stage)
    derive.redraw(project)
    assert digests() == before
