"""What a run says while it goes on: a plain log, a line for each step."""

from __future__ import annotations

import sys

from scripts import units
from scripts.measure.plan import Step


class PlainLog:
    """Progress for an output that is no terminal. Everything goes to standard error."""

    def note(self, text: str) -> None:
        """Say something that is not a step."""
        print(text, file=sys.stderr, flush=True)

    def start(self, step: Step, rounds: int, elapsed_s: float, left_s: float) -> None:
        """A step begins."""
        spent, left = units.duration(elapsed_s), units.duration(left_s)
        self.note(f"round {step.round} of {rounds}: {step}; {spent} elapsed, about {left} left")

    def close(self) -> None:
        """The run is over."""
