"""The links of the built pages: those that stay on the site must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Set
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from scripts.publish.manifest import files_in
from scripts.publish.program import printable

CURE = "mend the link, or what it leads to"


class _Page(HTMLParser):
    """The links of a page, and the places in it that a fragment can name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids, self.links = {"", "top"}, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.ids.add(value or "")
            elif name in ("href", "src", "poster", "action") and value is not None:
                self.links.append(value.strip())
            elif name == "srcset":
                self.links += [part.split()[0] for part in (value or "").split(",") if part.split()]
        named = dict(attrs)
        if tag == "meta" and named.get("property") in ("og:image", "og:url"):
            self.links.append(named.get("content") or "")


def broken(public: Path, base_url: str) -> list[str]:
    """The links in the pages of `public` that lead nowhere when it is served at `base_url`."""
    files = files_in(public)
    pages = {
        name: _Page(path.read_text(encoding="utf-8", errors="replace"))
        for name, path in files.items()
        if name.endswith(".html")
    }
    return [
        f"public/{printable(name)}: the link to {printable(link)} {fault} ({CURE})"
        for name, page in pages.items()
        for link in dict.fromkeys(page.links)
        for fault in _faults(link, urljoin(base_url, name), base_url, files.keys(), pages)
    ]


def _faults(
    link: str, at: str, base_url: str, there: Set[str], pages: dict[str, _Page]
) -> Iterator[str]:
    try:
        to, fragment = urldefrag(urljoin(at, link))
        parts = urlsplit(link)
    except ValueError:
        yield "is no address"
        return
    if not to.startswith(base_url):
        if not parts.scheme and not parts.netloc:
            yield f"leaves the site, which begins at {base_url}"
        return
    name = unquote(to[len(base_url) :].partition("?")[0])
    if not name or name.endswith("/") or f"{name}/index.html" in there:
        name = f"{name.rstrip('/')}/index.html".lstrip("/")
    if name not in there:
        yield "leads nowhere"
    elif name in pages and unquote(fragment) not in pages[name].ids:
        yield "leads to no place in that page"
