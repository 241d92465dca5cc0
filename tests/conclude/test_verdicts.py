"""Verdicts: when a claim holds, fails, is undecided, or says nothing of this machine, and why."""

import dataclasses

import pytest

from scripts.conclude import verdicts
from scripts.conclude.claims import Claim, from_json
from scripts.conclude.quantity import Quantity
from scripts.conclude.stats import fact, middle, ratio, take, typical
from scripts.conclude.verdicts import Verdict
from scripts.record.errors import BlogError
from tests.conclude.records import RUNTIME, make_record

STEPS = (0.98, 1.0, 1.01, 0.99, 1.02, 1.005, 0.995, 1.015, 0.985, 1.003, 0.992, 1.012)


def rounds(centre, count=12, session=1):
    """Rounds that lie two percent around a centre."""
    return {(session, number + 1): centre * STEPS[number % 12] for number in range(count)}


def times(centre, count=12):
    """A ratio around a centre."""
    return ratio(rounds(centre, count), dict.fromkeys(rounds(1, count), 1.0))


def judged(values, claims=(), record=None, **fields):
    """The verdict on a claim about `a`, which stands on line 7; or the message of the error."""
    claim = dataclasses.replace(Claim("c", "a", True, 1.2, (), 7), **fields)
    try:
        found = verdicts.verdicts([claim, *claims], values, record or make_record(), "claims.yaml")
    except BlogError as error:
        return str(error).removeprefix("claims.yaml:7: claim 'c': ")
    return found["c"]


def said(*arguments, **fields):
    """Verdict and reason."""
    found = judged(*arguments, **fields)
    return found.verdict, found.reason


def test_a_claim_holds_or_fails_or_is_undecided():
    """By the whole interval of what it is about."""
    assert said({"a": times(1.5)}) == ("holds", "")
    assert said({"a": times(0.9)}) == ("fails", "")
    assert said({"a": times(1.2)}) == ("undecided", "")
    assert said({"a": times(0.9)}, above=False) == ("holds", "")
    assert said({"a": times(1.5, count=5)}) == ("undecided", "rounds")
    assert said({"a": take(rounds(1.5), "s")}) == ("undecided", "rounds")
    assert said({"a": fact(2, "count")}) == ("holds", "")


@pytest.mark.parametrize(
    ("need", "record", "reason"),
    [
        ("cores >= 4", {}, "cores"),
        ("gil", {"runtimes": (dataclasses.replace(RUNTIME, gil=False),)}, "gil"),
        ("no_gil", {}, "no_gil"),
        ("not quick", {"quick": True}, "quick"),
        ("measured", {}, "measured"),
    ],
)
def test_a_need_that_is_not_met_gives_no_verdict(need, record, reason):
    """Not applicable, and why; of what was measured or not."""
    values = {} if need == "measured" else {"a": times(1.5)}
    found = judged(values, record=make_record(**record), needs=(need,))
    assert found == Verdict("not_applicable", reason)
    assert said({"a": times(1.5)}, needs=("cores >= 2", "gil", "measured")) == ("holds", "")


def test_what_was_not_measured_gives_no_verdict():
    """Neither without its own key nor without the one it is compared with."""
    assert judged({}) == Verdict("not_applicable", "measured")
    assert judged({"a": times(1.5)}, over="b") == Verdict("not_applicable", "measured")


def test_a_quick_run_settles_nothing():
    """Not even what has no interval, since it was chosen by a few rounds."""
    record = make_record(quick=True)
    assert said({"a": fact(3, "count")}, record=record) == ("undecided", "quick")
    assert said({"a": times(1.5)}, record=record) == ("undecided", "quick")


def test_among_many_claims_each_is_judged_more_strictly():
    """What 95 % would decide alone may be chance among 26; and needs ten rounds."""
    close = ratio(rounds(1.212), dict.fromkeys(rounds(1), 1.0))
    others = [Claim(str(number), "b", True, 1.2, (), 1) for number in range(25)]
    assert said({"a": close}) == ("holds", "")
    assert said({"a": close}, others) == ("undecided", "claims")
    assert said({"a": times(1.5)}, others) == ("holds", "")
    assert said({"a": times(1.5, count=10)}, others) == ("holds", "")
    assert said({"a": times(1.5, count=9)}, others) == ("undecided", "rounds")
    assert said({"a": times(1.5, count=5)}, others) == ("undecided", "rounds")


def test_sessions_that_disagree_are_said():
    """As when one of three hours was of another mind."""
    above = {**rounds(1.5), **rounds(1.15, 8, session=2)}
    found = ratio(above, dict.fromkeys(above, 1.0))
    assert found.low > 1.2
    assert said({"a": found}) == ("undecided", "sessions_disagree")


def test_what_cannot_be_is_withheld():
    """2.6 times on two cores, however narrow its interval."""
    found = dataclasses.replace(times(2.6), ceiling=2.0)
    assert said({"a": found}) == ("undecided", "ceiling")


