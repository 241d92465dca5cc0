"""Both languages say the same: the same keys, claims, figures and listings, in the same order."""

import ast
import json
import re

import pytest
import yaml

from scripts.conclude import decide, verdicts
from scripts.record import units
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


def said(language):
    """What the templates say, by name."""
    return yaml.safe_load((ROOT / "i18n" / f"{language}.yaml").read_text(encoding="utf-8"))


def test_the_templates_say_the_same_words_in_both():
    """i18n/ has the same names, each with the same places to fill in."""
    chinese, english = map(said, ("zh", "en"))
    assert list(chinese) == list(english)
    for name in chinese:
        assert places(chinese[name]) == places(english[name]), name


def places(text):
    """What is filled in, by name; a count may be said in more than one way."""
    return set(
        re.findall(r"\{\{ ?\.(\w+) ?\}\}", text["other"] if isinstance(text, dict) else text)
    )


def enumerated(node, name):
    """The values that the schema of data/measured.json allows for fields of that name."""
    if isinstance(node, list):
        return set().union(*(enumerated(one, name) for one in node), set())
    if not isinstance(node, dict):
        return set()
    here = node.get(name, {})
    inside = (enumerated(one, name) for one in node.values())
    return set(here.get("enum", ()) if isinstance(here, dict) else ()).union(*inside)


def reasons(module):
    """The reasons that the code of a module gives: the second words of its verdicts."""
    with open(module.__file__, encoding="utf-8") as file:
        calls = [one for one in ast.walk(ast.parse(file.read())) if isinstance(one, ast.Call)]
    return {
        call.args[1].value
        for call in calls
        if getattr(call.func, "id", "") in ("Decision", "Verdict")
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_are_words_for_whatever_the_data_may_say(language):
    """For every verdict, reason, kind of interval and unit, and no word for any other."""
    schema = json.loads(
        (ROOT / "scripts/conclude/measured.schema.json").read_text(encoding="utf-8")
    )
    given = enumerated(schema, "reason") - {""}
    assert reasons(decide) | reasons(verdicts) <= given
    wanted = {
        "reason": given,
        "interval": enumerated(schema, "interval") - {"none"},
        "verdict": {"holds", "fails", "undecided", "not_applicable"},
        "unit": set(units.UNITS) - {"count", "text"},
    }
    for kind, names in wanted.items():
        words = {
            name.removeprefix(f"{kind}_") for name in said(language) if name.startswith(kind + "_")
        }
        assert words - {"here"} == names
