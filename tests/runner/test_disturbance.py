"""Disturbance: real counters of a quiet and of a loaded machine."""

import dataclasses
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.experiments.settings import Settings
from scripts.runner import disturbance
from scripts.runner.disturbance import Reading, between
from scripts.runner.interpreter import Interpreter

QUIET = Reading(100.0, 0.1, 1, 50.0, 1.0, 10.0, 5, 0)
linux = pytest.mark.skipif(not Path("/proc/stat").exists(), reason="no /proc/stat here")


def later(**changes) -> Reading:
    """Ten seconds after QUIET on two cores, our own children having computed for eight."""
    usual = {"at": 110.0, "busy_s": 58.0, "own_s": 18.0, "involuntary": 25}
    return dataclasses.replace(QUIET, **{**usual, **changes})


def test_our_own_work_is_no_disturbance():
    """What the timed processes used themselves is taken off."""
    found = between(QUIET, later(), 2)
    assert (found["disturbed"], found["others_share"], found["steal_share"]) == (False, 0.0, 0.0)
    assert found["involuntary_switches"] == 20


@pytest.mark.parametrize(
    "changes",
    [{"busy_s": 59.5}, {"steal_s": 2.5}, {"throttled": 1}],
    ids=["others", "steal", "quota"],
)
def test_others_steal_and_throttling_mark_a_sample(changes):
    """More than a twentieth of the machine, or any stop by a quota."""
    assert between(QUIET, later(**changes), 2)["disturbed"]


def test_a_little_is_no_disturbance():
    """One twentieth of two cores for ten seconds is a second."""
    assert not between(QUIET, later(busy_s=58.9), 2)["disturbed"]


def test_counters_too_coarse_for_a_short_case_are_not_believed():
    """Nine hundredths of a second are below what the kernel's ticks can tell apart."""
    short = dataclasses.replace(QUIET, at=100.05, busy_s=50.09)
    assert not between(QUIET, short, 2)["disturbed"]


def test_without_proc_nothing_is_claimed():
    """Elsewhere than on Linux the shares are unknown, not zero."""
    unknown = dataclasses.replace(QUIET, busy_s=None, steal_s=None, running=None)
    found = between(unknown, dataclasses.replace(unknown, at=110.0), 2)
    assert found["others_share"] is None and found["steal_share"] is None
    assert not found["disturbed"]


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
    assert found["disturbed"] and found["others_share"] > 0.5


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
    settings = dataclasses.asdict(Settings(pool_start_additions=3 * 10**6, jobs=2, workers=2))
    question = {
        "do": "case",
        "experiment": "pool_start",
        "case": "processes",
        "params": {"workers": 2, "pool": "cold", "start_method": method},
        "settings": settings,
    }
    before = disturbance.read()
    with Interpreter() as interpreter:
        cpu_s = interpreter.ask(sys.executable, question)["values"]["cpu_s"]
    own_s = disturbance.read().own_s - before.own_s
    assert own_s >= 0.9 * cpu_s
