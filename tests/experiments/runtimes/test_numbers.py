"""What figure 6 says, from samples with known answers."""

from scripts.experiments.runtimes import numbers as runtimes
from tests.experiments import build


def arms(runtime, **walls):
    """Adding up by these ways, in so many seconds each; a job is never faster than its CPU time."""
    return [
        build.arm("runtimes", way, by=runtime.id, wall_s=wall_s, cpu_s=0.4)
        for way, wall_s in walls.items()
    ]


def measured(*arms, runtimes):
    """A record of these arms: two jobs of 10**7 additions."""
    return build.record(*arms, runtimes=runtimes, jobs=2, runtimes_additions=10**7)


def test_each_kind_of_interpreter_has_its_values():
    """The price of one thread without a GIL is over the nearest version that has one."""
    kinds = (build.RUNTIME, build.NO_GIL, build.NEWER)
    record = measured(
        *arms(build.RUNTIME, for_loop=0.4, threads=0.44),
        *arms(build.NO_GIL, for_loop=0.5, threads=0.25),
        *arms(build.NEWER, for_loop=0.4, interpreters=0.21, processes=0.2),
        build.arm("runtimes", "tracker_threads", by=build.RUNTIME.id, overlap_percent=1.0),
        runtimes=kinds,
    )
    found = build.texts(runtimes.quantities(record))
    assert found == {
        "runtimes.count": "3",
        "runtimes.gil.version": "3.11.7",
        "runtimes.gil.name": "CPython 3.11.7",
        "runtimes.gil.for_loop_wall_s": "0.400",
        "runtimes.gil.for_loop_at_once": "1.00",
        "runtimes.gil.for_loop_cost_ns": "20.0",
        "runtimes.gil.threads_wall_s": "0.440",
        "runtimes.gil.threads_at_once": "0.909",
        "runtimes.gil.threads_cost_ns": "20.0",
        "runtimes.gil.for_loop_to_threads_ratio": "0.909",
        "runtimes.gil.threads_to_for_loop_ratio": "1.10",
        "runtimes.gil.threads_overlap_percent": "1",
        "runtimes.no_gil.version": "3.13.5",
        "runtimes.no_gil.name": "CPython 3.13.5",
        "runtimes.no_gil.for_loop_wall_s": "0.500",
        "runtimes.no_gil.for_loop_at_once": "0.800",
        "runtimes.no_gil.for_loop_cost_ns": "20.0",
        "runtimes.no_gil.threads_wall_s": "0.250",
        "runtimes.no_gil.threads_at_once": "1.60",
        "runtimes.no_gil.threads_cost_ns": "20.0",
        "runtimes.no_gil.for_loop_to_threads_ratio": "2.00",
        "runtimes.no_gil.threads_to_for_loop_ratio": "0.500",
        "runtimes.interpreters.version": "3.14.0",
        "runtimes.interpreters.name": "CPython 3.14.0",
        "runtimes.interpreters.for_loop_wall_s": "0.400",
        "runtimes.interpreters.for_loop_at_once": "1.00",
        "runtimes.interpreters.for_loop_cost_ns": "20.0",
        "runtimes.interpreters.processes_wall_s": "0.200",
        "runtimes.interpreters.processes_at_once": "2.00",
        "runtimes.interpreters.processes_cost_ns": "20.0",
        "runtimes.interpreters.interpreters_wall_s": "0.210",
        "runtimes.interpreters.interpreters_at_once": "1.90",
        "runtimes.interpreters.interpreters_cost_ns": "20.0",
        "runtimes.interpreters.for_loop_to_processes_ratio": "2.00",
        "runtimes.interpreters.for_loop_to_interpreters_ratio": "1.90",
        "runtimes.interpreters.interpreters_to_processes_ratio": "1.05",
        "runtimes.no_gil.single_thread_price_ratio": "1.25",
        "runtimes.no_gil.single_thread_base_version": "3.14.0",
    }


def test_kinds_that_are_not_at_hand_have_no_values():
    """Nor has a record of another experiment any."""
    record = measured(*arms(build.RUNTIME, for_loop=0.4), runtimes=(build.RUNTIME,))
    assert {key.split(".")[1] for key in runtimes.quantities(record)} == {"count", "gil"}
    assert runtimes.quantities(build.record()) == {}


def test_interpreters_are_those_of_a_build_with_the_gil_if_there_is_one():
    """Without a GIL nobody needs them."""
    kinds = (build.NO_GIL, build.NEWER)
    record = measured(
        *arms(build.NO_GIL, for_loop=0.5, interpreters=0.3),
        *arms(build.NEWER, for_loop=0.4, interpreters=0.2),
        runtimes=kinds,
    )
    assert runtimes.quantities(record)["runtimes.interpreters.version"].value == "3.14.0"


def test_whether_numpy_switched_the_gil_on_is_said_where_numpy_was():
    """Where it was not, that is what is said."""
    tried = {"by": build.NO_GIL.id, "rounds": 2, "wall_s": 0.25, "cpu_s": 0.4}
    said = {}
    for there, locked in ((0, 0), (1, 0), (1, 1)):
        values = {**tried, "numpy_count": there, "gil_count": locked}
        record = measured(
            *arms(build.NO_GIL, for_loop=0.5),
            build.arm("runtimes", "numpy_threads", **values),
            runtimes=(build.NO_GIL,),
        )
        found = build.texts(runtimes.quantities(record))
        said[there, locked] = {key: found[key] for key in found if "numpy" in key}
    prefix = "runtimes.no_gil"
    assert said == {
        (0, 0): {f"{prefix}.numpy_count": "0"},
        (1, 0): {
            f"{prefix}.numpy_count": "1",
            f"{prefix}.gil_after_numpy_count": "0",
            f"{prefix}.numpy_threads_at_once": "1.60",
        },
        (1, 1): {
            f"{prefix}.numpy_count": "1",
            f"{prefix}.gil_after_numpy_count": "1",
            f"{prefix}.numpy_threads_at_once": "1.60",
        },
    }
