"""Claims: what may be written, and which of them a post uses."""

import pytest

from scripts.conclude.verdicts import Claim
from scripts.record.errors import BlogError
from scripts.written import claims

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
    """Key, side, threshold, preconditions, line and words."""
    key, words = "cpu_bound.threads_over_processes", {"zh": "快", "en": "fast"}
    assert load(tmp_path, GOOD) == [Claim("fast", key, True, 1.2, ("cores >= 2",), 1, "", words)]


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
        ("above: 1.2", "above: 1.2\n  over: 3", "over is 3, not a key"),
        ("above: 1.2", "above: 1.2\n  over:", "over is None, not a key"),
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


def test_the_claims_that_a_post_uses():
    """In a sentence and around a paragraph."""
    text = 'so {{< word "a" "yes" "no" "who knows" >}}.\n\n{{% when "b" "holds" %}}\nx{{% /when %}}'
    assert claims.used(text) == {"a", "b"}
