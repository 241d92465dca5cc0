"""The process that is timed: what it is asked, what it answers, and what it has loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASE = {
    "do": "case",
    "module": "scripts.experiments.control.measure",
    "case": "a",
    "params": {"workers": 1, "pool": "none", "kind": "for_loop"},
    "settings": {"jobs": 2, "control_additions": 1000},
}


def ask(question, *options):
    """What a fresh interpreter answers, and its exit code."""
    done = subprocess.run(
        [sys.executable, *options, "-m", "scripts.measure.child"],
        input=json.dumps(question),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout), done.returncode


def test_a_case_tells_its_values_and_the_core_on_which_it_began():
    """The sizes are handed over as they are."""
    answer, status = ask(CASE)
    assert status == 0
    assert set(answer["values"]) == {"wall_s", "cpu_s"}
    assert answer["spans"] == [] and answer["core"] in range(-1, os.cpu_count())


def test_facts_are_those_of_the_interpreter_that_answers():
    """With what an addition takes here."""
    answer, status = ask({"do": "facts"})
    assert status == 0
    assert answer["facts"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert {"for_loop", "threads", "processes"} <= set(answer["facts"]["ways"])
    assert 1e-9 < answer["addition_s"] < 1e-5


def test_what_goes_wrong_is_an_answer_of_one_line():
    """Its kind and its text."""
    answer, status = ask({**CASE, "settings": {}})
    assert status == 1
    assert answer == {
        "error": "AttributeError: 'types.SimpleNamespace' object has no attribute "
        "'control_additions'"
    }


def test_a_library_that_was_loaded_too_early_is_an_error(tmp_path):
    """What it costs to load is part of what is timed."""
    pytest.importorskip("numpy")
    (tmp_path / "early.py").write_text("import numpy\ndef run(case, settings): ...\n")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.measure.child"],
        input=json.dumps({**CASE, "module": "early"}),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == {
        "error": "RuntimeError: numpy loaded before the clock was started"
    }


def test_the_clock_s_process_has_loaded_no_conclusions():
    """Neither the record nor statistics nor pictures nor the runner."""
    code = (
        "import importlib, sys; importlib.import_module('scripts.experiments.cpu_bound.measure'); "
        "print(sorted({name.split('.')[1] for name in sys.modules if name.startswith('scripts.')}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "['experiments', 'measure']\n"
