"""What a pool costs before its first job: per worker and way to start, and cold against warm."""

from __future__ import annotations

from scripts.conclude import stats
from scripts.conclude.stats import Quantity
from scripts.record import Record, Sample

PICTURE = ""  # numbers in the prose
WAYS = ("threads", "processes", "interpreters")
METHODS = ("fork", "spawn", "forkserver")
KEYS = (
    *(f"pool_start.{way}.{name}" for way in WAYS for name in ("cold_s", "warm_s", "per_worker_ms")),
    *(f"pool_start.{method}.per_worker_ms" for method in METHODS),
)


def values(record: Record) -> dict[str, Quantity]:
    """Seconds of the same jobs in a cold and in a warm pool, and milliseconds to start a worker.

    Those of processes are by the interpreter's own start method; each method has its cost besides.
    """
    found = {}
    for way in WAYS:
        method = {"start_method": record.runtimes[0].start_method} if way == "processes" else {}
        cold = record.select("pool_start", way, pool="cold", **method)
        warm = record.select("pool_start", way, pool="warm", **method)
        if cold and warm:
            found[f"pool_start.{way}.cold_s"] = stats.median_of(cold, "wall_s", "s")
            found[f"pool_start.{way}.warm_s"] = stats.median_of(warm, "wall_s", "s")
            found[f"pool_start.{way}.per_worker_ms"] = _per_worker(warm)
    for method in METHODS:
        warm = record.select("pool_start", "processes", pool="warm", start_method=method)
        if warm:
            found[f"pool_start.{method}.per_worker_ms"] = _per_worker(warm)
    return found


def _per_worker(warm: list[Sample]) -> Quantity:
    """Milliseconds from making the pool to the meeting of all workers, by their number."""
    costs = [1000 * sample.values["start_s"] / sample.params["workers"] for sample in warm]
    return stats.median(costs, "ms")
