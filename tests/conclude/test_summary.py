"""The summary: made whole from a record and what the experiments declare, and written as JSON."""

import dataclasses
import json
import subprocess

import pytest

from scripts import experiments
from scripts.conclude import summary
from scripts.conclude.claims import Claim
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact
from scripts.project import Project
from scripts.record import load, sha256
from scripts.record.errors import BlogError
from scripts.written import claims as stated
from tests import machine_records, pythons, ratios
from tests.conclude.records import DECLARATIONS, make_record, quantities
from tests.schemas import ROOT, complaints

SCHEMA = ROOT / "scripts" / "conclude" / summary.SCHEMA_FILE
CLAIMS = [
    Claim("faster", "add.for_loop_over_threads", True, 1.2, ("cores >= 2",), 1),
    Claim("enough", "add.threads.best_count", True, 8, (), 2),
    Claim("new", "later.a.wall_s", False, 1, (), 3),
    Claim("many", "add.for_loop_over_threads", True, 1.2, ("cores >= 64",), 4),
    Claim("share", "add.for_loop_over_threads", True, 0.7, (), 5, of_ceiling=True),
]
FIGURES = {
    "thres_vs_process": {
        "width": 1600,
        "height": 900,
        "files": {"thres_vs_process.png": "0" * 64},
        "table": {"en": {"columns": ["Way"], "rows": [["threads"]]}},
        "made_of": "1" * 64,
    }
}


def summed_up(record=None, measured=quantities, claims=CLAIMS):
    """The summary of a generated record."""
    return summary.summarise(
        record or make_record(), "static/records/x.json", "a" * 64, DECLARATIONS, measured, claims
    )


def test_every_key_is_either_measured_or_missing_for_a_reason():
    """An experiment that is younger than the record, or a library that is not there."""
    found = summed_up()
    assert set(summary.keys(DECLARATIONS)) <= {*found.values, *found.missing}
    assert not {*found.values} & {*found.missing}
    assert found.missing == {"add.dask.wall_s": "lacking", "later.a.wall_s": "older"}


def test_what_cannot_be_measured_here_is_lacking_though_there_is_not_one_sample():
    """As of an experiment about the GIL where there is none; unless its samples say nothing now."""
    code = {**make_record().code, "later": "2" * 64}
    assert summed_up(make_record(code=code)).missing["later.a.wall_s"] == "lacking"
    found = summed_up(measured=lambda record: {"control.a_over_b": fact(1, "ratio")})
    assert found.missing["add.for_loop.wall_s"] == "older"


def test_a_size_that_is_younger_than_the_record_is_missing_too():
    """And one that is no longer declared is not told."""
    found = summed_up(make_record(settings={"minutes": 8, "workers": 4, "gone": 1}))
    assert found.missing["settings.jobs"] == "older"
    assert {key for key in found.values if key.startswith("settings.")} == {"settings.workers"}


def test_what_is_known_of_the_run_is_told():
    """With the hours from the first session to the last."""
    found = summed_up()
    facts = {key: found.values[key].text() for key in summary.FACTS}
    assert facts == {
        "run.finished_date": "2000-01-01",
        "run.sessions": "2",
        "run.apart_h": "1.50",
        "run.arms": "64",
        "machine.cpu_model": "Generated CPU",
        "machine.cores": "2",
        "runtime.name": "CPython 3.11.7",
        "runtime.version": "3.11.7",
        "runtime.start_method": "fork",
        "runtime.switch_interval_ms": "5.00",
    }
    assert (found.apart_h, found.run_id) == (1.5, "20000101T013000Z-00000001")


def test_quantities_are_given_what_limits_them():
    """The ceiling by the declaration, the resolution by the control, the level by all claims."""
    found = summed_up().values
    ratio = found["add.for_loop_over_threads"]
    assert ratio.ceiling == 2.0
    assert ratio.resolution == summed_up().steadiness.resolution > 0
    assert ratio.strict[0] < ratio.low and ratio.high < ratio.strict[1]
    assert found["add.threads.at_4_wall_s"].ceiling is None
    assert found["machine.cores"].resolution is None


def test_claims_are_judged():
    """Each with its reason."""
    found = summed_up().verdicts
    assert {name: (one.verdict, one.reason) for name, one in found.items()} == {
        "faster": ("holds", ""),
        "enough": ("fails", ""),
        "new": ("not_applicable", "measured"),
        "many": ("not_applicable", "cores"),
        "share": ("holds", ""),
    }


def test_what_is_above_the_possible_is_named_and_judged_by_nobody():
    """2.6 times on two cores."""
    found = summed_up(make_record(times=2.6))
    assert found.above_ceiling == ("add.for_loop_over_threads",)
    assert found.values["add.for_loop_over_threads"].value > 2.5
    assert found.verdicts["faster"].reason == "ceiling"


def test_a_quantity_that_is_not_declared_is_an_error():
    """Neither by its name nor as a point of a curve."""
    for key in ("add.threads.wall", "add.threads.at__wall_s", "nothing.a.wall_s"):
        with pytest.raises(BlogError) as caught:
            summed_up(measured=lambda record, key=key: {key: fact(1, "s")})
        assert str(caught.value) == (f"scripts/experiments: {key!r} is not declared (declare it)")


