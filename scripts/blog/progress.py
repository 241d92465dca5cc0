"""What a run says in a terminal: one line that is redrawn, and a table at the end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from scripts.conclude import report
from scripts.conclude.summary import Summary
from scripts.runner.plan import Step
from scripts.runner.progress import PlainLog, share_text


class TerminalLog(PlainLog):
    """A progress bar that is redrawn between the timed runs only, never beside one."""

    def __init__(self) -> None:
        super().__init__()
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
        self._bar.update(
            self._task,
            description=f"{step}, round {step.round} of {rounds}",
            completed=elapsed_s / max(1e-9, elapsed_s + left_s),
            time=share_text(elapsed_s, left_s),
            refresh=True,
        )

    def close(self) -> None:
        """The run is over, or was stopped."""
        self._bar.stop()


def new_log() -> PlainLog:
    """The log that fits standard error: redrawn in a terminal, plain lines elsewhere."""
    return TerminalLog() if Console(stderr=True).is_terminal else PlainLog()


def print_results(summary: Summary, answers: Sequence[str]) -> None:
    """What a session ends with: the table, the posts' short answers, what speaks against them."""
    console = Console()
    console.print(_result_table(summary))
    for answer in filter(None, answers):
        console.print(answer, markup=False, highlight=False)
    for warning in report.warnings(summary):
        console.print(warning, style="bold", markup=False, highlight=False)
    for line in report.precision(summary):
        console.print(line, markup=False, highlight=False)
    written = ", ".join((summary.record, "data/measured.json", *summary.figures))
    console.print(f"written: {written}, and the numbers in the posts", highlight=False)


def _result_table(summary: Summary) -> Table:
    table = Table(title=report.title(summary) or None)
    for heading in report.HEADINGS:
        table.add_column(heading, justify="right" if heading else "left")
    for row in report.table(summary):
        table.add_row(*row)
    return table
