"""The table of all machines: sorted and filtered by script, and whole without."""

import pytest

from tests.site.pages import MACHINES, PHONE

INTERPRETERS = "[...document.querySelectorAll('.machines tbody tr:not([hidden]) td:nth-child(2)')]"
CELLS = """(n) => [...document.querySelectorAll(`.machines tbody td:nth-child(${n})`)]
  .map((e) => e.textContent)"""


def head(page, number):
    """The heading of a column, from 1 on."""
    return page.locator(".machines thead th").nth(number - 1)


@pytest.mark.usefixtures("quiet")
def test_a_heading_sorts_by_its_column(new_page):
    """By keyboard, up and down, as aria-sort says; what is not there stays at the end."""
    page = new_page(MACHINES)
    head(page, 5).locator("button").focus()
    page.keyboard.press("Enter")
    assert head(page, 5).get_attribute("aria-sort") == "ascending"
    walls = page.evaluate(CELLS, 5)
    numbers = [float(text) for text in walls if text]
    assert numbers == sorted(numbers) and len(numbers) > 1 and walls[-1] == ""
    page.keyboard.press("Space")
    assert head(page, 5).get_attribute("aria-sort") == "descending"
    walls = page.evaluate(CELLS, 5)
    assert [float(text) for text in walls if text] == numbers[::-1] and walls[-1] == ""
    head(page, 6).locator("button").click()
    assert head(page, 5).get_attribute("aria-sort") is None
    assert "24" in page.evaluate(CELLS, 6)[-1]


@pytest.mark.usefixtures("quiet")
def test_a_word_filters_the_lines(new_page):
    """Any case, all words; how many are left is said, and nothing is when there is no word."""
    page = new_page(f"en/{MACHINES}")
    whole = page.evaluate(f"{INTERPRETERS}.length")
    page.locator(".filter input").fill("cpython 3.13")
    assert page.evaluate(f"{INTERPRETERS}.map(e => e.textContent)") == [
        "CPython 3.13.1 without GIL"
    ]
    assert page.locator(".filter [role=status]").text_content() == "1 shown"
    page.locator(".filter input").fill("")
    assert page.evaluate(f"{INTERPRETERS}.length") == whole > 2
    assert page.locator(".filter [role=status]").text_content() == ""


def test_without_javascript_the_table_is_whole(new_page):
    """Every line, and no control that does nothing."""
    page = new_page(MACHINES, java_script_enabled=False)
    assert page.locator(".machines tbody tr:visible").count() > 2
    assert page.locator(".machines button").count() == 0
    assert not page.locator(".filter input").is_visible()


def test_on_a_phone_the_table_scrolls_by_itself(new_page):
    """With the keyboard, too; the name of the machine stays in sight."""
    page = new_page(MACHINES, **PHONE)
    region = page.locator(".machines")
    region.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.machines').scrollLeft > 50")
    left = page.locator(".machines tbody th").first.bounding_box()["x"]
    assert left >= 0 and page.evaluate("scrollX") == 0
