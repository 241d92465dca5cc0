"""The published JSON Schema: records are as it says, and what is none is refused."""

import json

import pytest

from scripts import experiments
from scripts.record import SCHEMA_FILE, Span, dumps, schema
from tests.conclude.records import DECLARATIONS, make_record
from tests.schemas import ROOT, complaints


@pytest.fixture
def written(tmp_path):
    """The path of the schema of the generated records' experiments."""
    path = tmp_path / SCHEMA_FILE
    path.write_text(schema.text(DECLARATIONS), encoding="utf-8")
    return path


@pytest.fixture
def refused(written, tmp_path):
    """What is said of a generated record that is changed in one place."""

    def check(*path, to):
        fields = node = json.loads(dumps(make_record()))
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = to
        file = tmp_path / "record.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        return complaints(written, file)

    return check


def test_a_generated_record_is_as_the_schema_says(written, tmp_path):
    """With spans and without, of one session and of two."""
    whole = make_record()
    spans = (Span(0, 0.0, 0.5), Span(1, 0.25, 1.0))
    samples = [
        type(one)(**{**vars(one), "spans": spans if one.experiment == "add" else ()})
        for one in whole.samples
    ]
    files = []
    for number, record in enumerate(
        (whole, make_record(sessions=1), make_record(samples=tuple(samples)))
    ):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(dumps(record), encoding="utf-8")
    assert complaints(written, *files) == ""


def test_the_stored_records_are_as_the_schema_says(tmp_path):
    """All of the format of today."""
    path = tmp_path / SCHEMA_FILE
    path.write_text(schema.text(experiments.declarations()), encoding="utf-8")
    stored = [*(ROOT / "static" / "records").rglob("*-core*.json")]
    today = [one for one in stored if json.loads(one.read_bytes())["schema"] == 2]
    assert stored
    assert not today or complaints(path, *today) == ""


def test_an_experiment_that_is_not_declared_may_be_there(refused):
    """A record may hold more than is known here."""
    assert refused("arms", 0, "experiment", to="tomorrow") == ""


@pytest.mark.parametrize(
    ("path", "to", "place"),
    [
        (("schema",), 1, "$.schema"),
        (("host",), "mine", "'host' was unexpected"),
        (("runtimes",), [], "$.runtimes"),
        (("machine", "cores"), "2", "$.machine.cores"),
        (("machine", "user"), "me", "'user' was unexpected"),
        (("settings", "jobs"), 0, "$.settings.jobs"),
        (("code", "add"), "short", "$.code.add"),
        (("arms", 0, "case"), "dusk", "$.arms[0].case"),
        (("arms", 0, "params"), {"colour": 1}, "$.arms[0].params"),
        (("arms", 0, "params", "workers"), 1.5, "$.arms[0].params.workers"),
        (("arms", 0, "values"), ["wall_s", "wall"], "$.arms[0].values[1]"),
        (("arms", 0, "rows", 0, 2), [-1, 1], "$.arms[0].rows[0][2][0]"),
        (("arms", 0, "rows", 0, 0), 0, "$.arms[0].rows[0][0]"),
        (("arms", 0, "rows", 0), [1, 1, [1, 1], [1, 1], [], 7], "$.arms[0].rows[0]"),
        (("arms", 0, "rows", 0), [1, 1, [1], [], [[0, 1]]], "$.arms[0].rows[0][4][0]"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(refused, path, to, place):
    """Whatever is changed in it."""
    assert place in refused(*path, to=to)
