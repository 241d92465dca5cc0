"""Links, metadata and feeds: everything leads somewhere, at the root of a host and below it."""

import json
import re
import struct
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from tests.site.links import HOST, Link, Page, Site
from tests.site.pages import LANGUAGES, POST, SAMPLE, scroll_through, shown_pictures
from tests.site.server import serving

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module", params=["site", "blog"])
def any_site(request) -> Site:
    """The site at the root of its host, and under a path."""
    return request.getfixturevalue(request.param)


def absolute_faults(site: Site, addresses: list[str]) -> list[str]:
    """What is wrong with addresses that must stand alone, without a page around them."""
    relative = [f"{address} is not absolute" for address in addresses if "://" not in address]
    links = [Link("", address, True) for address in addresses if address.startswith(HOST)]
    faults = {link.address: site.fault(link, site.root, Page("")) for link in links}
    return relative + [f"{address} {fault}" for address, fault in faults.items() if fault]


def test_every_link_leads_somewhere(any_site):
    """Links, fragments, scripts, pictures, feeds, cards and JSON-LD of every page."""
    assert len(any_site.pages) > 10
    faults = any_site.faults()
    assert not faults, "\n".join(faults)


def test_the_site_works_under_a_path(blog, browser):
    """In a browser, too: style, script, figures, and the explorer with its code and record."""
    with serving(blog.folder, "/blog/") as address:
        page = browser.new_page(reduced_motion="reduce")
        failed = []
        page.on("response", lambda got: failed.append(got.url) if got.status >= 400 else None)
        page.goto(f"{address}{POST}")
        scroll_through(page)
        assert len(shown_pictures(page)) == page.locator(".chart").count() > 1
        page.click("button.theme")
        assert page.evaluate("document.documentElement.className") == "dark"
        with page.expect_navigation():
            page.click("header a[hreflang=en]")
        assert page.evaluate("location.pathname") == f"/blog/en/{POST}"
        page.locator("button.explore").click()
        page.wait_for_selector("dialog canvas")
        assert failed == []
        page.close()


