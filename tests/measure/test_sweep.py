"""What follows from the moments at which the jobs ran."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.measure.jobs import JobTime, Run, Span
from scripts.measure.sweep import Sweep, spans_of, sweep, tracked, turns


def test_jobs_that_take_turns_never_overlap():
    """Every start is a stop of another one."""
    spans = [Span(0, 1, 2), Span(1, 2, 3), Span(0, 3, 4), Span(1, 4, 5)]
    assert sweep(spans) == Sweep(extent_s=4, running_s=4, overlap_s=0, switches=3, median_run_s=1)
    assert sweep(spans).overlap_percent == 0


def test_jobs_that_run_at_once_overlap_however_many_they_are():
    """Two or three count alike."""
    found = sweep([Span(0, 0, 4), Span(1, 1, 3), Span(2, 2, 3)])
    assert found == Sweep(extent_s=4, running_s=7, overlap_s=2, switches=2, median_run_s=2)
    assert found.overlap_percent == 50


def test_time_in_which_nobody_ran_counts():
    """From the first start to the last stop."""
    assert sweep([Span(0, 0, 1), Span(1, 9, 10)]).extent_s == 10


def test_a_job_that_goes_on_after_a_pause_is_no_hand_over():
    """Only another job is."""
    assert sweep([Span(0, 0, 1), Span(0, 2, 3), Span(1, 4, 5), Span(1, 6, 7)]).switches == 1


def test_a_span_of_no_length_does_no_harm():
    """Nothing is divided by its length."""
    assert sweep([Span(0, 1, 1)]).overlap_percent == 0


def test_without_spans_there_is_nothing_to_go_through():
    """It is an error to ask."""
    with pytest.raises(ValueError, match="no spans"):
        sweep([])


@st.composite
def schedules(draw):
    """Jobs that each run in intervals of their own, which do not overlap themselves."""
    spans = []
    for job in range(draw(st.integers(1, 4))):
        edges = sorted(draw(st.lists(st.integers(0, 50), min_size=2, max_size=8, unique=True)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        spans += [Span(job, start, stop) for start, stop in pairs]
    return spans


@given(schedules())
def test_the_sweep_counts_what_looking_at_every_moment_counts(spans):
    """Moment by moment, from the first start to the last stop."""
    begin, end = min(span.start_s for span in spans), max(span.stop_s for span in spans)
    running = [
        sum(span.start_s <= moment < span.stop_s for span in spans) for moment in range(begin, end)
    ]
    found = sweep(spans)
    assert found.extent_s == len(running)
    assert found.running_s == sum(running)
    assert found.overlap_s == sum(count >= 2 for count in running)


def test_a_turn_lasts_until_another_job_runs():
    """A gap in which nobody ran is the operating system's, and does not end the turn."""
    first = [(0.0, 2.0), (3.0, 5.0), (9.0, 10.0)]
    second = [(5.0, 9.0)]
    assert turns([first, second]) == [5.0, 4.0, 1.0]
    assert turns([first, []]) == [10.0]


def test_what_trackers_noted_is_counted_from_the_begin_of_the_case():
    """Two that take turns, and then run at once; the clock began at 100."""
    notes = [[(101.0, 102.0), (103.0, 105.0)], [(102.0, 103.0), (104.0, 105.0)]]
    jobs = [JobTime("1.1", 100.0, 106.0, 2.5, True, runs) for runs in notes]
    ran = Run(100.0, 6.0, jobs)
    assert spans_of(ran) == [Span(0, 1, 2), Span(0, 3, 5), Span(1, 2, 3), Span(1, 4, 5)]
    assert tracked(ran) == {
        "wall_s": 6.0,
        "cpu_s": 5.0,
        "running_s": 5.0,
        "overlap_percent": 25.0,
        "switches_count": 3,
        "median_run_s": 1.0,
        "median_turn_s": 1.0,
    }
