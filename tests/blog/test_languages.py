"""Both languages say the same: the same keys, claims, figures and listings, in the same order."""

import re

import pytest
import yaml

from tests import markdown
from tests.conftest import ROOT

# Of a page, index.md; of a section that has a text of its own, _index.md.
POSTS = sorted(path.parent for path in (ROOT / "content").rglob("*index.md"))


def both(folder):
    """The Chinese and the English text of a page."""
    (chinese,) = folder.glob("*index.md")
    english = chinese.with_suffix(".en.md")
    return [path.read_text(encoding="utf-8") for path in (chinese, english)]


def test_there_is_a_post():
    """Else the tests below would find nothing to say."""
    assert POSTS


@pytest.mark.parametrize("folder", POSTS, ids=lambda folder: folder.name)
def test_the_same_shortcodes_stand_in_the_same_order(folder):
    """Figures, listings, verdicts and conditional blocks, each with its parameters."""
    chinese, english = (map(without_words, markdown.structure(text)) for text in both(folder))
    assert list(chinese) == list(english)


def without_words(shortcode):
    """The words that `word` picks from are of the language: how many, and which are left empty."""
    name, *parameters = shortcode
    if name != "word":
        return shortcode
    return name, parameters[0], *(bool(words) for words in parameters[1:])


@pytest.mark.parametrize("folder", POSTS, ids=lambda folder: folder.name)
def test_the_same_keys_are_quoted_in_the_same_order(folder):
    """Line by line: a paragraph, a caption or an alternative text is one line in both."""
    chinese, english = (
        [
            [one.key for one in found]
            for line in text.splitlines()
            if (found := markdown.markers(line))
        ]
        for text in map(markdown.body, both(folder))
    )
    assert chinese == english


@pytest.mark.parametrize("folder", POSTS, ids=lambda folder: folder.name)
def test_the_headings_have_the_same_addresses(folder):
    """A link into one language leads to the same place in the other."""
    heading = re.compile(r"^(#+) .*\{(#[\w-]+)\}$", re.MULTILINE)
    chinese, english = map(heading.findall, both(folder))
    assert chinese == english


@pytest.mark.parametrize("folder", POSTS, ids=lambda folder: folder.name)
def test_the_front_matter_agrees(folder):
    """Dates, tags and whatever else is no prose."""
    fronts = [yaml.safe_load(text.split("---\n")[1]) for text in both(folder)]
    for front in fronts:
        assert front.pop("title") and front.pop("description")
    assert fronts[0] == fronts[1]


def test_the_templates_say_the_same_words_in_both():
    """i18n/ has the same names, each with the same places to fill in."""
    chinese, english = (
        yaml.safe_load((ROOT / "i18n" / f"{language}.yaml").read_text(encoding="utf-8"))
        for language in ("zh", "en")
    )
    assert list(chinese) == list(english)
    for name in chinese:
        assert places(chinese[name]) == places(english[name]), name


def places(text):
    """What is filled in, by name; a count may be said in more than one way."""
    return set(
        re.findall(r"\{\{ ?\.(\w+) ?\}\}", text["other"] if isinstance(text, dict) else text)
    )
