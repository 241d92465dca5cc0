"""What a record adds up to, with nothing but the standard library."""

import json
import subprocess

import pytest

from scripts.blog import claims
from scripts.conclude.summary import dumps, summarise
from scripts.project import Project
from scripts.record import load, sha256
from tests import pythons
from tests.conftest import ROOT

# -I and -S: neither the environment nor any folder of installed packages is looked at.
ALONE = ("-I", "-S", "-c")
PROGRAM = """
import dataclasses, json, pathlib, sys
sys.path.insert(0, sys.argv[1])
from scripts import record, summary, verdicts
stated = [verdicts.Claim(**claim) for claim in json.load(sys.stdin)]
found = record.load(pathlib.Path(sys.argv[2]))
print(summary.dumps(summary.summarise(found, "a record", "a hash", {}, stated)), end="")
"""


@pytest.mark.parametrize("name", pythons.usable())
def test_every_interpreter_sums_up_alike_with_nothing_installed(name):
    """Values and verdicts are the same to the last digit, with no package at hand."""
    project = Project(ROOT)
    stated = claims.load(project.claims, "data/claims.yaml")
    path = project.current_record()
    done = subprocess.run(
        [pythons.usable()[name], *ALONE, PROGRAM, str(ROOT), str(path)],
        input=json.dumps([vars(claim) for claim in stated]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    wanted = dumps(summarise(load(path), "a record", "a hash", {}, stated))
    assert (done.stderr, sha256(done.stdout.encode())) == ("", sha256(wanted.encode()))
