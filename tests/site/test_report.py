"""A reader's own report in the post: opened or dropped, read instead of the blog's, taken back."""

import copy
import gzip
import json
import random

import jsonschema
import pytest

from scripts.conclude import summary
from scripts.conclude.summary import SCHEMA_FILE, summarise
from scripts.reader import page as report_page
from tests import factory
from tests.conftest import ROOT
from tests.reader.test_page import BAKED, CLAIMS, KNOWN
from tests.site.pages import POST
from tests.site.test_every_page import faults_by_axe

pytestmark = pytest.mark.usefixtures("quiet")
LANGUAGES = {"zh": POST, "en": f"en/{POST}"}
DROP = """([text, name, times]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text.repeat(times ?? 1)], name));
  const told = { bubbles: true, cancelable: true, dataTransfer: carried };
  document.body.dispatchEvent(new DragEvent("dragover", told));
  document.body.dispatchEvent(new DragEvent("drop", told));
}"""
# Without an article on the screen there is nothing to be laid out anew.
REFUSES = """async (texts) => {
  const refused = [];
  document.querySelector("article").hidden = true;
  for (const text of texts) {
    await window.readAs(new File([text], "x.json"), document.querySelector("#report"));
    refused.push(document.querySelector(".reading").role === "alert");
  }
  return refused;
}"""
POST_NOW = "[...document.querySelectorAll('.answer, .text')].map((one) => one.innerHTML).join()"


def make(**options):
    """The text of a report, and its summary."""
    record = factory.make_whole(**options)
    made = summarise(record, "mine.json", "0" * 64, *KNOWN, CLAIMS)
    return report_page.build(made, record, CLAIMS, BAKED["words"]), made


@pytest.fixture(scope="module")
def mine():
    """Of a machine that is not the blog's: without a GIL, on four cores."""
    return make(cores=4, gil=False, cpu_model="Mine & <b>yours</b>", rounds=8)


def opened(page, text, name="mine.html"):
    """The page with the file opened in it."""
    file = {"name": name, "mimeType": "text/html", "buffer": text.encode()}
    page.locator("#report").set_input_files(file)
    return page


