"""make check: everything that does not agree is named, each with its cure; nothing is written."""

import dataclasses
import json
import re
import shutil

import pytest

from scripts.blog import derive, pictures
from scripts.blog.check import problems
from scripts.record import dumps, load, sha256
from scripts.record.errors import BlogError
from tests.conftest import edit, run

POST = "content/posts/threads-vs-processes/index.md"
STALE_PROGRAM = (
    "stale: static/measure.pyz: is not what scripts/, config.yaml and claims make now"
    " (run make redraw)"
)


def record_of(project):
    """The name of the record that the posts are written from."""
    return project.relative(project.current_record())


def test_a_set_that_agrees(project):
    """Nothing to say, status 0, and no file is touched."""
    before = {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}
    assert problems(project) == []
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*")} == before
    done = run(project, "check")
    assert (done.returncode, done.stdout) == (0, "record, figures, data and posts agree\n")


def test_a_record_of_other_measuring_code_is_stale(project):
    """Experiment by experiment: what was not changed stays measured."""
    edit(project.root / "scripts/experiments/harness/measure.py", "PAIRS = 20", "PAIRS = 21")
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (
        1,
        f"stale: the code of harness was changed after {record_of(project)} was measured"
        f" (measure again: make figures)\n{STALE_PROGRAM}\n",
    )


def test_an_experiment_that_the_record_lacks(project):
    """One that was added later."""
    record = load(project.current_record())
    code = {name: digest for name, digest in record.code.items() if name != "pitfalls"}
    samples = tuple(one for one in record.samples if one.experiment != "pitfalls")
    text = dumps(dataclasses.replace(record, code=code, samples=samples))
    project.current_record().write_text(text, encoding="utf-8")
    assert (
        f"stale: {record_of(project)} holds nothing of pitfalls (measure again: make figures)"
        in problems(project)
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
    (problem,) = problems(project)
    assert problem.startswith("--- data/measured.json\n") and "0" * 64 in problem
    assert run(project, "redraw").returncode == 0
    assert problems(project) == []


def test_data_edited_by_hand_is_shown_as_a_diff(project):
    """Also a number that no post quotes."""
    edit(project.measured, '"n": ', '"n": 90')
    (problem,) = problems(project)
    assert problem.startswith("--- data/measured.json\n+++ data/measured.json, by the record\n")
    assert re.search(r'-   "n": 90(\d+),\n\+   "n": \1,', problem)


def test_a_record_edited_by_hand(project):
    """The hash of the record is in data/measured.json."""
    edit(project.current_record(), '"memory_bytes": ', '"memory_bytes": 1')
    assert (
        f"{record_of(project)}: was changed after the figures were drawn (run make redraw)"
        in problems(project)
    )


def test_pictures_missing_changed_and_mixed(project):
    """One line each: not there, not as drawn, of another run."""
    folder = project.pictures
    (folder / "thres_vs_process.svg").unlink()
    edit(folder / "thres_vs_process-dark.zh.svg", "</svg>", "<!-- nicer --></svg>")
    path = folder / "thres_vs_process2.svg"
    own = load(project.current_record()).run_id
    other = own[:-8] + "ffffffff"
    path.write_text(path.read_text().replace(own, other))
    assert problems(project) == [
        "static/post_imgs/thres_vs_process.svg: is missing (run make redraw)",
        "static/post_imgs/thres_vs_process-dark.zh.svg: is not the picture that was drawn"
        " (run make redraw)",
        f"mixed: static/post_imgs/thres_vs_process2.svg is of run {other}, the record of {own}"
        " (run make redraw)",
    ]


def test_a_picture_that_other_code_drew_is_stale(project):
    """A colour that was changed since; the numbers stay as they are."""
    edit(project.root / "scripts/experiments/runtimes/picture.py", '"""', '"""Other than before. ')
    stale = "stale: thres_vs_process6 was not drawn from this record by this code (run make redraw)"
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (1, f"{stale}\n{STALE_PROGRAM}\n")


def test_other_sizes_in_the_settings_make_the_record_stale(project):
    """Only the minutes may differ: more of them are no other measurement."""
    sizes = load(project.current_record()).settings
    edit(project.config, f"additions: {sizes['additions']}", "additions: 5000")
    edit(project.config, f"minutes: {sizes['minutes']}", "minutes: 7")
    assert problems(project) == [
        "stale: config.yaml: additions is 5000, the record was measured with"
        f" {sizes['additions']} (measure again: make figures)",
        STALE_PROGRAM,
    ]


def test_a_claim_that_no_text_uses(project):
    """A conclusion nobody reads is a mistake."""
    claim = "lonely: {key: run.sessions, above: 0, text: {zh: 一, en: one}}\n"
    project.claims.write_text(claim + project.claims.read_text())
    found = problems(project)
    # One claim more makes the intervals of all of them wider, by which pictures decide.
    count = len(project.load_measured()["figures"])
    assert {one.split(" ")[0] for one in found[:count]} == {"stale:"}
    verdict, *machines, program, unused = found[count:]
    assert program == STALE_PROGRAM
    assert verdict.startswith("--- data/measured.json\n") and '+  "lonely": {' in verdict
    for one in machines:
        assert one.startswith("--- data/machines/") and '+    "lonely": "holds",' in one
    assert unused == "data/claims.yaml:1: no text uses 'lonely' (use it in a post, or delete it)"


def test_a_record_of_another_machine(project):
    """A record under another machine's name is refused."""
    wrong = project.records / "another-cpu-8-cores.json"
    name, slug = record_of(project), project.current_record().stem
    (project.root / name).rename(wrong)
    edit(project.measured, name, "static/records/another-cpu-8-cores.json")
    with pytest.raises(BlogError) as caught:
        problems(project)
    assert f"the record is of another machine: {slug}" in str(caught.value)


def test_nothing_measured_yet(project):
    """One line that says what to run."""
    project.measured.unlink()
    done = run(project, "check")
    assert done.returncode == 1
    assert done.stderr == ("data/measured.json: is missing (run make redraw, or make figures)\n")


def digests(project):
    """What a redraw may change."""
    files = [
        *project.pictures.iterdir(),
        project.measured,
        project.pyz,
        *project.posts(),
        *project.records.glob("*.json"),
    ]
    return {path.name: sha256(path.read_bytes()) for path in files}


def test_redrawing_is_deterministic(project):
    """The same record gives the same files, byte for byte, drawn by whatever process."""
    before = digests(project)
    shutil.rmtree(project.pictures)
    assert run(project, "redraw").returncode == 0
    assert digests(project) == before


def test_redrawing_draws_only_what_changed(project, monkeypatch):
    """Nothing, when nothing did; a picture that is lost or touched, and no other."""
    drawn, draw = [], pictures._draw_jobs

    def noted(jobs, *rest):
        drawn.append([job.stem for job in jobs])
        return draw(jobs, *rest)

    monkeypatch.setattr(pictures, "_draw_jobs", noted)
    before = digests(project)
    derive.redraw(project)
    (project.pictures / "thres_vs_process3.zh.svg").unlink()
    edit(project.pictures / "machines.svg", "</svg>", "<!-- nicer --></svg>")
    derive.redraw(project)
    assert drawn == [[], ["thres_vs_process3", "machines"]]
    assert digests(project) == before
