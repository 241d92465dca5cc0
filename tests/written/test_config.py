"""config.yaml: every mistake is one line with file, line and cure."""

from pathlib import Path

import pytest

from scripts.experiments.settings import Settings
from scripts.record.errors import BlogError
from scripts.written.config import load_settings, read_as

HEAD = "baseURL: https://example.org/\nparams:\n  benchmark:\n"
LINE = "(mend that line)"


def load(tmp_path: Path, text: str) -> Settings:
    """The settings of a config.yaml with this text."""
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return load_settings(tmp_path / "config.yaml")


def test_settings_come_from_the_section(tmp_path):
    """What is written counts, what is not has its default."""
    assert load(tmp_path, HEAD + "    minutes: 3\n    workers: 2\n") == Settings(
        minutes=3, workers=2
    )


def test_the_projects_own_file_is_valid():
    """The committed config.yaml can be read."""
    assert load_settings(Path(__file__).parents[2] / "config.yaml").jobs >= 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    workers: 0\n", "4: params.benchmark: workers is 0, not between 1 and 1000000000000"),
        ("    minutes: 5\n    jobs: -1\n", "5: params.benchmark: jobs is -1, not between 1 and"),
        ("    additions: many\n", "4: params.benchmark: additions is 'many', not a whole number"),
        (
            "    minuts: 5\n",
            "4: params.benchmark: unknown setting 'minuts'; did you mean 'minutes'?",
        ),
        ("    minutes: [1\n", "5: is no YAML: expected ',' or ']', but got '<stream end>'"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path, body, message):
    """File, line, setting and value; a misspelt name gets the near one."""
    with pytest.raises(BlogError) as caught:
        load(tmp_path, HEAD + body)
    assert str(caught.value).startswith(f"config.yaml:{message}")
    assert str(caught.value).endswith(LINE)


@pytest.mark.parametrize(
    ("line", "names"),
    [("", None), ("  readAs: # none\n", None), ("  readAs: []\n", []), ("  readAs: [a]\n", ["a"])],
)
def test_the_records_that_the_post_is_read_as(tmp_path, line, names):
    """Those that the author names; where there is nothing, it is not the author who chooses."""
    (tmp_path / "config.yaml").write_text(f"params:\n{line}  other: 1\n", encoding="utf-8")
    assert read_as(tmp_path / "config.yaml", {"a", "b"}) == names


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("[a, lost]", "there is no record 'lost'"),
        ("a", "is no list of at most 12 records"),
        (f"[{', '.join('a' * 13)}]", "is no list of at most 12 records"),
        ("[[a]]", "there is no record ['a']"),
    ],
)
def test_a_record_that_cannot_be_read_is_named_with_its_line(tmp_path, value, fault):
    """And where those are that can be."""
    (tmp_path / "config.yaml").write_text(f"params:\n  readAs: {value}\n", encoding="utf-8")
    with pytest.raises(BlogError) as caught:
        read_as(tmp_path / "config.yaml", {"b", "a"})
    cure = "write [NAME, …], at most 12 of the files in static/records/others"
    assert str(caught.value) == f"config.yaml:2: params.readAs: {fault} ({cure})"


def test_a_missing_file(tmp_path):
    """Git has it."""
    with pytest.raises(BlogError) as caught:
        load_settings(tmp_path / "config.yaml")
    assert str(caught.value) == "config.yaml: is missing (git checkout config.yaml)"


@pytest.mark.parametrize("text", ["", "params:\n", "params: {benchmark: 3}\n", "- a\n"])
def test_a_missing_section(tmp_path, text):
    """No section, or something else in its place, says what to write."""
    with pytest.raises(BlogError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == (
        "config.yaml: params.benchmark is missing or no mapping"
        " (write there name: number, at least minutes: 8)"
    )
