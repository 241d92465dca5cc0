"""Records that were accepted before stay readable, whatever was changed since."""

import pytest

from scripts import experiments
from scripts.conclude import summary
from scripts.record import loads
from scripts.record.declaration import Declaration, Size, keys
from tests import machine_records as machines
from tests.schemas import ROOT

STORED = sorted((ROOT / "static" / "records").rglob("*-core*.json"))
# An experiment that was added after all of them had been measured, with a size of its own.
YOUNGER = Declaration(
    name="younger",
    cases=("a",),
    needed=1,
    params={},
    values={},
    required=(),
    quantities=keys("younger.a.wall_s"),
    sizes=(Size("younger_size", 8, 1, "one more field of the settings"),),
)


def summed_up(record):
    """The summary of a record by a program that knows one experiment more than it."""
    known = {**experiments.declarations(), YOUNGER.name: YOUNGER}
    return summary.summarise(record, "a.json", "0" * 64, known, experiments.quantities, [])


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_record_is_summed_up(path):
    """What it lacks is missing for a reason, and no fault."""
    made = summed_up(loads(path.read_text(encoding="utf-8"), str(path)))
    assert set(summary.keys(experiments.declarations())) <= {*made.values, *made.missing}
    assert set(made.missing.values()) <= {summary.OLDER, summary.LACKING}


@pytest.mark.parametrize("kind", ["two-cores", "python3.14", "no-gil"])
def test_records_of_other_interpreters_read_when_the_settings_have_one_more_field(kind):
    """What is younger than the record was not measured there, and all else comes out the same."""
    (path,) = (machines.FOLDER / kind).glob("*.json")
    record = loads(path.read_text(encoding="utf-8"), path.name)
    made = summed_up(record)
    younger = {"younger.a.wall_s": summary.OLDER, "settings.younger_size": summary.OLDER}
    assert younger.items() <= made.missing.items()
    known = experiments.declarations(), experiments.quantities
    assert made.values == summary.summarise(record, "a.json", "0" * 64, *known, []).values


def test_so_does_a_record_of_the_first_format():
    """The samples one by one, and one hash for all code."""
    record = loads(machines.SCHEMA_1.read_text(encoding="utf-8"), machines.SCHEMA_1.name)
    assert summed_up(record).missing["younger.a.wall_s"] == summary.OLDER
