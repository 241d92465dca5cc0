"""What a record says for and against its own numbers."""

import dataclasses
import math

from scripts.conclude.quantity import Part, Quantity
from scripts.conclude.steadiness import CONTROL, Speed, resolution_of, speeds, steadiness
from tests.conclude.records import make_record, quantities


def slowed(record, factor, minutes):
    """The record as if the arms that began in these minutes had cost `factor` times as much."""

    def changed(sample):
        slow = sample.disturbance["began_s"] // 60 in minutes
        values = {name: value * (factor if slow else 1) for name, value in sample.values.items()}
        return dataclasses.replace(sample, values=values)

    return dataclasses.replace(record, samples=tuple(map(changed, record.samples)))


def busy(arms=6, **fields):
    """A session of eight minutes with so many arms of the same kind in each."""
    record = make_record(rounds=8 * arms, sessions=1, **fields)
    samples = tuple(
        dataclasses.replace(one, disturbance={"began_s": 60 * ((one.round - 1) // arms) + 1})
        for one in record.samples
        if one.experiment == "add"
    )
    return dataclasses.replace(record, samples=samples)


def test_a_calm_session_has_one_speed():
    """Its minutes differ by a few percent."""
    (found,) = speeds(busy())
    assert not found.two_speeds
    assert found.pace == 1.0
    assert 1.0 <= found.apart < 1.03
    assert 1.03 < found.spread < 1.06


def test_a_session_with_a_slow_stretch_is_flagged():
    """Two minutes of eight cost 1.4 times as much as the others."""
    (found,) = speeds(slowed(busy(), 1.4, {2, 3}))
    assert found.two_speeds
    assert 1.38 < found.apart < 1.44


def test_a_tenth_more_or_less_is_no_second_speed():
    """As the whole of the session is the measure."""
    (found,) = speeds(slowed(busy(), 1.08, {2, 3}))
    assert not found.two_speeds


def test_a_minute_of_few_arms_says_nothing():
    """Two arms may both be of slow processes."""
    (found,) = speeds(slowed(busy(arms=2), 1.4, {2}))
    assert found == Speed(found.pace, None, False, found.spread)


def test_without_the_moments_of_its_arms_a_session_has_no_minutes():
    """As in records of before they were kept."""
    record = busy()
    samples = tuple(dataclasses.replace(one, disturbance={}) for one in record.samples)
    (found,) = speeds(dataclasses.replace(record, samples=samples))
    assert (found.apart, found.two_speeds, found.pace) == (None, False, 1.0)


def test_an_hour_that_was_slower_shows_in_the_pace():
    """Of two sessions the second cost a fifth more."""
    first, second = speeds(make_record(apart=0.2))
    assert math.isclose(second.pace / first.pace, 1.2, rel_tol=0.02)


def test_what_waits_has_no_speed():
    """An arm that computes for less than half of its time is not identical work."""
    record = make_record()
    samples = tuple(
        dataclasses.replace(one, values={"wall_s": 1.0, "cpu_s": 0.4}) for one in record.samples
    )
    found = speeds(dataclasses.replace(record, samples=samples))
    assert found == (Speed(None, None, False, None),) * 2


def test_the_resolution_is_the_far_end_of_the_controls_interval():
    """Around 1, on either side, as a logarithm."""
    control = Quantity(1.0, "ratio", 0.98, 1.01, 12, "signed_rank")
    assert math.isclose(resolution_of(control), -math.log(0.98), abs_tol=1e-6)
    assert resolution_of(None) is None
    assert resolution_of(Quantity(0, "ratio", 0, 0, 1, "order")) is None


def test_all_of_it_is_told():
    """Samples, how many were disturbed, the load before, whether the same is the same."""
    record = make_record()
    values = quantities(record)
    found = steadiness(record, values)
    assert (found.samples, found.disturbed, found.load_before) == (64, 2, 0.25)
    assert not found.control_differs and 0 < found.resolution < 0.03
    assert len(found.speeds) == 2
    differs = Quantity(1.1, "ratio", 1.05, 1.15, 12, "signed_rank", strict=(1.05, 1.15))
    assert steadiness(record, {**values, CONTROL: differs}).control_differs
    assert steadiness(record, {}).resolution is None


def ratio(low, value, high, *sessions):
    """A ratio with its interval, and those of its sessions."""
    parts = tuple(Part(*ends, value, 8) for ends in sessions)
    return Quantity(value, "ratio", low, high, 16, "signed_rank", parts, strict=(low, high))


def test_how_wide_intervals_are_is_told_of_the_one_in_the_middle():
    """Of ratios; a typical time shows where its rounds lie."""
    values = {
        "a": ratio(1.9, 2.0, 2.1),
        "b": ratio(0.98, 1.0, 1.02),
        "c": ratio(1.0, 2.0, 4.0),
        "d": Quantity(1.0, "s", 0.1, 9.0, 16, "spread", strict=(0.9, 1.1)),
        "e": Quantity(1.0, "ratio", 0.1, 9.0, 4, "range"),
    }
    assert steadiness(make_record(), values).ratio_width == 0.1
    assert steadiness(make_record(), {}).ratio_width is None


def test_sessions_agree_where_their_intervals_overlap():
    """Of ratios that two sessions or more have an interval of."""
    values = {
        "a": ratio(1.9, 2.0, 2.1, (1.8, 2.0), (1.95, 2.2), (1.9, 2.1)),
        "b": ratio(1.9, 2.0, 2.1, (1.8, 1.9), (1.85, 2.2), (1.95, 2.2)),
        "c": ratio(1.9, 2.0, 2.1, (1.8, 2.0)),
        "d": ratio(1.9, 2.0, 2.1, (1.8, 2.0), (None, None)),
    }
    assert steadiness(make_record(), values).agreement == 0.5
    assert steadiness(make_record(), {"c": values["c"]}).agreement is None


def test_the_time_inside_of_arms_is_a_share_of_the_sessions():
    """Of sixteen minutes, 64 arms of 13.5 s; unknown where an arm does not tell, or of no time."""
    record = make_record()
    assert steadiness(record, {}).inside is None
    samples = tuple(
        dataclasses.replace(one, disturbance={"elapsed_s": 13.5}) for one in record.samples
    )
    record = dataclasses.replace(record, samples=samples)
    assert steadiness(record, {}).inside == 0.9
    short = tuple(dataclasses.replace(one, finished=one.started) for one in record.sessions)
    assert steadiness(dataclasses.replace(record, sessions=short), {}).inside is None
