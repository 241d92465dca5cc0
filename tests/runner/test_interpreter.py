"""Fresh interpreters: what they answer, what they are told, and that none stays behind."""

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from scripts.record.errors import BlogError
from scripts.runner import guard
from scripts.runner.interpreter import Interpreter, NotMeasured

ROOT = Path(__file__).parents[2]
NAME = Path(sys.executable).name
LONG = 1000


def case(name, **params):
    """The question for a case of `arms`."""
    return {
        "do": "case",
        "module": "tests.runner.arms",
        "case": name,
        "params": params,
        "settings": {},
    }


def alive(group):
    """Whether any process of the group still runs."""
    return not guard.is_gone(group)


def test_facts_come_from_inside(plain_python):
    """The answer tells the version of the interpreter that was asked."""
    with Interpreter() as interpreter:
        answer = interpreter.ask(plain_python, {"do": "facts"})
    assert answer["facts"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert answer["addition_s"] > 0


def test_a_case_is_run():
    """One span per job comes back, and that nothing was stopped."""
    with Interpreter() as interpreter:
        answer = interpreter.ask(sys.executable, case("jobs", way="threads", additions=1000))
    assert [span[0] for span in answer["spans"]] == [0, 1]
    assert set(answer["values"]) == {"wall_s", "cpu_s"}
    assert answer["stopped"] is False


def test_a_failure_inside_is_one_line():
    """What goes wrong in the child names the interpreter and the reason; another case may go."""
    with Interpreter() as interpreter, pytest.raises(NotMeasured) as caught:
        interpreter.ask(sys.executable, case("jobs", way="threads"))
    assert str(caught.value) == f"{NAME}: KeyError: 'additions'"
    assert caught.value.reason == "KeyError: 'additions'"


@pytest.mark.parametrize(
    ("kind", "arguments", "reason"),
    [
        (
            "RuntimeError",
            ["can't start new thread"],
            "no more threads or processes may be started here (ulimit -u)",
        ),
        (
            "OSError",
            [11, "Resource temporarily unavailable"],
            "no more threads or processes may be started here (ulimit -u)",
        ),
        (
            "OSError",
            [24, "Too many open files"],
            "no more files may be open at once here (ulimit -n)",
        ),
        ("MemoryError", [], "there is not enough memory here (ulimit -v)"),
        ("OSError", [28, "No space left on device"], "a disk is full here, /dev/shm perhaps"),
        (
            "OSError",
            [30, "Read-only file system"],
            "/dev/shm or the folder for temporary files cannot be written here",
        ),
        (
            "OSError",
            ["AF_UNIX path too long"],
            "the path of the temporary folder is too long (TMPDIR=/tmp)",
        ),
        (
            "RuntimeError",
            ["cannot join thread before it is started"],
            "no more threads or processes may be started here (ulimit -u)",
        ),
        (
            "RuntimeError",
            ["a link of the kind 'page' gave Visit(end='failed', size=0, words=0, links=0)"],
            "programs cannot connect to each other by 127.0.0.1 here",
        ),
        (
            "EOFError",
            ["unexpected EOF"],
            "not all of its workers came up, or one ended too early",
        ),
    ],
)
def test_what_the_machine_lacks_is_said_in_words_of_the_user(kind, arguments, reason):
    """A limit of the system is no fault of the program: the case is not measured, for a reason."""
    with Interpreter() as interpreter, pytest.raises(NotMeasured) as caught:
        interpreter.ask(sys.executable, case("raise", kind=kind, arguments=arguments))
    assert str(caught.value) == f"{NAME}: {reason}"


def test_what_a_process_of_a_case_said_is_heard():
    """The case itself only sees that one has ended; why, stands in what it printed."""
    question = case("raise", kind="RuntimeError", arguments=["it ended"], says="MemoryError")
    with Interpreter() as interpreter, pytest.raises(NotMeasured) as caught:
        interpreter.ask(sys.executable, question)
    assert caught.value.reason == "there is not enough memory here (ulimit -v)"


@pytest.mark.parametrize(
    ("signal_", "reason"),
    [
        (signal.SIGKILL, "its process was killed by signal 9"),
        (signal.SIGBUS, "there is no room in /dev/shm here"),
    ],
)
def test_a_case_whose_process_was_killed(signal_, reason):
    """By a signal that is told; or by one that says that promised memory was not there."""
    with Interpreter() as interpreter, pytest.raises(NotMeasured) as caught:
        interpreter.ask(sys.executable, case("end", signal=signal_))
    assert caught.value.reason == reason


def test_a_case_without_an_end_has_a_limit():
    """It is given up, and its workers with it."""
    question = case("jobs", way="processes", start_method="fork", seconds=LONG)
    with Interpreter() as interpreter:
        watched = []
        watch = interpreter._watch
        interpreter._watch = lambda group: (watched.append(group), watch(group))
        with pytest.raises(NotMeasured) as caught:
            interpreter.ask(sys.executable, question, limit_s=1)
        assert not alive(watched[0])
    assert caught.value.what == "there was no answer within 1 s"


def test_a_guard_that_was_killed_is_told():
    """Without it nothing is measured: there would be nobody to clear up."""
    with Interpreter() as interpreter:
        interpreter._guard.kill()
        interpreter._guard.wait()
        with pytest.raises(BlogError) as caught:
            interpreter.ask(sys.executable, {"do": "facts"})
    assert str(caught.value) == (
        "the process that guards those that measure was ended"
        " (run it again: finished rounds are kept)"
    )


@pytest.mark.parametrize("who", ["case", "worker"])
def test_a_case_that_answers_and_does_not_end(who):
    """Nor does what it has left behind: the answer counts, and both are ended after some seconds.

    So ends a pool that could not start all of its threads.
    """
    with Interpreter() as interpreter:
        watched = []
        watch = interpreter._watch
        interpreter._watch = lambda group: (watched.append(group), watch(group))
        answer = interpreter.ask(sys.executable, case("linger", who=who), limit_s=60)
        assert answer["values"] == {"wall_s": 1.0} and not alive(watched[0])


def test_a_guard_that_was_stopped_holds_nobody_up():
    """Its work is done without it."""
    with Interpreter() as interpreter:
        os.kill(interpreter._guard.pid, signal.SIGSTOP)
        folder = Path(interpreter._folder)
    assert not folder.exists()


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


def test_a_python_that_is_named_from_the_folder_of_the_caller(tmp_path, monkeypatch):
    """The child starts in a folder of its own; relative names are the caller's."""
    (tmp_path / "mine").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    with Interpreter() as interpreter:
        assert interpreter.ask("./mine", {"do": "facts"})["addition_s"] > 0


def started(question, folder):
    """A program that asks `question` with `folder` for temporary files, and the group it asks."""
    code = f"""
import sys
from scripts.runner import interpreter
with interpreter.Interpreter() as fresh:
    watch = fresh._watch
    fresh._watch = lambda group: (watch(group), print(group, flush=True))
    print(fresh.ask(sys.executable, {question!r})["stopped"])
"""
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    return program, int(program.stdout.readline())


def wait_until(is_so):
    """Wait for what comes in time, which is not long."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def members(group):
    """How many processes a group has."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid="], capture_output=True, text=True, check=True)
    return listed.stdout.split().count(str(group))