def test_a_summary_comes_back_from_its_json():
    """But for the rounds, which are the record's."""
    found = dataclasses.replace(
        summed_up(), figures=FIGURES, download={"bytes": 3, "sha256": "0" * 64}
    )
    assert summary.loads(summary.dumps(found), "data/measured.json") == found
    assert summary.dumps(summary.loads(summary.dumps(found), "")) == summary.dumps(found)


def test_the_json_has_the_names_that_others_build_on():
    """And no dash where something is missing."""
    text = summary.dumps(summed_up())
    data = json.loads(text)
    assert "—" not in text
    assert (ROOT / "data" / data["$schema"]).resolve() == SCHEMA
    assert {"run_id", "values", "verdicts", "figures"} <= set(data)
    assert data["values"]["add.dask.wall_s"] == {"missing": "lacking"}
    ratio = data["values"]["add.for_loop_over_threads"]
    assert {"value", "text", "unit", "low", "high", "ceiling"} <= set(ratio)
    assert {"verdict", "ratio", "low", "high"} <= set(data["verdicts"]["faster"])
    assert data["values"]["settings.workers"]["text"] == "4"


def test_every_ratio_of_it_adds_up():
    """With the times that stand beside it."""
    values = json.loads(summary.dumps(summed_up()))["values"]
    assert len([*ratios.pairs(values)]) == 1
    assert ratios.misfits(values) == []


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        make_record(rounds=2, sessions=1, quick=True),
        make_record(times=2.6),
        make_record(samples=()),
    ],
)
def test_the_json_is_as_its_schema_says(record, tmp_path):
    """Of a usual record, a trial, an impossible one and an empty one."""

    def measured(record):
        return quantities(record) if record.samples else {}

    found = summed_up(record, measured)
    plain = tmp_path / "plain.json"
    plain.write_text(summary.dumps(found), encoding="utf-8")
    full = tmp_path / "full.json"
    whole = dataclasses.replace(found, figures=FIGURES, download={"bytes": 3, "sha256": "0" * 64})
    full.write_text(summary.dumps(whole), encoding="utf-8")
    assert complaints(SCHEMA, plain, full) == ""


def test_the_schema_refuses_what_is_no_summary(tmp_path):
    """A dash, a verdict of another name, a quantity that lacks an end."""
    data = json.loads(summary.dumps(summed_up()))
    data["values"]["add.dask.wall_s"] = {"missing": "—"}
    data["verdicts"]["faster"]["verdict"] = "perhaps"
    del data["values"]["add.for_loop_over_threads"]["high"]
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    said = complaints(SCHEMA, path)
    for place in ("add.dask.wall_s", "faster", "add.for_loop_over_threads"):
        assert f"$.{'verdicts' if place == 'faster' else 'values'}" in said and place in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is no summary: Expecting property name enclosed in double quotes: line 1 column 2"),
        ("{}", "'steadiness' is missing"),
        ("[]", "is no summary: list indices must be integers or slices, not str"),
    ],
)
def test_what_is_no_summary_is_an_error_with_its_place(text, what):
    """And the cure."""
    with pytest.raises(BlogError) as caught:
        summary.loads(text, "data/measured.json")
    assert str(caught.value).startswith(f"data/measured.json: {what}")
    assert str(caught.value).endswith("(run make redraw)")


# -I and -S: neither the environment nor any folder of installed packages is looked at.
ALONE = ("-I", "-S", "-c")
PROGRAM = """
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
from scripts import experiments, record
from scripts.conclude import claims, summary
stated = [claims.from_json(claim) for claim in json.load(sys.stdin)]
found = record.load(pathlib.Path(sys.argv[2]))
known = experiments.declarations(), experiments.quantities
made = summary.summarise(found, "a record", "a hash", *known, stated)
sys.stdout.buffer.write(summary.dumps(made).encode())
"""


@pytest.fixture(scope="module")
def summed_up_here():
    """The path of a record with all ways of two interpreters, this blog's claims, and the summary
    by this interpreter."""
    claims = stated.load(Project(ROOT).claims, "data/claims.yaml")
    (path,) = (machine_records.FOLDER / "sixteen-cores").iterdir()
    known = experiments.declarations(), experiments.quantities
    found = summary.summarise(load(path), "a record", "a hash", *known, claims)
    return path, claims, sha256(summary.dumps(found).encode())


@pytest.mark.parametrize("name", pythons.usable())
def test_every_interpreter_sums_up_alike_with_nothing_installed(name, summed_up_here):
    """Values and verdicts are the same to the last digit, with no package at hand."""
    path, claims, wanted = summed_up_here
    done = subprocess.run(
        [pythons.usable()[name], *ALONE, PROGRAM, str(ROOT), str(path)],
        input=json.dumps([dataclasses.asdict(claim) for claim in claims]).encode(),
        capture_output=True,
        check=False,
    )
    assert (done.stderr, sha256(done.stdout)) == (b"", wanted)


def test_quantities_of_a_summary_can_be_judged_without_their_rounds():
    """So that a title drawn from data/measured.json says what its verdict says."""
    found = summary.loads(summary.dumps(summed_up()), "")
    ratio = found.values["add.for_loop_over_threads"]
    assert isinstance(ratio, Quantity) and not ratio.rounds
    assert ratio.strict == summed_up().values["add.for_loop_over_threads"].strict
