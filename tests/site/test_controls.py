"""What a reader does: larger pictures, copying, the other language, the table of contents."""

import re

import pytest

from tests.conftest import ROOT
from tests.pages import parse
from tests.site.pages import KINDS, PHONE, POST, SAMPLE

FOCUS = "document.activeElement.className"
WIDTH = "() => document.querySelector('dialog img').getBoundingClientRect().width"


@pytest.mark.usefixtures("quiet")
def test_a_picture_opens_and_closes_by_keyboard_and_by_click(new_page):
    """Enter on the link, Esc leaves, and the focus is where it was; a click on the picture, and on
    the button, as often as one likes; the page behind does not take the focus."""
    page = new_page(POST)
    first = page.locator(".chart img").first
    dialog = page.locator("dialog")
    page.locator("a.zoom").first.focus()
    page.keyboard.press("Enter")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    shown = page.locator("dialog img")
    assert re.search(r"/post_imgs/\w+\.zh\.svg$", shown.get_attribute("src"))
    assert shown.get_attribute("alt") == first.get_attribute("alt")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate(FOCUS) == "zoom"
    assert page.evaluate("location.pathname") == f"/{POST}"
    for _ in range(2):
        page.locator(".chart img:visible").first.click()
        assert dialog.is_visible()
        for _ in range(6):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.matches('dialog *, body, dialog')")
        dialog.get_by_role("button", name="关闭").click()
        assert not dialog.is_visible()


def test_an_opened_picture_is_that_of_the_theme_and_can_be_enlarged(new_page):
    """+ and the button enlarge, - and the wheel with Ctrl reduce, 0 goes back to the whole. On the
    dark page it is dark, and there even if the page had not yet shown it."""
    page = new_page(POST)
    page.locator("a.zoom").first.click()
    page.wait_for_function("() => document.querySelector('dialog img').naturalWidth > 0")
    whole = page.evaluate(WIDTH)
    page.keyboard.press("+")
    assert page.evaluate(WIDTH) == pytest.approx(1.5 * whole, rel=0.01)
    page.get_by_role("button", name="放大", exact=True).click()
    assert page.evaluate(WIDTH) == pytest.approx(2.25 * whole, rel=0.01)
    page.keyboard.press("-")
    assert page.evaluate(WIDTH) == pytest.approx(1.5 * whole, rel=0.01)
    page.keyboard.press("0")
    assert page.evaluate(WIDTH) == pytest.approx(whole, rel=0.01)
    page.mouse.move(600, 400)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function(f"() => ({WIDTH})() > {1.2 * whole}")
    page.keyboard.press("Escape")
    page.click("button.theme")
    page.locator("a.zoom").last.evaluate("link => link.click()")
    page.wait_for_function("() => document.querySelector('dialog img').naturalWidth > 0")
    assert page.locator("dialog img").get_attribute("src").endswith("-dark.zh.svg")


def test_an_opened_picture_is_enlarged_by_two_fingers(new_page):
    """As far as they are spread."""
    page = new_page(POST, has_touch=True, is_mobile=True, **PHONE)
    page.locator("a.zoom").first.click()
    whole = page.evaluate(WIDTH)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *places: int) -> None:
        points = [{"x": x, "y": 370, "id": number} for number, x in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 150, 210)
    for half in (40, 50, 60):
        touch("touchMove", 180 - half, 180 + half)
    touch("touchEnd")
    page.wait_for_function(f"() => ({WIDTH})() > {1.8 * whole}")
    assert page.evaluate(WIDTH) == pytest.approx(2 * whole, rel=0.05)


@pytest.mark.usefixtures("quiet")
def test_copying_takes_the_code_and_says_so(new_page):
    """What is copied is the function as it stands in its file, without the button's own word."""
    page = new_page(POST, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".highlight button").first.click()
    page.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").strip()
    source = (ROOT / "scripts" / "measure" / "workloads.py").read_text(encoding="utf-8")
    assert copied.startswith("def naive_add(") and copied in source


def test_the_ways_to_the_other_language_and_to_the_neighbouring_posts(new_page, site):
    """There and back: to the same page, from every page; from the older post to the newer one."""
    for path in KINDS:
        for here, there in ((path, f"/en/{path}"), (f"en/{path}", f"/{path}")):
            html = site.file(site.root + here).read_text(encoding="utf-8")
            (header,) = parse(html).find("header", "site")
            (link,) = (one for one in header.find("a") if "hreflang" in one.attributes)
            assert link.attributes["href"].removesuffix("404.html") == there.removesuffix(
                "404.html"
            )
    page = new_page(POST)
    for lang, path in {"en": f"/en/{POST}", "zh-Hans": f"/{POST}"}.items():
        with page.expect_navigation():
            page.click(f"header a[hreflang={lang}]")
        assert page.evaluate("[document.documentElement.lang, location.pathname]") == [lang, path]
    with page.expect_navigation():
        page.click("[rel=next]")
    assert page.evaluate("location.pathname") == f"/{SAMPLE}"
    with page.expect_navigation():
        page.click("[rel=prev]")
    assert page.evaluate("location.pathname") == f"/{POST}"


def test_the_table_of_contents_leads_and_follows(new_page):
    """A click leads to the heading; the entry of what is on the screen is marked."""
    page = new_page(POST)
    links = page.locator(".toc nav a")
    assert links.count() > 3
    for number in (links.count() - 1, 1):
        links.nth(number).click()
        page.wait_for_function(
            "n => document.querySelectorAll('.toc nav a')[n].ariaCurrent === 'true'", arg=number
        )
        target = page.locator(links.nth(number).get_attribute("href"))
        assert target.evaluate("e => e.getBoundingClientRect().top >= 0")
        assert page.locator(".toc [aria-current]").count() == 1
