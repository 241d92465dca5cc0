"""Where workers meet: nobody leaves before all have come."""

import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent import futures
from multiprocessing import get_context
from pathlib import Path

import pytest

from scripts.measure import meeting, memory

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["a gate", "no gate, as on Windows"])
def gate(request, monkeypatch):
    """Meeting at a gate, and without one."""
    if request.param != "a gate":
        monkeypatch.delattr(os, "mkfifo")


def test_all_leave_when_the_last_has_come(tmp_path, gate):
    """Four threads and their names, of which each is another."""
    meeting.open_gate(tmp_path)
    with futures.ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(meeting.meet, tmp_path, 4) for _ in range(3)]
        assert not futures.wait(tasks, timeout=0.2).done
        tasks.append(pool.submit(meeting.meet, tmp_path, 4))
        names = {task.result(timeout=10) for task in tasks}
    assert len(names) == 4
    assert {name.split(".")[0] for name in names} == {str(os.getpid())}


def test_one_that_does_not_come_is_an_error(tmp_path, monkeypatch, gate):
    """The others do not wait for ever."""
    monkeypatch.setattr(meeting, "PATIENCE_S", 0.1)
    meeting.open_gate(tmp_path)
    with pytest.raises(RuntimeError) as caught:
        meeting.meet(tmp_path, 2)
    assert str(caught.value) == "not all of 2 workers came up within 0.1 s"


def test_the_helpers_of_multiprocessing_are_ended_and_waited_for():
    """The fork server and the tracker; the next pool starts them anew."""
    for _ in range(2):
        with futures.ProcessPoolExecutor(1, get_context("forkserver")) as pool:
            pool.submit(os.getpid).result()
        assert len(memory.descendants(os.getpid())) > 1
        meeting.end_helpers()
        assert memory.descendants(os.getpid()) == [os.getpid()]


def test_where_there_are_no_helpers_there_is_nothing_to_end():
    """A program that has started no pool."""
    code = "from scripts.measure.meeting import end_helpers; end_helpers(); end_helpers()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_light():
    """Every worker of a pool loads it before it does anything."""
    code = (
        "import sys; before = set(sys.modules); import scripts.measure.meeting; "
        "print(sorted(name for name in set(sys.modules) - before if '.' not in name))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert "multiprocessing" not in done.stdout and "dataclasses" not in done.stdout


def test_a_meeting_with_numpy_has_loaded_it(tmp_path):
    """In every worker, since the module of the job imports it."""
    numpy = pytest.importorskip("numpy")
    assert numpy.__name__ == "numpy"
    from scripts.measure import meeting_numpy

    meeting.open_gate(tmp_path)
    assert meeting_numpy.meet(tmp_path, 1) == meeting.worker_id()
    assert meeting_numpy.numpy is numpy
    assert threading.active_count() >= 1 and multiprocessing.active_children() == []
