"""Programs that go wrong, run by every interpreter of this machine: how they end, and say it."""

import contextlib
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from scripts.experiments.pitfalls import measure as pitfalls
from scripts.experiments.pitfalls.declaration import CASES, DECLARATION
from scripts.experiments.pitfalls.measure import ERRORS, PROGRAMS
from scripts.experiments.pitfalls.words import MESSAGES, message
from tests import pythons
from tests.experiments.pipeline.generated import make_machine, make_runtime

ROOT = Path(__file__).parents[3]
# Run by the interpreter in question: the values of every case, and what the program wrote.
WATCH = """
import json, multiprocessing, subprocess, sys
from scripts.experiments.pitfalls import measure
from scripts.measure.jobs import Case
measure.PATIENCE_S = 10
run_program, ended = measure.run_program, []
measure.run_program = lambda *words: ended.append(run_program(*words)) or ended[-1]
told = {"version": sys.version_info[:2]}
for name, (_, method) in measure.PROGRAMS.items():
    case = Case(name, {"start_method": method or multiprocessing.get_start_method()}, 0)
    # Two workers may write into the same line; and on a busy machine the pool of 3.9 and of early
    # 3.11 may wait for ever after a PicklingError.
    for _ in range(5):
        try:
            values = measure.run(case, None).values
        except subprocess.TimeoutExpired:
            continue
        hangs = values["hung_count"] and name != "fork_with_thread"
        if not hangs and measure.ERRORS[values["worker_error_count"]] != "another error":
            break
    told[name] = dict(values, said=ended[-1].stderr)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def watching():
    """All interpreters at work; what a program leaves running is ended."""
    going = {
        name: subprocess.Popen(
            [python, "-c", WATCH], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
        )
        for name, python in pythons.usable().items()
    }
    yield going
    for process in going.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module", params=sorted(pythons.usable()))
def watched(request, watching):
    """What one interpreter makes of all programs."""
    return json.loads(watching[request.param].communicate()[0])


def plain(text):
    """A message without white space, addresses and numbers of processes."""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", " ".join(text.split()))
    return re.sub(r"pid=\d+", "pid=…", text)


def test_the_programs_are_the_declared_cases():
    assert tuple(PROGRAMS) == CASES == tuple(MESSAGES)
    assert set(DECLARATION.values) >= set(DECLARATION.required)


def test_every_interpreter_says_what_is_quoted_of_it(watched):
    """The words of the record are the real ones, version by version."""
    for name in PROGRAMS:
        said = message(name, tuple(watched["version"]))
        assert said in plain(watched[name]["said"]) or name == "no_guard"
    assert "An attempt has been made to start a new process before" in watched["no_guard"]["said"]


def test_every_program_ends_as_it_is_known_for(watched):
    """The lambda cannot be sent, the broken workers break the pool, and the lock is never free."""
    ends = {
        name: (values["hung_count"], ERRORS[values["error_count"]])
        for name, values in watched.items()
        if name != "version"
    }
    assert ends == {
        "lambda": (0, "PicklingError"),
        "no_guard": (0, "BrokenProcessPool"),
        "no_file": (0, "BrokenProcessPool"),
        "fork_with_thread": (1, ""),
        "initializer": (0, "BrokenProcessPool"),
    }
    workers = {name: ERRORS[watched[name]["worker_error_count"]] for name in
               ("no_guard", "no_file", "initializer")}  # fmt: skip
    assert workers == {
        "no_guard": "RuntimeError", "no_file": "AttributeError", "initializer": "ValueError"
    }  # fmt: skip


def test_newer_ones_warn_of_a_fork_with_threads(watched):
    warned = watched["fork_with_thread"]["warned_count"]
    assert warned == (tuple(watched["version"]) >= (3, 12))


def test_each_is_run_once_in_a_session_where_there_is_its_start_method(monkeypatch):
    found = pitfalls.cases(None, make_machine(2), make_runtime(), 3e-8)
    assert {case.name: case.params["start_method"] for case in found} == {
        "lambda": "fork",
        "no_guard": "spawn",
        "no_file": "spawn",
        "fork_with_thread": "fork",
        "initializer": "fork",
    }
    assert {case.rounds for case in found} == {1}
    monkeypatch.setattr(pitfalls.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    found = pitfalls.cases(None, make_machine(2), make_runtime(start_method="spawn"), 3e-8)
    assert "fork_with_thread" not in {case.name for case in found}


def test_errors_are_found_by_the_ends_of_tracebacks():
    text = (
        "x.y.BrokenProcessPool: gone\n  ValueError: quoted\nRuntimeError: \nOddError\nError in it"
    )
    assert [ERRORS[place] for place in pitfalls.errors_in(text)] == [
        "BrokenProcessPool",
        "RuntimeError",
        "another error",
    ]
