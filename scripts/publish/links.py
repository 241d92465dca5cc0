"""The links of the built pages: those that stay on the site must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

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
    pages = {
        path.relative_to(public).as_posix(): _Page(path.read_text(encoding="utf-8"))
        for path in sorted(public.rglob("*.html"))
    }
    return [
        f"public/{name}: the link to {link} {fault} ({CURE})"
        for name, page in pages.items()
        for link in dict.fromkeys(page.links)
        for fault in _faults(link, urljoin(base_url, name), base_url, public, pages)
    ]


def _faults(
    link: str, at: str, base_url: str, public: Path, pages: dict[str, _Page]
) -> Iterator[str]:
    to, fragment = urldefrag(urljoin(at, link))
    if not to.startswith(base_url):
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc:
            yield f"leaves the site, which begins at {base_url}"
        return
    name = unquote(to[len(base_url) :].partition("?")[0])
    if not name or name.endswith("/") or (public / name).is_dir():
        name = f"{name.rstrip('/')}/index.html".lstrip("/")
    if not (public / name).is_file():
        yield "leads nowhere"
    elif name in pages and unquote(fragment) not in pages[name].ids:
        yield "leads to no place in that page"
