"""Throw mutated records at the intake: `python -m tests.fuzz_intake 1000000 [SEED]`.

None may end in anything but a record or a refusal in one line. What is taken in must hold nothing
that a page could execute, and every so often all is derived from it that a page shows.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

from scripts.blog import claims
from scripts.conclude import summary
from scripts.machines.untrusted import check_record
from scripts.record import Record, dumps, loads
from scripts.record.errors import BlogError
from tests.foreign import Mutations

CLAIMS = Path(__file__).parents[1] / "data" / "claims.yaml"
# Of so many that are taken in, one is also summed up, which takes longer than all checking.
EVERY = 20
UNSAFE = re.compile(r"[<>&\\/`{}\[\]|$#*\x00-\x1f\x7f-\U0010ffff]|://|@(?! ?[0-9])")


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
    """Derive what a page would show of it."""
    stated = claims.load(CLAIMS, "data/claims.yaml")
    summary.summarise(record, "mutant.json", "", {}, stated)


def run(count: int, seed: int) -> Counter:
    """Throw so many mutants; how many were refused, taken in and summed up."""
    mutations, found = Mutations(seed), Counter()
    for _ in range(count):
        mutant = mutations.next()
        try:
            record = throw(mutant)
            found["taken in" if record else "refused"] += 1
            if record and found["taken in"] % EVERY == 1:
                sum_up(record)
                found["summed up"] += 1
        except Exception:
            Path(f"mutant-{seed}.json").write_bytes(mutant)
            raise
    return found


def main(arguments: list[str]) -> None:
    """Share the mutants among all cores."""
    count, seed = int(arguments[0]), int((arguments[1:] or ["1"])[0])
    cores = len(os.sched_getaffinity(0))
    begin = time.monotonic()
    with multiprocessing.Pool(cores) as pool:
        shares = [(count // cores + (n < count % cores), seed + n) for n in range(cores)]
        found = sum(pool.starmap(run, shares), Counter())
    said = ", ".join(f"{number} {what}" for what, number in found.most_common())
    print(f"{count} mutants from seed {seed} in {time.monotonic() - begin:.0f} s: {said}")


if __name__ == "__main__":
    main(sys.argv[1:])
