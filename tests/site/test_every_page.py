"""What holds on every page, in both languages: axe, widths, silence, no shift, valid HTML."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.site import nu
from tests.site.pages import (
    KINDS,
    LANGUAGES,
    PHONE,
    SAMPLE,
    TEXTS,
    WIDTHS,
    of,
    open_details,
    scroll_through,
)

AXE = Axe().axe_script
RUN_AXE = """(name) => {
  window.found = null;
  axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => {
    window.found = violations.flatMap((rule) => rule.nodes.map(
      (node) => `${name}: ${rule.id}: ${node.target} ${node.html.slice(0, 120)}`));
  });
}"""
# Whatever sticks out of the screen, unless it stands in a box that scrolls by itself.
STICKING_OUT = """(name) => {
  const wide = document.documentElement.clientWidth;
  const boxed = (e) => e.parentElement && (
    /auto|scroll/.test(getComputedStyle(e.parentElement).overflowX) || boxed(e.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility() &&
    e.getBoundingClientRect().right > wide + 1 && !boxed(e)).map((e) => e.outerHTML.slice(0, 80));
  const scrolls = document.documentElement.scrollWidth - wide;
  return (scrolls > 0 ? [`scrolls by ${scrolls} px`, ...out] : out)
    .map((fault) => `${name}, ${wide} px: ${fault}`);
}"""


def faults_by_axe(page: Page, name: str) -> list[str]:
    """What axe finds in the page as it stands, one line for each place."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    page.evaluate(RUN_AXE, name)
    return page.wait_for_function("() => window.found", timeout=30_000).json_value()


@pytest.mark.parametrize("paths", [KINDS, of("en", ["", *TEXTS, "404.html"])], ids=LANGUAGES)
def test_axe_finds_nothing(new_page, paths):
    """Light and dark; every kind of page in Chinese, those with a text of their own in English."""
    page, found = new_page(), []
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found += faults_by_axe(page, f"{path} light")
        page.emulate_media(color_scheme="dark")
        found += faults_by_axe(page, f"{path} dark")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_a_phone(new_page):
    """Dark by the switch, all details opened, then a picture opened in its dialog."""
    page, found = new_page("", **PHONE), []
    page.click("button.theme")
    for path in TEXTS:
        page.goto(path)
        open_details(page)
        found += faults_by_axe(page, path)
        if path == SAMPLE:
            page.locator("a.zoom").first.click()
            found += faults_by_axe(page, f"{path} dialog")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(new_page, language):
    """On a phone, a tablet and a computer, details opened."""
    page, faults = new_page(**PHONE), []
    for path in of(language, KINDS):
        page.goto(path)
        scroll_through(page)
        open_details(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            faults += page.evaluate(STICKING_OUT, path)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("options", "paths"),
    [(PHONE, [*KINDS, *of("en", KINDS)]), ({}, TEXTS)],
    ids=["phone", "wide"],
)
def test_nothing_moves_and_no_page_says_anything(new_page, watch, options, paths):
    """While pages and pictures come in: no layout shift, no message, no request elsewhere."""
    page, shifts = new_page(**options), []
    for path in paths:
        page.goto(path)
        scroll_through(page)
        shifts += [f"{path}: {shift}" for shift in page.evaluate("shifts")]
    assert not shifts, "\n".join(shifts)
    assert not watch.complaints(), "\n".join(watch.complaints())
    assert len(watch.fetched) > len(paths)


def test_html_is_valid(site):
    """The Nu checker finds no error and gives no warning."""
    said = nu.complaints(sorted(site.folder.rglob("*.html")))
    assert not said, "\n".join(said)


def test_the_validator_is_at_work(tmp_path):
    """It names place and fault of a wrong page."""
    page = tmp_path / "wrong.html"
    page.write_text('<!DOCTYPE html><html lang="en"><title>x</title><ul><p>y</p></ul></html>')
    (said,) = nu.complaints([page])
    assert said.startswith("wrong.html:1: Element “p” not allowed as child of element “ul”")
