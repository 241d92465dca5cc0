"""What a page names: its links, what it loads, and the places inside it that can be linked to."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from tests.site.server import file_of

HOST = "https://example.org"
# Pages of properties that hold an address.
ADDRESSES = {"og:image", "og:url", "twitter:image"}


class Link(NamedTuple):
    """One address as it is written. `loads` tells what a browser fetches from what one follows."""

    what: str
    address: str
    loads: bool


class Page(HTMLParser):
    """What stands in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self._json = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.ids.add(values.get("id", ""))
        self._json = values.get("type") == "application/ld+json"
        rel = values.get("rel", "")
        loads = tag != "a" and rel not in ("canonical", "alternate")
        for name in ("href", "src", "poster", "action"):
            if name in values:
                self.links.append(Link(f"{tag} {rel or name}", values[name], loads))
        for choice in values.get("srcset", "").split(","):
            if choice.strip():
                self.links.append(Link(f"{tag} srcset", choice.split()[0], True))
        if values.get("property", values.get("name")) in ADDRESSES:
            self.links.append(Link(values["property"], values["content"], False))

    def handle_data(self, data: str) -> None:
        if self._json and data.strip():
            self.links += [Link("JSON-LD", text, False) for text in _addresses(json.loads(data))]

    def of(self, what: str) -> list[str]:
        """The addresses of one sort, such as "link canonical"."""
        return [link.address for link in self.links if link.what == what]


def _addresses(value: object) -> list[str]:
    """Every address in JSON-LD but the vocabulary's."""
    if isinstance(value, dict):
        return [text for name in value if name != "@context" for text in _addresses(value[name])]
    if isinstance(value, list):
        return [text for item in value for text in _addresses(item)]
    return [value] if isinstance(value, str) and "://" in value else []


class Site:
    """A site built for the address `root`, as files in `folder`."""

    def __init__(self, folder: Path, root: str) -> None:
        self.folder, self.root = folder, root
        self.pages = {self.address(file): self._read(file) for file in folder.rglob("*.html")}

    def _read(self, file: Path) -> Page:
        return Page(file.read_text(encoding="utf-8"))

    def address(self, file: Path) -> str:
        """Where a file of the site is to be seen."""
        path = file.relative_to(self.folder).as_posix()
        return self.root + quote(path.removesuffix("index.html"))

    def file(self, address: str) -> Path | None:
        """The file behind an address of this site, whatever fragment it has; None if none."""
        if not address.startswith(self.root):
            return None
        return file_of(self.folder, unquote(urlsplit(address[len(self.root) :]).path))

    def fault(self, link: Link, at: str, page: Page) -> str:
        """What is wrong with a link of `page`, seen at the address `at`; "" if nothing."""
        to = urljoin(at, link.address)
        if link.address.startswith("#"):
            return "" if unquote(link.address[1:]) in page.ids else "leads to no place in this page"
        if not to.startswith(f"{HOST}/"):
            return "loads from elsewhere" if link.loads else ""
        if not self.file(to):
            return "leads nowhere"
        other = self.pages.get(to.partition("#")[0])
        fragment = unquote(urlsplit(to).fragment)
        if other and fragment and fragment not in other.ids:
            return "leads to no place in that page"
        return ""

    def faults(self) -> list[str]:
        """Everything that is wrong with the links of all pages."""
        found = []
        for address, page in self.pages.items():
            # A server shows this one at whatever address it does not know.
            at = f"{self.root}no/such/page/" if address.endswith("404.html") else address
            for link in page.links:
                if fault := self.fault(link, at, page):
                    found.append(f"{address}: {link.what}: {link.address} {fault}")
        return found
