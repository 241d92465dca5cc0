"""What a run says while it goes on: a line for each step, or one that is written over."""

from __future__ import annotations

import shutil
import sys

from scripts.record import units
from scripts.runner.plan import Step


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


class OneLine(PlainLog):
    """Progress in a terminal: a line that the next one is written over."""

    def note(self, text: str) -> None:
        """Say something that stays."""
        print(f"\r\x1b[K{text}", file=sys.stderr, flush=True)

    def start(self, step: Step, rounds: int, elapsed_s: float, left_s: float) -> None:
        """A step begins."""
        spent, left = units.duration(elapsed_s), units.duration(left_s)
        text = f"round {step.round} of {rounds}, {spent}, about {left} left: {step}"
        shown = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Clear the line."""
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
