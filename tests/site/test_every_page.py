"""What holds on every page, in both languages: axe, widths, silence, no shift, valid HTML."""

import dataclasses

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.site import nu
from tests.site.conftest import WIDE
from tests.site.pages import (
    KINDS,
    MACHINES,
    PHONE,
    SAMPLE,
    WIDTHS,
    of,
    open_details,
    scroll_through,
)
from tests.site.watch import Watch

AXE = Axe().axe_script
# The rows of a figure's data are all alike: one of them is looked at. So it is with texts of one
# colour, size and weight on the same grounds, of which axe would look at each for a millisecond.
RUN_AXE = """async ([name, part, colours, others]) => {
  document.querySelectorAll(".data tbody tr:nth-child(n + 2)").forEach((row) => row.remove());
  const where = document.querySelector(part);
  const resultTypes = ["violations"];
  const found = [];
  if (others) {
    const rules = { "color-contrast": { enabled: false } };
    found.push(await axe.run(where, { resultTypes, rules }));
  }
  if (colours) {
    const grounds = new Map([[null, ""]]);
    const groundOf = (e) => {
      if (!grounds.has(e)) {
        const { backgroundColor, backgroundImage, opacity, filter, clipPath } = getComputedStyle(e);
        const own = [backgroundColor, backgroundImage, opacity, filter, clipPath].join();
        const under = groundOf(e.parentElement);
        grounds.set(e, own === "rgba(0, 0, 0, 0),none,1,none,none" ? under : `${under}/${own}`);
      }
      return grounds.get(e);
    };
    const texts = new Map();
    // axe does not judge what is scrolled out of a box.
    const onScreen = (e) => e.getBoundingClientRect().right <= innerWidth;
    for (const e of [where, ...where.querySelectorAll("*")]) {
      const says = [...e.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
      if (!says && !e.matches("input")) continue;
      if (!e.checkVisibility({ visibilityProperty: true })) continue;
      const { color, fill, fontSize, fontWeight, textShadow, position } = getComputedStyle(e);
      const looks = [color, fill, fontSize, fontWeight, textShadow, position, groundOf(e)].join();
      const one = texts.get(looks);
      if (!one || (!onScreen(one) && onScreen(e))) texts.set(looks, e);
    }
    const include = [...texts.values()];
    found.push(await axe.run({ include }, { resultTypes, runOnly: ["color-contrast"] }));
  }
  return found.flatMap(({ violations }) => violations).flatMap((rule) => rule.nodes.map(
    (node) => `${name}: ${rule.id}: ${node.target} ${node.html.slice(0, 120)}`));
}"""
# Colours are what a theme changes; they take axe longer than all the rest.
COLOURS, ALL_BUT_COLOURS, ALL = (True, False), (False, True), (True, True)
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

HEIGHT = "document.documentElement.scrollHeight"
# It is there, and seen, only in the frame after the next.
MIDDLE = f"""() => new Promise((done) => {{
  scrollTo(0, {HEIGHT} / 2);
  requestAnimationFrame(() => requestAnimationFrame(done));
}})"""


