"""The pages that are looked at, and what is done on all of them."""

from __future__ import annotations

import time
from collections.abc import Iterable

from playwright.sync_api import Page

from tests.conftest import ROOT

POST = "posts/threads-vs-processes/"
SAMPLE = "posts/sample/"
CONTENT = ROOT / "content"
WRITTEN = [
    f"{path.parent.relative_to(CONTENT).as_posix()}/" for path in sorted(CONTENT.rglob("index.md"))
]
MACHINES = "machines/"
TEXTS = [*WRITTEN, SAMPLE, MACHINES]
KINDS = ["", *TEXTS, "posts/", "tags/", "tags/python/", "404.html"]
LANGUAGES = {"zh": "", "en": "en/"}
WIDTHS = {360: 740, 768: 1024, 1280: 800}
PHONE = {"viewport": {"width": 360, "height": 740}}

# Works where JavaScript is switched off for the page, too: then nothing can be waited for in there.
DOWN = """() => {
  scrollBy({ top: innerHeight, behavior: "instant" });
  return scrollY + innerHeight + 1 < document.documentElement.scrollHeight;
}"""
# One that a quick scroll has passed by unseen is looked at again.
LOADING = """() => {
  const missing = [...document.images].find(
    (image) => image.checkVisibility() && !(image.complete && image.naturalWidth));
  missing?.scrollIntoView({ block: "center", behavior: "instant" });
  return Boolean(missing);
}"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((details) => (details.open = true))"


def of(language: str, paths: Iterable[str]) -> list[str]:
    """The paths of pages in one language."""
    return [LANGUAGES[language] + path for path in paths]


def scroll_through(page: Page) -> None:
    """Scroll to the end, as a reader does, until every picture on the way is there."""
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    while page.evaluate(DOWN):
        pass
    deadline = time.monotonic() + 10
    while page.evaluate(LOADING):
        assert time.monotonic() < deadline, f"a picture of {page.url} does not come"
        page.wait_for_timeout(20)


def open_details(page: Page) -> None:
    """Open all that can be folded out."""
    page.evaluate(OPEN_ALL)


def shown_pictures(page: Page) -> list[str]:
    """The names of the figures' pictures that are visible and loaded."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".chart img")]
          .filter((image) => image.checkVisibility() && image.naturalWidth)
          .map((image) => image.currentSrc.split("/").pop())"""
    )
