"""Without what only Linux has: as near to Windows and macOS as can be had without them.

In a virtual environment whose Python lacks the modules, functions, signals and files that the
system lacks, in every process, and that starts processes by spawn.
"""

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest

from scripts.record import loads
from tests.reader import tiny

ROOT = Path(__file__).parents[2]
NO_PROC = """
import os, sys
def _no_proc(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        if os.fsdecode(arguments[0]).startswith(("/proc", "/sys")):
            raise PermissionError(13, "Permission denied", arguments[0])
sys.addaudithook(_no_proc)
"""
MACOS = (
    NO_PROC
    + """
import sysconfig
sysconfig.get_config_vars()  # found by the name of the system
import platform
sys.platform = "darwin"
platform.system = lambda: "Darwin"
for name in ("sched_getaffinity", "sched_setaffinity", "memfd_create", "pidfd_open", "splice",
             "posix_fadvise", "posix_fallocate", "getrandom", "sched_getscheduler"):
    if hasattr(os, name):
        delattr(os, name)
"""
)
WINDOWS = (
    NO_PROC
    + """
import asyncio, select, signal  # asyncio, as it is built here, asks for some of these when loaded
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
)
PORTABLE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("record", "measure", "runner", "experiments", "conclude")
    for path in (ROOT / "scripts" / room).rglob("*.py")
    # These two are there where the libraries are, or for the author.
    if path.stem not in ("picture", "words", "meeting_numpy", "cluster", "parallel")
    and "steps" not in path.parts
)
# What a small measure.pyz measures here.
KEPT = ("control", "cpu_bound", "process_count", "task_cost")
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


def made(folder, shim, **programs):
    """A Python that is as `shim` makes it, with programs of its system beside it."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "shim.py").write_text(shim)
    (packages / "shim.pth").write_text("import shim\n")  # Debian has a sitecustomize of its own
    for name, script in programs.items():
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / "bin" / name).chmod(0o755)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The Python that lacks what Windows lacks, and has what Windows has instead."""
    return made(tmp_path_factory.mktemp("windows"), WINDOWS, taskkill='exec kill -KILL "$4"')


@pytest.fixture(scope="module")
def mac(tmp_path_factory):
    """The Python that lacks what macOS lacks; its `sysctl` names a processor."""
    return made(
        tmp_path_factory.mktemp("macos"),
        MACOS,
        sysctl='[ "$2" = machdep.cpu.brand_string ] && echo "Apple M9"',
    )


def run(python, place, *arguments, files=1024):
    """What it printed with at most so many open files; it must have ended well."""
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -n {files}; exec "$0" "$@"', python, "-I", *arguments],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def test_the_environment_is_what_it_claims(python, tmp_path):
    """It has no `resource`, no fork, and spawns."""
    code = (
        "import multiprocessing as m, os, sys\n"
        "print(sys.modules['resource'], hasattr(os, 'fork'), m.get_start_method())"
    )
    assert run(python, tmp_path, "-c", code) == "None False spawn\n"


def test_all_that_is_portable_can_be_loaded(python, tmp_path):
    """Every module of what measure.pyz packs."""
    assert len(PORTABLE) > 40
    assert run(python, tmp_path, "-c", IMPORT, str(ROOT), *PORTABLE) == ""


def test_cases_are_measured_by_spawned_processes(python, tmp_path):
    """With their facts and what disturbed them; the load and the memory are not known there."""
    script = tmp_path / "ask.py"
    script.write_text(ASK)
    said = json.loads(run(python, tmp_path, str(script), str(ROOT)))
    assert said == ["spawn", 2, [], None, True, None]


def measured(python, place, kept=KEPT, **options):
    """The record that a small measure.pyz writes there, and its report."""
    tiny.write(place / "measure.pyz", kept)
    arguments = ("--quick", "--rounds", "1", "--force", "--output", "mine.json")
    out = run(python, place, "measure.pyz", *arguments, **options)
    assert "\nwritten: mine.json and mine.html (" in out
    assert sorted(path.name for path in place.iterdir()) == [
        "measure.pyz",
        "mine.html",
        "mine.json",
    ]
    record = loads((place / "mine.json").read_text(encoding="utf-8"), "mine.json")
    assert {sample.experiment for sample in record.samples} == {*kept}
    return record


def test_measure_pyz_runs_as_on_windows(python, tmp_path):
    """Processes are spawned; the memory of the machine is not known, nor the load."""
    record = measured(python, tmp_path)
    assert {sample.params.get("start_method", "spawn") for sample in record.samples} == {"spawn"}
    assert record.runtimes[0].start_method == "spawn"
    assert (record.machine.memory_bytes, record.sessions[0].load_before) == (None, None)


def test_measure_pyz_runs_as_on_macos(mac, tmp_path):
    """With 256 open files; `sysctl` names the processor, and all cores are ours."""
    record = measured(mac, tmp_path, ("control", "process_count"), files=256)
    assert record.machine.cpu_model == "Apple M9"
    assert record.machine.system.startswith("Darwin ")
    assert record.machine.affinity_count == record.machine.cpu_count
    assert record.runtimes[0].start_method == "spawn"
