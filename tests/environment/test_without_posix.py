"""Without what only POSIX has: as near to Windows as can be had without Windows.

In a virtual environment whose Python lacks the modules, functions and signals that Windows lacks,
in every process, and that starts processes by spawn alone.
"""

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WINDOWS = """
import os, select, signal, sys
for name in ("resource", "fcntl", "pwd", "grp", "termios", "tty", "syslog"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "killpg", "getloadavg", "sysconf", "sched_getaffinity",
             "sched_setaffinity", "mkfifo", "geteuid", "getpgid", "O_NOFOLLOW", "nice", "uname"):
    delattr(os, name)
for name in ("SIGHUP", "SIGBUS", "SIGALRM", "SIGSTOP", "SIGCONT", "alarm", "pthread_sigmask"):
    delattr(signal, name)
_select = select.select
def sockets_only(*lists):
    import socket
    if not all(isinstance(one, (int, socket.socket)) for some in lists[:3] for one in some):
        raise OSError(10038, "not a socket")
    for some in lists[:3]:
        for one in some:
            if isinstance(one, int):
                socket.socket(fileno=os.dup(one)).close()  # raises for what is no socket
    return _select(*lists)
select.select = sockets_only
import multiprocessing
multiprocessing.set_start_method("spawn")
multiprocessing.get_all_start_methods = lambda: ["spawn"]
"""
PORTABLE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("record", "measure", "runner", "experiments", "conclude")
    for path in (ROOT / "scripts" / room).rglob("*.py")
    # These two are there where the libraries are, or for the author.
    if path.stem not in ("picture", "words", "meeting_numpy", "cluster", "parallel")
    and "steps" not in path.parts
)
# They can be loaded only where there is a module `resource`; nobody has tried Windows yet.
NOT_YET = ("scripts.measure.memory", "scripts.experiments.io_threads.measure")
NOT_YET += ("scripts.experiments.process_count.measure",)
IMPORT = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")
"""
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from scripts.runner import disturbance, preflight
from scripts.runner.interpreter import Interpreter
from scripts.runner.machine import machine_facts
params = {"way": "processes", "start_method": "spawn", "additions": 1000}
arm = {"do": "case", "module": "tests.runner.arms", "case": "jobs", "params": params}
if __name__ == "__main__":
    with Interpreter() as interpreter:
        before = disturbance.read()
        facts = interpreter.ask(sys.executable, {"do": "facts"})["facts"]
        answer = interpreter.ask(sys.executable, {**arm, "settings": {}})
        found = disturbance.between(before, disturbance.read(), 2)
        lacking = preflight.lacking(interpreter, sys.executable)
    machine = machine_facts()
    print(json.dumps([facts["start_method"], len(answer["spans"]), lacking, disturbance.load(),
                      machine.affinity_count == machine.cpu_count, machine.memory_bytes]))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The Python that lacks all that, and a folder with what Windows has instead."""
    folder = tmp_path_factory.mktemp("windows")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "sitecustomize.py").write_text(WINDOWS)
    taskkill = folder / "bin" / "taskkill"
    taskkill.write_text('#!/bin/sh\nexec kill -KILL "$4"\n')
    taskkill.chmod(0o755)
    return folder / "bin" / "python"


def run(python, place, *arguments):
    """What it printed; it must have said nothing else."""
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [python, "-I", *arguments],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_environment_is_what_it_claims(python, tmp_path):
    """It has no `resource`, no fork, and spawns."""
    code = (
        "import multiprocessing as m, os, sys\n"
        "print(sys.modules['resource'], hasattr(os, 'fork'), m.get_start_method())"
    )
    assert run(python, tmp_path, "-c", code) == "None False spawn\n"


def test_all_that_is_portable_can_be_loaded(python, tmp_path):
    """Every module of what measure.pyz packs, but for those that are named above."""
    assert len(PORTABLE) > 40
    said = run(python, tmp_path, "-c", IMPORT, str(ROOT), *PORTABLE)
    missing = [line.partition(":")[0] for line in said.splitlines()]
    assert missing == sorted(NOT_YET), said


def test_cases_are_measured_by_spawned_processes(python, tmp_path):
    """With their facts and what disturbed them; the load and the memory are not known there."""
    script = tmp_path / "ask.py"
    script.write_text(ASK)
    said = json.loads(run(python, tmp_path, str(script), str(ROOT)))
    assert said == ["spawn", 2, [], None, True, None]
