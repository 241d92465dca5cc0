"""The costs in README.md: written between their comments, and told when they are of another run."""

import pytest

from scripts.blog import check, costs
from scripts.project import Project
from scripts.record.errors import BlogError
from tests.conftest import ROOT

README = "# A\n\nBefore.\n\n<!-- costs of run  -->\n<!-- /costs -->\n\nAfter.\n"


def test_the_lines_stand_between_the_comments_and_are_written_anew():
    """All else of the file is left as it is."""
    once = costs.replaced(README, "one", ["A \\1 costs 1 s.", "B"])
    assert once == (
        "# A\n\nBefore.\n\n<!-- costs of run one -->\n- A \\1 costs 1 s.\n- B\n<!-- /costs -->"
        "\n\nAfter.\n"
    )
    assert costs.replaced(once, "", []) == README


@pytest.mark.parametrize("text", ["", "<!-- costs of run x -->\n", 2 * README])
def test_a_file_without_one_place_for_them_is_one_line(text):
    """With the cure."""
    with pytest.raises(BlogError) as caught:
        costs.replaced(text, "one", [])
    assert str(caught.value) == (
        "README.md: has no one place for the costs"
        " (write <!-- costs of run 0 --> and, below it, <!-- /costs -->)"
    )


def test_the_readme_stays_on_one_screen():
    """No more than five lines; and it has a place for them."""
    with pytest.raises(ValueError, match="6 lines are more than 5"):
        costs.replaced(README, "one", list("abcdef"))
    assert costs.replaced((ROOT / "README.md").read_text(), "one", [])


def test_costs_of_another_run_are_warned_of(tmp_path):
    """Not where they are of this one, nor where there is no such file."""
    readme = tmp_path / "README.md"
    assert costs.warnings(readme, "one") == []
    readme.write_text(costs.replaced(README, "one", ["A"]))
    assert costs.warnings(readme, "one") == []
    assert costs.warnings(readme, "two") == [
        "README.md:5: the costs are of run one, the record of two (run make bench)"
    ]


def test_the_check_warns_of_them(tmp_path):
    """Of the run that data/measured.json is of."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "measured.json").write_text('{"run_id": "two", "values": {}}')
    (tmp_path / "README.md").write_text(costs.replaced(README, "one", ["A"]))
    assert check.warnings(Project(tmp_path)) == [
        "README.md:5: the costs are of run one, the record of two (run make bench)"
    ]
