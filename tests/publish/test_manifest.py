"""published.json as others may have written it: a list of what is published, or one line."""

import json

import pytest

from scripts.publish import manifest
from scripts.publish.manifest import LIMIT, both, differences, loads
from scripts.publish.target import Changes
from scripts.record.errors import BlogError

GOOD = {
    "run_id": "20000101T000000Z-00000000",
    "numbers": {"a.wall_s": "1.23 s"},
    "verdicts": {"no-gain": "holds"},
    "files": {"index.html": [3, "0" * 64], "三/index.html": [4, "1" * 64]},
}
REFUSED = (
    "there: is no list of what is published"
    " (look what it is; empty that place, or name another one in config.yaml)"
)


def changed(**parts):
    """GOOD with other parts, as it would lie at a place."""
    return json.dumps({**GOOD, **parts}).encode()


def test_what_was_written_is_read():
    """And what is not asked for is left out."""
    assert loads(manifest.dumps(GOOD).encode(), "there") == GOOD
    assert loads(changed(more=1), "there") == GOOD
    assert loads(None, "there") is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"<!DOCTYPE html>",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"files":' * 100_000,
        b"1" * 5000,
        b" " * LIMIT + b"{}",
        changed(run_id=1),
        changed(run_id=["x"]),
        changed(run_id="\x1b[2Jx"),
        changed(run_id="one\ntwo"),
        changed(numbers=[]),
        changed(numbers=["a", "b"]),
        changed(numbers={"a": 1}),
        changed(numbers={"a": "\x1b]0;x\x07"}),
        changed(numbers={"\u202e": "x"}),
        changed(verdicts=None),
        changed(verdicts={"a": ["holds"]}),
        changed(verdicts={"a": "\ud800"}),
        changed(files=[]),
        changed(files=["index.html"]),
        changed(files={"index.html": None}),
        changed(files={"index.html": 3}),
        changed(files={"index.html": [3]}),
        changed(files={"index.html": [3, "0", 0]}),
        changed(files={"index.html": ["3", "0"]}),
        changed(files={"index.html": [3, 0]}),
        changed(files={"index.html": "ab"}),
        changed(files={"x\x1b[31m": [3, "0"]}),
    ],
    ids=range(34),
)
def test_what_is_no_list_of_what_is_published(text):
    """One line, in which nothing of it stands."""
    with pytest.raises(BlogError) as caught:
        loads(text, "there")
    assert str(caught.value) == REFUSED


def test_the_list_while_some_files_are_old_and_some_new():
    """All of them, with the numbers that were there."""
    new = {**GOOD, "run_id": "new", "files": {"new.html": [1, "2" * 64]}}
    assert both(None, new) == new
    assert both(GOOD, new) == {**GOOD, "files": {**GOOD["files"], **new["files"]}}


def test_what_is_said_of_the_changes():
    """What the place itself says is changed, by size; names are shown, not obeyed."""
    after = {
        **GOOD,
        "numbers": {"a.wall_s": "2.00 s"},
        "files": {**GOOD["files"], "n.png": [9, ""]},
    }
    changes = Changes(
        frozenset({"n.png", "三/"}),
        frozenset({"index.html", "published.json"}),
        frozenset({"old/index.html", "old/", "old/a\x1b.png"}),
    )
    assert list(differences(GOOD, after, changes)) == [
        "pages: 0 added, 1 changed, 1 removed",
        "  ~ /",
        "  - /old/",
        "files: 2 of 3 to send, 0.0 kB of 0.0 kB",
        "  - old/a\\x1b.png",
        f"run: {GOOD['run_id']}",
        "numbers: 1 changed",
        "  a.wall_s: 1.23 s → 2.00 s",
        "conclusions: 0 changed",
    ]


@pytest.mark.parametrize("data", [{}, {"run_id": 1, "values": {"a": 1}, "verdicts": {}}])
def test_a_summary_that_is_none(data, tmp_path):
    """One line, and no manifest."""
    with pytest.raises(BlogError) as caught:
        manifest.make(tmp_path, data)
    assert str(caught.value) == "data/measured.json: is malformed (run make redraw)"
