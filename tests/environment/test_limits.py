"""Where the system gives little: what cannot be measured there is told, nothing hangs or stays."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_checkout
from tests.environment.disks import shared_memory

ROOT = Path(__file__).parents[2]
SYSTEM = "/usr/bin/python3"
# A line for every way to run jobs: the number of jobs that ran, or why none did.
ASK = f"""
import multiprocessing, sys
sys.path.insert(0, {str(ROOT)!r})
from scripts.runner.interpreter import Interpreter, NotMeasured
ways = [("for_loop", ""), ("threads", "")]
ways += [("processes", method) for method in multiprocessing.get_all_start_methods()]
arm = {{"do": "case", "module": "tests.runner.arms", "case": "jobs", "settings": {{}}}}
try:
    with Interpreter() as interpreter:
        for way, method in ways:
            # Pools may hang where they get too few processes: then this is what a test waits for.
            limit_s = 20 if way == "for_loop" else float(sys.argv[1])
            params = {{"way": way, "start_method": method, "additions": 1000}}
            try:
                answer = interpreter.ask(sys.executable, {{**arm, "params": params}}, limit_s)
                print(len(answer["spans"]))
            except NotMeasured as error:
                print(error.reason)
except NotMeasured as error:
    print(error.reason)
"""
# The crawl at its full size by 128 threads, and then by 16.
CRAWLS = f"""
import dataclasses, sys
sys.path.insert(0, {str(ROOT)!r})
from scripts.experiments.settings import Settings
from scripts.runner.interpreter import Interpreter, NotMeasured
arm = {{"do": "case", "module": "scripts.experiments.io_threads.measure", "case": "threads"}}
arm["settings"] = dataclasses.asdict(Settings())
with Interpreter() as interpreter:
    for workers in (128, 16):
        arm["params"] = {{"workers": workers, "pool": "warm", "wait_ms": 5, "parse": 0}}
        try:
            print(interpreter.ask(sys.executable, arm, 30)["values"]["links_count"] > workers)
        except NotMeasured as error:
            print(error.reason)
"""
NO_THREADS = "no more threads or processes may be started here (ulimit -u)"
NO_FILES = "no more files may be open at once here (ulimit -n)"
bash = pytest.mark.skipif(not shutil.which("bash"), reason="sets limits by bash")


def limited(limit, place, *before, python=sys.executable, limit_s=20, program=ASK):
    """The lines under `limit`; nothing else is said, and nothing stays."""
    place.chmod(0o777)
    command = [python, "-B", "-c", program, str(limit_s)]
    done = subprocess.run(
        [*before, "bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *command],
        cwd=place,
        env={**os.environ, "TMPDIR": str(place)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(place.iterdir()) == []
    return done.stdout.splitlines()


@pytest.fixture
def place():
    """A folder for temporary files that another user can reach."""
    folder = Path("/tmp", f"blog-limits-{os.getpid()}")
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@bash
@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv") or not Path(SYSTEM).exists(),
    reason="no other user can be become here, for whom the limit counts",
)
@pytest.mark.parametrize("count", [2, 4, 6, 8, 14])
def test_few_processes_and_threads(count, place):
    """With none left not even the guard starts; with some, the loop is measured in any case."""
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    lines = limited(f"-u {count}", place, *other, python=SYSTEM, limit_s=2)
    if count == 2:
        assert lines in ([NO_THREADS], [NO_THREADS] * 5)
    else:
        assert lines[0] in ("2", NO_THREADS)
        assert len(lines) in (1, 5)


@bash
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads as Linux does")
@pytest.mark.parametrize("count", [100, 60])
def test_many_threads_where_few_may_be(count, place):
    """Full size: 128 of them are too many, which ends at once, and 16 are measured.

    Root is another user for it, whom the limit holds and who has no other threads.
    """
    other, python = [], sys.executable
    if os.geteuid() == 0:
        if not shutil.which("setpriv") or not Path(SYSTEM).exists():
            pytest.skip("no other user can be become here, for whom the limit counts")
        other, python = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"], SYSTEM
    else:
        for path in Path("/proc").glob("[0-9]*/task"):
            with contextlib.suppress(OSError):
                count += len(list(path.iterdir())) * (path.stat().st_uid == os.geteuid())
    lines = limited(f"-u {count}", place, *other, python=python, program=CRAWLS)
    assert lines == [NO_THREADS, "True"]


@bash
def test_little_memory(place):
    """A limit of address space that threads of big stacks would exceed."""
    lines = limited("-v 600000", place)
    assert lines[0] == "2" and len(lines) == 5
    crawls = limited("-v 400000", place, program=CRAWLS)
    # Which of both it is that lacks memory first differs between Pythons.
    none = "there is not enough memory here (ulimit -v)"
    assert crawls[0] in (NO_THREADS.replace("ulimit -u", "ulimit -u, -v"), none)


@bash
def test_few_open_files(place):
    """Pipes and semaphores are files: pools of processes have too few of them, and say so."""
    lines = limited("-n 12", place)
    assert lines == ["2", "2", NO_FILES, NO_FILES, NO_FILES]


def test_where_no_memory_can_be_shared_pictures_are_drawn_all_the_same(place):
    """Without it there are no semaphores, and those who draw share the work without any."""
    project = copy_checkout(place / "project")
    pictures = sorted(project.pictures.glob("*.png"))
    drawn = [path.read_bytes() for path in pictures]
    for path in pictures:
        path.unlink()
    command = [*shared_memory("ro"), sys.executable, "-m", "scripts", "redraw"]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.read_bytes() for path in pictures] == drawn
