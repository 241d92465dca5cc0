"""The hash of an experiment follows what runs in its timed processes, and nothing else."""

import dataclasses
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import experiments
from scripts.experiments.settings import NAMES, Settings, quick
from scripts.record.code import SCRIPTS
from scripts.runner.code import code_sha256s, modules_of
from tests.factory import ADDITION_S, make_machine, make_runtime

ROOT = Path(__file__).parents[2]
# A timed process as the runner starts it, which then tells what of ours it has loaded.
CHILD = """
import importlib, json, sys, types
import scripts.measure.child
from scripts.measure.jobs import Case
name, cases, sizes, words = json.load(sys.stdin)
if words:
    import jieba
    jieba.dt.dictionary = words
measure = importlib.import_module(f"scripts.experiments.{name}.measure")
for case in cases:
    measure.run(Case(*case, 0.0), types.SimpleNamespace(**sizes))
print(json.dumps([one for one in sys.modules if one.startswith("scripts.")]))
"""
# They only hold their modules together.
PACKAGES = {"scripts.experiments", "scripts.measure"}
# What is loaded where a library or an interpreter has it, and what the first question needs, which
# asks an interpreter for its facts and its pace.
OPTIONAL = {
    "scripts.measure.cluster",
    "scripts.measure.facts",
    "scripts.measure.meeting_numpy",
    "scripts.measure.parallel",
    "scripts.measure.workloads",
}


@pytest.mark.parametrize("name", experiments.having("measure"))
def test_all_that_is_loaded_is_in_the_hash(name, tmp_path):
    """Read in a real child that does one case of every name, with a dictionary of one word."""
    sizes = quick(Settings(**dict.fromkeys(NAMES, 100)))
    planned = experiments.experiment(name).cases(sizes, make_machine(), make_runtime(), ADDITION_S)
    # Of a step of the pipeline, two items are as good as eighty.
    few = dict.fromkeys(("small", "middle", "large"), 2)
    first = {
        case.name: (case.name, {key: few.get(key, value) for key, value in case.params.items()})
        for case in reversed(planned)
    }
    first.pop("fork_with_thread", None)  # which hangs for two seconds, and loads nothing more
    words = tmp_path / "words"
    words.write_text("线程 10 n\n", encoding="utf-8")
    there = str(words) if name == "pipeline" and importlib.util.find_spec("jieba") else ""
    question = json.dumps([name, list(first.values()), dataclasses.asdict(sizes), there])
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(command, input=question, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    own = {*PACKAGES, f"scripts.experiments.{name}"}
    loaded = set(json.loads(done.stdout.splitlines()[-1])) - own
    hashed = modules_of(name) - own
    assert loaded <= hashed
    assert hashed - loaded <= OPTIONAL


@pytest.fixture
def scripts(tmp_path):
    """A copy of the program to change."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=ignored))


def changed(scripts, *names):
    """The experiments whose hash is another one after these files were changed."""
    before = code_sha256s(scripts)
    for name in names:
        path = scripts / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    after = code_sha256s(scripts)
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


def test_words_pictures_and_progress_ask_for_no_measurement(scripts):
    """Nor do numbers, verdicts, declarations, errors, or the runner."""
    rooms = ("blog", "conclude", "draw", "machines", "publish", "reader", "record", "runner")
    names = [path for room in rooms for path in (scripts / room).rglob("*.py")]
    for part in ("words", "picture", "numbers", "declaration"):
        names += (scripts / "experiments").glob(f"*/{part}.py")
    assert len(names) > 80
    assert changed(scripts, *(path.relative_to(scripts) for path in names)) == set()


def test_what_is_timed_asks_for_that_experiment_alone(scripts):
    """And what several of them run, for these."""
    assert changed(scripts, "experiments/harness/measure.py") == {"harness"}
    assert changed(scripts, "measure/crawler.py", "measure/slow_server.py") >= {"io_threads"}
    assert changed(scripts, "measure/steps/segment.py") == {"pipeline"}
    assert changed(scripts, "measure/child.py") == set(experiments.having("measure"))
