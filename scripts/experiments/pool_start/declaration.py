"""What it costs to start a pool."""

from scripts.record.declaration import POOL, WALL, Choice, Declaration, keys

METHODS = ("fork", "forkserver", "spawn")
# Processes by the interpreter's own start method, and each method by itself.
_POOLS = ("threads", "processes", "interpreters", *METHODS, *(f"{one}_numpy" for one in METHODS))

DECLARATION = Declaration(
    name="pool_start",
    cases=("threads", "processes", "interpreters", "dask", "joblib"),
    needed=2,
    params={**POOL, "library": Choice(("none", "numpy"), label=True)},
    values=dict.fromkeys(("start_one_s", "start_cores_s", "start_twice_s"), WALL),
    required=("start_cores_s",),
    quantities={
        **keys("pool_start.{pool}.fixed_ms", "pool_start.{pool}.per_worker_ms", pool=_POOLS),
        **keys("pool_start.{pool}.at_cores_ms", pool=(*_POOLS, "dask", "joblib")),
        # How many times as long as by fork a pool of as many workers as cores takes to start.
        **keys("pool_start.{method}.to_fork_ratio", method=METHODS[1:]),
        # How many times as long it takes with NumPy in the job's module.
        **keys("pool_start.{method}_numpy.to_bare_ratio", method=METHODS),
    },
    share=20,
    empty=True,
)
