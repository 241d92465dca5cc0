"""What the intervals in which jobs ran add up to: how many ran at once, and whose turn it was."""

from __future__ import annotations

import dataclasses
import itertools
import statistics
from typing import Dict, List, Sequence, Tuple

from scripts.measure.jobs import Run, Span


@dataclasses.dataclass(frozen=True)
class Sweep:
    """What the spans of all jobs add up to, in seconds, from the first start to the last stop."""

    extent_s: float
    running_s: float
    overlap_s: float
    switches: int
    median_run_s: float

    @property
    def overlap_percent(self) -> float:
        """The share of the time in which two or more jobs ran at once."""
        return 100 * self.overlap_s / self.extent_s if self.extent_s else 0.0


def sweep(spans: Sequence[Span]) -> Sweep:
    """Go through the moments at which a span starts or stops, counting how many jobs run.

    A job that stops at the moment at which another one starts does not overlap it. Switches are
    the spans that follow, in the order of their starts, a span of another job.
    Raises ValueError when there are no spans.
    """
    if not spans:
        raise ValueError("no spans")
    moments = sorted([(span.start_s, 1) for span in spans] + [(span.stop_s, -1) for span in spans])
    overlap_s, running, before = 0.0, 0, moments[0][0]
    for moment, step in moments:
        if running >= 2:
            overlap_s += moment - before
        running, before = running + step, moment
    in_order = [span.job for span in sorted(spans, key=lambda span: (span.start_s, span.job))]
    runs = [span.stop_s - span.start_s for span in spans]
    return Sweep(
        extent_s=moments[-1][0] - moments[0][0],
        running_s=sum(runs),
        overlap_s=overlap_s,
        switches=sum(job != earlier for earlier, job in zip(in_order, in_order[1:])),
        median_run_s=statistics.median(runs),
    )


def turns(runs: Sequence[Sequence[Tuple[float, float]]]) -> List[float]:
    """How long each turn was, in seconds, given the runs of each job.

    A turn lasts until another job runs. A gap in which none ran does not end it: then the
    operating system had taken the core away, and the GIL went with the thread.
    """
    in_order = sorted((run, number) for number, own in enumerate(runs) for run in own)
    lengths = []
    for _, group in itertools.groupby(in_order, key=lambda item: item[1]):
        spans = [run for run, _ in group]
        lengths.append(spans[-1][1] - spans[0][0])
    return lengths


def spans_of(ran: Run) -> List[Span]:
    """The intervals in which the jobs, which are trackers, really ran."""
    return [
        Span(number, start - ran.zero, stop - ran.zero)
        for number, job in enumerate(ran.jobs)
        for start, stop in job.result
    ]


def tracked(ran: Run) -> Dict[str, float]:
    """What the intervals in which the trackers ran add up to."""
    swept = sweep(spans_of(ran))
    return {
        "wall_s": ran.wall_s,
        "cpu_s": ran.cpu_s,
        "running_s": swept.running_s,
        "overlap_percent": swept.overlap_percent,
        "switches_count": swept.switches,
        "median_run_s": swept.median_run_s,
        "median_turn_s": statistics.median(turns([job.result for job in ran.jobs])),
    }