def test_what_is_finer_than_the_control_tells_is_undecided():
    """1.5 is 22 % from 1.2, and the same case twice differed by 25 %."""
    assert said({"a": dataclasses.replace(times(1.5), resolution=0.2)}) == ("holds", "")
    assert said({"a": dataclasses.replace(times(1.5), resolution=0.25)}) == (
        "undecided",
        "resolution",
    )


def test_a_threshold_may_be_a_share_of_what_is_possible():
    """So that it means as much on 64 cores as on 2."""
    found = dataclasses.replace(times(1.5), ceiling=2.0)
    for share, verdict in ((0.6, "holds"), (0.9, "fails")):
        compared = judged({"a": found}, threshold=share, of_ceiling=True)
        assert (compared.verdict, compared.threshold) == (verdict, share * 2)
    assert judged({"a": times(1.5)}, threshold=0.6, of_ceiling=True) == (
        "'a' has no ceiling of which it could be a share (delete of: ceiling, or declare a ceiling)"
    )


def test_two_keys_are_compared_round_by_round():
    """Whatever slowed both in a round is in neither's way."""
    noise = {at: 1 + 0.5 * (at[1] % 3) for at in rounds(1)}
    values = {
        "a": typical({at: 3 * value for at, value in noise.items()}, "s"),
        "b": typical({at: 2 * value for at, value in noise.items()}, "s"),
    }
    found = judged(values, over="b")
    assert (found.verdict, found.compared.low, found.compared.high) == ("holds", 1.5, 1.5)


def test_two_keys_must_have_one_unit():
    """Seconds over milliseconds would be wrong by a thousand."""
    values = {"a": typical(rounds(1), "s"), "b": typical(rounds(1), "ms")}
    assert judged(values, over="b") == "a is in s, b in ms (compare what has the same unit)"


def test_nothing_is_divided_by_nothing():
    """No verdict, and why."""
    values = {"a": typical(rounds(1), "s"), "b": middle(dict.fromkeys(rounds(1), 0.0), "s")}
    assert judged(values, over="b") == Verdict("not_applicable", "zero")


def test_text_cannot_be_compared():
    """A name has no size."""
    assert judged({"a": fact("fork", "text")}) == "'a' is text, not a number (name another key)"


def test_an_unknown_key_is_an_error_with_its_line():
    """The near key is offered; a precondition does not hide a typing error."""
    claim = Claim("c", "add.thread.wall_s", True, 1.2, ("measured",), 7)
    with pytest.raises(BlogError) as caught:
        verdicts.check_keys([claim], ["add.threads.wall_s"], "claims.yaml")
    assert str(caught.value) == (
        "claims.yaml:7: claim 'c': there is no key 'add.thread.wall_s';"
        " did you mean 'add.threads.wall_s'? (correct the key)"
    )
    over = dataclasses.replace(claim, key="add.threads.wall_s", over="nothing")
    with pytest.raises(BlogError, match=r"there is no key 'nothing' \(correct the key\)"):
        verdicts.check_keys([over], ["add.threads.wall_s"], "claims.yaml")


def test_a_verdict_shows_the_interval_of_95_percent():
    """Of a typical time, too, which elsewhere shows where most of its rounds lie."""
    found = judged({"a": typical(rounds(1.5), "s")})
    assert found.to_json() == {
        "verdict": "holds",
        "reason": "",
        "ratio": 1.50077,
        "ratio_text": "1.50",
        "unit": "s",
        "low": 1.488,
        "high": 1.51493,
        "low_text": "1.49",
        "high_text": "1.51",
        "n": 12,
        "interval": "signed_rank",
        "threshold": 1.2,
    }


def test_a_fact_is_as_low_and_as_high_as_it_is():
    """In numbers; there is no interval to show."""
    found = judged({"a": fact(10**6, "count")})
    assert found.to_json() == {
        "verdict": "holds",
        "reason": "",
        "ratio": 10**6,
        "ratio_text": "10**6",
        "ratio_text_zh": "100万",
        "unit": "count",
        "low": 10**6,
        "high": 10**6,
        "interval": "none",
        "threshold": 1.2,
    }


@pytest.mark.parametrize(
    "quantity", [fact(3, "count"), times(1.5), times(1.5, count=4), typical(rounds(2), "s")]
)
def test_a_verdict_comes_back_from_its_json(quantity):
    """With a number or without one."""
    for found in (judged({"a": quantity}), judged({})):
        assert verdicts.from_json(found.to_json()) == found


def test_a_claim_comes_back_from_its_json():
    """As measure.pyz carries it."""
    claim = Claim("c", "a", True, 0.6, ("gil",), 7, "b", {"en": "text"}, True)
    assert from_json({**dataclasses.asdict(claim), "needs": ["gil"]}) == claim
    assert claim.keys == ("a", "b")


def test_a_ratio_of_what_is_shown_is_the_text_of_two_keys():
    """Who divides both numbers gets it."""
    values = {"a": typical(rounds(3.004), "s"), "b": typical(rounds(1.996), "s")}
    found = judged(values, over="b").compared
    shown = float(values["a"].text()) / float(values["b"].text())
    assert found.text() == Quantity(shown, "ratio").text()
