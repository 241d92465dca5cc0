"""What a run says at its end: a small table, what speaks against it, and the verdicts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.conclude.verdicts import Claim
from scripts.record import units

HEADINGS = ("", "wall time", "of the rounds", "ratio")
_ROWS = {
    "for loop": ("cpu_bound.for_loop.wall_s", None),
    "threads": ("cpu_bound.threads.wall_s", "cpu_bound.threads_over_for_loop"),
    "processes": ("cpu_bound.processes.wall_s", "cpu_bound.threads_over_processes"),
}


def title(data: dict) -> str:
    """What stands above the table; "" for a run that may be published."""
    return "QUICK RUN, not for publication" if data["quick"] else ""


def table(data: dict) -> list[tuple[str, str, str, str]]:
    """The three ways of `cpu_bound` and their ratios, from the content of data/measured.json."""
    values = data["values"]

    def interval(row: dict) -> str:
        return f"{row['low_text']}–{row['high_text']}" if "low_text" in row else ""

    rows = []
    for label, (key, ratio) in _ROWS.items():
        row = values[key]
        compared = ""
        if ratio:
            names = ratio.partition(".")[2].replace("_over_", " / ").replace("_", " ")
            compared = f"{names} = {values[ratio]['text']} [{interval(values[ratio])}]"
        rows.append((label, units.with_unit(row["value"], row["unit"]), interval(row), compared))
    return rows


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


def verdicts(data: dict, stated: Sequence[Claim], words: Mapping[str, str]) -> list[str]:
    """A line for each claim: the verdict, the claim, and its number or why there is none.

    `words` are those of i18n/ in English: verdict_… and reason_….
    """
    lines = []
    for claim in stated:
        found = data["verdicts"][claim.id]
        why = words[f"reason_{found['reason']}"] if found["reason"] else ""
        number = ""
        if "ratio_text" in found:
            high = units.with_unit(found["high"], found["unit"])
            number = f"{found['ratio_text']} [{found['low_text']}–{high}]"
        said = ", ".join(filter(None, (number, why)))
        lines.append(f"{words['verdict_' + found['verdict']]}: {claim.text['en']} ({said})")
    return lines
