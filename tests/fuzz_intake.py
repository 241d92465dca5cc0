"""Throw mutated records at the intake: python -m tests.fuzz_intake [--seconds 60] [--seed N].

None may end in anything but a refusal in one line, or a record that all can be derived from that a
page shows, in little time, and without a text that a page could execute. Some that were taken in
are built into one page, which must mark all that is more than possible. Without a seed the time
goes half to the one that was tried before and half to a fresh one, which is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from scripts import experiments
from scripts.blog import derive, hugo
from scripts.comparison import speedup, summaries
from scripts.conclude import summary
from scripts.draw import export
from scripts.draw.language import Say
from scripts.draw.theme import LIGHT
from scripts.machines import untrusted
from scripts.project import Project
from scripts.record import Record, dumps, loads
from scripts.record.errors import BlogError
from scripts.written import claims
from tests import foreign, pages
from tests.conftest import copy_checkout
from tests.mutants import Mutants

PROJECT = Project(Path(__file__).parents[1])
CLAIMS = claims.load(PROJECT.claims, "data/claims.yaml")
SEED = 1
# The longest that one of them may take, in seconds of CPU time.
SLOWEST_S = 2
# One in so many is thrown as a file.
EVERY = 8
# How many of each seed and core come onto a page.
SHOWN = 20
UNSAFE = re.compile(r"[<>&\\/`{}\[\]|$#*\x00-\x1f\x7f-\U0010ffff]|://|@(?! ?[0-9])")


@dataclasses.dataclass
class Found:
    """What became of the mutants; `findings` are by the place that failed, one of each."""

    refused: int = 0
    taken_in: int = 0
    slowest_s: float = 0.0
    findings: dict[str, str] = dataclasses.field(default_factory=dict)
    shown: list[Record] = dataclasses.field(default_factory=list)

    def add(self, other: Found) -> None:
        """Count another one's in."""
        self.refused += other.refused
        self.taken_in += other.taken_in
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.findings = {**other.findings, **self.findings}
        self.shown += other.shown

    def __str__(self) -> str:
        return (
            f"{self.refused + self.taken_in} mutants, {self.refused} refused, {self.taken_in} taken"
            f" in and summed up, slowest {self.slowest_s:.2f} s, {len(self.findings)} findings"
        )


def bases() -> list[dict]:
    """The sound records that the mutants are made of: small ones, so that there are many."""
    single = [foreign.small(experiment) for experiment in experiments.declarations()]
    return [*[foreign.small()] * len(single), *single, foreign.several(), foreign.schema_1()]


def texts(value: object) -> list[str]:
    """Every text in a record, names of fields included."""
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in texts(one))]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def throw(mutant: bytes) -> Record | None:
    """The record if it is taken in. Raises AssertionError when the intake did not do its work."""
    try:
        record = untrusted.check_record(mutant, "mutant.json")
    except BlogError as error:
        said = str(error)
        assert said.isprintable() and said.startswith("mutant.json: refused: "), said
        assert len(said) < 400, said
        if b'"samples"' in mutant:  # of the first format, as our own records may be
            with contextlib.suppress(BlogError):
                loads(mutant.decode("utf-8", "replace"), "mutant.json")
        return None
    written = dumps(record)
    assert dumps(loads(written, "")) == written
    found = [text for text in texts(vars(record.machine)) if UNSAFE.search(text)]
    for runtime in record.runtimes:
        kept = {**vars(runtime), "build": re.sub("^(tags|heads)/", "", runtime.build)}
        found += [text for text in texts(kept) if UNSAFE.search(text)]
    assert not found, found
    assert not re.search(r"[<>&\\]", written) and written.isascii()
    return record


def sum_up(record: Record, whole: bool = True) -> dict:
    """What the page of machines shows of it; with `whole` all else that a summary holds, too."""
    declared = experiments.declarations()
    made = summary.summarise(record, "mutant.json", "", declared, experiments.quantities, CLAIMS)
    shown = summaries._summary(record, made, "", CLAIMS, "")
    summaries.points({"": shown})
    json.dumps([shown, summary.to_json(made) if whole else None], allow_nan=False)
    return shown


def _once(quantities: Callable) -> Callable:
    """The same, which is asked for twice of each record, and must give the same."""
    last: list = [None, None]

    def remembered(record: Record) -> dict:
        if last[0] is not record:
            last[:] = record, quantities(record)
        return last[1]

    return remembered


