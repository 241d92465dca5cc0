"""What a post may quote is known on every machine, whether it can be measured there or not."""

import importlib
import json
import re

import pytest

from scripts import experiments
from scripts.conclude import summary
from scripts.conclude.decide import decide
from scripts.draw.language import LANGUAGES, SHARED, Say
from scripts.experiments import having
from scripts.written import claims
from tests import machine_records as machines
from tests import ratios
from tests.experiments.sheets import drawn
from tests.schemas import ROOT

DECLARED = experiments.declarations()
CLAIMS = claims.load(ROOT / "data" / "claims.yaml", "data/claims.yaml")
DRAWN = [name for name in having("picture") if DECLARED[name].picture]
# Which verdicts the titles of the figures would deny, by experiment and title.
DENIED = {
    "cpu_bound": {
        "title_fails": {"processes-beat-threads": "holds"},
        "title_same": {"processes-beat-threads": "holds"},
    },
    "interleaving": {
        "title_both": {"threads-take-turns": "fails", "processes-run-together": "fails"},
        "title_same": {"threads-take-turns": "holds", "processes-run-together": "fails"},
        "title_turns": {"threads-take-turns": "fails", "processes-run-together": "holds"},
    },
    "process_count": {
        "title_one": {"processes-pay-up-to-cores": "holds"},
        "title_none": {"processes-pay-up-to-cores": "holds"},
    },
    "pipeline": {
        "title_many": {"one-way-is-not-enough": "fails"},
        "title_one": {"one-way-is-not-enough": "holds"},
    },
    "runtimes": {
        "title_free_not": {"free-threads-gain": "holds"},
        "title_free_open": {"free-threads-gain": "holds"},
        "title_many": {"free-threads-gain": "holds", "interpreters-beat-loop": "holds"},
    },
}


@pytest.fixture(scope="module", params=machines.kinds())
def made(request):
    """The summary of a kind of machine, and its record."""
    record = machines.load(request.param)
    known = DECLARED, experiments.quantities
    return record, summary.summarise(record, request.param, "0" * 64, *known, CLAIMS)


def test_every_key_that_is_declared_is_measured_or_missing_for_a_reason(made):
    """And nothing is there that is not declared: `summarise` would refuse it."""
    _, found = made
    points = {key for key in found.values if ".at_" in key}
    assert {*found.values, *found.missing} - points <= set(summary.keys(DECLARED))
    assert set(summary.keys(DECLARED)) <= {*found.values, *found.missing}
    assert not set(found.values) & set(found.missing)
    assert set(found.missing.values()) <= {summary.OLDER, summary.LACKING}


def test_no_key_is_declared_twice():
    """Neither by two experiments nor besides a fact; each begins with its experiment's name."""
    keys = summary.keys(DECLARED)
    assert len(keys) == len(set(keys))
    for name, declared in DECLARED.items():
        assert all(key.split(".")[0] == name for key in declared.quantities)


def test_ratios_add_up_before_the_readers_eyes(made):
    """Who divides the two times that stand there gets the ratio."""
    _, found = made
    values = json.loads(summary.dumps(found))["values"]
    assert ratios.misfits(values) == []


def test_speed_ups_of_figure_3_add_up_too(made):
    """Each is the time of one worker by that of its row."""
    _, found = made
    for way in ("processes", "threads"):
        points = {
            int(key.split(".at_")[1].split(".")[0]): found.values[key]
            for key in found.values
            if key.startswith(f"process_count.{way}.at_") and key.endswith(".wall_s")
        }
        for workers, wall in points.items():
            ratio = found.values.get(f"process_count.{way}.at_{workers}.speedup_ratio")
            if ratio is not None:
                assert ratios.adds_up(ratio.text(), points[1].text(), wall.text())


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_can_be_drawn_and_its_title_stands(made, name):
    """With whatever could not be measured there; the table is whole, in both languages.

    And no title denies the verdict of a claim on its figure. What is drawn hangs on no language but
    by the words: half of the machines speak one, half the other.
    """
    record, found = made
    module = importlib.import_module(f"scripts.experiments.{name}.picture")
    if name not in {one.experiment for one in record.samples}:
        return
    spoken = machines.kinds().index(found.record) % 2
    figure = drawn(module, found.values, record, LANGUAGES[spoken])
    assert figure.get_label()
    for title, denied in DENIED.get(name, {}).items():
        if says(figure.get_label(), module.WORDS[title][spoken]):
            verdicts = {claim: found.verdicts[claim].verdict for claim in denied}
            assert not verdicts.items() & denied.items()
    for language in LANGUAGES:
        columns, rows = module.table(record, found.values, Say(language, module.WORDS))
        assert rows and all(len(row) == len(columns) for row in rows)


@pytest.mark.parametrize("name", DRAWN)
def test_both_languages_have_the_same_words_with_the_same_fields(name):
    """Whatever can be said in one can be said in the other."""
    words = importlib.import_module(f"scripts.experiments.{name}.picture").WORDS
    for texts in {**words, **SHARED}.values():
        fields = [set(re.findall(r"{(\w*)}", text)) for text in texts]
        assert len(fields) == len(LANGUAGES)
        assert fields == fields[:1] * len(fields), texts


def says(title, words):
    """Whether a title is made of these words, which may have fields in braces."""
    parts = map(re.escape, re.split(r"{\w+}", words))
    return re.fullmatch(".+".join(parts), title) is not None


def test_the_title_of_figure_1_says_what_decide_says(made):
    """Of threads and processes, by their ratio."""
    from scripts.experiments.cpu_bound import picture

    _, found = made
    ratio = found.values["cpu_bound.threads_over_processes"]
    name = {"holds": "title_holds", "fails": "title_fails"}.get(decide(ratio, 1), "title_same")
    for language in LANGUAGES:
        say = Say(language, picture.WORDS)
        times = ratio.as_shown if name == "title_holds" else 1 / ratio.as_shown
        assert picture.title(found.values, say) == say(name, times=say.times(times))
