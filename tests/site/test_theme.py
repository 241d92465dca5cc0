"""Light and dark: the system's setting, and the reader's switch."""

import pytest

from tests.site.pages import POST, scroll_through, shown_pictures

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
WHITE = "rgb(255, 255, 255)"
# The class when the body comes into being, and every colour that a frame could have shown.
NOTE_THEME = f"""
window.seen = {{ colours: new Set() }};
new MutationObserver(() => {{
  if (document.body && !("begin" in seen)) seen.begin = document.documentElement.className;
}}).observe(document, {{ childList: true, subtree: true }});
(function frame() {{
  if (document.body) seen.colours.add({BACKGROUND});
  requestAnimationFrame(frame);
}})();
"""


def is_dark(page) -> bool:
    """Whether the page is dark, and all that follows the theme with it."""
    colour = page.evaluate(BACKGROUND)
    scheme = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert scheme in ("light dark", "dark" if colour != WHITE else "light")
    return colour != WHITE


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_switch_turns_the_theme_and_is_remembered(new_page, system):
    """From whatever the system says, on every page, until it is used again; the bar of the browser
    has the colour of the page then, too."""
    page = new_page("", color_scheme=system)
    assert is_dark(page) == (system == "dark")
    page.click("button.theme")
    assert is_dark(page) == (system == "light")
    bars = page.eval_on_selector_all('meta[name="theme-color"]', "all => all.map(e => e.content)")
    assert bars and set(bars) == {page.evaluate(BACKGROUND)}
    page.reload()
    assert is_dark(page) == (system == "light")
    page.goto(f"en/{POST}")
    assert is_dark(page) == (system == "light")
    page.click("button.theme")
    page.reload()
    assert is_dark(page) == (system == "dark")


def test_a_chosen_theme_is_there_before_the_first_paint(new_page):
    """The light page is never to be seen by one who chose the dark one."""
    page = new_page("", keep=False)
    page.click("button.theme")
    dark = page.evaluate(BACKGROUND)
    page.add_init_script(NOTE_THEME)
    page.goto(POST)
    page.wait_for_function("() => seen.colours.size > 0")
    assert page.evaluate("seen.begin") == "dark"
    assert page.evaluate("[...seen.colours]") == [dark] != [WHITE]


@pytest.mark.usefixtures("quiet")
def test_figures_follow_the_switch(new_page, watch):
    """Only the twin that is shown is fetched; the switch fetches and shows the other."""
    page = new_page(POST, color_scheme="light")
    scroll_through(page)
    light = shown_pictures(page)
    assert len(light) == page.locator(".chart").count() > 1
    assert not [name for name in light if "dark" in name or not name.endswith(".zh.svg")]
    fetched = [path for path in watch.paths() if "/post_imgs/" in path]
    assert sorted(fetched) == sorted(f"/post_imgs/{name}" for name in light)
    page.click("button.theme")
    scroll_through(page)
    assert shown_pictures(page) == [name.replace(".zh", "-dark.zh") for name in light]
    assert not [path for path in watch.paths() if path.endswith(".png")]


def test_figures_follow_the_system(new_page, watch):
    """On a dark system the dark twins are the only ones that are fetched."""
    page = new_page(POST, color_scheme="dark")
    scroll_through(page)
    shown = shown_pictures(page)
    assert shown and all(name.endswith("-dark.zh.svg") for name in shown)
    fetched = [path for path in watch.paths() if "/post_imgs/" in path]
    assert sorted(fetched) == sorted(f"/post_imgs/{name}" for name in shown)


def test_a_refused_storage_leaves_the_switch_working(new_page):
    """Some browsers forbid pages to remember; then the choice lasts for the page."""
    page = new_page(keep=False)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })"
    )
    page.goto(POST)
    page.click("button.theme")
    assert is_dark(page)