def claims_shown(page):
    """The verdicts and the values of the table of conclusions."""
    rows = page.locator(".claims tbody tr").evaluate_all(
        "rows => rows.map((row) => [row.cells[1].innerText, row.cells[2].textContent])"
    )
    return [tuple(" ".join(cell.split()) for cell in row) for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_that_is_dropped_is_read_in_place_of_the_blogs_and_taken_back(
    new_page, mine, language, watch
):
    """Its machine in a bar, its verdicts and numbers; then the page is as it was, to the letter."""
    page = new_page(LANGUAGES[language])
    page.locator(".claims-all summary").click()
    before, blogs = page.evaluate(POST_NOW), claims_shown(page)
    watch.fetched.clear()
    text, made = mine
    page.evaluate(DROP, [text, "mine.html"])
    bar = page.locator(".reading")
    bar.wait_for()
    assert "Mine & <b>yours</b>" in bar.inner_text()
    words = BAKED["words"][language]
    shown = claims_shown(page)
    for claim, (verdict, value) in zip(CLAIMS, shown, strict=True):
        found = made.verdicts[claim.id]
        assert verdict.endswith(words[f"verdict_{found.verdict}"]), claim.id
        assert found.compared is None or found.compared.text(language) in value
    otherwise = sum(one[0] != other[0] for one, other in zip(shown, blogs, strict=True))
    assert otherwise and str(otherwise) in page.locator(".reading + p").inner_text()
    wall = made.values["cpu_bound.threads.wall_s"]
    assert page.locator(f'.text p data[value="{wall.value}"]').inner_text() == wall.text(language)
    assert page.locator(".chart > .blogs").count() == page.locator(".chart").count()
    assert page.evaluate("document.activeElement.className") == "reading"
    fetched = [path for path in watch.paths() if not path.endswith(".svg")]
    assert [path.rpartition("/")[2].partition(".")[0] for path in fetched] == ["reading"]
    bar.get_by_role("button").click()
    assert page.locator(".reading").count() == 0
    assert page.evaluate(POST_NOW) == before
    assert page.evaluate("document.activeElement.id") == "report"


def test_words_change_with_the_verdict_and_a_second_report_takes_the_place_of_the_first(
    new_page, mine
):
    """Without a GIL, threads need not take turns; the words say what they were. What the second
    machine did not measure keeps the blog's numbers, and says so. One step back is the blog's."""
    page = new_page(LANGUAGES["en"])
    before = page.evaluate(POST_NOW)
    crawler = page.locator(".text td", has_text="threads crawl").inner_text()
    opened(page, mine[0]).locator(".reading").wait_for()
    changed = page.locator(".answer .otherwise", has_text="there is no GIL")
    assert changed.inner_text() == "there is no GIL, and threads can use every core"
    assert changed.get_attribute("title").startswith(
        "On the blog's machine: threads save little or no time"
    )
    opened(page, make(experiments=("cpu_bound",), cpu_model="Another")[0])
    page.locator(".reading", has_text="Another").wait_for()
    note, rest = page.locator(".text td", has_text="threads crawl").inner_text().split("\n", 1)
    assert (note, rest) == (
        "Your machine did not measure this; what follows is the blog's.",
        crawler,
    )
    page.locator(".reading button").click()
    assert page.evaluate(POST_NOW) == before


def test_the_blogs_own_summary_changes_no_word(new_page, sources, site, watch):
    """Opened by itself, as JSON: all that is measured stands there already. The script is less than
    15 kB as servers send it, and nothing of it is fetched when the post is only read."""
    page = new_page(LANGUAGES["en"])
    article = "[...document.querySelectorAll('.answer, .text p, .text li, .text td')]"
    text = f"{article}.map((one) => one.textContent.replace(/\\s+/g, ' ').trim())"
    before = page.evaluate(text)
    assert not [path for path in watch.paths() if "reading" in path]
    scripts = list((site.folder / "js").glob("reading.*.js"))
    assert len(scripts) == 2 * len(LANGUAGES)  # for the sample, too
    assert max(len(gzip.compress(path.read_bytes())) for path in scripts) < 15_000
    opened(page, sources.measured.read_text(encoding="utf-8"), "measured.json")
    page.locator(".reading").wait_for()
    assert page.locator(".otherwise").count() == 0
    assert page.evaluate(text) == before
    assert "0 of 21" in page.locator(".reading + p").inner_text()


HOSTILE = {
    "empty": "",
    "prose": "<!DOCTYPE html><p>Hello",
    "deep object": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "array": "[]",
    "null": "null",
    "NaN": '{"apart_h": NaN}',
    "prototype": '{"__proto__": {"machine": {}}, "constructor": {}}',
    "script": f"{report_page.BEGIN}<script>alert(1)</script>",
    "record": '{"$schema": "record.schema.json", "schema": 9, "samples": []}',
}


def test_a_hostile_file_shows_one_line(new_page, mine):
    """And nothing of it: the page stays as it was."""
    page = new_page(LANGUAGES["en"])
    before = page.evaluate("document.querySelector('main').textContent")
    whole = json.loads(json.dumps(summary.to_json(mine[1])))
    hostile = dict(HOSTILE)
    for name, path, value in (
        ("markup", ("machine", "cpu_model"), ["<img src=x onerror=alert(1)>"]),
        ("long", ("machine", "cpu_model"), "x" * 5000),
        ("cores", ("machine", "cores"), "2"),
        ("verdict", ("verdicts", "threads-no-gain"), {"verdict": "toString", "reason": ""}),
        (
            "key",
            ("values", "__proto__"),
            {"value": 1, "text": "1", "unit": "s", "interval": "none"},
        ),
        ("text", ("values", "machine.cores"), {"value": 1, "text": {}, "unit": "s"}),
    ):
        changed = copy.deepcopy(whole)
        changed[path[0]][path[1]] = value
        hostile[name] = json.dumps(changed)
    times = {"huge": (" ", 2_000_001), "deep": ("[", 900_000)}
    times |= {name: (text, 1) for name, text in hostile.items()}
    for name, (text, how_often) in times.items():
        page.evaluate(DROP, [text, f"{name}.html", how_often])
        bar = page.locator(".reading[role=alert]")
        bar.wait_for()
        assert bar.locator("p").all_inner_texts() == [
            "This is no report of measure.pyz: open the .html that it wrote beside the record."
        ], name
        bar.get_by_role("button").click()
        assert page.evaluate("was => document.querySelector('main').textContent === was", before), (
            name
        )
    assert page.evaluate("({}).machine") is None


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, name))


def test_what_is_refused_is_what_the_published_schema_refuses(new_page, mine):
    """A few hundred summaries with one place changed, judged by both."""
    page = opened(new_page(LANGUAGES["en"]), mine[0])
    page.locator(".reading").wait_for()
    whole = json.loads(json.dumps(summary.to_json(mine[1])))
    for part in ("values", "verdicts"):
        names = random.Random(1).sample(sorted(whole[part]), 4)
        whole[part] = {name: whole[part][name] for name in names}
    random_ = random.Random(2)
    schema = json.loads((ROOT / "scripts" / "conclude" / SCHEMA_FILE).read_text(encoding="utf-8"))
    judge = jsonschema.Draft202012Validator(schema)
    texts, wanted = [], []
    for path in [one for one in places(whole) if one]:
        for value in random_.sample([None, True, -1, 1.5, "x", "", [], {}, "DELETE"], 3):
            changed = copy.deepcopy(whole)
            at = changed
            for name in path[:-1]:
                at = at[name]
            if value == "DELETE":
                del at[path[-1]]
            else:
                at[path[-1]] = value
            texts.append(json.dumps(changed))
            wanted.append(not judge.is_valid(changed))
    assert len(texts) > 300 and 10 < sum(wanted) < len(texts) - 10
    found = page.evaluate(REFUSES, texts)
    differ = [
        text[:2000] for text, one, other in zip(texts, found, wanted, strict=True) if one != other
    ]
    assert differ == []


def test_axe_finds_nothing_while_it_is_read(new_page, mine):
    """The bar and what is marked, light and dark, on a phone and on a desk; nothing sticks out."""
    page = new_page(LANGUAGES["zh"])
    opened(page, mine[0]).locator(".reading").wait_for()
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert faults_by_axe(page, f"{width} {scheme}") == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
