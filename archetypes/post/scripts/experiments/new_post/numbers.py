"""How long each way takes, and how many times as long the loop takes."""

from __future__ import annotations

from typing import Dict

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import by_round, ratio, shared, typical
from scripts.experiments.new_post.declaration import WAYS
from scripts.record import Record


def quantities(record: Record) -> Dict[str, Quantity]:
    """Typical wall times, and their ratio over the rounds that both ways have."""
    walls = {way: by_round(record.select("new_post", way)) for way in WAYS}
    found = {}
    for way, wall in walls.items():
        if wall:
            found[f"new_post.{way}.wall_s"] = typical(wall, "s")
    loop, built_in = shared(walls["loop"], walls["built_in"])
    if loop:
        found["new_post.loop_to_built_in_ratio"] = ratio(loop, built_in)
    return found