def left_of(group, folder):
    """What is still there ten seconds later at most: a process, files."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not alive(group) and not any(folder.iterdir()):
            break
        time.sleep(0.02)
    return alive(group), list(folder.iterdir())


def semaphores(folder):
    """Those that bear the name of a folder."""
    return sorted(path.name for path in Path("/dev/shm").glob(f"sem.{folder.name}-*"))


@pytest.fixture
def short():
    """A folder for temporary files; in a longer path there is no fork server."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_nothing_stays_behind_when_the_program_dies(method, signal_, short):
    """Killed in the middle of a case with a pool of processes, the whole group is gone.

    So is the folder for its temporary files with all that was in it, and so are its semaphores.
    """
    question = case("jobs", way="processes", start_method=method, seconds=LONG)
    program, group = started(question, short)
    wait_until(lambda: members(group) >= {"fork": 3, "spawn": 4, "forkserver": 5}[method])
    (folder,) = short.iterdir()
    (folder / "left").touch()
    if sys.platform == "linux" and method != "fork":
        assert semaphores(folder)
    program.send_signal(signal_)
    program.wait(timeout=10)
    assert left_of(group, short) == (False, [])
    assert semaphores(folder) == []


@pytest.mark.skipif(not importlib.util.find_spec("distributed"), reason="needs distributed")
def test_nothing_stays_behind_of_a_cluster(tmp_path):
    """The workers of a cluster have processes of their own that look after them."""
    program, group = started(case("jobs", way="dask", seconds=LONG), tmp_path)

    def workers():
        names = [name for _, folders, _ in os.walk(tmp_path) for name in folders]
        return sum(name.startswith("worker-") for name in names)

    wait_until(lambda: workers() == 2)
    assert alive(group)
    program.kill()
    program.wait(timeout=10)
    assert left_of(group, tmp_path) == (False, [])


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc here")
def test_a_case_that_was_stopped_is_told(tmp_path):
    """Whether it was the case, a worker of its, the program that waits for it, or all of them."""
    question = case("jobs", way="processes", start_method="fork", seconds=0.5)
    running, stopped = {}, []
    for who in ("case", "worker", "program", "all"):
        program, group = started(question, tmp_path)
        children = Path(f"/proc/{group}/task/{group}/children")
        wait_until(children.read_text)
        worker, *others = map(int, children.read_text().split())
        stopped += {
            "case": [group],
            "worker": [worker],
            "program": [program.pid],
            "all": [program.pid, group, worker, *others],
        }[who]
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        running[who] = program
    time.sleep(1.2)
    for process in stopped:
        os.kill(process, signal.SIGCONT)
    said = {who: one.communicate(timeout=60)[0].split()[-1] for who, one in running.items()}
    assert said == dict.fromkeys(running, "True")
