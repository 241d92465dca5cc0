"""What a run says of its progress: plain lines, or in a terminal one that is written over."""

import pytest

from scripts.experiments import Case
from scripts.runner.plan import Step
from scripts.runner.progress import OneLine, PlainLog

STEP = Step("cpu_bound", Case("threads", {"workers": 4, "pool": "cold"}, 1.0), "python3.9", 2)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            PlainLog(),
            "a note\n62 %, about 40 s left: cpu_bound threads (cold, 4 workers) with python3.9,"
            " round 2 of 5\n",
        ),
        (
            OneLine(),
            "\r\x1b[Ka note\n"
            "\r\x1b[K62 %, about 40 s left: cpu_bound threads (cold, 4 worker\r\x1b[K",
        ),
    ],
)
def test_what_a_log_says(log, said, capsys, monkeypatch):
    """A note stays; in a terminal a step is cut to its width, and gone at the end."""
    monkeypatch.setenv("COLUMNS", "57")
    log.note("a note")
    log.start(STEP, 5, 65.0, 40.0)
    log.close()
    assert capsys.readouterr().err == said


def test_a_log_without_a_terminal_has_a_line_now_and_then(capsys):
    """Every half a minute, and at once when it begins."""
    log = PlainLog()
    for elapsed_s in (0.0, 1.0, 29.9, 30.0, 31.0, 61.0):
        log.start(STEP, 5, elapsed_s, 100.0 - elapsed_s)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "0 %, about 1 min 40 s left",
        "30 %, about 1 min 10 s left",
        "61 %, about 39 s left",
    ]
