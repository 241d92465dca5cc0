"""The same on other interpreters: `python -m tests.matrix`, which `.ci/run` ends with.

Each in a clone of its own: some tests, a QUICK run of tiny sizes, and the check of the record. The
system's own python3, when it is not the one that runs this, with all that is pinned, and by make;
the newest CPython of every minor version that is here with what these tests need.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.record.environment import NETWORK, clean_environment
from tests import pythons
from tests.reader import tiny

ROOT = Path(__file__).parents[1]
SYSTEM = "/usr/bin/python3"
OLDEST, NEWEST = 11, 14
# What an interpreter has most often an own opinion about: regular expressions, numbers, texts.
UNITS = (
    "tests/record/test_record.py",
    "tests/record/test_units.py",
    "tests/conclude/test_stats.py",
    "tests/conclude/test_verdicts.py",
    "tests/written/test_claims.py",
    "tests/written/test_config.py",
    "tests/blog/test_embed.py",
    "tests/machines/test_untrusted.py",
)
# Long, and by chance, so that interpreters have little part in what they find; and Hugo.
LEFT_OUT = ("mutated_records", "whatever_stands_in_a_place", "hugo_itself", "is_marked_on_the_page")
LEFT_OUT += ("summed_up_in_no_time",)
# What these need of requirements-test.txt.
NEEDED = ("hypothesis", "iniconfig", "packaging", "pluggy", "pygments", "pytest", "pyyaml")
NEEDED += ("sortedcontainers",)
# What a QUICK run measures where nothing can be drawn: pools of all kinds.
MEASURED = ("control", "pool_start", "runtimes")
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


def shrink(folder: Path) -> None:
    """Make the sizes of a clone so small that a run is a matter of seconds.

    And let it know no record but its own, whose pictures are those to draw.
    """
    shutil.rmtree(folder / "static" / "records" / "others")
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"(?m)^(    \w+: )\d+", r"\g<1>2", text), encoding="utf-8")


def needed() -> str:
    """The part of requirements-test.txt that the tests here need, with its hashes."""
    text = (ROOT / "requirements-test.txt").read_text(encoding="utf-8")
    return "".join(
        block for block in re.split(r"(?m)^(?=\S)", text) if block.split("==")[0] in NEEDED
    )


def steps(python: Python, folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is run in the clone `folder`, and what it is called; between them it is made ready."""
    own = str(folder / ".venv" / "bin" / "python")
    ours = (own, "-E", "-s", "-m")
    whole = python.path == os.path.realpath(SYSTEM)
    units = "requirements-units.txt"
    (folder / units).write_text(needed(), encoding="utf-8")
    wanted = ("requirements.txt", units) if whole else (units,)
    yield "set-up", (python.path, "-I", "scripts/bootstrap.py", *wanted)
    less = " and ".join(f"not {name}" for name in LEFT_OUT)
    yield "tests", (*ours, "pytest", "-p", "no:cacheprovider", "-k", less, *UNITS)
    if whole:
        make = ("make", f"PYTHON={python.path}")
        yield "site", (*make, "site")
        shrink(folder)
        quick = ("QUICK=1", "ROUNDS=1", "FORCE=1", f"RUNTIMES={own}")
        yield "QUICK run", (*make, "figures", *quick)
        yield "check", (*make, "check")
    else:
        yield "check", (*ours, "scripts", "check")
        tiny.write(folder / "measure.pyz", MEASURED)
        quick = ("--quick", "--rounds=1", "--force", "--output=record.json")
        yield "QUICK run", (python.path, "measure.pyz", *quick)


def tried(python: Python) -> str:
    """Nothing when all goes well, else what failed, and the end of what it said."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "clone")
        subprocess.run(("git", "clone", "--quiet", ROOT, folder), check=True)
        for name, command in steps(python, folder):
            done = subprocess.run(
                command,
                cwd=folder,
                env=clean_environment(NETWORK),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                said = done.stdout.decode(errors="replace").splitlines()[-40:]
                return "\n".join([f"{name} failed:", *said])
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
