"""How the programs with the usual mistakes ended."""

from __future__ import annotations

from typing import Dict

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact
from scripts.experiments.pitfalls import CASES
from scripts.experiments.pitfalls.measure import ERRORS
from scripts.record import Record, Sample


def quantities(record: Record) -> Dict[str, Quantity]:
    """How each ended, "hangs", "fails" or "works", and by which errors; in the last session."""
    found: Dict[str, Quantity] = {}
    for case in CASES:
        samples = [one for one in record.select("pitfalls", case) if one.values]
        if samples:
            for name, text in _of_sample(samples[-1]).items():
                found[f"pitfalls.{case}.{name}"] = fact(text, "text")
    return found


def _of_sample(sample: Sample) -> Dict[str, str]:
    values = sample.values
    how = "hangs" if values["hung_count"] else "fails" if values["status_count"] else "works"
    found = {"ends": how}
    if sample.case == "fork_with_thread":
        found["warned"] = "yes" if values.get("warned_count") else "no"
    for name in ("error", "worker_error"):
        place = int(values.get(f"{name}_count", 0))
        if 0 < place < len(ERRORS):
            found[name] = ERRORS[place]
    return found
