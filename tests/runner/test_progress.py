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
            "a note\nround 2 of 5: cpu_bound threads (cold, 4 workers) with python3.9;"
            " 1 min 05 s elapsed, about 40 s left\n",
        ),
        (
            OneLine(),
            "\r\x1b[Ka note\n"
            "\r\x1b[Kround 2 of 5, 1 min 05 s, about 40 s left: cpu_bound thr\r\x1b[K",
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
