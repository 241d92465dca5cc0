"""What a run says at its end, in a terminal."""

import dataclasses

import pytest

from scripts.conclude import report
from scripts.conclude.claims import Claim
from scripts.conclude.steadiness import Speed
from scripts.conclude.summary import summarise
from scripts.record.declaration import Key
from tests.conclude.records import DECLARATIONS, make_record, quantities

CLAIMS = [
    Claim("a", "cpu_bound.threads_over_processes", True, 1.2, (), 1, text={"en": "Faster"}),
    Claim("b", "machine.cores", True, 8, (), 2, text={"en": "Many cores"}),
    Claim("c", "later.a.wall_s", True, 8, (), 3, text={"en": "Later"}),
    Claim("d", "cpu_bound.threads_over_processes", True, 1.5, (), 4, text={"en": "Much"}),
]
WORDS = {
    "verdict_holds": "Holds",
    "verdict_fails": "Does not hold",
    "verdict_undecided": "Undecided",
    "verdict_not_applicable": "Not applicable here",
    "reason_measured": "not measured here",
    "reason_resolution": "finer than the control tells",
    "reason_quick": "a quick run settles nothing",
}
# The generated record's two ways, as if they had been two of figure 1.
NAMES = {
    "add.for_loop.wall_s": "cpu_bound.threads.wall_s",
    "add.threads.wall_s": "cpu_bound.processes.wall_s",
    "add.for_loop_over_threads": "cpu_bound.threads_over_processes",
    "control.a_over_b": "control.a_over_b",
}


@pytest.fixture
def summed_up():
    """Makes the summary of a generated record."""
    keys = {key: Key("ratio" if "_over_" in key else "s") for key in NAMES.values()}
    cpu_bound = dataclasses.replace(DECLARATIONS["add"], name="cpu_bound", quantities=keys)

    def make(**fields):
        return summarise(
            make_record(**fields),
            "static/records/x.json",
            "0" * 64,
            {**DECLARATIONS, "cpu_bound": cpu_bound},
            lambda record: {NAMES[k]: q for k, q in quantities(record).items() if k in NAMES},
            CLAIMS,
        )

    return make


def test_the_table_shows_times_and_their_ratio(summed_up):
    """Of what was measured; who divides gets the ratio."""
    assert report.table(summed_up()) == [
        ("threads", "0.904 s", "0.886–0.922", ""),
        ("processes", "0.602 s", "0.588–0.615", "threads / processes = 1.50 [1.48–1.52]"),
    ]


def test_a_trial_is_said_to_be_one(summed_up):
    """And what it cannot do."""
    assert report.title(summed_up()) == ""
    assert report.title(summed_up(quick=True)) == (
        "QUICK RUN, not for publication: too few rounds to decide"
    )


def test_verdicts_are_told_with_their_numbers_or_their_reasons(summed_up):
    """A line each."""
    assert report.verdicts(summed_up(), CLAIMS, WORDS) == [
        "Holds: Faster (1.50 [1.48–1.52×])",
        "Does not hold: Many cores (2)",
        "Not applicable here: Later (not measured here)",
        "Undecided: Much (1.50 [1.48–1.52×])",
    ]


def test_a_trial_decides_nothing(summed_up):
    """And says so with every claim."""
    lines = report.verdicts(summed_up(quick=True), CLAIMS[:2], WORDS)
    assert lines[1] == "Undecided: Many cores (2, a quick run settles nothing)"


def test_what_a_record_has_to_say_against_itself(summed_up):
    """How many arms were disturbed."""
    assert report.warnings(summed_up()) == ["2 of 64 samples were disturbed"]


def test_how_sharp_a_record_is(summed_up):
    """The finest difference that it tells, how wide its intervals are, how its sessions agree."""
    assert report.precision(summed_up()) == [
        "the same case twice: nothing finer than 1.51 % is decided",
        "intervals of ratios: 2.60 % wide (median)",
        "sessions, 1.50 h apart: 100 % of their intervals overlap",
    ]
    steady = dataclasses.replace(
        summed_up().steadiness, resolution=None, ratio_width=None, agreement=None, inside=0.93
    )
    found = dataclasses.replace(summed_up(), steadiness=steady)
    assert report.precision(found) == ["inside of timed arms: 93 % of the time"]


def test_two_speeds_a_control_that_differs_and_the_impossible_are_told(summed_up):
    """Each in a line."""
    found = summed_up()
    steady = dataclasses.replace(
        found.steadiness,
        control_differs=True,
        disturbed=0,
        speeds=(Speed(1.0, 1.02, False, 1.1), Speed(1.0, 1.4, True, 1.5)),
    )
    ratio = "cpu_bound.threads_over_processes"
    values = {**found.values, ratio: dataclasses.replace(found.values[ratio], ceiling=1.0)}
    found = dataclasses.replace(found, steadiness=steady, values=values)
    control = found.values["control.a_over_b"]
    assert report.warnings(found) == [
        f"control: the same case twice gave a ratio of {control.text()}"
        f" [{'–'.join(control.ends())}]: distrust small differences of this run",
        "session 2: the machine ran at two speeds, 1.40 apart",
        f"more than is possible: {ratio}",
    ]
