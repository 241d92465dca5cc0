"""How much a reader has to fetch."""

import gzip

import pytest

from tests.site.pages import LANGUAGES, PHONE, POST, scroll_through
from tests.site.server import file_of

FIRST_VIEW, WHOLE_POST = 26_000, 100_000
PACKED = {".css", ".html", ".js", ".json", ".svg", ".xml"}


def weight(site, watch) -> dict[str, int]:
    """Bytes of everything that was fetched, packed as servers do."""
    weights = {}
    for path in watch.paths():
        file = file_of(site.folder, path)
        body = file.read_bytes()
        weights[path] = len(gzip.compress(body, 6)) if file.suffix in PACKED else len(body)
    return weights


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_post_is_light(new_page, watch, site, language):
    """On a phone: the first view at most 26 kB, all of it at most 100 kB, no PNG, no font. The last
    figures are fetched only when they come near; each says before how large it will be."""
    page = new_page(LANGUAGES[language] + POST, **PHONE)
    page.wait_for_load_state("networkidle")
    first = weight(site, watch)
    assert sum(first.values()) <= FIRST_VIEW, first
    pictures = page.locator(".chart img")
    last = pictures.last.evaluate("e => e.closest('.chart').id")
    assert not [path for path in first if f"/{last}." in path]
    for name, values in {"loading": {"lazy"}, "decoding": {"async"}}.items():
        assert set(pictures.evaluate_all(f"all => all.map((e) => e.{name})")) == values
    sizes = "all => all.every((e) => +e.getAttribute('width') && +e.getAttribute('height'))"
    assert pictures.evaluate_all(sizes)
    scroll_through(page)
    whole = weight(site, watch)
    assert [path for path in whole if f"/{last}." in path]
    assert sum(whole.values()) <= WHOLE_POST, whole
    assert {path.rpartition(".")[2] for path in whole if "." in path} <= {"css", "js", "svg"}
