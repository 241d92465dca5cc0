"""Fresh interpreters: what they answer, and that none stays behind."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.record.errors import BlogError
from scripts.runner.interpreter import Interpreter

ROOT = Path(__file__).parents[2]
SETTINGS = {"rounds": 1, "workers": 2, "jobs": 2, "additions": 1000, "ticks": 100}
CASE = {"do": "case", "experiment": "cpu_bound", "case": "threads", "settings": SETTINGS}


def alive(group):
    """Whether any process of the group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_facts_come_from_inside():
    """The answer tells the version of the interpreter that was asked."""
    with Interpreter() as interpreter:
        answer = interpreter.ask(sys.executable, {"do": "facts"})
    assert answer["facts"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert answer["addition_s"] > 0


def test_a_case_is_run():
    """One span per job comes back."""
    with Interpreter() as interpreter:
        answer = interpreter.ask(sys.executable, {**CASE, "params": {"workers": 2}})
    assert [span[0] for span in answer["spans"]] == [0, 1]
    assert set(answer["values"]) == {"wall_s", "cpu_s"}


def test_a_failure_inside_is_one_line():
    """What goes wrong in the child names the interpreter and the reason."""
    with Interpreter() as interpreter, pytest.raises(BlogError) as caught:
        interpreter.ask(sys.executable, {**CASE, "params": {}})
    assert str(caught.value) == f"{Path(sys.executable).name}: KeyError: 'workers'"


def test_an_interpreter_that_is_not_there():
    """A missing executable is one line."""
    with Interpreter() as interpreter, pytest.raises(BlogError) as caught:
        interpreter.ask("python0.0", {"do": "facts"})
    assert str(caught.value) == "python0.0: cannot be started: No such file or directory"


def test_something_that_is_no_python():
    """A program that answers nonsense is named with what it said last."""
    with Interpreter() as interpreter, pytest.raises(BlogError) as caught:
        interpreter.ask("false", {"do": "facts"})
    assert str(caught.value) == "false: the interpreter ended with status 1: it said nothing"


def has_dask():
    """Whether the optional library is installed."""
    return importlib.util.find_spec("distributed") is not None


HANG = """
import sys
from scripts.measure import interpreter
with interpreter.Interpreter() as fresh:
    watch = fresh._watch
    fresh._watch = lambda group: (watch(group), print(group, flush=True))
    fresh.ask(sys.executable, {question!r})
"""


@pytest.mark.parametrize(
    ("case", "signal_"),
    [
        ("processes", signal.SIGKILL),
        ("processes", signal.SIGINT),
        pytest.param(
            "dask",
            signal.SIGKILL,
            marks=pytest.mark.skipif(not has_dask(), reason="needs the package distributed"),
        ),
    ],
)
def test_nothing_stays_behind_when_the_program_dies(case, signal_, tmp_path):
    """Killed in the middle of a case with a pool of processes, the whole group is gone.

    So is the folder for its temporary files, with all that was in it.
    """
    params = {"workers": 2, "start_method": "fork"}
    settings = {**SETTINGS, "additions": 10**9}
    question = {**CASE, "case": case, "params": params, "settings": settings}
    parent = subprocess.Popen(
        [sys.executable, "-c", HANG.format(question=question)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    group = int(parent.stdout.readline())
    time.sleep(1.5 if case == "dask" else 0.5)
    assert alive(group)
    (folder,) = tmp_path.iterdir()
    (folder / "left").touch()
    parent.send_signal(signal_)
    parent.wait(timeout=10)
    deadline = time.monotonic() + 10
    while (alive(group) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(group) and not folder.exists()
