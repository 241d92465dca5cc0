"""The whole way, with real parts: a QUICK run on this machine, and a real Hugo build."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from scripts import experiments
from scripts.experiments.settings import Settings
from scripts.project import Project
from scripts.record import Record, load
from tests.conftest import ROOT, copy_checkout, edit, run

POST = "content/posts/threads-vs-processes/index.md"
PAGE = "public/posts/threads-vs-processes/index.html"
NUMBER = "cpu_bound.threads.wall_s"
FIGURES = ("figures", "--force", "--rounds", "2")
TINY = ("cpu_bound", "interleaving", "control")
PYTHON = sys.executable
SIZES = dataclasses.asdict(Settings())


def snapshot(project: Project) -> dict[str, bytes]:
    """Everything that `make figures` may change."""
    files = [project.measured, *project.posts()]
    files += [*project.records.rglob("*"), *project.pictures.glob("*")]
    return {project.relative(path): path.read_bytes() for path in files if path.is_file()}


def set_sizes(project: Project, **sizes: int) -> None:
    """Let config.yaml say these sizes, and all others as before."""
    text = project.config.read_text(encoding="utf-8")
    names = "|".join(sizes)
    text = re.sub(rf"(?m)^    (?:{names}): .*\n", "", text)
    lines = "".join(f"    {name}: {size}\n" for name, size in sizes.items())
    text = text.replace("  benchmark:\n", f"  benchmark:\n{lines}")
    project.config.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A project after a real QUICK run of one round and of small pools, and what the run said."""
    project = copy_checkout(tmp_path_factory.mktemp("quick"))
    set_sizes(project, workers=2, jobs=2, pipeline_units=1)
    edit(project.root / POST, "\n## ", "\n一句作者的话。\\1 \\g<0> {{ }}\n\n## ")
    done = run(project, "figures", "--quick", "--rounds", "1", "--force", "--runtimes", PYTHON)
    assert done.returncode == 0, done.stderr
    return project, done


