"""The post read as another record: chosen without JavaScript, true of it, and in no list of pages.

The post is that of this checkout, whose pictures are drawn, and is read as 3.13t and 3.14, by
records of one machine; and as one that lacks an experiment.
"""

import dataclasses
import json
import shutil
from xml.etree import ElementTree

import pytest

from scripts.blog import check, derive, hugo, pictures
from scripts.comparison import summaries
from scripts.project import Project
from scripts.record import load
from tests import machine_records as machines
from tests.conftest import edit
from tests.pages import read_as
from tests.site.links import HOST, Site
from tests.site.pages import LANGUAGES, POST, WIDTHS, open_details, scroll_through
from tests.site.server import serving
from tests.site.test_every_page import ALL_BUT_COLOURS, COLOURS, STICKING_OUT, faults_by_axe

# What stands in the links, in each language, in the order in which they are followed.
LABELS = {
    "no-gil": ("CPython 3.13.", {"zh": "无GIL", "en": "without GIL"}),
    "python3.14": ("CPython 3.14.", {"zh": "有GIL", "en": "with GIL"}),
    "": ("CPython ", {"zh": "有GIL", "en": "with GIL"}),
}
# What no other of these three may say.
ONLY = {
    "no-gil": {
        "zh": "没有GIL管着，谁也不用让谁",
        "en": "have no GIL over them, and nobody gives way",
    },
}
KEPT = ("control", "cpu_bound", "interleaving")
LACKING = {"zh": "这份记录没有测这一项", "en": "This record has not measured this"}
HIDE_TEXT = "document.querySelector('.text').hidden = true"
NUMBERS = """() => [...document.querySelectorAll(".text data")]
  .filter((e) => !e.closest(".claims, .run")).map((e) => [+e.value, e.textContent])"""
SHOWN = """() => [...document.querySelectorAll(".chart img")]
  .filter((e) => e.checkVisibility() && e.naturalWidth)
  .map((e) => new URL(e.currentSrc).pathname)"""


def incomplete():
    """The record of one core, from before there was more than figures 1 and 2."""
    record = machines.load("one-core")
    left = tuple(one for one in record.samples if one.experiment in KEPT)
    code = {name: digest for name, digest in record.code.items() if name in KEPT}
    return dataclasses.replace(record, samples=left, code=code)


RECORDS = {
    "no-gil": machines.load("no-gil"),
    "python3.14": machines.load("python3.14"),
    "incomplete": incomplete(),
}


def path_of(kind):
    """Where the post is read as a kind of record; the post itself for ""."""
    return f"machines/{summaries.name_of(RECORDS[kind])}/" if kind else POST


@pytest.fixture(scope="module")
def project(derived, tmp_path_factory):
    """The post of one record, to be read as three others."""
    sources = Project(tmp_path_factory.mktemp("readings") / "project")
    shutil.copytree(derived.root, sources.root)
    return read_as(sources, load(sources.current_record()), list(RECORDS.values()))


@pytest.fixture(scope="module")
def site(project):
    """The project's site."""
    hugo.build(project, "--baseURL", f"{HOST}/")
    return Site(project.root / "public", f"{HOST}/")


@pytest.fixture(scope="module")
def address(site):
    """Where it is served."""
    with serving(site.folder) as served:
        yield served


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_post_is_read_as_each_record(new_page, project, language):
    """Link by link, without JavaScript: numbers, words and figures are of that record alone."""
    page = new_page(LANGUAGES[language] + POST, java_script_enabled=False)
    assert page.locator(".readings b").count() == 0
    for kind, (version, gil) in LABELS.items():
        page.locator(".readings p:last-child a", has_text=version).first.click()
        assert page.url.endswith(f"/{LANGUAGES[language]}{path_of(kind)}")
        here = page.locator(".readings [aria-current=page]").text_content()
        assert version in here and gil[language] in here
        name = path_of(kind).split("/")[1]
        stated = project.readings / f"{name}.json" if kind else project.measured
        known = json.loads(stated.read_text(encoding="utf-8"))["values"].values()
        texts = [
            [one["value"], one.get(f"text_{language}", one["text"])]
            for one in known
            if "value" in one
        ]
        numbers = page.evaluate(NUMBERS)
        assert len(numbers) > 40 and [one for one in numbers if one not in texts] == []
        for owner, words in ONLY.items():
            assert (words[language] in page.locator(".text").text_content()) == (kind == owner)
        scroll_through(page)
        shown = page.evaluate(SHOWN)
        folder = f"/machines/{name}/" if kind else "/post_imgs/"
        assert len(shown) == page.locator(".chart").count() == 6
        assert all(one.startswith(folder) and one.endswith(f".{language}.svg") for one in shown)


