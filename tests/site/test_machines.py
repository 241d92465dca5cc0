"""The table of all machines: sorted and filtered by script, and whole without."""

import re

import pytest

from tests.site.pages import LANGUAGES, MACHINES, PHONE

INTERPRETERS = "[...document.querySelectorAll('.machines tbody tr:not([hidden]) th')]"
CELLS = """(n) => [...document.querySelectorAll(`.machines tbody td:nth-child(${n})`)]
  .map((e) => e.textContent)"""
# From where to where each is, the word before it, and the one that it should have.
CELLS_OF_A_LINE = """() => [...document.querySelectorAll(".machines tbody tr:first-child td")]
  .map((e) => [e.getBoundingClientRect().left, e.getBoundingClientRect().right,
    getComputedStyle(e, "::before").content.slice(1, -1), e.dataset.label])"""
SPEEDUP, THREADS = 2, 5  # columns


def head(page, number):
    """The heading of a column, from 1 on."""
    return page.locator(".machines thead th").nth(number - 1)


@pytest.mark.usefixtures("quiet")
def test_a_heading_sorts_by_its_column(new_page):
    """By keyboard, up and down, as aria-sort says; what is not there stays at the end."""
    page = new_page(MACHINES)
    head(page, SPEEDUP).locator("button").focus()
    page.keyboard.press("Enter")
    assert head(page, SPEEDUP).get_attribute("aria-sort") == "ascending"
    texts = page.evaluate(CELLS, SPEEDUP)
    numbers = [float(text.split(" [")[0]) for text in texts if text]
    assert numbers == sorted(numbers) and len(numbers) > 1 and texts[-1] == ""
    page.keyboard.press("Space")
    assert head(page, SPEEDUP).get_attribute("aria-sort") == "descending"
    texts = page.evaluate(CELLS, SPEEDUP)
    again = [float(text.split(" [")[0]) for text in texts if text]
    assert again == numbers[::-1] and texts[-1] == ""
    head(page, THREADS).locator("button").click()
    assert head(page, SPEEDUP).get_attribute("aria-sort") is None
    assert page.evaluate(CELLS, THREADS)[-1] == "约24"


@pytest.mark.usefixtures("quiet")
def test_a_word_filters_the_lines(new_page):
    """Any case, all words; how many are left is said, and nothing is when there is no word."""
    page = new_page(f"en/{MACHINES}")
    whole = page.evaluate(f"{INTERPRETERS}.length")
    page.locator(".filter input").fill("WITHOUT cpython")
    left = page.evaluate(f"{INTERPRETERS}.map(e => e.textContent)")
    assert 0 < len(left) < whole
    assert all(re.match(r"CPython 3\.\d+\.\d+, without GIL ", name) for name in left)
    assert page.locator(".filter [role=status]").text_content() == f"{len(left)} shown"
    page.locator(".filter input").fill("")
    assert page.evaluate(f"{INTERPRETERS}.length") == whole > 2
    assert page.locator(".filter [role=status]").text_content() == ""


def test_without_javascript_the_table_is_whole(new_page):
    """Every line, and no control that does nothing."""
    page = new_page(MACHINES, java_script_enabled=False)
    assert page.locator(".machines tbody tr:visible").count() > 2
    assert page.locator(".machines button").count() == 0
    assert not page.locator(".filter input").is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_every_line_is_a_block(new_page, language):
    """All that was measured is on the screen, each value beside what it is."""
    page = new_page(LANGUAGES[language] + MACHINES, **PHONE)
    cells = page.evaluate(CELLS_OF_A_LINE)
    assert len(cells) == 8
    for begin, end, said, label in cells:
        assert begin >= 0 and end <= 360
        assert said and said == label
    assert page.evaluate("document.querySelector('.machines').scrollWidth <= 360")
