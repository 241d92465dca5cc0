"""What a session says while it goes on: a line now and then, or one that is written over."""

from __future__ import annotations

import shutil
import sys
from typing import Optional

from scripts.record import units
from scripts.runner.plan import Step

# How often an output that is no terminal gets a line.
PAUSE_S = 30.0


def share_text(elapsed_s: float, left_s: float) -> str:
    """How far a session is, and how long it still takes: "42 %, about 3 min 10 s left"."""
    share = elapsed_s / max(1e-9, elapsed_s + left_s)
    return f"{100 * share:.0f} %, about {units.duration(left_s)} left"


class PlainLog:
    """Progress for an output that is no terminal. Everything goes to standard error."""

    def __init__(self) -> None:
        self._last_s: Optional[float] = None

    def note(self, text: str) -> None:
        """Say something that is not a step."""
        print(text, file=sys.stderr, flush=True)

    def start(self, step: Step, rounds: int, elapsed_s: float, left_s: float) -> None:
        """A step begins, in one of so many rounds of its comparison."""
        if self._last_s is None or elapsed_s - self._last_s >= PAUSE_S:
            self._last_s = elapsed_s
            text = f"{share_text(elapsed_s, left_s)}: {step}, round {step.round} of {rounds}"
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """The session is over."""


class OneLine(PlainLog):
    """Progress in a terminal: a line that the next one is written over."""

    def note(self, text: str) -> None:
        """Say something that stays."""
        print(f"\r\x1b[K{text}", file=sys.stderr, flush=True)

    def start(self, step: Step, rounds: int, elapsed_s: float, left_s: float) -> None:
        """A step begins."""
        text = f"{share_text(elapsed_s, left_s)}: {step}, round {step.round} of {rounds}"
        shown = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Clear the line."""
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
