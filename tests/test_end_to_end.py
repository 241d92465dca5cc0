"""The whole way, with real parts: a QUICK run on this machine, and a real Hugo build."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from scripts.project import Project
from tests.conftest import ROOT, copy_sources, edit, run

POST = "content/posts/threads-vs-processes/index.md"
PAGE = "public/posts/threads-vs-processes/index.html"


def snapshot(project: Project) -> dict[str, bytes]:
    """Everything that `make figures` may change."""
    files = [project.measured, *project.posts()]
    files += [*project.records.glob("*"), *project.pictures.glob("*")]
    return {project.relative(path): path.read_bytes() for path in files if path.exists()}


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A project after a real QUICK run of one round and of small pools, and what the run said."""
    project = copy_sources(tmp_path_factory.mktemp("quick"))
    for size, smaller in (("workers: 4", 2), ("jobs: 4", 2), ("io_wait_ms: 5", 1)):
        edit(project.config, f"    {size}", f"    {size.split()[0]} {smaller}")
    edit(project.root / POST, "## ", "一句作者的话。\\1 \\g<0> {{ }}\n\n## ")
    done = run(project, "figures", "--quick", "--rounds", "1", "--force")
    assert done.returncode == 0, done.stderr
    return project, done


def test_a_quick_run_measures_draws_embeds_and_builds(quick):
    """Record, figures, data, post and page are of one run, and say that it was a quick one."""
    project, done = quick
    data = json.loads(project.measured.read_text())
    record = json.loads((project.root / data["record"]).read_text())
    assert record["run_id"] == data["run_id"] and record["quick"] and data["quick"]
    assert {sample["experiment"] for sample in record["samples"]} >= {"cpu_bound", "interleaving"}
    assert "QUICK RUN" in done.stdout and "for loop" in done.stdout
    post = (project.root / POST).read_text()
    text = data["values"]["cpu_bound.threads.wall_s"]["text"]
    assert f'{{{{< measured "cpu_bound.threads.wall_s" >}}}}{text}{{{{< /measured >}}}}' in post
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
    """The estimate comes first; each line tells round, step, elapsed and left."""
    _, done = quick
    notes = done.stderr.splitlines()
    estimate = next(line for line in notes if "timed runs on" in line)
    assert re.fullmatch(r"\d+ timed runs on .+: about .*\d+ s", estimate)
    steps = [line for line in notes if line.startswith("round ")]
    assert re.fullmatch(
        r"round 1 of 1: \w+ \w+.* with python[\d.]+t?; \d+ s elapsed, about .*\d+ s left", steps[0]
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
        if path.parent.name not in ("cpu_bound", "interleaving", "control"):
            path.unlink()
    # Nor the way that takes seconds to start.
    edit(project.root / "scripts" / "measure" / "executors.py", '"distributed"', '"not_installed"')
    text = re.sub(r"(?m)^(    \w+: )\d+", r"\g<1>2", project.config.read_text())
    project.config.write_text(text)
    return project


def start(project: Project) -> subprocess.Popen:
    """A run of `make figures` in the background, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", "figures", "--force"],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_run_that_is_killed_goes_on_and_leaves_the_old_set(tiny):
    """After kill -9 in the second round all is as before; the next call keeps the first round."""
    edit(tiny.config, "rounds: 2", "rounds: 3")
    before = snapshot(tiny)
    going = start(tiny)
    for line in going.stderr:
        if line.startswith("round 2"):
            break
    going.send_signal(signal.SIGKILL)
    going.wait()
    assert snapshot(tiny) == before
    again = run(tiny, "figures", "--force")
    assert again.returncode == 0, again.stderr
    assert re.search(r"^going on with the run of .+Z: rounds there: 1$", again.stderr, re.M)
    record = json.loads((tiny.root / json.loads(tiny.measured.read_text())["record"]).read_text())
    rounds = [s["round"] for s in record["samples"] if s["experiment"] == "cpu_bound"]
    assert sorted(set(rounds)) == [1, 2, 3] and len(rounds) % 3 == 0
    assert not (tiny.run / "journal.jsonl").exists()


def test_ctrl_c_is_one_line_and_leaves_the_old_set(tiny):
    """Status 130, no traceback, and the finished rounds are kept."""
    before = snapshot(tiny)
    going = start(tiny)
    for line in going.stderr:
        if line.startswith("round 2"):
            break
    going.send_signal(signal.SIGINT)
    said = going.communicate(timeout=30)[1].splitlines()[-1]
    assert going.returncode == 130
    assert said == "stopped; finished rounds are kept, make figures goes on from there"
    assert snapshot(tiny) == before
    assert (tiny.run / "journal.jsonl").exists()


def test_the_author_writes_while_a_run_is_going(tiny):
    """Words saved in the middle of a run are in the post at its end, with the new numbers."""
    going = start(tiny)
    for line in going.stderr:
        if line.startswith("round 1"):
            break
    edit(tiny.root / POST, "## ", "刚刚写下的一段。\n\n## ")
    assert going.wait(timeout=120) == 0
    assert "刚刚写下的一段。\n" in (tiny.root / POST).read_text()
    assert "lastmod: 2000-01-01" not in (tiny.root / POST).read_text()


def test_two_runs_at_once(tiny):
    """The second one refuses, naming the first."""
    going = start(tiny)
    going.stderr.readline()
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
