"""The control, from samples with known answers."""

from scripts.conclude.decide import decide
from scripts.experiments.control import numbers as control
from tests.experiments import build


def arms(kind, a, b, rounds=8):
    """A and B of a kind."""
    params = {"kind": kind}
    walls = {"a": a, "b": b}
    return [build.arm("control", case, params, rounds=rounds, wall_s=walls[case]) for case in "ab"]


def test_pairs_of_all_kinds_decide_together():
    """Sixteen pairs, of which eight lean this way and eight that way."""
    record = build.record(*arms("for_loop", 1.1, 1.0), *arms("processes", 0.5, 0.55))
    found = control.quantities(record)
    assert build.texts(found) == {
        "control.a.wall_s": "0.742",
        "control.b.wall_s": "0.742",
        "control.a_over_b": "1.00",
    }
    assert found["control.a_over_b"].n == 16
    assert decide(found["control.a_over_b"], 1) == "undecided"


def test_a_difference_in_every_pair_is_one():
    """Then the method is at fault."""
    found = control.quantities(build.record(*arms("for_loop", 1.1, 1.0)))
    assert decide(found["control.a_over_b"], 1) == "holds"


def test_nothing_measured_nothing_said():
    """Nor is there anything to say of A alone."""
    assert control.quantities(build.record(arms("for_loop", 1.0, 1.0)[0])) == {}
