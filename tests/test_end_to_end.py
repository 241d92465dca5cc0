"""The whole way, with real parts: a QUICK run on this machine, and a real Hugo build."""

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from scripts import experiments
from scripts.project import Project
from scripts.record import Record, load
from tests.conftest import ROOT, copy_checkout, edit, keep_only, run, set_sizes

POST = "content/posts/threads-vs-processes/index.md"
PAGE = "public/posts/threads-vs-processes/index.html"
NUMBER = "cpu_bound.threads.wall_s"
PYTHON = sys.executable
# What the author writes while a run is going.
WRITTEN = "一句作者的话。\\1 \\g<0> {{ }}\n"
FIGURES = ("figures", "--force", "--runtimes", PYTHON, "--rounds", "2")
TINY = ("cpu_bound", "interleaving")
# How little a QUICK run computes here, and which of its dearest cases it keeps.
LITTLE = {
    "additions": 500_000,
    "short_additions": 100_000,
    "control_additions": 50_000,
    "ticks": 50_000,
    "switch_interval_ticks": 200_000,
    "dictionary_words": 1000,
    "spinner_additions": 100_000,
    "process_count_additions": 20_000,
    "runtimes_additions": 50_000,
}
KEPT = {
    "pipeline": "one.params['step'] in ('fetch', 'features', 'compress')",
    "pool_start": "one.params['library'] == 'none' or one.params['start_method'] == 'spawn'",
    "process_count": "one.params.get('start_method') != 'forkserver'",
}


def snapshot(project: Project) -> dict[str, bytes]:
    """Everything that `make figures` may change."""
    files = [project.measured, *project.posts()]
    files += [*project.records.rglob("*"), *project.pictures.glob("*")]
    return {project.relative(path): path.read_bytes() for path in files if path.is_file()}


