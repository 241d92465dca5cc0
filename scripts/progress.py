"""What a run says in a terminal: one line that is redrawn, and a table at the end."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from scripts import units
from scripts.measure.plan import Step
from scripts.measure.progress import PlainLog


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


ROWS = {
    "for loop": ("cpu_bound.for_loop.wall_s", None),
    "threads": ("cpu_bound.threads.wall_s", "cpu_bound.threads_over_for_loop"),
    "processes": ("cpu_bound.processes.wall_s", "cpu_bound.threads_over_processes"),
}


def result_table(data: dict) -> Table:
    """The three ways of `cpu_bound` and their ratios, from the content of data/measured.json."""
    values = data["values"]
    table = Table(title="QUICK RUN, not for publication" if data["quick"] else None)
    for heading in ("", "wall time", "of the rounds", "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")

    def interval(row: dict) -> str:
        return f"{row['low_text']}–{row['high_text']}" if "low_text" in row else ""

    for label, (key, ratio) in ROWS.items():
        row = values[key]
        compared = ""
        if ratio:
            names = ratio.partition(".")[2].replace("_over_", " / ").replace("_", " ")
            compared = f"{names} = {values[ratio]['text']} [{interval(values[ratio])}]"
        table.add_row(label, units.with_unit(row["value"], row["unit"]), interval(row), compared)
    return table


def warnings(data: dict) -> list[str]:
    """What the run itself has to say against its own numbers."""
    found = []
    steadiness, values = data["steadiness"], data["values"]
    if steadiness["control_differs"]:
        ratio = values["control.a_over_b"]
        found.append(
            f"control: the same case twice gave a ratio of {ratio['text']}"
            f" [{ratio['low_text']}–{ratio['high_text']}]: distrust small differences of this run"
        )
    if steadiness["disturbed"]:
        found.append(f"{steadiness['disturbed']} of {steadiness['samples']} samples were disturbed")
    return found
