"""What is derived can be derived anew, whatever became of it."""

from unittest import mock

import pytest

from scripts.blog import derive, pictures
from scripts.blog.check import problems
from scripts.record.errors import BlogError
from tests import pages

MALFORMED = {
    "": "is no JSON: Expecting value: line 1 column 1 (char 0)",
    "nonsense": "is no JSON: Expecting value: line 1 column 1 (char 0)",
    "[]": "holds no values",
    '{"record": 7}': "holds no values",
}


def test_data_that_cannot_be_read_is_mended_as_the_error_says(project):
    """`make redraw` is the cure of `check` and `site`, and puts everything right."""
    for text, what in MALFORMED.items():
        for path in (project.measured, *project.machines.iterdir(), *project.readings.iterdir()):
            path.write_text(text, encoding="utf-8")
        for stage in (problems, derive.is_current):
            with pytest.raises(BlogError) as caught:
                stage(project)
            assert str(caught.value) == f"data/measured.json: {what} (run make redraw)"
    with mock.patch.object(pictures, "_draw_jobs", pages._no_pictures):
        derive.redraw(project)
    assert problems(project) == []