def faults_by_axe(
    page: Page, name: str, looked_at: tuple[bool, bool] = ALL, part: str = "html"
) -> list[str]:
    """What axe finds in a part of the page as it stands, one line for each place."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    return page.evaluate(RUN_AXE, [name, part, *looked_at])


@dataclasses.dataclass
class Walk:
    """What was found on a walk through the pages, each read to its end, with all details opened."""

    shifts: list[str] = dataclasses.field(default_factory=list)
    out: list[str] = dataclasses.field(default_factory=list)
    axe: list[str] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)
    fetched: int = 0


def walk(page: Page, paths: list[str], rules: tuple[bool, bool], found: Walk) -> None:
    """Read the pages."""
    view = page.viewport_size
    for path in paths:
        page.goto(path)
        scroll_through(page)
        found.shifts += [f"{path}: {shift}" for shift in page.evaluate("shifts")]
        open_details(page)
        found.axe += faults_by_axe(page, path, rules)
        if view["width"] == min(WIDTHS):
            for width, height in WIDTHS.items():
                if width > view["width"]:
                    page.set_viewport_size({"width": width, "height": height})
                found.out += page.evaluate(STICKING_OUT, path)
            page.set_viewport_size(view)


@pytest.fixture(scope="module")
def walked(browser, address):
    """The walks by name: on a phone in both languages, the Chinese one dark; and on a desk.

    The colours are the same in both languages, so that axe looks at them once in every theme.
    """
    found = {}
    for name, view, paths, rules in (
        ("phone", PHONE, KINDS, ALL),
        ("phone, en", PHONE, of("en", KINDS), ALL_BUT_COLOURS),
        ("wide", {"viewport": WIDE}, KINDS, ALL),
    ):
        watch, result = Watch(), found.setdefault(name, Walk())
        context = browser.new_context(base_url=address, reduced_motion="reduce", **view)
        watch.of(context)
        context.add_init_script(AXE)  # for all pages at once
        page = context.new_page()
        if name == "phone":
            page.goto("")
            page.click("button.theme")
        walk(page, paths, rules, result)
        if name == "phone":
            page.goto(SAMPLE)
            page.locator("a.zoom").first.click()
            result.axe += faults_by_axe(page, "dialog", part="dialog")
        result.complaints, result.fetched = watch.complaints(), len(watch.fetched)
        context.close()
    return found


WALKS = pytest.mark.parametrize("name", ["phone", "phone, en", "wide"])


@WALKS
def test_axe_finds_nothing(walked, name):
    """Every kind of page, light and dark, all details opened, and a picture in its dialog."""
    assert not walked[name].axe, "\n".join(walked[name].axe)


def test_no_page_scrolls_sideways(walked):
    """On a phone, a tablet and a computer, details opened."""
    faults = walked["phone"].out + walked["phone, en"].out
    assert not faults, "\n".join(faults)


@WALKS
def test_nothing_moves_and_no_page_says_anything(walked, name):
    """While pages and pictures come in: no layout shift, no message, no request elsewhere."""
    assert not walked[name].shifts, "\n".join(walked[name].shifts)
    assert not walked[name].complaints, "\n".join(walked[name].complaints)
    assert walked[name].fetched > len(KINDS)


def test_a_script_that_comes_late_moves_nothing(new_page):
    """On a slow line, a reader is in the middle of the text then: what it shows has its place."""
    page, held = new_page(**PHONE), []
    page.route("**/js/*.js", lambda route: held.append(route))
    for path in (SAMPLE, MACHINES):
        page.goto(path, wait_until="commit")
        page.locator("footer.site").wait_for()
        page.evaluate(MIDDLE)
        height = page.evaluate(HEIGHT)
        while len(held) < page.locator("script[defer]").count():
            page.wait_for_timeout(10)
        while held:
            held.pop().continue_()
        page.locator("button.theme").wait_for()
        page.evaluate(MIDDLE)
        assert page.evaluate(HEIGHT) == height
        assert page.evaluate("shifts") == []


def test_html_is_valid(site, tmp_path):
    """The Nu checker finds no error and gives no warning in any page, nor in the report that
    measure.pyz writes; but those of a page that is wrong."""
    from tests.reader.test_page import built as report  # which needs what is above

    wrong = tmp_path / "wrong.html"
    wrong.write_text('<!DOCTYPE html><html lang="en"><title>x</title><ul><p>y</p></ul></html>')
    own = tmp_path / "report.html"
    own.write_text(report()[0], encoding="utf-8")
    first, *others = nu.complaints([wrong, own, *sorted(site.folder.rglob("*.html"))])
    fault = "wrong.html:1: Element “p” not allowed as child of element “ul”"
    assert fault in first and not others, "\n".join([first, *others])
