"""What is told of programs that go wrong."""

import dataclasses

from scripts.experiments.pitfalls import numbers
from scripts.experiments.pitfalls.declaration import DECLARATION
from scripts.experiments.pitfalls.measure import ERRORS
from scripts.record import Sample
from tests.experiments.pipeline import generated


def record_of(version="3.11.7", **cases):
    """A record in which these cases ended with these values."""
    base = generated.make_record(sessions=1, rounds=1)
    samples = [
        Sample("pitfalls", name, "python3.11", 1, {"start_method": "fork"}, values)
        for name, values in cases.items()
    ]
    runtime = dataclasses.replace(base.runtimes[0], version=version)
    return dataclasses.replace(base, samples=tuple(samples), runtimes=(runtime,))


def ended(error="", worker="", status=1, hung=0, warned=0):
    return {
        "wall_s": 0.1,
        "status_count": status,
        "hung_count": hung,
        "warned_count": warned,
        "error_count": ERRORS.index(error),
        "worker_error_count": ERRORS.index(worker),
    }


def texts(record):
    return {key: value.text() for key, value in numbers.quantities(record).items()}


def test_a_program_that_fails_has_its_error_and_the_message_of_this_version():
    assert texts(record_of(**{"lambda": ended("PicklingError")})) == {
        "pitfalls.lambda.ends": "fails",
        "pitfalls.lambda.error": "PicklingError",
        "pitfalls.lambda.message": "_pickle.PicklingError: Can't pickle <function <lambda> at "
        "0x…>: attribute lookup <lambda> on __main__ failed",
    }


def test_a_worker_that_fails_says_why_and_the_pool_that_it_is_broken():
    found = texts(record_of("3.14.0", no_file=ended("BrokenProcessPool", "AttributeError")))
    assert found == {
        "pitfalls.no_file.ends": "fails",
        "pitfalls.no_file.error": "BrokenProcessPool",
        "pitfalls.no_file.worker_error": "AttributeError",
        "pitfalls.no_file.message": "AttributeError: module '__main__' has no attribute 'double'",
    }


def test_a_program_that_hangs_says_nothing_but_a_warning_in_newer_versions():
    hung = ended(status=3, hung=1)
    assert texts(record_of(fork_with_thread=hung)) == {
        "pitfalls.fork_with_thread.ends": "hangs",
        "pitfalls.fork_with_thread.warned": "no",
    }
    found = texts(record_of("3.12.1", fork_with_thread={**hung, "warned_count": 1}))
    assert found["pitfalls.fork_with_thread.message"].startswith("DeprecationWarning: This process")


def test_a_message_that_is_not_of_the_recorded_error_is_not_quoted():
    """Nor one of an interpreter that is not CPython."""
    found = texts(record_of(**{"lambda": ended("AttributeError")}))
    assert "pitfalls.lambda.message" not in found
    record = record_of(**{"lambda": ended("PicklingError")})
    other = dataclasses.replace(record.runtimes[0], implementation="PyPy")
    assert "pitfalls.lambda.message" not in texts(dataclasses.replace(record, runtimes=(other,)))


def test_a_program_that_works_is_said_to_work():
    assert texts(record_of(no_guard=ended(status=0)))["pitfalls.no_guard.ends"] == "works"


def test_every_quantity_is_declared():
    cases = {name: ended("PicklingError", "ValueError", warned=1) for name in DECLARATION.cases}
    assert set(texts(record_of("3.13.0", **cases))) <= set(DECLARATION.quantities)