def test_a_quick_run_measures_draws_embeds_and_builds(quick):
    """Record, figures, data, post and page are of one run, and say that it was a quick one."""
    project, done = quick
    data = json.loads(project.measured.read_text())
    record = load(project.root / data["record"])
    assert record.run_id == data["run_id"] and record.quick and data["quick"]
    assert {sample.experiment for sample in record.samples} == set(experiments.declarations())
    assert len(record.sessions) == 1
    assert "QUICK RUN" in done.stdout and "for loop" in done.stdout
    post = (project.root / POST).read_text()
    text = data["values"][NUMBER]["text"]
    assert f'{{{{< measured "{NUMBER}" >}}}}{text}{{{{< /measured >}}}}' in post
    assert f"lastmod: {data['finished']} # measured" in post
    assert "一句作者的话。\\1 \\g<0> {{ }}\n" in post

    checked = run(project, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    built = run(project, "site")
    assert (built.returncode, built.stderr) == (0, "")
    page = (project.root / PAGE).read_text()
    assert f">{text}</data>" in page and "快速试跑" in page
    assert "def naive_add" in re.sub(r"<[^>]+>", "", page)


def test_progress_is_a_plain_log_where_there_is_no_terminal(quick):
    """What is measured and why comes first, with the estimate; a line tells how far it is."""
    _, done = quick
    head, reason, estimate, *rest = done.stderr[done.stderr.index("session 1 on") :].splitlines()
    assert re.fullmatch(r"session 1 on .+ with python[\d.]+t?; rounds of each:", head)
    rounds = {name: "1–2" if name == "interleaving" else "1" for name in experiments.declarations()}
    each = ", ".join(f"{name} {count}" for name, count in sorted(rounds.items()))
    assert reason == f"  small sizes stand alone: {each}"
    assert re.fullmatch(r"  \d+ timed arms, about .*\d+ s", estimate)
    assert re.fullmatch(
        r"0 %, about .*\d+ s left: \w+ \w+.* with python[\d.]+t?, round 1 of 1", rest[0]
    )


def test_no_trace_of_the_host_is_in_what_is_published(quick):
    """No host name, user's home or path of the checkout."""
    project, _ = quick
    files = snapshot(project).items()
    published = "".join(data.decode() for name, data in files if not name.endswith(".png"))
    for private in (os.uname().nodename, str(project.root), str(ROOT)):
        assert not re.search(rf"\b{re.escape(private)}\b", published)


@pytest.fixture
def tiny(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose whole run is a matter of seconds: few experiments, small sizes, one Python.

    Asking every Python on PATH what it is takes longer than such a run.
    """
    monkeypatch.setenv("PATH", os.defpath)
    for path in (project.root / "scripts" / "experiments").glob("*/measure.py"):
        if path.parent.name not in TINY:
            path.unlink()
    for path in (project.root / "scripts" / "experiments").glob("*/numbers.py"):
        if path.parent.name not in TINY:
            path.unlink()
    # Nor the ways that take seconds to start.
    for module, library in (("cluster", "distributed"), ("parallel", "joblib")):
        path = project.root / "scripts" / "measure" / f"{module}.py"
        edit(path, f"from {library}", "from nowhere")
    set_sizes(project, **{name: min(size, 2) for name, size in SIZES.items()})
    return project


def start(project: Project) -> subprocess.Popen:
    """A run of `make figures` in the background, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", *FIGURES],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_arms(project: Project, going: subprocess.Popen, count: int) -> None:
    """Wait until so many arms are on the disk."""
    journal = project.run / "journal.jsonl"
    while not journal.exists() or journal.read_text(encoding="utf-8").count("\n") <= count:
        assert going.poll() is None
        time.sleep(0.01)


def test_a_further_run_adds_a_session_or_measures_what_changed(tiny):
    """The second run adds a session, and so does not measure less than before; after one size was
    changed only that experiment is measured; FRESH=1 begins anew."""
    first = measured(tiny)
    assert len(first.sessions) == 1
    second = measured(tiny)
    assert second.sessions[:1] == first.sessions and len(second.sessions) == 2
    set_sizes(tiny, ticks=3)
    third = measured(tiny)
    assert [one.id for one in third.sessions[:2]] == [one.id for one in second.sessions]
    assert {one.experiment for one in third.samples if one.session == 3} == {"interleaving"}
    assert not [
        one
        for one in third.samples
        if one.session < 3 and one in third.select("interleaving", one.case)
    ]
    assert run(tiny, "check").returncode == 0
    assert len(measured(tiny, "--fresh").sessions) == 1


def measured(project: Project, *arguments: str) -> Record:
    """The record after one more `make figures`."""
    done = run(project, *FIGURES, *arguments)
    assert done.returncode == 0, done.stderr
    return load(project.current_record())


def test_a_run_that_is_killed_goes_on_and_leaves_the_old_set(tiny):
    """After kill -9 all is as before; the next call keeps the arms that were done."""
    before = snapshot(tiny)
    going = start(tiny)
    wait_for_arms(tiny, going, 9)
    going.send_signal(signal.SIGKILL)
    going.communicate()
    assert snapshot(tiny) == before
    again = run(tiny, *FIGURES)
    assert again.returncode == 0, again.stderr
    (arms,) = re.findall(r"^going on with the session of .+Z: (\d+) arms$", again.stderr, re.M)
    assert int(arms) >= 6
    record = load(tiny.current_record())
    rounds = [one.round for one in record.select("cpu_bound", "threads", size="short")]
    assert (rounds, len(record.sessions)) == ([1, 2], 1)
    assert not (tiny.run / "journal.jsonl").exists()


def test_ctrl_c_is_one_line_and_leaves_the_old_set(tiny):
    """Status 130, no traceback, and the finished rounds are kept."""
    before = snapshot(tiny)
    going = start(tiny)
    wait_for_arms(tiny, going, 2)
    going.send_signal(signal.SIGINT)
    said = going.communicate(timeout=30)[1].splitlines()[-1]
    assert going.returncode == 130
    assert said == "stopped; finished rounds are kept, make figures goes on from there"
    assert snapshot(tiny) == before
    assert (tiny.run / "journal.jsonl").exists()


def test_the_author_writes_while_a_run_is_going(tiny):
    """Words saved in the middle of a run are in the post at its end, with the new numbers."""
    before = tiny.load_measured()["finished"]
    going = start(tiny)
    wait_for_arms(tiny, going, 2)
    edit(tiny.root / POST, "\n## ", "\n刚刚写下的一段。\n\n## ")
    going.communicate(timeout=120)
    assert going.returncode == 0
    assert "刚刚写下的一段。\n" in (tiny.root / POST).read_text()
    assert f"lastmod: {before} # measured" not in (tiny.root / POST).read_text()


def test_two_runs_at_once(tiny):
    """The second one refuses, naming the first."""
    going = start(tiny)
    wait_for_arms(tiny, going, 1)
    second = run(tiny, "figures", "--force")
    going.send_signal(signal.SIGINT)
    going.communicate(timeout=30)
    assert second.returncode == 1
    assert second.stderr == (
        f"another make figures is running (pid {going.pid}) (wait until it has ended)\n"
    )


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (
            "config.yaml",
            "    workers: 4",
            "    workers: 0",
            "config.yaml:{line}: params.benchmark: workers is 0",
        ),
        (
            "config.yaml",
            "    workers: 4",
            "    workrs: 4",
            "did you mean 'workers'? (mend that line)",
        ),
        (POST, "{{< /measured >}}", "", f"{POST}:{{line}}: "),
        (
            POST,
            'measured "cpu_bound.threads.wall_s"',
            'measured "cpu_bound.thread.wall_s"',
            f'{POST}:{{line}}: unknown key "cpu_bound.thread.wall_s"'
            ' (write "cpu_bound.threads.wall_s")',
        ),
        ("data/claims.yaml", "\n  above:", "\n  abuve:", "data/claims.yaml:"),
        (
            "data/claims.yaml",
            "processes-beat-threads:\n  key: cpu_bound.threads_over_processes",
            "processes-beat-threads:\n  key: cpu_bound.threads_over_process",
            "data/claims.yaml:{line}: claim 'processes-beat-threads': there is no key"
            " 'cpu_bound.threads_over_process'; did you mean 'cpu_bound.threads_over_processes'?",
        ),
    ],
)
def test_bad_input_is_refused_before_anything_is_measured(project, file, before, after, said):
    """One line, status 1, nothing changed, at once."""
    path = project.root / file
    line = path.read_text()[: path.read_text().index(before)].count("\n") + 1
    edit(path, before, after)
    files = snapshot(project)
    done = run(project, "figures", "--quick", "--force")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
    assert said.format(line=line) in done.stderr
    assert snapshot(project) == files