def start(project: Project, *arguments: str) -> subprocess.Popen:
    """A run of `make figures` in the background, in a session of its own."""
    return subprocess.Popen(
        [PYTHON, "-m", "scripts", *FIGURES, *arguments],
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


@dataclasses.dataclass(frozen=True)
class Quick:
    """A project after a QUICK run, what that said, and what a second one did meanwhile."""

    project: Project
    pid: int
    out: str
    err: str
    second: subprocess.CompletedProcess


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A real QUICK run of all experiments, of one round and small pools, while the author writes.

    Without the way that takes seconds to start and some other cases, each of which has a test of
    its own; with a dictionary of two words, and no record but its own.
    """
    project = copy_checkout(tmp_path_factory.mktemp("quick"))
    shutil.rmtree(project.others)
    set_sizes(project, workers=2, jobs=2, pipeline_units=1, **LITTLE)
    for name, kept in KEPT.items():
        with (project.root / f"scripts/experiments/{name}/measure.py").open("a") as file:
            file.write("\n\nevery = cases\n\n\ndef cases(*given):\n")
            file.write(f"    return [one for one in every(*given) if {kept}]\n")
    crawl = project.root / "scripts" / "experiments" / "io_threads" / "measure.py"
    edit(crawl, "MOST_PROCESSES, MOST_WORKERS = 64, 1024", "MOST_PROCESSES, MOST_WORKERS = 4, 32")
    edit(project.root / "scripts" / "measure" / "cluster.py", "from distributed", "from nowhere")
    words, segment = project.root / "words", project.root / "scripts/measure/steps/segment.py"
    words.write_text("线程 10 n\n进程 10 n\n", encoding="utf-8")
    for imported in ("import sys, jieba", "    import jieba"):
        edit(segment, imported, f"{imported}; jieba.dt.dictionary = '{words}'")
    going = start(project, "--quick", "--rounds", "1")
    wait_for_arms(project, going, 1)
    edit(project.root / POST, "\n## ", f"\n{WRITTEN}\n## ")
    second = run(project, *FIGURES)
    out, err = going.communicate(timeout=500)
    assert going.returncode == 0, err
    return Quick(project, going.pid, out, err, second)


@pytest.fixture(scope="module")
def built(quick):
    """The same with the pages."""
    done = run(quick.project, "site")
    assert (done.returncode, done.stderr) == (0, "")
    return quick.project


def test_a_quick_run_measures_draws_embeds_and_builds(quick, built):
    """Record, figures, data, post and page are of one run, and say that it was a quick one; words
    saved in the middle of it are in the post at its end."""
    project = built
    data = json.loads(project.measured.read_text())
    record = load(project.root / data["record"])
    assert record.run_id == data["run_id"] and record.quick and data["quick"]
    assert {sample.experiment for sample in record.samples} == set(experiments.declarations())
    assert len(record.sessions) == 1
    assert "QUICK RUN" in quick.out and "for loop" in quick.out
    post = (project.root / POST).read_text()
    text = data["values"][NUMBER]["text"]
    assert f'{{{{< measured "{NUMBER}" >}}}}{text}{{{{< /measured >}}}}' in post
    assert f"lastmod: {data['finished']} # measured" in post
    assert WRITTEN in post
    checked = run(project, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    page = (project.root / PAGE).read_text()
    assert f">{text}</data>" in page and "快速试跑" in page
    assert "def naive_add" in re.sub(r"<[^>]+>", "", page)


def test_progress_is_a_plain_log_where_there_is_no_terminal(quick):
    """What is measured and why comes first, with the estimate; a line tells how far it is."""
    said = quick.err
    head, reason, estimate, *rest = said[said.index("session 1 on") :].splitlines()
    assert re.fullmatch(r"session 1 on .+ with python[\d.]+t?; rounds of each:", head)
    rounds = {name: "1–2" if name == "interleaving" else "1" for name in experiments.declarations()}
    each = ", ".join(f"{name} {count}" for name, count in sorted(rounds.items()))
    assert reason == f"  small sizes stand alone: {each}"
    assert re.fullmatch(r"  \d+ timed arms, about .*\d+ s", estimate)
    form = r"0 %, about .*\d+ s left: (\w+) \w+.* with python[\d.]+t?, round 1 of (\d)"
    first = re.fullmatch(form, rest[0])  # which case comes first is left to chance
    assert first and first[2] in rounds[first[1]]


def test_no_trace_of_the_host_is_in_what_is_published(quick):
    """No host name, user's home or path of the checkout."""
    project = quick.project
    files = snapshot(project).items()
    published = "".join(data.decode() for name, data in files if not name.endswith(".png"))
    for private in (os.uname().nodename, str(project.root), str(ROOT)):
        assert not re.search(rf"\b{re.escape(private)}\b", published)


def test_two_runs_at_once(quick):
    """The second one refuses, naming the first."""
    assert quick.second.returncode == 1
    assert quick.second.stderr == (
        f"another make figures is running (pid {quick.pid}) (wait until it has ended)\n"
    )


def test_runs_go_on_and_add_to_one_another(tmp_path):
    """After Ctrl-C, which is one line with status 130, and after kill -9 the old set stands; the
    next call keeps the arms that were done. A further run adds a session, in which after a size
    was changed only that experiment is measured. FRESH=1 begins anew; a pool that broke is named
    with the reason and left out, and all else is measured."""
    tiny = copy_checkout(tmp_path / "project")
    keep_only(tiny, *TINY)
    before = snapshot(tiny)
    said = stop(tiny, 2, signal.SIGINT, 130).splitlines()[-1]
    assert said == "stopped; finished rounds are kept, make figures goes on from there"
    assert snapshot(tiny) == before
    stop(tiny, 9, signal.SIGKILL, -signal.SIGKILL)
    assert snapshot(tiny) == before

    again = run(tiny, *FIGURES)
    assert again.returncode == 0, again.stderr
    (arms,) = re.findall(r"^going on with the session of .+Z: (\d+) arms$", again.stderr, re.M)
    assert int(arms) >= 6
    first = load(tiny.current_record())
    rounds = [one.round for one in first.select("cpu_bound", "threads", size="short")]
    assert (rounds, len(first.sessions)) == ([1, 2], 1)
    assert not (tiny.run / "journal.jsonl").exists()

    set_sizes(tiny, ticks=3)
    second, _ = measured(tiny)
    assert second.sessions[:1] == first.sessions and len(second.sessions) == 2
    assert {one.experiment for one in second.samples if one.session == 2} == {"interleaving"}
    assert {one.experiment for one in second.samples if one.session == 1} == {"cpu_bound"}
    assert run(tiny, "check").returncode == 0

    suicide = "from multiprocessing import parent_process as p; p() and __import__('os').abort()"
    workload = tiny.root / "scripts" / "measure" / "workloads.py"
    edit(workload, "    total = 0", f"    {suicide}\n    total = 0")
    third, said = measured(tiny, "--fresh")
    assert len(third.sessions) == 1
    why = "not measured here, because not all of its workers came up, or one ended too early"
    left_out = re.findall(rf"^(\w+ \w+) \(.*\) with python[\d.]+t?: {why}$", said, re.M)
    assert left_out == ["cpu_bound processes"] * 2
    cases = {one.case for one in third.samples if one.experiment == "cpu_bound"}
    inside = {"interpreters"} if "interpreters" in third.runtimes[0].ways else set()  # no processes
    assert cases == {"for_loop", "threads", *inside}


def stop(project: Project, arms: int, number: signal.Signals, status: int) -> str:
    """Stop a run after so many arms, which stay; what it said."""
    going = start(project)
    wait_for_arms(project, going, arms)
    going.send_signal(number)
    said = going.communicate(timeout=60)[1]
    assert going.returncode == status
    assert (project.run / "journal.jsonl").exists()
    return said


def measured(project: Project, *arguments: str) -> tuple[Record, str]:
    """The record after one more `make figures`, of one round, and what that said."""
    done = run(project, *FIGURES, "--rounds", "1", *arguments)
    assert done.returncode == 0, done.stderr
    return load(project.current_record()), done.stderr


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A project in which nothing is wrong."""
    return copy_checkout(tmp_path_factory.mktemp("sound"))


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
def test_bad_input_is_refused_before_anything_is_measured(sound, call, file, before, after, said):
    """One line, status 1, nothing changed, at once."""
    path = sound.root / file
    text = path.read_text()
    line = text[: text.index(before)].count("\n") + 1
    edit(path, before, after)
    files = snapshot(sound)
    done = call(sound, "figures", "--quick", "--force")
    left = snapshot(sound)
    path.write_text(text)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
    assert said.format(line=line) in done.stderr
    assert left == files


def test_hugo_refuses_a_number_edited_by_hand(built, call):
    """File, line, key, what the text and the data say, and the cure; the old pages stay."""
    project = built
    page = (project.root / PAGE).read_bytes()
    text = project.load_measured()["values"][NUMBER]["text"]
    marker = f'{{{{< measured "{NUMBER}" >}}}}'
    post = (project.root / POST).read_text()
    line = post[: post.index(marker)].count("\n") + 1
    edit(project.root / POST, f"{marker}{text}", f"{marker}99.9")
    done = call(project, "site")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        f'{POST}:{line}: measured "cpu_bound.threads.wall_s": the text says "99.9",'
        f' data/measured.json says "{text}" (derive again: make redraw)'
    )
    assert (project.root / PAGE).read_bytes() == page
    assert run(project, "redraw").returncode == 0
    assert call(project, "site").returncode == 0
