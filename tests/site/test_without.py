"""Without a mouse, without JavaScript, on paper."""

import re

import pytest

from tests.site.pages import LANGUAGES, POST, SAMPLE, scroll_through, shown_pictures

CONTROLS = "a[href], button, summary, input, select, [tabindex='0']"
# Where the focus is: the number of the control, and what is wrong with how it shows.
AT = f"""() => {{
  const at = document.activeElement;
  if (at === document.body) return null;
  const {{ outlineStyle, outlineWidth }} = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const faults = [];
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) faults.push("no outline");
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0) faults.push("not on the screen");
  if (!box.width || !box.height) faults.push("nothing to see");
  const number = [...document.querySelectorAll("{CONTROLS}")].indexOf(at);
  return {{ number, html: at.outerHTML.slice(0, 90), faults }};
}}"""
REACHABLE = f"""() => [...document.querySelectorAll("{CONTROLS}")]
  .map((e, number) => ({{ number, html: e.outerHTML.slice(0, 90), seen: e.checkVisibility(
    {{ visibilityProperty: true }}) }})).filter((e) => e.seen)"""


def tab_through(page) -> list[dict]:
    """Every stop of the Tab key, from the top of the page to its end."""
    stops = []
    for _ in range(500):
        page.keyboard.press("Tab")
        stop = page.evaluate(AT)
        if stop is None or (stops and stop["number"] == stops[0]["number"]):
            return stops
        stops.append(stop)
    raise AssertionError("there is no end")


@pytest.mark.parametrize("path", ["", POST, f"en/{SAMPLE}"])
def test_the_keyboard_reaches_everything_in_order(new_page, path):
    """Every control, as it stands in the page, and it is to be seen where one is; the first one
    leads to the text, and the Tab key goes on inside of it."""
    page = new_page(path)
    stops = tab_through(page)
    faults = [f"{stop['html']}: {fault}" for stop in stops for fault in stop["faults"]]
    reached = [stop["number"] for stop in stops if stop["number"] >= 0]
    faults += [
        f"{control['html']}: not reached"
        for control in page.evaluate(REACHABLE)
        if control["number"] not in reached
    ]
    assert not faults, "\n".join(faults)
    assert reached == sorted(reached)
    assert 'href="#main"' in stops[0]["html"]
    page.locator(".skip").press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_all_can_be_read_without_javascript(new_page, watch):
    """Text, code, figures of the system's theme and data are there, and no control that is dead."""
    page = new_page(SAMPLE, java_script_enabled=False)
    for system in ("light", "dark"):
        page.emulate_media(color_scheme=system)
        scroll_through(page)
        shown = shown_pictures(page)
        assert len(shown) == page.locator(".chart").count() > 1
        assert all(("-dark" in name) == (system == "dark") for name in shown)
    assert page.locator("button:visible").count() == 0
    unseen = page.evaluate(
        """() => [...document.querySelectorAll("main :is(h1, h2, h3, p, pre, figcaption, li)")]
          .filter((e) => !e.closest("details") && !e.checkVisibility({ opacityProperty: true }))
          .map((e) => e.outerHTML.slice(0, 90))"""
    )
    assert not unseen, "\n".join(unseen)
    details = page.locator(".data").first
    details.locator("summary").click()
    assert details.locator("table").is_visible()
    watch.said.clear()
    assert page.goto(page.locator("a.zoom").first.get_attribute("href")).ok
    assert not [said for said in watch.said if "Security" in said]


def pages_of_pictures(pdf: bytes) -> list[set[bytes]]:
    """For every picture with an alternative text, the pages of a tagged PDF that show it."""
    found = []
    for element in re.findall(rb"/S /Figure\n/Alt .*?>>\nendobj", pdf, re.DOTALL):
        found.append(set(re.findall(rb"/Pg (\d+) 0 R", element)))
    return found


@pytest.mark.parametrize(("language", "read"), [("zh", True), ("en", False)])
def test_a_post_prints_on_a_few_pages(new_page, language, read):
    """With every picture, each on one page as a whole, whether the reader came to it or not."""
    page = new_page(LANGUAGES[language] + SAMPLE)
    if read:
        scroll_through(page)
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
    pdf = page.pdf(format="A4", margin=margin, tagged=True)
    pictures = pages_of_pictures(pdf)
    assert len(pictures) == page.locator(".chart, .text > p > img").count() > 1
    assert [len(pages) for pages in pictures] == [1] * len(pictures)
    assert 2 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 12
    assert page.locator(".chart svg").count() == 0  # those on the screen are back


def test_paper_is_light_and_has_no_controls(new_page):
    """Even from a dark screen; addresses of links are spelled out, the machine card is open."""
    page = new_page(SAMPLE, color_scheme="dark")
    page.click("button.theme")
    page.click("button.theme")
    page.emulate_media(media="print", color_scheme="dark")
    colours = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    text, paper = page.locator("html").evaluate(colours)
    assert paper == "rgb(255, 255, 255)"
    assert max(int(part) for part in re.findall(r"\d+", text)) < 80
    assert not [name for name in shown_pictures(page) if "-dark" in name]
    for control in ("button", "nav", ".toc", ".zoom", ".skip"):
        assert page.locator(f"{control}:visible").count() == 0, control
    spelled = page.locator(".text a[href^=http]").first.evaluate(
        "e => getComputedStyle(e, '::after').content"
    )
    assert "https://docs.python.org/3/library/threading.html" in spelled
    assert page.locator("details.run dl").evaluate("e => e.checkVisibility()")
