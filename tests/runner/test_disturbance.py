"""Disturbance: real counters of a quiet and of a loaded machine."""

import dataclasses
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.runner import disturbance
from scripts.runner.disturbance import Reading, between
from scripts.runner.interpreter import Interpreter

QUIET = Reading(100.0, 50.0, 1.0, 10.0, 0, 0.0)
linux = pytest.mark.skipif(not Path("/proc/stat").exists(), reason="no /proc/stat here")


def later(**changes) -> Reading:
    """Ten seconds after QUIET on two cores, our own children having computed for eight."""
    usual = {"at": 110.0, "busy_s": 58.0, "own_s": 18.0}
    return dataclasses.replace(QUIET, **{**usual, **changes})


def test_our_own_work_is_no_disturbance():
    """What the timed processes used themselves is taken off; all that is told is a number."""
    assert between(QUIET, later(), 2, core=1) == {
        "elapsed_s": 10.0,
        "others_share": 0.0,
        "steal_share": 0.0,
        "throttled_count": 0,
        "core": 1,
        "disturbed": 0,
    }


@pytest.mark.parametrize(
    "changes",
    [{"busy_s": 59.5}, {"steal_s": 2.5}, {"throttled": 1}, {"asleep_s": 8.0}],
    ids=["others", "steal", "quota", "sleep"],
)
def test_others_steal_throttling_and_sleep_mark_a_sample(changes):
    """More than a twentieth of the machine, any stop by a quota, any sleep of the machine."""
    assert between(QUIET, later(**changes), 2)["disturbed"] == 1


def test_a_case_that_was_stopped_is_marked():
    """Whatever the counters say."""
    assert between(QUIET, later(), 2, stopped=True)["disturbed"] == 1


def test_a_little_is_no_disturbance():
    """One twentieth of two cores for ten seconds is a second."""
    assert between(QUIET, later(busy_s=58.9), 2)["disturbed"] == 0


def test_counters_too_coarse_for_a_short_case_are_not_believed():
    """Nine hundredths of a second are below what the kernel's ticks can tell apart."""
    short = dataclasses.replace(QUIET, at=100.05, busy_s=50.09)
    assert between(QUIET, short, 2)["disturbed"] == 0


def test_without_proc_nothing_is_claimed():
    """Elsewhere than on Linux the shares and the core are not there, rather than zero."""
    unknown = dataclasses.replace(QUIET, busy_s=None, steal_s=None)
    found = between(unknown, dataclasses.replace(unknown, at=110.0), 2)
    assert found == {"elapsed_s": 10.0, "throttled_count": 0, "disturbed": 0}


@pytest.mark.parametrize(
    ("text", "busy_s", "steal_s"),
    [
        (b"cpu  100 200 300 400 500 600 700 800 900 1000\n", 19.0, 8.0),
        (b"intr 1\ncpu  100 200 300 400\ncpu0 1 2 3 4\n", 6.0, None),
        (b"cpu  100 200 300 400 500 600 700\n", 19.0, None),
        (b"cpu  100 200\n", None, None),
        (b"cpu  100 x 300 400\n", None, None),
        (b"cpu0 100 200 300 400\n", None, None),
        (b"\xff\xfe\x00c\x00p\x00u", None, None),
        (b"", None, None),
    ],
)
def test_odd_counters_are_left_out(text, busy_s, steal_s, tmp_path, monkeypatch):
    """Columns of older kernels, and files that are none: what cannot be read is not known."""
    (tmp_path / "stat").write_bytes(text)
    monkeypatch.setattr(disturbance, "STAT", tmp_path / "stat")
    monkeypatch.setattr(disturbance.os, "sysconf", lambda name: 100)
    found = disturbance.read()
    assert (found.busy_s, found.steal_s) == (busy_s, steal_s)


@linux
def test_two_busy_loops_beside_a_case_mark_it():
    """Real processes that are not ours eat the machine while half a second passes."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(multiprocessing.cpu_count())
    ]
    try:
        time.sleep(0.2)
        before = disturbance.read()
        time.sleep(0.6)
        found = between(before, disturbance.read(), multiprocessing.cpu_count())
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert found["disturbed"] == 1 and found["others_share"] > 0.5


@linux
def test_a_busy_machine_is_named():
    """Load and cores are in the phrase."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.2)
        said = disturbance.busy_before(multiprocessing.cpu_count(), 0.4)
    finally:
        busy.kill()
        busy.wait()
    assert said and " on " in said and "cores" in said


@linux
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_our_own_workers_are_no_disturbance_however_they_are_started(method):
    """The CPU time of a pool's workers is on our own account once the case is over."""
    params = {"way": "processes", "start_method": method, "additions": 3 * 10**6}
    arm = {"module": "tests.runner.arms", "case": "jobs", "params": params, "settings": {}}
    before = disturbance.read()
    with Interpreter() as interpreter:
        cpu_s = interpreter.ask(sys.executable, {"do": "case", **arm})["values"]["cpu_s"]
    own_s = disturbance.read().own_s - before.own_s
    assert own_s >= 0.9 * cpu_s
