"""The same on other interpreters: `python -m tests.matrix`, which `.ci/run` ends with.

The system's own python3 and the newest CPython of every minor version that is here, each in a clone
of its own: set-up, some tests, the site, a QUICK run of tiny sizes, and the check of that.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.record.environment import NETWORK, clean_environment
from tests import pythons

ROOT = Path(__file__).parents[1]
SYSTEM = "/usr/bin/python3"
OLDEST, NEWEST = 11, 14
# What an interpreter has most often an own opinion about: regular expressions, numbers, texts.
UNITS = (
    "tests/record",
    "tests/conclude/test_stats.py",
    "tests/conclude/test_verdicts.py",
    "tests/written/test_claims.py",
    "tests/written/test_config.py",
    "tests/blog/test_embed.py",
    "tests/machines/test_untrusted.py",
)
# What these need besides requirements.txt, of requirements-test.txt.
NEEDED = ("hypothesis", "iniconfig", "pluggy", "pytest", "sortedcontainers")
_TELL = "import os, sys; print(os.path.realpath(sys.executable), sys.version.split()[0])"


@dataclasses.dataclass(frozen=True)
class Python:
    """An interpreter by its real name."""

    path: str
    version: str


def ask(executable: str) -> Python | None:
    """What `executable` is; None when it does not run."""
    try:
        done = subprocess.run([executable, "-I", "-c", _TELL], capture_output=True, check=False)
    except OSError:
        return None
    return None if done.returncode else Python(*done.stdout.decode().rsplit(maxsplit=1))


def found() -> Iterator[Python]:
    """The interpreters to try, and not the one that runs this, with which all tests are run.

    What is not here is said. Without a GIL there are not the packages for it.
    """
    every = pythons.every()
    names = {f"the system's own, {SYSTEM}": SYSTEM}
    for minor in range(OLDEST, max(NEWEST, *(key[1] for key in every)) + 1):
        names[f"Python 3.{minor}"] = every.get((3, minor, False), "")
    seen = {os.path.realpath(sys._base_executable)}
    for name, executable in names.items():
        python = ask(executable) if executable else None
        if python is None:
            print(f"not found here: {name}")
        elif python.version.split(".") >= ["3", str(OLDEST)] and python.path not in seen:
            seen.add(python.path)
            yield python


def tiny(folder: Path) -> None:
    """Make the sizes of a clone so small that a run is a matter of seconds."""
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"(?m)^(    \w+: )\d+", r"\g<1>2", text), encoding="utf-8")


def needed() -> str:
    """The part of requirements-test.txt that the tests here need, with its hashes."""
    text = (ROOT / "requirements-test.txt").read_text(encoding="utf-8")
    return "".join(
        block for block in re.split(r"(?m)^(?=\S)", text) if block.split("==")[0] in NEEDED
    )


def tried(python: Python) -> str:
    """Nothing when all goes well, else what failed, and the end of what it said."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "clone")
        own = str(folder / ".venv" / "bin" / "python")
        make = ("make", f"PYTHON={python.path}")
        quick = ("QUICK=1", "ROUNDS=1", "FORCE=1", f"RUNTIMES={own}")
        files = ("requirements.txt", "requirements-units.txt")
        for name, command in {
            "clone": ("git", "clone", "--quiet", str(ROOT), str(folder)),
            "set-up": (python.path, "-I", "scripts/bootstrap.py", *files),
            "tests": (own, "-E", "-s", "-m", "pytest", "-p", "no:cacheprovider", *UNITS),
            "site": (*make, "site"),
            "QUICK run": (*make, "figures", *quick),
            "check": (*make, "check"),
        }.items():
            done = subprocess.run(
                command,
                cwd=folder if folder.exists() else ROOT,
                env=clean_environment(NETWORK),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                said = done.stdout.decode(errors="replace").splitlines()[-40:]
                return "\n".join([f"{name} failed:", *said])
            if name == "site":
                tiny(folder)
            if name == "clone":
                (folder / files[1]).write_text(needed(), encoding="utf-8")
            print(f"{python.version}: {name} done at {time.monotonic() - began:.0f} s", flush=True)
    return ""


def main() -> int:
    """Try all, two at a time; 1 when any of them failed."""
    all_ = list(found())
    with ThreadPoolExecutor(2) as pool:
        faults = dict(zip(all_, pool.map(tried, all_), strict=True))
    for python, fault in faults.items():
        print(f"Python {python.version} ({python.path}): {fault or 'all went well'}")
    failed = sum(map(bool, faults.values()))
    print(f"interpreters: {len(faults) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
