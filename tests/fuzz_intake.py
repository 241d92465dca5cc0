"""Throw mutated records at the intake: python -m tests.fuzz_intake [--seconds 60] [--seed N].

None may end in anything but a refusal in one line, or a record that all can be derived from that a
page shows, in little time, and without a text that a page could execute. Without a seed the time
goes half to the one that was tried before and half to a fresh one, which is printed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from scripts import experiments
from scripts.blog import derive
from scripts.comparison import summaries
from scripts.conclude import summary
from scripts.machines.untrusted import check_record
from scripts.project import Project
from scripts.record import Record, dumps, loads
from scripts.record.errors import BlogError
from tests import foreign
from tests.mutants import Mutants

PROJECT = Project(Path(__file__).parents[1])
SEED = 1
# The longest that one of them may take, in seconds of CPU time.
SLOWEST_S = 2
UNSAFE = re.compile(r"[<>&\\/`{}\[\]|$#*\x00-\x1f\x7f-\U0010ffff]|://|@(?! ?[0-9])")


def bases() -> list[dict]:
    """The sound records that the mutants are made of: small ones, so that there are many."""
    return [foreign.small(experiment) for experiment in experiments.declarations()]


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
        record = check_record(mutant, "mutant.json")
    except BlogError as error:
        said = str(error)
        assert said.isprintable() and said.startswith("mutant.json: refused: "), said
        assert len(said) < 400, said
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


def sum_up(record: Record) -> None:
    """Derive what the pages show of it."""
    made = derive.summarise(PROJECT, record, "mutant.json", dumps(record))
    found = summaries.summaries(PROJECT, record, made, {})
    summaries.points(found)
    for one in (summary.to_json(made), *found.values()):
        json.loads(json.dumps(one, allow_nan=False))


def run(count: int, seed: int | str, seconds: float = 0.0) -> Counter:
    """Throw `count` mutants, then more while there is time; how many were refused and taken in."""
    mutants, found = Mutants(seed, bases()), Counter()
    until = time.monotonic() + seconds
    while found.total() < count or time.monotonic() < until:
        mutant = mutants.next()
        begin = time.process_time()
        try:
            record = throw(mutant)
            if record:
                sum_up(record)
            took_s = time.process_time() - begin
            assert took_s < SLOWEST_S, f"it took {took_s:.1f} s"
        except Exception:
            folder = tempfile.mkdtemp(prefix="mutant-")
            Path(folder, "mutant.json").write_bytes(mutant)
            print(f"seed {seed}, mutant {found.total()}: {folder}/mutant.json", flush=True)
            raise
        found["taken in" if record else "refused"] += 1
    return found


def main() -> None:
    """Share the time among the seeds, and each seed among all cores."""
    parser = argparse.ArgumentParser(prog="fuzz_intake", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long, on all cores")
    parser.add_argument("--seed", type=int, help="this one alone")
    options = parser.parse_args()
    fresh = random.SystemRandom().randrange(10**9)
    seeds = [SEED, fresh] if options.seed is None else [options.seed]
    cores = len(os.sched_getaffinity(0))
    for seed in seeds:
        shares = [(0, f"{seed}/{core}", options.seconds / len(seeds)) for core in range(cores)]
        with multiprocessing.Pool(cores) as pool:
            found = sum(pool.starmap(run, shares), Counter())
        said = ", ".join(f"{number} {what}" for what, number in found.most_common())
        print(f"seed {seed}: {found.total()} mutants, {said}", flush=True)


if __name__ == "__main__":
    main()
