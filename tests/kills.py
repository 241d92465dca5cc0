"""Kill `make figures` at random moments, call it again, and compare with a run left in peace.

python -m tests.kills [SEED] takes some minutes; it works on copies of this checkout, with QUICK
sizes. It ends with status 1 when anything differs or stays behind.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.project import Project
from scripts.record import load
from scripts.runner.plan import key_of
from tests.conftest import ROOT, copy_sources

RUNTIMES = "python3 python3.14 python3.13t"
FIGURES = ["make", "figures", "QUICK=1", "FORCE=1", f"RUNTIMES={RUNTIMES}"]
SIGNALS = [*[signal.SIGKILL] * 5, signal.SIGTERM]
# Every process of a run is to be gone after so many seconds.
PATIENCE_S = 10


def copy(folder: Path) -> Project:
    """A copy of this checkout that `make` works in, with a temporary folder of its own."""
    project = copy_sources(folder)
    for name in ("Makefile", "requirements.txt", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "tmp").mkdir()
    return project


def start(project: Project) -> subprocess.Popen:
    """`make figures` in a process group of its own."""
    return subprocess.Popen(
        FIGURES,
        cwd=project.root,
        env={**os.environ, "TMPDIR": str(project.root / "tmp")},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def strays(project: Project) -> list[str]:
    """The processes whose working folder is the copy."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cwd").readlink().is_relative_to(project.root):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append(f"{folder.name}: {command}")
        except OSError:
            continue  # it has ended meanwhile
    return found


def left_over(project: Project) -> list[str]:
    """Processes and temporary files that a run has left, after some patience."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = [*strays(project), *map(str, (project.root / "tmp").iterdir())]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def kill(project: Project, number: signal.Signals, seconds: float) -> list[str]:
    """Start a run, end it after so many seconds, and tell what is wrong then."""
    going = start(project)
    try:
        going.wait(seconds)
        print(f"had ended before {seconds:.1f} s", flush=True)
    except subprocess.TimeoutExpired:
        os.killpg(going.pid, number)
        going.wait()
        print(f"{number.name} after {seconds:.1f} s", flush=True)
    return left_over(project)


def described(project: Project) -> dict[str, object]:
    """What must be the same whatever happened on the way: all but the measured times."""
    data = project.load_measured()
    record = load(project.root / data["record"])
    return {
        "samples": sorted(map(repr, map(key_of, record.samples))),
        "keys": sorted(data["values"]),
        "verdicts": sorted(data["verdicts"]),
        "files": sorted(
            str(path.relative_to(project.root))
            for folder in ("content", "data", "static", ".run")
            for path in (project.root / folder).rglob("*")
        ),
        "check": subprocess.run(
            [sys.executable, "-m", "scripts", "check"],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
        ).stdout,
    }


def main(arguments: list[str]) -> int:
    """Print what was done and found; 0 when both sets are alike and nothing was left."""
    seed = arguments[0] if arguments else str(time.time_ns())
    chance, wrong = random.Random(seed), []
    print(f"seed {seed}: {' '.join(FIGURES)}")
    with tempfile.TemporaryDirectory() as folder:
        peaceful, killed = copy(Path(folder, "peaceful")), copy(Path(folder, "killed"))
        begin = time.monotonic()
        assert start(peaceful).wait() == 0
        whole_s = time.monotonic() - begin
        wrong += left_over(peaceful)
        print(f"in peace: {whole_s:.0f} s", flush=True)
        for number in SIGNALS:  # a run that is gone on with takes about half the time
            wrong += kill(killed, number, chance.uniform(0.5, whole_s / 2))
        assert start(killed).wait() == 0
        wrong += left_over(killed)
        one, other = described(peaceful), described(killed)
        wrong += [f"{name} differ" for name in one if one[name] != other[name]]
        print(f"{len(one['samples'])} samples, {len(one['keys'])} keys, {len(one['files'])} files")
        print(json.dumps(one["check"]))
    print("\n".join(wrong) or "alike, and nothing left behind")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
