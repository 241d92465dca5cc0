"""Records that were accepted before stay readable, whatever was changed since."""

import pytest

from scripts import experiments
from scripts.conclude import summary
from scripts.record import loads
from tests.schemas import ROOT

STORED = sorted((ROOT / "static" / "records").rglob("*-core*.json"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_record_is_summed_up(path):
    """What it lacks is missing for a reason, and no fault."""
    record = loads(path.read_text(encoding="utf-8"), str(path))
    known = experiments.declarations(), experiments.quantities
    made = summary.summarise(record, path.name, "0" * 64, *known, [])
    assert set(summary.keys(experiments.declarations())) <= {*made.values, *made.missing}
    assert set(made.missing.values()) <= {summary.OLDER, summary.LACKING}
