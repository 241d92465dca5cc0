"""Pitfalls: programs that go wrong, run as they are, and how each of them ends."""

from scripts.record.declaration import COUNT, SECONDS, Choice, Declaration, Number, keys

CASES = ("lambda", "no_guard", "no_file", "fork_with_thread", "initializer")

DECLARATION = Declaration(
    name="pitfalls",
    cases=CASES,
    needed=1,
    params={"start_method": Choice(("fork", "forkserver", "spawn"), label=True)},
    values={
        "wall_s": SECONDS,
        "status_count": COUNT,
        **dict.fromkeys(("hung_count", "warned_count"), Number("count", 0, 1, whole=True)),
        **dict.fromkeys(("error_count", "worker_error_count"), COUNT),
    },
    required=("wall_s", "status_count", "hung_count", "error_count"),
    quantities=keys(
        *("pitfalls.{case}.ends", "pitfalls.{case}.error", "pitfalls.{case}.worker_error"),
        *("pitfalls.{case}.message", "pitfalls.fork_with_thread.warned"),
        case=CASES,
    ),
    share=10,
)
