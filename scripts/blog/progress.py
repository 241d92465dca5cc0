"""What a run says in a terminal: one line that is redrawn, and a table at the end."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from scripts.conclude import report
from scripts.record import units
from scripts.runner.plan import Step
from scripts.runner.progress import PlainLog


class TerminalLog(PlainLog):
    """A progress bar that is redrawn between the timed runs only, never beside one."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(30),
            TextColumn("{task.fields[time]}"),
        )
        self._bar = Progress(*columns, console=self._console, auto_refresh=False)
        self._task = self._bar.add_task("", total=1.0, time="")

    def note(self, text: str) -> None:
        """Say something that is not a step."""
        self._bar.console.print(text, markup=False, highlight=False)

    def start(self, step: Step, rounds: int, elapsed_s: float, left_s: float) -> None:
        """A step begins."""
        self._bar.start()
        spent, left = units.duration(elapsed_s), units.duration(left_s)
        self._bar.update(
            self._task,
            description=f"round {step.round} of {rounds}: {step}",
            completed=elapsed_s / max(1e-9, elapsed_s + left_s),
            time=f"{spent} elapsed, about {left} left",
            refresh=True,
        )

    def close(self) -> None:
        """The run is over, or was stopped."""
        self._bar.stop()


def new_log() -> PlainLog:
    """The log that fits standard error: redrawn in a terminal, plain lines elsewhere."""
    return TerminalLog() if Console(stderr=True).is_terminal else PlainLog()


def result_table(data: dict) -> Table:
    """The small table at the end of a run, from the content of data/measured.json."""
    table = Table(title=report.title(data) or None)
    for heading in report.HEADINGS:
        table.add_column(heading, justify="right" if heading else "left")
    for row in report.table(data):
        table.add_row(*row)
    return table
