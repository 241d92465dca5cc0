"""What pages say and fetch while a test looks at them."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage

# What a page tells of itself while it is looked at.
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI}`));
window.shifts = [];
const told = ({ node, previousRect, currentRect }) =>
  `${node?.nodeName} ${previousRect.y} → ${currentRect.y} "${node?.textContent.slice(0, 40)}"`;
new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) => shifts.push(
  `${value.toFixed(4)}, scrolled by ${scrollY} px: ${sources.map(told)}`,
))).observe({ type: "layout-shift", buffered: true });
"""


class Watch:
    """What pages said and fetched while they were looked at."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.fetched: list[str] = []

    def of(self, context: BrowserContext) -> None:
        """Begin to watch the pages of a context."""
        context.add_init_script(WATCH)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.said.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self.fetched.append(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        at = urlsplit(message.page.url).path if message.page else ""
        self.said.append(f"{at}: {message.text[:160]}")

    def paths(self) -> list[str]:
        """The paths of what was fetched."""
        return [urlsplit(url).path for url in self.fetched]

    def complaints(self) -> list[str]:
        """Whatever a page must not do: say something, or ask another host."""
        asked = (url for url in self.fetched if urlsplit(url).scheme in ("http", "https"))
        elsewhere = [f"asks {url}" for url in asked if urlsplit(url).hostname != "127.0.0.1"]
        return list(dict.fromkeys(self.said + elsewhere))
