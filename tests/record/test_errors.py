"""What is wrong, where, and what to do."""

import copy
import pickle

import pytest

from scripts.record.errors import BlogError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BlogError("is missing"), "is missing"),
        (BlogError("is missing", where="a.md:3"), "a.md:3: is missing"),
        (BlogError("is missing", cure="make it"), "is missing (make it)"),
        (BlogError("is missing", where="a.md", cure="make it"), "a.md: is missing (make it)"),
        (BlogError("多  行\tand tabs ", where="a b.md"), "a b.md: 多 行 and tabs"),
        (BlogError("a.md: 1\n  b.md:  2 \n", cure="mend"), "a.md: 1\nb.md: 2\n(mend)"),
    ],
)
def test_an_error_is_one_line_a_fault(error, line):
    """Place before, cure behind, neither when there is none; white space is one space."""
    assert str(error) == line


def test_its_parts_can_be_read():
    """Who adds to a cure does not have to take the line apart."""
    error = BlogError("what", where="where", cure="cure")
    assert (error.what, error.where, error.cure) == ("what", "where", "cure")


@pytest.mark.parametrize("through", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_comes_back_whole_from_another_process(through):
    """What a worker raises is raised again, and not a breakdown of the pool."""
    error = BlogError("what", where="where", cure="cure")
    assert str(through(error)) == str(error)
