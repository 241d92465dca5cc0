"""What happens to programs that make the usual mistakes: each is run, and watched.

A program is a file of its own, in a fresh interpreter, as its author would start it. What is kept
of its last words is which error it was, since a record holds numbers only.
"""

from __future__ import annotations

import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List

from scripts.measure.jobs import Case, Outcome, Scalar

if TYPE_CHECKING:
    from scripts.experiments.settings import Settings
    from scripts.record import Machine, Runtime

# What errors are called in a record: by their places here. New ones go to the end.
ERRORS = (
    "",
    "another error",
    "BrokenProcessPool",
    "PicklingError",
    "AttributeError",
    "RuntimeError",
    "ValueError",
    "FileNotFoundError",
)
# The status of a program that does not end, and how long that is waited for.
HUNG = 3
PATIENCE_S = 10

# A function without a name cannot be sent to a process.
LAMBDA = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context("{method}")) as pool:
        print(list(pool.map(lambda number: number * 2, range(4))))
"""
# A worker that is started afresh runs the whole file again, and with it the line that starts it.
NO_GUARD = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def double(number):
    return number * 2

with ProcessPoolExecutor(2, get_context("{method}")) as pool:
    print(list(pool.map(double, range(4))))
"""
# A notebook, or what is typed in: there is no file in which a worker could find the function.
NO_FILE = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def double(number):
    return number * 2

if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context("{method}")) as pool:
        print(list(pool.map(double, range(4))))
"""
# The thread that holds the lock is not copied by a fork; the locked lock is.
FORK_WITH_THREAD = """\
import multiprocessing
import sys
import threading
import time

lock, held = threading.Lock(), threading.Event()

def hold():
    with lock:
        held.set()
        time.sleep(0.3)

def work():
    with lock:
        pass

if __name__ == "__main__":
    threading.Thread(target=hold).start()
    held.wait()
    worker = multiprocessing.get_context("{method}").Process(target=work)
    worker.start()
    worker.join(2)
    if worker.is_alive():
        worker.kill()
        sys.exit(3)
"""
# Whatever an initializer raises, the pool only says that it is broken.
INITIALIZER = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def begin():
    raise ValueError("there is no such model")

if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context("{method}"), initializer=begin) as pool:
        print(list(pool.map(abs, range(4))))
"""
# By the names of their cases: the program, and the start method; "" for the interpreter's own.
PROGRAMS = {
    "lambda": (LAMBDA, ""),
    "no_guard": (NO_GUARD, "spawn"),
    "no_file": (NO_FILE, "spawn"),
    "fork_with_thread": (FORK_WITH_THREAD, "fork"),
    "initializer": (INITIALIZER, ""),
}


def cases(settings: Settings, machine: Machine, runtime: Runtime, addition_s: float) -> List[Case]:
    """Every program once, where there is the start method that it needs."""
    known = multiprocessing.get_all_start_methods()
    found = []
    for name, (_, method) in PROGRAMS.items():
        params: Dict[str, Scalar] = {"start_method": method or runtime.start_method}
        estimate_s = 2.2 if name == "fork_with_thread" else 0.4
        if params["start_method"] in known:
            found.append(Case(name, params, estimate_s, group=name, rounds=1))
    return found


def run(case: Case, settings: Settings) -> Outcome:
    """How the program ended: its status, its last error, and the first one that a worker named."""
    begin = time.perf_counter()
    ended = run_program(case.name, str(case.params["start_method"]))
    wall_s = time.perf_counter() - begin
    errors = errors_in(ended.stderr)
    last = errors[-1] if ended.returncode not in (0, HUNG) and errors else 0
    values = {
        "wall_s": wall_s,
        "status_count": abs(ended.returncode),
        "hung_count": int(ended.returncode == HUNG),
        "error_count": last,
        "worker_error_count": next((error for error in errors if error != last), 0),
        "warned_count": int("multi-threaded" in ended.stderr),
    }
    return Outcome(values)


def run_program(name: str, start_method: str) -> subprocess.CompletedProcess:
    """Run a program as its author would, with what it writes; warnings are shown.

    It may hang where none should: the pool of CPython 3.9 and of early 3.11 does so now and then
    after a PicklingError.
    """
    text = PROGRAMS[name][0].replace("{method}", start_method)
    command = [sys.executable, "-s", "-W", "always::DeprecationWarning"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        path.write_text(text, encoding="utf-8")
        command += ["-c", text] if name == "no_file" else [str(path)]
        try:
            return subprocess.run(
                command,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                cwd=folder,
                timeout=PATIENCE_S,
            )
        except subprocess.TimeoutExpired as late:
            said = (late.stderr or b"").decode("utf-8", "replace")
            return subprocess.CompletedProcess(command, HUNG, "", said)


def errors_in(text: str) -> List[int]:
    """The errors that tracebacks in the text end with, in their order, as places in ERRORS."""
    names = re.findall(
        r"^(?:[\w.]+\.)?(\w*(?:Error|Exception|BrokenProcessPool))(?::|$)", text, re.M
    )
    return [ERRORS.index(name) if name in ERRORS else 1 for name in names]
