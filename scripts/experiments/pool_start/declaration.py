"""What it costs to start a pool."""

from scripts.record.declaration import POOL, WALL, Choice, Declaration, Key

METHODS = ("fork", "forkserver", "spawn")
# Processes by the interpreter's own start method, and each method by itself.
_POOLS = (
    "threads",
    "processes",
    "interpreters",
    *METHODS,
    *(f"{method}_numpy" for method in METHODS),
)

DECLARATION = Declaration(
    name="pool_start",
    cases=("threads", "processes", "interpreters", "dask", "joblib"),
    needed=2,
    params={**POOL, "library": Choice(("none", "numpy"), label=True)},
    values=dict.fromkeys(("start_one_s", "start_cores_s", "start_twice_s"), WALL),
    required=("start_cores_s",),
    quantities={
        **{f"pool_start.{pool}.fixed_ms": Key("ms") for pool in _POOLS},
        **{f"pool_start.{pool}.per_worker_ms": Key("ms") for pool in _POOLS},
        **{f"pool_start.{pool}.at_cores_ms": Key("ms") for pool in (*_POOLS, "dask", "joblib")},
        # How many times as long as by fork a pool of as many workers as cores takes to start.
        **{f"pool_start.{method}.to_fork_ratio": Key("ratio") for method in METHODS[1:]},
        # How many times as long it takes with NumPy in the job's module.
        **{f"pool_start.{method}_numpy.to_bare_ratio": Key("ratio") for method in METHODS},
    },
    share=20,
    empty=True,
)
