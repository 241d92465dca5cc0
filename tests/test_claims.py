"""Claims: what may be written, and when they hold."""

import pytest

from scripts import claims
from scripts.claims import Claim, decide
from scripts.errors import BlogError
from scripts.stats import Quantity
from tests.factory import make_record

GOOD = """\
fast:
  key: cpu_bound.threads_over_processes
  above: 1.2
  needs: [cores >= 2]
  figure: thres_vs_process
  text: {zh: 快, en: fast}
"""


def load(tmp_path, text):
    """The claims of a file with this text."""
    (tmp_path / "claims.yaml").write_text(text, encoding="utf-8")
    return claims.load(tmp_path / "claims.yaml", "data/claims.yaml")


def test_a_claim_is_read(tmp_path):
    """Key, side, threshold, preconditions and line."""
    key = "cpu_bound.threads_over_processes"
    assert load(tmp_path, GOOD) == [Claim("fast", key, True, 1.2, ("cores >= 2",), 1)]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("above: 1.2", "abov: 1.2", "unknown field 'abov'; did you mean 'above'?"),
        ("above: 1.2", "above: much", "above is 'much', not a number"),
        ("  above: 1.2\n", "", "needs exactly one of 'above' and 'below'"),
        ("above: 1.2", "above: 1.2\n  below: 3", "needs exactly one of 'above' and 'below'"),
        ("cores >= 2", "cores > 2", "unknown precondition 'cores > 2'"),
        ("[cores >= 2]", "gil", "needs is no list"),
        (", en: fast", "", "has no text in en"),
        ("  key: cpu_bound.threads_over_processes\n", "", "names no key"),
    ],
)
def test_a_malformed_claim_is_named_with_its_line(tmp_path, before, after, what):
    """One line: file, line, claim and what is wrong."""
    with pytest.raises(BlogError) as caught:
        load(tmp_path, "# a comment\n" + GOOD.replace(before, after))
    assert str(caught.value) == f"data/claims.yaml:2: claim 'fast': {what} (mend that claim)"


def test_a_claim_stated_twice_is_an_error(tmp_path):
    """The second one is named."""
    with pytest.raises(BlogError) as caught:
        load(tmp_path, GOOD + GOOD)
    assert str(caught.value).startswith("data/claims.yaml:7: claim 'fast': is stated twice")


def ratio(low, middle, high, n=5):
    """A ratio with its interval."""
    return Quantity(middle, "ratio", low, high, n, "bootstrap")


@pytest.mark.parametrize(
    ("above", "value", "verdict"),
    [
        (True, ratio(1.3, 1.5, 1.7), "holds"),
        (True, ratio(1.1, 1.3, 1.5), "undecided"),
        (True, ratio(0.9, 1.0, 1.1), "fails"),
        (False, ratio(0.9, 1.0, 1.1), "holds"),
        (False, ratio(1.3, 1.5, 1.7), "fails"),
        (True, ratio(1.2, 1.3, 1.5), "undecided"),
        (True, ratio(1.3, 1.5, 1.7, n=4), "undecided"),
        (True, Quantity(2, "count"), "holds"),
        (False, Quantity(2, "count"), "fails"),
    ],
)
def test_the_whole_interval_must_lie_on_one_side(above, value, verdict):
    """An interval that touches the threshold 1.2, or comes from too few rounds, settles nothing."""
    assert decide(Claim("c", "k", above, 1.2, (), 1), value) == verdict


@pytest.mark.parametrize(
    ("needs", "machine", "reason"),
    [
        ("cores >= 2", {"cores": 1}, "cores"),
        ("gil", {"gil": False}, "gil"),
        ("no_gil", {"gil": True}, "no_gil"),
        ("not quick", {"quick": True}, "quick"),
        ("measured", {}, "measured"),
    ],
)
def test_a_need_that_is_not_met_gives_no_verdict(needs, machine, reason):
    """Not applicable, and why."""
    claim = Claim("c", "no.such_key", True, 1.2, (needs,), 1)
    found = claims.verdicts([claim], {}, make_record(**machine), "data/claims.yaml")
    assert found == {"c": {"verdict": "not_applicable", "reason": reason}}


def test_an_unknown_key_is_an_error_with_its_line():
    """The near key is offered."""
    claim = Claim("c", "cpu_bound.thread_over_processes", True, 1.2, (), 7)
    values = {"cpu_bound.threads_over_processes": ratio(1, 2, 3)}
    with pytest.raises(BlogError) as caught:
        claims.verdicts([claim], values, make_record(), "data/claims.yaml")
    assert str(caught.value) == (
        "data/claims.yaml:7: claim 'c':"
        " nothing is measured under 'cpu_bound.thread_over_processes';"
        " did you mean 'cpu_bound.threads_over_processes'?"
        " (correct the key, or add needs: [measured])"
    )


def test_the_claims_that_a_post_uses():
    """In a sentence and around a paragraph."""
    text = 'so {{< verdict "a" >}}.\n\n{{% when "b" "holds" "fails" %}}\nyes\n{{% /when %}}\n'
    assert claims.used(text) == {"a", "b"}