def test_faults_of_links_are_found(tmp_path):
    """Nowhere, no such place, outside of the path, from another host; and what is right is not."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text('<h1 id="here">a</h1>')
    (tmp_path / "index.html").write_text(
        '<a href="a/#here">1</a> <a href="/blog/a/">2</a> <a href="https://other.example/">3</a>'
        '<a href="b/">4</a> <a href="a/#there">5</a> <img src="/a.png"> <a href="/a/">6</a>'
        '<script src="https://other.example/x.js"></script> <img srcset="/blog/x.svg 2x">'
        '<a href="#here">7</a>'
    )
    assert Site(tmp_path, f"{HOST}/blog/").faults() == [
        f"{HOST}/blog/: a href: b/ leads nowhere",
        f"{HOST}/blog/: a href: a/#there leads to no place in that page",
        f"{HOST}/blog/: img src: /a.png leads nowhere",
        f"{HOST}/blog/: a href: /a/ leads nowhere",
        f"{HOST}/blog/: script src: https://other.example/x.js loads from elsewhere",
        f"{HOST}/blog/: img srcset: /blog/x.svg leads nowhere",
        f"{HOST}/blog/: a href: #here leads to no place in this page",
    ]


def by_record(site: Site) -> set[str]:
    """The pages on which the post is read as another record: see test_readings.py."""
    return {page for page in site.pages if re.search(r"/machines/[^/]+/$", page)}


def test_every_page_says_where_it_is_and_in_which_languages(any_site):
    """Canonical is the page itself; the languages name one another, with Chinese for all others.

    A page by record names the post in its place, and no languages.
    """
    for address, page in any_site.pages.items():
        if address in by_record(any_site):
            post = re.sub(r"machines/[^/]+/$", POST, address)
            assert page.of("link canonical") == [post] and len(page.of("link alternate")) == 2
            continue
        assert page.of("link canonical") == [address]
        if address.endswith("404.html"):
            continue
        path = address.removeprefix(any_site.root).removeprefix("en/")
        chinese, english = any_site.root + path, f"{any_site.root}en/{path}"
        # Then the feeds of the page's language.
        assert page.of("link alternate")[:3] == [chinese, english, chinese]
        feeds = any_site.root.removeprefix(HOST) + ("en/" if address == english else "")
        assert page.of("link alternate")[3:] == [f"{feeds}feed.xml", f"{feeds}feed.json"]


def test_the_sitemaps_list_every_page_once(any_site):
    """But for pages by record; each with its languages; found from robots.txt."""
    robots = (any_site.folder / "robots.txt").read_text()
    assert f"Sitemap: {any_site.root}sitemap.xml\n" in robots
    index = ElementTree.parse(any_site.folder / "sitemap.xml")
    found = {}
    for place in index.iter(f"{SITEMAP}loc"):
        for url in ElementTree.parse(any_site.file(place.text)).iter(f"{SITEMAP}url"):
            address = url.findtext(f"{SITEMAP}loc")
            assert address not in found
            found[address] = {link.get("href") for link in url.iter(f"{XHTML}link")}
    pages = {page for page in any_site.pages if not page.endswith("404.html")}
    assert set(found) == pages - by_record(any_site)
    assert all(found[other] == languages for languages in found.values() for other in languages)
    assert all(address in languages for address, languages in found.items())


def test_who_asks_for_the_usual_icon_gets_one(site):
    """Feed readers, and browsers that show the record, read no link to the SVG."""
    with Image.open(site.folder / "favicon.ico") as icon:
        assert (icon.format, icon.size) == ("ICO", (32, 32))
        assert len(icon.getcolors()) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feeds_hold_whole_posts(any_site, language):
    """RSS and JSON Feed: text, absolute links, PNG pictures in one theme, no controls."""
    folder = any_site.folder / LANGUAGES[language]
    rss = ElementTree.parse(folder / "feed.xml")
    feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
    in_rss = {item.findtext("link"): item.findtext("description") for item in rss.iter("item")}
    in_json = {item["url"]: item["content_html"] for item in feed["items"]}
    post, sample = (f"{any_site.root}{LANGUAGES[language]}{path}" for path in (POST, SAMPLE))
    assert in_rss == in_json and {post, sample} <= set(in_rss)
    ids = any_site.pages[post].ids
    for address, html in in_rss.items():
        text = Page(html)
        faults = absolute_faults(any_site, [link.address for link in text.links])
        assert not faults, "\n".join([address, *faults])
        assert not text.tags & {"script", "style", "button", "source", "dialog"}
        assert not [place for place in text.of("img src") if "-dark" in place]
    assert {"introduction", "conclusions"} <= Page(in_rss[post]).ids <= ids
    pictures = Page(in_rss[post]).of("img src")
    assert pictures and all(place.endswith(".png") for place in pictures)
    outside = [feed["home_page_url"], feed["feed_url"], rss.findtext("channel/link")]
    outside += [link.get("href") for link in rss.iter("{http://www.w3.org/2005/Atom}link")]
    outside += [item["image"] for item in feed["items"] if "image" in item]
    assert absolute_faults(any_site, outside) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_post_has_a_card_of_the_usual_size(any_site, language):
    """A PNG of 1200 × 630, and the page says so."""
    address = f"{any_site.root}{LANGUAGES[language]}{POST}"
    html = any_site.file(address).read_text(encoding="utf-8")
    (picture,) = any_site.pages[address].of("og:image")
    size = struct.unpack(">II", any_site.file(picture).read_bytes()[16:24])
    assert f'"og:image:width" content="{size[0]}"' in html
    assert f'"og:image:height" content="{size[1]}"' in html
    assert size == (1200, 630)


def test_search_engines_learn_of_the_post_and_its_data(any_site):
    """JSON-LD: a BlogPosting in the page's language, based on the record as a Dataset."""
    html = any_site.file(f"{any_site.root}en/{POST}").read_text(encoding="utf-8")
    about = json.loads(html.partition('<script type="application/ld+json">')[2].split("</")[0])
    assert about["@type"] == "BlogPosting" and about["inLanguage"] == "en"
    record = about["isBasedOn"]["distribution"]["contentUrl"]
    data = json.loads(any_site.file(record).read_text(encoding="utf-8"))
    assert about["isBasedOn"]["@type"] == "Dataset"
    assert about["isBasedOn"]["identifier"] == data["sessions"][-1]["id"]
