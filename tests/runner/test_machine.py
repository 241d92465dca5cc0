"""Facts of the machine: real ones, and the rule for its cores."""

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from scripts.runner import machine
from scripts.runner.machine import machine_facts, usable_cores

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("cpus", "affinity", "quota", "cores"),
    [
        (8, 8, None, 8),
        (8, 2, None, 2),
        (36, 36, 2.0, 2),
        (8, 8, 1.5, 2),
        (8, 8, 0.25, 1),
        (4, 1, 3.0, 1),
    ],
)
def test_cores_are_the_least_of_count_affinity_and_quota(cpus, affinity, quota, cores):
    """A part of a core counts as one; there is always at least one."""
    assert usable_cores(cpus, affinity, quota) == cores


def test_facts_name_the_machine_by_what_it_is():
    """No host name, no user name and no path gets into the record."""
    text = json.dumps(asdict(machine_facts()))
    for private in {socket.gethostname(), os.environ.get("HOME", "/root"), str(ROOT)}:
        assert private not in text
    assert machine_facts().cores >= 1


@pytest.mark.skipif(not shutil.which("taskset"), reason="taskset is not installed")
def test_affinity_counts():
    """Bound to one CPU, the machine has one core, and the record says why."""
    code = (
        "from scripts.runner.machine import machine_facts; m = machine_facts();"
        "print(m.affinity_count, m.cores)"
    )
    command = ["taskset", "-c", "0", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1 1\n"


@pytest.fixture
def group():
    """A control group of our own that allows one and a half cores; skips where none can be made."""
    old = Path("/sys/fs/cgroup/cpu")
    folder = (old if old.is_dir() else old.parent) / f"blog-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"no control group can be made here: {error.strerror}")
    try:
        name, text = (
            ("cpu.cfs_quota_us", "150000") if old.is_dir() else ("cpu.max", "150000 100000")
        )
        (folder / name).write_text(text)
        yield folder
    except OSError as error:
        pytest.skip(f"no quota can be set here: {error.strerror}")
    finally:
        folder.rmdir()


def test_a_real_quota_counts(group):
    """In a group that may use one and a half cores, the machine has two of them, or its one."""
    code = (
        "from scripts.runner.machine import machine_facts; m = machine_facts();"
        "print(m.quota_cores, m.cores == min(2, m.affinity_count))"
    )
    enter = f'echo $$ > {group}/cgroup.procs && exec "$@"'
    command = ["sh", "-c", enter, "sh", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1.5 True\n"


@pytest.mark.parametrize(
    ("text", "model"),
    [
        (b"model name\t: Somebody  CPU @ 2.0GHz\nflags\t: fpu\n", "Somebody CPU @ 2.0GHz"),
        (b"processor\t: 0\nHardware\t: BCM2835\n", "BCM2835"),
        (b"model name\t: \xe4\xb8\xadCPU\x1b[31m \xff 1\n", "CPU[31m 1"),
        (b"model name\t: " + b"x" * 999 + b"\n", "x" * 80),
        (b"model name\t: \nflags\t: fpu\n", "aarch64"),
        (b"model name\n", "aarch64"),
        (b"", "aarch64"),
    ],
)
def test_a_processor_is_called_what_can_be_printed(text, model, tmp_path, monkeypatch):
    """Bytes from elsewhere, control characters and endless names are left out."""
    (tmp_path / "cpuinfo").write_bytes(text)
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(machine.platform, "machine", lambda: "aarch64")
    assert machine_facts().cpu_model == model


@pytest.mark.parametrize(
    ("script", "model"), [("echo Apple M9", "Apple M9"), ("exit 1", "arm64"), (None, "arm64")]
)
def test_macos_is_asked_for_its_processor(script, model, tmp_path, monkeypatch):
    """By its own program, which need not be there."""
    if script:
        (tmp_path / "sysctl").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "sysctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "none")
    monkeypatch.setattr(machine.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(machine.platform, "machine", lambda: "arm64")
    assert machine_facts().cpu_model == model


@pytest.mark.parametrize(
    ("text", "smt"), [(b"1\n", True), (b"0\n", False), (b"\xff", None), (b"", None)]
)
def test_whether_cores_are_shared(text, smt, tmp_path, monkeypatch):
    """Only what the kernel says is believed."""
    (tmp_path / "active").write_bytes(text)
    monkeypatch.setattr(machine, "_SMT", tmp_path / "active")
    assert machine_facts().smt is smt
