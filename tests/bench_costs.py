"""What README.md says of the program's costs, measured and written there by `make bench`."""

from __future__ import annotations

import datetime
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.blog import costs
from scripts.project import Project
from scripts.record import Record, load, units
from tests.conftest import copy_checkout


def _command_s(project: Project, *arguments: str, without: Path | None = None) -> float:
    """The seconds that a command takes on a project, Python's start included: the median of three.

    Each time the files of the folder `without` have been lost.
    """
    command = [sys.executable, "-E", "-s", "-m", "scripts", *arguments]
    found = []
    for _ in range(3):
        for path in without.iterdir() if without else ():
            path.unlink()
        begin = time.perf_counter()
        subprocess.run(command, cwd=project.root, check=True, capture_output=True)
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def _session_line(record: Record) -> str:
    """How long the sessions of the record took, and how many arms they timed."""
    moment = datetime.datetime.fromisoformat
    lengths = [moment(one.finished) - moment(one.started) for one in record.sessions]
    each = ", ".join(units.duration(length.total_seconds()) for length in lengths)
    return f"The sessions of the committed record took {each}: {len(record.samples)} timed runs."


def bench_costs(project: Project) -> None:
    """Draw, redraw and build a copy, and write into README.md what that took."""
    record = load(project.current_record())
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_checkout(Path(folder))
        all_s = _command_s(copy, "redraw", without=copy.pictures)
        idle_s = _command_s(copy, "redraw")
        site_s = _command_s(copy, "site")
    lines = [
        _session_line(record),
        f"`make redraw`: {idle_s:.1f} s when nothing has changed, {all_s:.1f} s if all is drawn.",
        f"`make site`: {site_s:.1f} s, once the set is there. All on {record.machine.cores} cores.",
    ]
    readme = project.root / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(costs.replaced(text, record.run_id, lines), encoding="utf-8")
    print("\n".join(lines))
