"""What would fail after minutes is tried in a second: with real mounts and limits."""

import os
import shutil
import subprocess
import sys
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

from scripts.record.errors import BlogError
from scripts.runner import preflight
from tests.environment.disks import shared_memory

ROOT = Path(__file__).parents[2]
CANNOT = "what needs {} cannot be measured here: {}"
NO_FILES = "no more files may be open at once here (ulimit -n)"
READ_ONLY = "/dev/shm or the folder for temporary files cannot be written here"
TOO_LONG = "the path of the temporary folder is too long (TMPDIR=/tmp)"
LACKING = """
import sys
from scripts.runner import preflight
from scripts.runner.interpreter import Interpreter
with Interpreter() as interpreter:
    for line in preflight.lacking(interpreter, sys.executable):
        print(line)
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="of Linux")


def lacking(*before, **environment):
    """What is said to be lacking in a process that was started by the command `before`."""
    done = subprocess.run(
        [*before, sys.executable, "-c", LACKING],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@linux
def test_shared_memory_that_is_too_small():
    """It is promised, and not there when it is written: found by writing it all."""
    reason = "there is no room in /dev/shm here"
    assert lacking(*shared_memory("size=1m")) == [CANNOT.format("shared memory", reason)]


@linux
def test_shared_memory_that_cannot_be_written():
    """Without it there are no semaphores either, hence no pools of processes."""
    ways = [f"processes started by {way}" for way in get_all_start_methods()]
    expected = [CANNOT.format(what, READ_ONLY) for what in (*ways, "shared memory")]
    assert lacking(*shared_memory("ro")) == expected


def test_a_long_path_of_the_folder_for_temporary_files_and_few_open_files(tmp_path):
    """A socket of the fork server would lie there, and its path may have some 100 bytes; and a
    limit that cannot be raised. Each has its line; later Pythons find another folder themselves."""
    folder = tmp_path / ("x" * 90)
    folder.mkdir()
    limited = ["sh", "-c", 'ulimit -n 64 && exec "$@"', "sh"]
    *paths, files = lacking(*limited, TMPDIR=str(folder))
    assert files == CANNOT.format("400 open files", NO_FILES)
    if paths or sys.version_info < (3, 13):
        assert paths == [CANNOT.format("processes started by forkserver", TOO_LONG)]


@linux
def test_no_network_of_ones_own():
    """Not even with itself: a container without any."""
    able = ["unshare", "-n", "true"]
    if not shutil.which("unshare") or subprocess.run(able, check=False).returncode:
        pytest.skip("no network can be left here")
    reason = "programs cannot connect to each other by 127.0.0.1 here"
    expected = [CANNOT.format("connections to 127.0.0.1", reason)]
    assert lacking("unshare", "-n") == expected


def test_nothing_is_lacking_here():
    """On a machine that measures, there is nothing to say; nor of a limit that can be raised, which
    cases with many connections do, too."""
    assert lacking("sh", "-c", 'ulimit -S -n 256 && exec "$@"', "sh") == []


def test_trials_that_succeed_leave_nothing(tmp_path):
    """The folder of the journal is made, and empty."""
    made = []
    preflight.check(tmp_path / "run", {"a picture": lambda: made.append("picture")})
    assert made == ["picture"] and list((tmp_path / "run").iterdir()) == []


def test_every_trial_that_fails_has_its_line(tmp_path):
    """With its own cure where it has one; none hides another."""

    def no_picture():
        raise ValueError("'module://x' is not\na backend")

    def no_site():
        raise BlogError("too many open files", where="hugo", cure="ulimit -n 1024")

    with pytest.raises(BlogError) as caught:
        preflight.check(tmp_path, {"a picture": no_picture, "the site": no_site})
    assert str(caught.value).splitlines() == [
        "a picture cannot be made here: ValueError: 'module://x' is not a backend",
        "hugo: too many open files (ulimit -n 1024)",
    ]


@linux
def test_a_full_disk_for_the_journal(tmp_path):
    """Found at once, with its place."""
    mount = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size=64k none {tmp_path} && "$@"']
    shared_memory("ro")  # skips where that cannot be
    code = (
        "from pathlib import Path\nfrom scripts.record.errors import BlogError\n"
        "from scripts.runner import preflight\n"
        f"try:\n    preflight.check(Path({str(tmp_path)!r}), {{}})\n"
        "except BlogError as error:\n    print(error)\n"
    )
    command = [*mount, "sh", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    cure = "(free some disk space, then try again)"
    said = f"{tmp_path}: cannot be written: No space left on device {cure}\n"
    assert (done.stdout, done.stderr) == (said, "")
