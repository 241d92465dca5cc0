"""A run: which interpreters are measured, what a busy machine does, and what a breakage costs."""

import os
import sys
from pathlib import Path

import pytest

from scripts.experiments.settings import NAMES, Settings
from scripts.record.errors import BlogError
from scripts.runner import disturbance, run
from scripts.runner.progress import PlainLog
from scripts.runner.runtime import kind, pythons_on_path
from tests.factory import make_runtime

TINY = Settings(**{**dict.fromkeys(NAMES, 1), "workers": 2, "jobs": 2})


class Notes(PlainLog):
    """Keeps what was said."""

    def __init__(self):
        super().__init__()
        self.said = []

    def note(self, text):
        """Keep it."""
        self.said.append(text)


@pytest.fixture
def one_experiment(monkeypatch):
    """There is one experiment only, for all interpreters, and nothing that the machine lacks."""
    monkeypatch.setattr(run.preflight, "lacking", lambda *_: [])
    monkeypatch.setattr(run, "code_sha256s", lambda: {"runtimes": "a" * 64})


def fake_python(folder: Path, name: str, body: str) -> Path:
    """An executable shell script that claims to be a Python."""
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    return script


def test_pythons_on_path_are_found_newest_first(tmp_path, monkeypatch):
    """Only names that carry a version count, and free-threaded builds beside the usual ones."""
    for name in ("python3.9", "python3.14t", "python3.14", "python3", "python3.11-config"):
        fake_python(tmp_path / "bin", name, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{tmp_path / 'missing'}")
    assert pythons_on_path() == ["python3.14", "python3.14t", "python3.9"]


def test_kinds_of_interpreters():
    """No GIL comes before interpreters: a build without a GIL is another kind in any case."""
    ways = ("for_loop", "threads", "processes", "interpreters")
    assert kind(make_runtime()) == "GIL"
    assert kind(make_runtime(ways=ways)) == "interpreters"
    assert kind(make_runtime(gil=False, ways=ways)) == "no GIL"


def test_an_interpreter_that_is_missing_is_left_out(tmp_path, one_experiment, plain_python):
    """One line names it; the rest is measured."""
    log = Notes()
    options = run.Options(TINY, force=True, rounds=1, executables=(plain_python, "python0.0"))
    record = run.measure(options, tmp_path / "journal.jsonl", log)
    assert [runtime.version for runtime in record.runtimes] == [sys.version.split()[0]]
    missing = "python0.0: cannot be started: No such file or directory; going on without it"
    assert missing in log.said


def test_an_interpreter_that_breaks_is_left_out(
    tmp_path, one_experiment, plain_python, monkeypatch
):
    """It answers once, then fails: its samples are no part of the record, and the rest goes on."""
    broken = fake_python(
        tmp_path / "bin",
        "python3.99",
        f'test -e {tmp_path}/asked && exit 3; touch {tmp_path}/asked; exec {plain_python} "$@"',
    )
    ask = run._ask_facts

    def renamed(interpreter, executable):
        probe = ask(interpreter, executable)
        if executable == str(broken):
            runtime = run.dataclasses.replace(probe.runtime, id="python3.99")
            probe = run.dataclasses.replace(probe, runtime=runtime)
        return probe

    monkeypatch.setattr(run, "_ask_facts", renamed)
    log = Notes()
    options = run.Options(TINY, force=True, rounds=1, executables=(plain_python, str(broken)))
    record = run.measure(options, tmp_path / "journal.jsonl", log)
    assert len(record.runtimes) == 1 and record.samples
    assert {sample.runtime for sample in record.samples} == {record.runtimes[0].id}
    assert any(
        "the interpreter ended with status 3: it said nothing; going on without python3.99" in said
        for said in log.said
    )


def test_a_value_that_no_record_may_hold(tmp_path, one_experiment, plain_python, monkeypatch):
    """Its case is not measured here; the rest goes on."""
    ask = run.Interpreter.ask

    def below_zero(self, executable, question, limit_s):
        answer = ask(self, executable, question, limit_s)
        if question.get("case") == "threads":
            answer["values"]["wall_s"] = -1.0
        return answer

    monkeypatch.setattr(run.Interpreter, "ask", below_zero)
    log = Notes()
    options = run.Options(TINY, force=True, rounds=1, executables=(plain_python,))
    record = run.measure(options, tmp_path / "journal.jsonl", log)
    cases = {sample.case for sample in record.samples}
    assert "processes" in cases and "threads" not in cases
    reason = "values.wall_s: is no finite number from 0 on: -1.0"
    assert sum(f"not measured here, because {reason}" in said for said in log.said) == 1


def test_none_of_the_interpreters_can_be_used(tmp_path):
    """That is an error, with an example."""
    options = run.Options(TINY, executables=("python0.0",))
    with pytest.raises(BlogError) as caught:
        run.measure(options, tmp_path / "journal.jsonl", Notes())
    assert str(caught.value) == 'none of RUNTIMES can be used (RUNTIMES="python3.11 …")'


def test_a_busy_machine_is_refused_unless_forced(
    tmp_path, one_experiment, plain_python, monkeypatch
):
    """One line before the run, with the way out; with FORCE it is said and measured."""
    monkeypatch.setattr(disturbance, "busy_before", lambda cores: "load 3.1 on 2 cores")
    options = run.Options(TINY, rounds=1, executables=(plain_python,))
    with pytest.raises(BlogError) as caught:
        run.measure(options, tmp_path / "journal.jsonl", Notes())
    assert str(caught.value) == (
        "the machine is busy: load 3.1 on 2 cores (wait, or set FORCE=1; measure.pyz: --force)"
    )
    assert not (tmp_path / "journal.jsonl").exists()
    log = Notes()
    forced = run.dataclasses.replace(options, force=True)
    assert run.measure(forced, tmp_path / "journal.jsonl", log).samples
    assert log.said[0] == (
        "the machine is busy: load 3.1 on 2 cores; measuring all the same, since it is forced"
    )