def test_hugo_refuses_a_number_edited_by_hand(project):
    """File, line, key, what the text and the data say, and the cure; the old pages stay."""
    assert run(project, "site").returncode == 0
    page = (project.root / PAGE).read_bytes()
    text = project.load_measured()["values"]["cpu_bound.threads.wall_s"]["text"]
    marker = '{{< measured "cpu_bound.threads.wall_s" >}}'
    post = (project.root / POST).read_text()
    line = post[: post.index(marker)].count("\n") + 1
    edit(project.root / POST, f"{marker}{text}", f"{marker}99.9")
    done = run(project, "site")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        f'{POST}:{line}: measured "cpu_bound.threads.wall_s": the text says "99.9",'
        f' data/measured.json says "{text}" (derive again: make redraw)'
    )
    assert (project.root / PAGE).read_bytes() == page
    assert run(project, "redraw").returncode == 0
    assert run(project, "site").returncode == 0


def test_a_worker_that_dies_is_one_line(tiny):
    """A pool that broke names experiment, case and round; the old set stays."""
    suicide = "from multiprocessing import parent_process as p; p() and __import__('os').abort()"
    workload = tiny.root / "scripts" / "measure" / "workloads.py"
    edit(workload, "    total = 0", f"    {suicide}\n    total = 0")
    before = snapshot(tiny)
    done = run(tiny, "figures", "--force")
    assert done.returncode == 1
    assert re.fullmatch(
        r"\w+ \w+.* with python[\d.]+t?, round 1: BrokenProcessPool: .*"
        r" \(run it again: finished rounds are kept\)",
        done.stderr.splitlines()[-1],
    )
    assert snapshot(tiny) == before