@mock.patch.object(experiments, "quantities", _once(experiments.quantities))
def run(count: int, seed: int | str, seconds: float = 0.0) -> Found:
    """Throw `count` mutants, then more while there is time: one of EVERY as a file with all that
    follows from it, the others as what stands in one, for the page of machines."""
    mutants, found, number = Mutants(seed, bases()), Found(), 0
    until = time.monotonic() + seconds
    while number < count or time.monotonic() < until:
        number += 1
        whole = number % EVERY == 0
        mutant = mutants.in_bytes() if whole else mutants.next()
        begin = time.process_time()
        try:
            record = throw(mutant) if whole else _accepted(mutant)
            above = record and sum_up(record, whole)["above_ceiling"]
            took_s = time.process_time() - begin
            assert took_s < SLOWEST_S, f"it took {took_s:.1f} s"
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} in {place.name}, line {place.lineno}: {error}"
            found.findings.setdefault(kind[:200], f"seed {seed}, mutant {number}: {_keep(mutant)}")
            continue
        found.slowest_s = max(found.slowest_s, took_s)
        if record is None:
            found.refused += 1
            continue
        found.taken_in += 1
        if len(found.shown) < SHOWN and (above or mutants.random.randrange(20) == 0):
            found.shown.append(record)
    return found


def _accepted(fields: Any) -> Record | None:
    try:
        return untrusted._checked(fields)
    except (BlogError, ValueError):
        return None


def _keep(mutant: Any) -> str:
    handle, path = tempfile.mkstemp(prefix="mutant-", suffix=".json")
    with open(handle, "wb") as file:
        file.write(mutant if isinstance(mutant, bytes) else json.dumps(mutant).encode())
    return path


def show(records: Sequence[Record], folder: Path) -> list[str]:
    """Build a page of them all in `folder`; what on it is more than possible and not marked.

    Raises BlogError when Hugo cannot build it, and whatever drawing its figure raises.
    """
    project = copy_checkout(folder)
    found = {}
    for number, record in enumerate(records):
        name = f"mutant-{number:04}"
        found[name] = {**sum_up(record), "record": f"static/records/others/{name}.json"}
        (project.machines / f"{name}.json").write_text(summaries.dumps(found[name]), "utf-8")
        (project.others / f"{name}.json").write_text(dumps(record), "utf-8")
    hugo.build(project)
    own = derive.load(project.current_record())
    with export.context():
        export.svg(speedup.draw(own, summaries.points(found), LIGHT, Say("en", speedup.WORDS)), "")
    return [line for language in pages.LANGUAGES for line in _unmarked(project, language, found)]


def _unmarked(project: Project, language: str, found: dict[str, dict]) -> list[str]:
    """The speed-ups on the page of machines that are beyond all cores, and not said to be.

    So much more than there are cores may come from noise; and twice as fast threads from what an
    addition costs.
    """
    folder = project.root / "public" / ("" if language == "zh" else language)
    html = (folder / "machines" / "index.html").read_text("utf-8")
    assert "<script>alert" not in html and "NaN" not in html and "\x1b" not in html
    mark, problems = pages.words(language)["above_ceiling"].strip(), []
    for name, one in found.items():
        rows = [
            row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if f"{name}.json" in row
        ]
        assert len(rows) == len(one["interpreters"])
        for row, line in zip(rows, one["interpreters"], strict=True):
            cells = re.findall(r"<td.*?</td>", row)
            for cell, key in zip(cells, ("threads_speedup", "processes_speedup"), strict=False):
                value = line["quantities"].get(key, {"value": 0})["value"]
                cores = one["machine"]["cores"]
                most = max(2, cores) if key == "threads_speedup" else cores
                if value > 1.2 * most and mark not in cell:
                    problems.append(f"{name} {line['id']} {key} is {value}, of {cores} cores")
    return problems


def main() -> None:
    """Share the time among the seeds, and each seed among all cores."""
    parser = argparse.ArgumentParser(prog="fuzz_intake", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long, on all cores")
    parser.add_argument("--seed", type=int, help="this one alone")
    options = parser.parse_args()
    fresh = random.SystemRandom().randrange(10**9)
    seeds = [SEED, fresh] if options.seed is None else [options.seed]
    cores = len(os.sched_getaffinity(0))
    whole = Found()
    for seed in seeds:
        shares = [(0, f"{seed}/{core}", options.seconds / len(seeds)) for core in range(cores)]
        found = Found()
        with multiprocessing.Pool(cores) as pool:
            for one in pool.starmap(run, shares):
                found.add(one)
        print(f"seed {seed}: {found}", flush=True)
        whole.add(found)
    with tempfile.TemporaryDirectory() as folder:
        unmarked = show(whole.shown, Path(folder))
    print(f"{len(whole.shown)} on a page, {len(unmarked)} unmarked", flush=True)
    for kind, where in whole.findings.items():
        print(f"{kind}\n  {where}", flush=True)
    print(*unmarked, sep="\n", end="" if not unmarked else "\n")
    sys.exit(1 if whole.findings or unmarked else 0)


if __name__ == "__main__":
    main()
