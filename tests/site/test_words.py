"""Every page speaks one language, and none the language of the code."""

import json
import re
import shutil
from collections.abc import Iterator

import pytest

from scripts.project import Project
from tests.pages import Node, parse
from tests.site.conftest import built
from tests.site.links import HOST
from tests.site.pages import KINDS, LANGUAGES, SAMPLE, of

HAN = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+"
# Readers get them said or shown: what stands in these is text, too.
SPOKEN = ("alt", "title", "aria-label", "placeholder", "content", "data-label", "data-words")
SPOKEN += ("data-shown", "data-copy", "data-copied", "data-close", "data-larger", "data-smaller")
# No part of an id such as f3bc4cb5.
ENGLISH = r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])"
QUOTED = ("pre", "code", "script", "style")
# What the site itself says around an author's text, by element and class.
FRAME = {
    "header": [""],
    "footer": [""],
    "details": ["run", "data", "claims-all"],
    "section": ["machines"],
    "div": ["tools"],
    "dl": ["download"],
    "p": ["dates", "filter", "tags"],
}
# Names, units and terms that Chinese has no other word for.
NAMES = {"AMD", "BLAS", "CPU", "CPython", "EPYC", "English", "Feed", "GIL", "GiB", "JSON", "Linux"}
NAMES |= {"MB", "NumPy", "Perfetto", "Python", "RSS", "SHA", "asyncio", "for", "fork", "forkserver"}
NAMES |= {"jieba", "joblib", "kB", "measure", "pyz", "spawn", "zlib"}
FROM_CODE = r"\b(?!x86_64)[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b"


@pytest.fixture(scope="module")
def site(derived, tmp_path_factory):
    """The site of today, without the sample, which is in Chinese whatever the page."""
    project = Project(tmp_path_factory.mktemp("words") / "project")
    shutil.copytree(derived.root, project.root)
    return built(project, f"{HOST}/", project.root.parent / "public")


def without(node: Node, *tags: str) -> Node:
    """A copy without the elements of these names."""
    kept = [
        one if isinstance(one, str) else without(one, *tags)
        for one in node.inside
        if isinstance(one, str) or one.tag not in tags
    ]
    return Node(node.tag, node.attributes, kept)


def spoken(node: Node) -> Iterator[str]:
    """The texts in the attributes of what is in a node; of an object of words, the words."""
    for one in node.inside:
        if isinstance(one, Node):
            if not one.attributes.get("property", one.attributes.get("name", "")).startswith(
                ("og:image", "og:locale", "og:url", "twitter:")
            ):
                for name in SPOKEN:
                    text = one.attributes.get(name, "")
                    yield from json.loads(text).values() if text.startswith('{"') else [text]
            yield from spoken(one)


def words(node: Node) -> str:
    """All that a reader of it is told, without code."""
    plain = without(node, *QUOTED)
    return re.sub(r"\{\w+\}", "", "\n".join([*pieces(plain), *spoken(plain)]))


def pieces(node: Node) -> Iterator[str]:
    """The texts between its tags."""
    for one in node.inside:
        yield from [one] if isinstance(one, str) else pieces(one)


def pages(site, language: str) -> dict[str, Node]:
    """The pages in a language by their paths, but the one that speaks all, and the sample."""
    paths = of(language, (path for path in KINDS if path not in (SAMPLE, "404.html")))
    files = {path: site.folder / path / "index.html" for path in paths}
    return {path: parse(file.read_text(encoding="utf-8")) for path, file in files.items()}


def found(texts: dict[str, str], pattern: str, allowed: set[str] = frozenset()) -> dict:
    """What in the texts fits the pattern and is not allowed, by their names."""
    hits = {name: set(re.findall(pattern, text)) - allowed for name, text in texts.items()}
    return {name: sorted(hit) for name, hit in hits.items() if hit}


def test_no_chinese_stands_on_an_english_page(site):
    """But for the link to the Chinese one."""
    texts = {path: words(node) for path, node in pages(site, "en").items()}
    assert found(texts, HAN, {"中文"}) == {}


def test_no_english_stands_around_a_chinese_text(site, derived):
    """In the card, the tables, the dialogs, all that the site says itself; names may be."""
    builds = {one["build"] for one in derived.load_measured()["runtimes"]}
    texts = {}
    for path, node in pages(site, "zh").items():
        parts = [
            words(part)
            for tag, classes in FRAME.items()
            for name in classes
            for part in node.find(tag, name)
        ]
        texts[path] = "\n".join(parts)
        for build in builds:
            texts[path] = texts[path].replace(build, "")
    assert found(texts, ENGLISH, NAMES) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_from_the_code_stands_in_a_text(site, language):
    """Such as for_loop or wall_s; in code of course."""
    texts = {path: words(node) for path, node in pages(site, language).items()}
    assert found(texts, FROM_CODE) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_speak_the_language_of_their_page(site, language):
    """Their text is text: it can be read out."""
    files = sorted((site.folder / "post_imgs").glob(f"*.{language}.svg"))
    texts = {
        file.name: "\n".join(re.findall(r"<text\b[^>]*>([^<]*)<", file.read_text(encoding="utf-8")))
        for file in files
    }
    assert texts and all(texts.values())
    other = (ENGLISH, NAMES) if language == "zh" else (HAN, set())
    assert found(texts, *other) == {}
    assert found(texts, FROM_CODE) == {}
