"""Makes the records of tests/fixtures/machines anew, and the snapshot of their verdicts.

    python -m tests.make_fixtures                all of them: some minutes for each measured one
    python -m tests.make_fixtures generated      those that no machine measures, in seconds
    python -m tests.make_fixtures one-core …     these
    python -m tests.make_fixtures verdicts       only tests/fixtures/verdicts.yaml

Measured is with QUICK sizes and 6 rounds, by a copy of this checkout. A kind whose interpreter or
command is not at hand keeps the record it has.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.record import Record, dumps, load
from tests import machine_records as machines
from tests import pages
from tests.conftest import copy_sources


def measure(kind: str) -> Record | None:
    """The record that a QUICK run gives, as `kind` says; None when what it needs is not here."""
    prefix, runtimes = machines.MEASURED[kind]
    missing = [name for name in (*prefix[:1], *runtimes.split()) if not shutil.which(name)]
    if missing:
        print(f"{kind}: no {', '.join(missing)} here")
        return None
    with tempfile.TemporaryDirectory() as folder:
        # The copy's code measures: this checkout may be worked on meanwhile.
        project = copy_sources(Path(folder))
        shutil.rmtree(project.root / "content")  # what the posts quote is no matter here
        command = [*prefix, sys.executable, "-m", "scripts", "figures", "--quick", "--force"]
        command += ["--rounds", "6", "--runtimes", runtimes]
        subprocess.run(command, cwd=folder, check=True)
        return load(project.current_record())


def write(kind: str, record: Record) -> None:
    """Put a record in the place of the one of its kind."""
    folder = machines.FOLDER / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / f"{record.machine.slug}.json").write_text(dumps(record), encoding="utf-8")


def write_verdicts() -> None:
    """Build every page and write down the verdicts that it shows."""
    sites = []
    for kind in machines.kinds():
        with tempfile.TemporaryDirectory() as folder:
            sites.append(pages.build(kind, Path(folder)))
    machines.SNAPSHOT.write_text(pages.snapshot(sites), encoding="utf-8")


def main(wanted: list[str]) -> None:
    """Make what was asked for; everything by default."""
    every = [*machines.MEASURED, *machines.GENERATED]
    unknown = set(wanted) - {*every, "generated", "verdicts"}
    if unknown:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(every)}")
    chosen = [
        kind
        for kind in every
        if not wanted or kind in wanted or (kind in machines.GENERATED and "generated" in wanted)
    ]
    for kind in chosen:
        record = machines.GENERATED[kind]() if kind in machines.GENERATED else measure(kind)
        if record:
            write(kind, record)
            print(f"{kind}: {record.machine.slug}, {len(record.samples)} samples")
    write_verdicts()


if __name__ == "__main__":
    main(sys.argv[1:])
