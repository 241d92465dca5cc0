"""The journal: what was measured survives any end."""

import pytest

from scripts.record import Sample, Span
from scripts.runner.journal import Journal

HEAD = {"run_id": "x", "quick": False}
ONE = Sample(
    "cpu_bound", "threads", "python3.11", 1, {"workers": 4}, {"wall_s": 1.5}, (Span(0, 0.0, 1.0),)
)


def test_samples_come_back_as_they_were(tmp_path):
    """Head and samples are read back from the file."""
    journal = Journal(tmp_path / "run" / "journal.jsonl")
    journal.start(HEAD, [])
    journal.add(ONE)
    assert journal.resume({"quick": False}) == HEAD
    assert journal.samples() == [ONE]


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    """A kill in the middle of writing costs that sample only."""
    journal = Journal(tmp_path / "journal.jsonl")
    journal.start(HEAD, [ONE])
    with journal.path.open("a") as file:
        file.write('{"experiment": "cpu_bo')
    assert journal.samples() == [ONE]


def test_another_run_is_not_gone_on_with(tmp_path):
    """Any difference in what must be the same starts over, and so does a broken file."""
    journal = Journal(tmp_path / "journal.jsonl")
    assert journal.resume({}) is None
    journal.start(HEAD, [])
    assert journal.resume({"quick": True}) is None
    for text in ("not JSON\n", "[]\n", "7\n{}\n", "\x00\xff"):
        journal.path.write_text(text)
        assert journal.resume({}) is None


@pytest.mark.parametrize("line", ["[]", "{}", '{"experiment": 1}', "nonsense"])
def test_a_line_that_is_no_sample_makes_all_of_them_doubtful(line, tmp_path):
    """Somebody has changed the file."""
    journal = Journal(tmp_path / "journal.jsonl")
    journal.start(HEAD, [ONE])
    with journal.path.open("a") as file:
        file.write(f"{line}\n")
    assert journal.samples() == []
