"""Small records for what is concluded from them; nobody measured them."""

import dataclasses

from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import by_round, ratio, typical
from scripts.record import Machine, Record, Runtime, Sample, Session
from scripts.record.declaration import POOL, TIMED, Declaration, Key, Size

MACHINE = Machine("Generated CPU", "x86_64", "Linux 6.1", 2, 2, None, 2, False, 8 * 2**30)
RUNTIME = Runtime(
    "python3.11", "CPython", "3.11.7", "generated", True, 0.005, "fork", ("for_loop", "threads"), {}
)
SESSIONS = (
    Session("20000101T000000Z-00000000", "2000-01-01T00:00:00Z", "2000-01-01T00:08:00Z", 0.25),
    Session("20000101T013000Z-00000001", "2000-01-01T01:30:00Z", "2000-01-01T01:38:00Z"),
)
# What the arms of a round cost, on and on: no two rounds are alike, and none is far out.
NOISE = (1.0, 1.02, 0.99, 1.01, 0.98, 1.03, 1.005)
# Two experiments: one of three ways of which one is not there, and the control.
DECLARATIONS = {
    "add": Declaration(
        name="add",
        cases=("for_loop", "threads", "dask"),
        needed=2,
        params=POOL,
        values=TIMED,
        required=("wall_s", "cpu_s"),
        quantities={
            **{f"add.{way}.wall_s": Key("s") for way in ("for_loop", "threads", "dask")},
            "add.threads.at_*_wall_s": Key("s"),
            "add.for_loop_over_threads": Key("ratio", "at_once"),
            "add.threads.best_count": Key("count"),
        },
        sizes=(Size("workers", 4, 4, "workers"), Size("jobs", 4, 4, "jobs")),
    ),
    "control": Declaration(
        "control", ("a", "b"), 2, POOL, TIMED, ("wall_s",), {"control.a_over_b": Key("ratio")}
    ),
    "later": Declaration(
        "later", ("a",), 1, POOL, TIMED, ("wall_s",), {"later.a.wall_s": Key("s")}
    ),
}


def make_record(times=1.5, rounds=8, sessions=2, apart=0.0, **fields) -> Record:
    """A record in which threads are `times` as fast as the for loop, in so many rounds a session.

    Every session after the first is slower by the part `apart`.
    """
    samples = []
    for session in range(1, sessions + 1):
        slower = 1 + apart * (session - 1)
        for number in range(1, rounds + 1):
            noise = [NOISE[(place * number + session) % 7] * slower for place in (1, 2, 3, 4)]
            walls = {
                ("add", "for_loop"): 0.9 * noise[0],
                ("add", "threads"): 0.9 / times * noise[1],
                ("control", "a"): 0.4 * noise[2],
                ("control", "b"): 0.4 * noise[3],
            }
            for place, ((experiment, case), wall_s) in enumerate(walls.items()):
                began_s = 60 * (number - 1) + place
                samples.append(
                    Sample(
                        experiment,
                        case,
                        RUNTIME.id,
                        number,
                        {"workers": 4},
                        {"wall_s": wall_s, "cpu_s": wall_s},
                        disturbance={"began_s": began_s, "disturbed": number == 3 and not place},
                        session=session,
                    )
                )
    record = Record(
        quick=False,
        settings={"minutes": 8, "workers": 4, "jobs": 4},
        code={"add": "0" * 64, "control": "1" * 64},
        machine=MACHINE,
        runtimes=(RUNTIME,),
        sessions=SESSIONS[:sessions],
        samples=tuple(samples),
    )
    return dataclasses.replace(record, **fields)


def quantities(record: Record) -> dict[str, Quantity]:
    """What the experiments give of such a record."""
    walls = {case: by_round(record.select("add", case)) for case in ("for_loop", "threads")}
    control = [by_round(record.select("control", case)) for case in "ab"]
    return {
        **{f"add.{case}.wall_s": typical(wall, "s") for case, wall in walls.items()},
        "add.threads.at_4_wall_s": typical(walls["threads"], "s"),
        "add.for_loop_over_threads": ratio(walls["for_loop"], walls["threads"]),
        "add.threads.best_count": Quantity(4, "count"),
        "control.a_over_b": ratio(*control),
    }
