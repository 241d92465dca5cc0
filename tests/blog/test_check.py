"""make check: everything that does not agree is named, each with its cure; nothing is written."""

import dataclasses
import json
import re
import shutil

import pytest

from scripts.blog import derive, pictures
from scripts.blog.check import problems
from scripts.project import records_in
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


def times(project):
    """When each file was changed, but for compiled ones."""
    files = (path for path in project.root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path: path.stat().st_mtime_ns for path in files}


def check_says(project, *said):
    """`make check` finds just this, and touches no file."""
    before = times(project)
    done = run(project, "check")
    assert (done.stderr, done.returncode) == ("".join(f"{one}\n" for one in said), bool(said))
    assert done.stdout == ("" if said else "record, figures, data and posts agree\n")
    assert times(project) == before


def test_a_set_that_agrees(project):
    """Nothing to say, and status 0."""
    check_says(project)


def test_what_other_code_or_sizes_made_is_stale(project):
    """Measured: by experiment. Drawn: by picture. More minutes are no other measurement."""
    edit(project.root / "scripts/experiments/harness/measure.py", "PAIRS = 20", "PAIRS = 21")
    edit(project.root / "scripts/experiments/runtimes/picture.py", '"""', '"""Other than before. ')
    sizes = load(project.current_record()).settings
    edit(project.config, f"additions: {sizes['additions']}", "additions: 5000")
    edit(project.config, f"minutes: {sizes['minutes']}", "minutes: 7")
    check_says(
        project,
        f"stale: the code of harness was changed after {record_of(project)} was measured"
        " (measure again: make figures)",
        "stale: config.yaml: additions is 5000, the record was measured with"
        f" {sizes['additions']} (measure again: make figures)",
        *(
            f"stale: {folder}thres_vs_process6 was not drawn from this record by this code"
            " (run make redraw)"
            for folder in ("", *(f"{path.stem}/" for path in records_in(project.readings)))
        ),
        STALE_PROGRAM,
    )


def test_a_record_edited_by_hand_or_before_an_experiment(project):
    """Its hash is in data/measured.json; an experiment may have been added later."""
    name, record = record_of(project), load(project.current_record())
    code = {name: digest for name, digest in record.code.items() if name != "pitfalls"}
    samples = tuple(one for one in record.samples if one.experiment != "pitfalls")
    text = dumps(dataclasses.replace(record, code=code, samples=samples))
    project.current_record().write_text(text, encoding="utf-8")
    assert problems(project)[:2] == [
        f"{name}: was changed after the figures were drawn (run make redraw)",
        f"stale: {name} holds nothing of pitfalls (measure again: make figures)",
    ]


def test_what_was_edited_by_hand_is_shown_as_a_diff(project):
    """In a post; in the data, also what no post quotes. A picture or the program is only named."""
    text = json.loads(project.measured.read_text())["values"]["cpu_bound.threads.wall_s"]["text"]
    marker = '{{< measured "cpu_bound.threads.wall_s" >}}'
    edit(project.root / POST, f"{marker}{text}{{{{< /measured", f"{marker}99.9{{{{< /measured")
    edit(project.measured, '"n": ', '"n": 90')
    project.pyz.write_bytes(project.pyz.read_bytes() + b"!")
    folder = project.pictures
    (folder / "thres_vs_process.svg").unlink()
    edit(folder / "thres_vs_process-dark.zh.svg", "</svg>", "<!-- nicer --></svg>")
    own = load(project.current_record()).run_id
    other = own[:-8] + "ffffffff"
    edit(folder / "thres_vs_process2.svg", own, other)
    edit(folder / "thres_vs_process2.trace.json", '"dur": ', '"dur": 1')
    *rest, data, program, post = problems(project)
    assert rest == [
        "static/post_imgs/thres_vs_process.svg: is missing (run make redraw)",
        "static/post_imgs/thres_vs_process-dark.zh.svg: is not the picture that was drawn"
        " (run make redraw)",
        f"mixed: static/post_imgs/thres_vs_process2.svg is of run {other}, the record of {own}"
        " (run make redraw)",
        "static/post_imgs/thres_vs_process2.trace.json: is not the picture that was drawn"
        " (run make redraw)",
    ]
    assert data.startswith("--- data/measured.json\n+++ data/measured.json, by the record\n")
    assert re.search(r'-   "n": 90(\d+),\n\+   "n": \1,', data)
    assert program == STALE_PROGRAM
    lines = post.splitlines()
    assert lines[:2] == [f"--- {POST}", f"+++ {POST}, by the record"]
    assert any(line.startswith("-") and f"{marker}99.9" in line for line in lines)
    assert any(line.startswith("+") and f"{marker}{text}" in line for line in lines)
    assert lines[-1] == "(run make redraw)"


def test_the_program_for_readers_is_compared(project):
    """None at all, or other facts about it, like a trace of another run; make redraw mends it."""
    trace = project.pictures / "thres_vs_process2.trace.json"
    own, other = load(project.current_record()).run_id, "20000102T000000Z-00000001"
    edit(trace, own, other)
    digest = sha256(project.pyz.read_bytes())
    project.pyz.unlink()
    edit(project.measured, digest, "0" * 64)
    mixed, data, program = problems(project)
    shown = project.relative(trace)
    assert mixed == f"mixed: {shown} is of run {other}, the record of {own} (run make redraw)"
    assert data.startswith("--- data/measured.json\n") and "0" * 64 in data
    assert program == "static/measure.pyz: is missing (run make redraw)"
    edit(trace, other, own)
    assert run(project, "redraw").returncode == 0
    assert problems(project) == []


def test_a_claim_that_no_text_uses(project):
    """A conclusion nobody reads is a mistake."""
    claim = "lonely: {key: run.sessions, above: 0, text: {zh: 一, en: one}}\n"
    project.claims.write_text(claim + project.claims.read_text())
    *found, program, unused = problems(project)
    # One claim more makes the intervals of all of them wider, by which pictures decide.
    stale = [one for one in found if one.startswith("stale: ")]
    readings = [derive.figures_of(path) for path in records_in(project.readings)]
    assert len(stale) == sum(map(len, [project.load_measured()["figures"], *readings]))
    added = {"data/measured.json": '+  "lonely": {'}
    added |= dict.fromkeys(map(project.relative, records_in(project.machines)), '+    "lonely": "')
    added |= dict.fromkeys(map(project.relative, records_in(project.readings)), '+  "lonely": {')
    diffs = [one for one in found if one not in stale]
    assert [one.split("\n")[0] for one in diffs] == [f"--- {name}" for name in added]
    assert all(line in one for line, one in zip(added.values(), diffs, strict=True))
    assert program == STALE_PROGRAM
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
    """Nothing, when nothing did; a picture that is lost or touched, or its trace, and no other."""
    drawn, draw = [], pictures._draw_jobs

    def noted(jobs, *rest):
        drawn.append([job.stem for job in jobs])
        return draw(jobs, *rest)

    monkeypatch.setattr(pictures, "_draw_jobs", noted)
    before = digests(project)
    derive.redraw(project)
    assert drawn == []
    (project.pictures / "machines.svg").unlink()
    edit(project.pictures / "thres_vs_process2.trace.json", '"dur": ', '"dur": 1')
    card = project.pictures / "card.png"
    card.write_bytes(card.read_bytes() + b"!")
    derive.redraw(project)
    assert [*filter(None, drawn)] == [["thres_vs_process2", "machines", "card"]]
    assert digests(project) == before
