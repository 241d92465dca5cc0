"""What `.ci/run` tries on the other interpreters is there to be tried."""

import os
import sys

from scripts.packages import pinned
from tests import matrix, pythons


def test_what_is_run_is_there(tmp_path):
    """The tests, and what they need, with its hashes."""
    assert [name for name in matrix.UNITS if not (matrix.ROOT / name).exists()] == []
    file = tmp_path / "requirements.txt"
    file.write_text(matrix.needed())
    wanted = pinned(str(matrix.ROOT / "requirements-test.txt"))
    assert pinned(str(file)) == {name: wanted[name] for name in matrix.NEEDED}
    assert file.read_text().count("--hash=") >= len(matrix.NEEDED)


def test_what_is_not_there_is_said(monkeypatch, capsys):
    """No interpreter is tried twice, nor the one that runs all tests."""
    own, minor = os.path.realpath(sys._base_executable), sys.version_info[1]
    monkeypatch.setattr(matrix, "SYSTEM", "/nowhere/python3")
    monkeypatch.setattr(pythons, "every", lambda: {(3, minor, False): own})
    assert list(matrix.found()) == []
    said = capsys.readouterr().out.splitlines()
    missing = [f"Python 3.{n}" for n in range(matrix.OLDEST, matrix.NEWEST + 1) if n != minor]
    assert said == [
        f"not found here: {name}" for name in ("the system's own, /nowhere/python3", *missing)
    ]