def test_search_engines_are_sent_to_the_post(site):
    """No index, the post as canonical, no other language to list; its own card."""
    for prefix in LANGUAGES.values():
        html = (site.folder / prefix / path_of("no-gil") / "index.html").read_text(encoding="utf-8")
        page = site.pages[f"{HOST}/{prefix}{path_of('no-gil')}"]
        assert '<meta name="robots" content="noindex">' in html
        assert page.of("link canonical") == [f"{HOST}/{prefix}{POST}"]
        assert all("feed" in address for address in page.of("link alternate"))
        assert page.of("og:image") == [f"{HOST}/{path_of('no-gil')}card.png"]
        assert "application/ld+json" not in html


def test_no_list_knows_the_pages(site):
    """Sitemaps, feeds, the home page, the tags and the posts beside it."""
    listed = [*site.folder.rglob("sitemap.xml"), *site.folder.rglob("feed.*")]
    listed += [site.folder / name / "index.html" for name in ("", "en", "posts", "tags/python")]
    assert len(listed) == 11
    for path in listed:
        assert path_of("no-gil") not in path.read_text(encoding="utf-8"), path
    assert all(ElementTree.parse(path) for path in site.folder.rglob("feed.xml"))


def test_every_link_leads_somewhere(site):
    """Of the pages by record, too."""
    assert len(site.pages) > 16
    assert not site.faults(), "\n".join(site.faults())


def says_so(page, language):
    """Above all else: which interpreter, which machine; and the way back needs no list."""
    said = page.locator("article .readings b")
    assert all(word in said.text_content() for word in ("CPython 3.13.", "AMD EPYC", "2"))
    title = page.locator("h1")
    assert said.bounding_box()["y"] < title.bounding_box()["y"]
    assert "CPython 3.13." in page.title() and "CPython" not in title.text_content()
    back = page.locator(".readings p:first-child a").get_attribute("href")
    assert back == f"/{LANGUAGES[language]}{POST}"


def lacks(page, language):
    """Where the figure would be, and where a sentence would have told of it."""
    assert LACKING[language] in page.locator("#thres_vs_process3").text_content()
    assert page.locator(".chart").count() == 2
    section = page.locator("#how-many-processes ~ *").all_text_contents()
    assert LACKING[language] in " ".join(section[2:5])


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_by_record_says_so_and_what_it_lacks(new_page, language):
    """And axe finds nothing, and nothing sticks out, on every width; light and dark are the links,
    what else there is being as on every page."""
    page, faults = new_page(), []
    for kind, says in {"no-gil": says_so, "incomplete": lacks, "": None}.items():
        page.goto(LANGUAGES[language] + path_of(kind))
        if says:
            says(page, language)
        else:
            page.evaluate(HIDE_TEXT)  # which is looked at with every page
        open_details(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            faults += page.evaluate(STICKING_OUT, kind)
        faults += faults_by_axe(page, kind, ALL_BUT_COLOURS)
        page.evaluate(HIDE_TEXT)  # axe looks behind all text
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults += faults_by_axe(page, f"{kind} {scheme}", COLOURS, "article > header")
    assert not faults, "\n".join(faults)


def test_only_what_is_new_is_drawn_and_what_is_not_chosen_goes(project, tmp_path, monkeypatch):
    """A lost picture alone is drawn again; a record that is not in the list loses its files."""
    shutil.copytree(project.root, tmp_path / "project")
    copy, drawn, draw = Project(tmp_path / "project"), [], pictures._draw_jobs
    name, other = (path_of(kind).split("/")[1] for kind in ("no-gil", "python3.14"))

    def noted(jobs, *rest):
        drawn.extend(job.stem for job in jobs)
        return draw(jobs, *rest)

    monkeypatch.setattr(pictures, "_draw_jobs", noted)
    edit(copy.config, f"{name}, ", "")
    (copy.reading_pictures / other / "thres_vs_process-dark.zh.svg").unlink()
    assert not derive.is_current(copy)
    assert [one for one in check.problems(copy) if not one.startswith("stale: ")] == [
        f"data/readings/{name}.json: the post is not read as this (run make redraw)",
        f"static/machines/{other}/thres_vs_process-dark.zh.svg: is missing (run make redraw)",
    ]
    derive.redraw(copy)
    assert drawn == ["thres_vs_process"]
    assert [one for one in check.problems(copy) if not one.startswith("stale: ")] == []
    assert derive.is_current(copy)
    assert not list((copy.reading_pictures / name).glob("*"))
    hugo.build(copy)
    assert not (copy.root / "public" / path_of("no-gil") / "index.html").exists()
    assert (copy.root / "public" / path_of("python3.14") / "index.html").exists()


def test_with_no_other_record_nothing_is_to_be_chosen(project, tmp_path):
    """The post is as it was, and there is no page by record."""
    shutil.copytree(project.root, tmp_path / "project")
    copy = Project(tmp_path / "project")
    edit(copy.config, "  readAs: [", "  readAs: [] # [")
    derive.redraw(copy)
    hugo.build(copy)
    post = (copy.root / "public" / POST / "index.html").read_text(encoding="utf-8")
    assert "readings" not in post
    assert [path.name for path in (copy.root / "public" / "machines").iterdir()] == ["index.html"]
