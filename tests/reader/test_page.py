"""The report of measure.pyz: what it says, and that it is one file that asks for nothing else."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from scripts import experiments
from scripts.conclude import claims, summary
from scripts.conclude.summary import SCHEMA_FILE, summarise
from scripts.project import Project
from scripts.reader import page, pyz
from tests import factory
from tests.schemas import complaints
from tests.site.test_every_page import faults_by_axe

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "scripts" / "conclude" / SCHEMA_FILE
BAKED = json.loads(pyz.baked(Project(ROOT)))
CLAIMS = [claims.from_json(fields) for fields in BAKED["claims"]]
KNOWN = experiments.declarations(), experiments.quantities


def built(**options):
    """The report of a generated record, and its summary."""
    record = factory.make_whole(**options)
    made = summarise(record, "mine.json", "0" * 64, *KNOWN, CLAIMS)
    return page.build(made, record, CLAIMS, BAKED["words"]), made


def section(report, language):
    """What it says in one of its languages, without marks."""
    (found,) = re.findall(rf'(?s)<article lang="{language}">(.*?)</article>', report)
    return unescape(re.sub("<[^>]*>", " ", found))


@pytest.fixture(scope="module")
def report():
    return built()


def test_it_says_every_verdict_in_words_in_both_languages(report):
    """The claim, its verdict with its sign, and the value or the reason for none."""
    text, made = report
    for language in ("en", "zh"):
        said = section(text, language)
        for claim in CLAIMS:
            words = BAKED["words"][language]["verdict_" + made.verdicts[claim.id].verdict]
            stated = re.sub("`([^`]*)`", r" \1 ", claim.text[language])
            assert re.search(re.escape(stated) + r"\s+\S " + words, said), claim.id


def test_it_holds_the_figures_and_the_table_of_what_was_measured(report):
    """Three figures, with their data below; a record of one experiment has one."""
    text, made = report
    assert text.count("<svg") == 6
    wall = made.values["cpu_bound.threads.wall_s"]
    assert wall.with_unit("en") in section(text, "en")
    assert wall.with_unit("zh") in section(text, "zh")
    alone, _ = built(experiments=("cpu_bound",))
    assert (alone.count("<svg"), alone.count("<details>")) == (2, 2)


def test_it_carries_the_summary(report, tmp_path):
    """Whole, as its published schema says, and with nothing that could end its element."""
    text, made = report
    _, _, rest = text.partition(page.BEGIN)
    data, _, after = rest.partition(page.END)
    assert json.loads(data) == json.loads(json.dumps(summary.to_json(made)))
    assert after == "\n</body>\n</html>\n"
    (tmp_path / "summary.json").write_text(data, encoding="utf-8")
    assert complaints(SCHEMA, tmp_path / "summary.json") == ""


def test_what_the_machine_calls_itself_is_text():
    """Whatever that is."""
    model = "</script><script>alert(1)</script>\"'&"
    text, _ = built(cpu_model=model)
    assert text.count("<script") == 1
    assert text.count("</script>") == 1
    assert "&lt;/script&gt;" in text


def test_a_quick_run_says_so_and_decides_nothing():
    """In both languages, above everything else."""
    text, _ = built(quick=True)
    for language, words in BAKED["words"].items():
        said = section(text, language)
        assert words["run_quick"] in said
        assert words["verdict_holds"] not in said


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_and_asks_for_nothing(report, tmp_path, browser, watch, scheme):
    """On a phone as well; one language at a time, with the contrast that axe asks for."""
    path = tmp_path / "report.html"
    path.write_text(report[0], encoding="utf-8")
    view = {"width": 360, "height": 800}
    context = browser.new_context(viewport=view, color_scheme=scheme, bypass_csp=True)
    watch.of(context)
    shown = context.new_page()
    shown.goto(path.as_uri())
    assert shown.locator("article:visible").get_attribute("lang") == "en"
    assert faults_by_axe(shown, scheme) == []
    shown.get_by_label("中文").check()
    assert shown.locator("article:visible").get_attribute("lang") == "zh"
    assert shown.evaluate("document.documentElement.scrollWidth") == 360
    assert faults_by_axe(shown, scheme) == []
    background = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}[scheme]
    context.close()
    assert watch.fetched == [path.as_uri()]
