"""SECURITY.md promises nothing that no test holds."""

import ast
import re

from tests.conftest import ROOT


def test_every_promise_has_its_test():
    """Each row ends with the name of one, and all of them are there."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promises = text.partition("| Promise | Test |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(promises) > 10
    for promise in promises:
        found = re.fullmatch(r"\|[^|]+\| `(tests/[\w/]+\.py)::(test_\w+)` \|", promise)
        assert found, promise
        tree = ast.parse((ROOT / found[1]).read_text(encoding="utf-8"))
        names = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
        assert found[2] in names, promise
