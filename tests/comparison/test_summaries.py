"""The pages of several kinds of machine: no sentence contradicts the data of its own record.

The posts are read anew each time, so these tests follow whatever the posts say.
"""

import itertools
import re
import statistics

import pytest
import yaml

from scripts.blog import hugo, posts
from scripts.comparison import summaries
from scripts.record import dumps
from scripts.record.errors import BlogError
from tests import machine_records as machines
from tests import markdown, pages
from tests.conftest import copy_sources, run

# The post of another machine is read as the records of this one, by three interpreters.
READ_AS = {f"read as {kind}": kind for kind in ("two-cores", "no-gil", "python3.14")}


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    """The post of another machine, by the record that it is read as."""
    return pages.build_readings(list(READ_AS.values()), tmp_path_factory.mktemp("readings"))


@pytest.fixture(scope="module", params=[*machines.kinds(), *READ_AS])
def site(request, tmp_path_factory):
    """Every page of one kind of machine; or the post of another one, read as this."""
    if request.param in READ_AS:
        return request.getfixturevalue("readings")[READ_AS[request.param]]
    return pages.build(request.param, tmp_path_factory.mktemp("site"))


def _line(name, finished, **changes):
    """What data/machines/ says of a record, as far as it decides what the post is read as."""
    machine = {"cpu_model": "A", "cores": 2, "memory_bytes": 1, **changes}
    return {
        "finished": finished,
        "quick": changes.get("quick", False),
        "machine": {key: machine[key] for key in ("cpu_model", "cores", "memory_bytes")},
        "interpreters": [{"id": name}],
    }


def test_the_post_is_read_as_the_last_record_of_each_other_interpreter_of_its_machine():
    """Of full ones, at most twelve; a stranger's machine is not among them, unless it is named."""
    lines = {
        "own": _line("python3.11", "2026-11-25"),
        "old": _line("python3.14", "2026-11-23"),
        "new": _line("python3.14", "2026-11-24", memory_bytes=2),
        "free": _line("python3.13t", "2026-11-24"),
        "same": _line("python3.11", "2026-11-26"),
        "quick": _line("python3.12", "2026-11-26", quick=True),
        "stranger": _line("python3.10", "2026-11-26", cpu_model="B"),
        "smaller": _line("python3.9", "2026-11-26", cores=1),
    }
    assert summaries.read_as("own", lines, None) == ["free", "new"]
    assert summaries.read_as("own", lines, ["stranger"]) == ["stranger"]
    many = {f"x{number:02}": _line(f"python3.{number}", "2026-11-24") for number in range(20, 40)}
    assert len(summaries.read_as("own", {**lines, **many}, None)) == 12


def test_the_kinds_are_all_there():
    """At least six kinds of machine, each record small enough to be looked through."""
    assert machines.kinds() == [*machines.MEASURED, *machines.GENERATED]
    assert len(machines.kinds()) >= 6
    assert all(len(dumps(machines.load(kind))) < 300_000 for kind in machines.kinds())


def test_generated_records_say_so():
    """Only a record that a machine measured looks like one."""
    for kind in machines.kinds():
        record = machines.load(kind)
        signs = (
            record.machine.cpu_model.startswith("Generated"),
            record.run_id.startswith("2000"),
            set(record.code.values()) == {"0" * 64},
        )
        assert set(signs) == {kind in machines.GENERATED}


def test_each_machine_is_what_its_kind_says():
    """Cores, quota, interpreter, rounds and noise."""
    records = {kind: machines.load(kind) for kind in machines.kinds()}
    cores = {kind: record.machine.cores for kind, record in records.items()}
    assert (cores["one-core"], cores["sixteen-cores"]) == (1, 16)
    assert records["quota"].machine.quota_cores == 1.5
    mains = {kind: record.runtimes[0] for kind, record in records.items()}
    assert not mains["no-gil"].gil and mains["two-cores"].gil
    assert mains["python3.14"].version.startswith("3.14")
    assert cores["sixty-four-cores"] == 64 and not mains["free"].gil
    few = records["few-rounds"].select("cpu_bound", "threads", size="short")
    assert [sample.round for sample in few] == [1, 2, 3]
    noisy = records["noisy"].select("cpu_bound", "threads", size="short")
    walls = [sample.values["wall_s"] for sample in noisy]
    assert max(walls) > 1.5 * min(walls)


def test_the_pages_show_the_paragraphs_of_their_verdicts_and_no_others(site):
    """Read in the source which blocks there are, and in the page which of them are shown."""
    for page in site.pages:
        seen = markdown.letters(page.article.text)
        visible = markdown.paragraphs(_prose(markdown.shown(page.source, site.verdicts)))
        for paragraph in visible:
            assert paragraph in seen
        for when in markdown.whens(page.source):
            if site.verdicts[when.id] not in when.verdicts:
                for paragraph in markdown.paragraphs(when.inner):
                    # A short one may be a part of one that is shown.
                    known = sum(shown.count(paragraph) for shown in visible)
                    assert seen.count(paragraph) == known, f"{page.language}: {when.id}"


def _prose(source):
    """Without figures and the short answer, which stand elsewhere in the page."""
    source = re.sub(r"\{\{% answer %\}\}.*?\{\{% /answer %\}\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{\{< chart .*?\{\{< /chart >\}\}", "", source, flags=re.DOTALL)


def test_every_number_is_the_one_that_was_measured(site):
    """In the order of the text: each marker's value, text and spread, as data/measured.json has."""
    values = site.data["values"]
    for page in site.pages:
        visible = markdown.without_alts(markdown.shown(page.source, site.verdicts))
        texts = posts.texts_of(values, page.language)
        wanted = [marker.key for marker in markdown.markers(visible)]
        numbers = [key for key in wanted if values[key]["unit"] != "text"]
        outside = ("conclusion", "claims", "claims-all", "run")
        found = list(page.article.without(*outside).find("data"))
        assert [one.text for one in found] == [texts[key] for key in numbers]
        for shown, key in zip(found, numbers, strict=True):
            assert float(shown.attributes["value"]) == values[key]["value"]
            spread = _ends(values[key], page.language) if "low" in values[key] else ""
            assert spread in shown.attributes.get("title", "")


def _ends(entry, language):
    """Both ends of an interval as a language writes them."""
    low, high = (
        entry.get(f"{name}_text_{language}", entry[f"{name}_text"]) for name in ("low", "high")
    )
    return f"{low}–{high}"


def test_nothing_is_quoted_that_was_not_measured(site):
    """Neither in a sentence nor in an alternative text."""
    for page in site.pages:
        visible = markdown.shown(page.source, site.verdicts)
        missing = [key for key, entry in site.data["values"].items() if "missing" in entry]
        assert [one.key for one in markdown.markers(visible) if one.key in missing] == []
        assert not any(one.text.strip() in ("—", "-") for one in page.article.find("td"))


def test_a_text_that_would_show_what_was_not_measured_is_refused(tmp_path):
    """The build stops with file, line and cure; within a block that is hidden there it goes on.

    A machine that cannot measure something is no reason for its owner to see nothing: `make site`
    shows it as what it is, and says so in one line; a name that no picture has stays refused.
    """
    project = copy_sources(tmp_path)
    post = project.root / "content" / "page.md"
    marker = '{{< measured "pipeline.segment.best" >}}{{< /measured >}}'
    verdicts = '"holds" "fails" "undecided"'
    hidden = f'{{{{% when "segmentation-wants-many" {verdicts} %}}}}\n{marker}\n{{{{% /when %}}}}'
    rest = '{{% when "segmentation-wants-many" "not_applicable" %}}\n{{% /when %}}'
    text = f"---\ntitle: A page\n---\n\n{hidden}\n\n{rest}\n\n{marker}\n"
    post.write_text(text, encoding="utf-8")
    with pytest.raises(BlogError) as caught:
        hugo.build(pages.derived(project, "no-gil"))
    assert str(caught.value) == (
        'content/page.md:12: measured "pipeline.segment.best": this machine did not measure it'
        " (put it into a when block about a claim on it)"
    )
    done = run(project, "site")
    assert (done.returncode, done.stderr) == (
        0,
        "warning: the pages say of these that they were not measured, and make publish refuses"
        ' them: content/page.md:12: measured "pipeline.segment.best"\n',
    )
    page = (project.root / "public" / "page" / "index.html").read_text(encoding="utf-8")
    assert page.count("（没有测）") == 1
    chart = '{{< chart "thres_vs_proces" >}}{{< alt >}}a{{< /alt >}}b{{< /chart >}}'
    post.write_text(f"{post.read_text(encoding='utf-8')}\n{chart}\n", encoding="utf-8")
    done = run(project, "site")
    assert (done.returncode, done.stderr) == (
        1,
        'content/page.md:14: chart "thres_vs_proces": data/measured.json has no such figure'
        " (correct the name, or derive again: make redraw)\n",
    )


def test_pictures_are_described_by_the_same_numbers(site):
    """The alternative text is that of the source, in both themes."""
    for page in site.pages:
        visible = markdown.shown(page.source, site.verdicts)
        wanted = ["".join(markdown.paragraphs(alt)) for alt in markdown.alts(visible)]
        charts = page.article.find("div", "chart")
        found = [{markdown.letters(i.attributes["alt"]) for i in c.find("img")} for c in charts]
        assert found == [{alt} for alt in wanted]


def test_no_marks_of_the_source_are_left(site):
    """No shortcode, asterisk, or what templates print when something is missing."""
    left = re.compile(r"\{\{|\}\}|\*\*(?!\d)|<no value>|%!|ZgotmplZ|\bNaN\b|HAHAHUGO")
    for page in site.pages:
        code = {"listing", "data"}
        assert not left.findall(page.article.without(*code).text)


def test_the_table_of_claims_says_what_the_data_says(site):
    """Verdict by verdict, with ratio and interval, or with the reason why there is none."""
    shown = pages.verdicts_shown(site)
    assert {name: text.split(" (")[0] for name, text in shown.items()} == site.verdicts
    for page in site.pages:
        for claim, (_, cell) in zip(site.claims, pages.table_of_claims(page), strict=False):
            said = site.data["verdicts"][claim.id]
            if said["verdict"] != "not_applicable":
                ratio = said.get(f"ratio_text_{page.language}", said["ratio_text"])
                ends = f" [{_ends(said, page.language)}]" if "low_text" in said else ""
                assert cell.startswith(f"{ratio}{ends}")


def test_the_verdicts_are_those_of_the_snapshot(site):
    """After a change that is meant: python -m tests.make_fixtures verdicts."""
    kept = yaml.safe_load(machines.SNAPSHOT.read_text(encoding="utf-8"))
    assert pages.verdicts_shown(site) == kept[site.kind]


def test_a_verdict_is_that_of_most_rounds(site):
    """Counted in the record itself: what holds is so in more than half of the rounds."""
    for claim in site.claims:
        verdict = site.verdicts[claim.id]
        ratios = _ratios(site.record, claim.key) if verdict in ("holds", "fails") else []
        if ratios:
            beyond = [(ratio > claim.threshold) == claim.above for ratio in ratios]
            assert statistics.median(beyond) == (verdict == "holds"), claim.id


def _ratios(record, key):
    """The ratios of the rounds' wall times for a key like cpu_bound.a_over_b; [] for others."""
    found = re.fullmatch(r"(cpu_bound)\.(\w+)_over_(\w+)", key)
    if not found:
        return []
    above, below = (
        [sample.values["wall_s"] for sample in record.select(found[1], way, size="short")]
        for way in found.groups()[1:]
    )
    return [one / other for one, other in zip(above, below, strict=True)]


def _wall_s(record, way):
    samples = record.select("cpu_bound", way, size="short")
    return statistics.median(one.values["wall_s"] for one in samples)


def _overlap(record, way):
    """The share of the time in which two or more jobs ran, in the takes moment by moment."""
    shares = []
    for sample in record.select("interleaving", way, size="take"):
        moments = sorted({t for span in sample.spans for t in (span.start_s, span.stop_s)})
        at_once = [
            stop - start
            for start, stop in itertools.pairwise(moments)
            if sum(span.start_s <= start and stop <= span.stop_s for span in sample.spans) >= 2
        ]
        shares.append(sum(at_once) / (moments[-1] - moments[0]))
    return statistics.median(shares)


# What a page may say only if the record itself bears it out, whatever the claims say.
PHRASES = {
    "threads take turns": (
        lambda r: r.runtimes[0].gil and _overlap(r, "threads") < 0.1,
        (
            "像拉链一样咬在一起",
            "带着GIL，线程你一下我一下",
            "close like the teeth of a zip",
            "Under a GIL, threads take turns",
        ),
    ),
    "the interpreter has no GIL": (
        lambda r: not r.runtimes[0].gil,
        (
            "没有GIL管着，谁也不用让谁",
            "没有GIL，线程也并行",
            "have no GIL over them",
            "Without a GIL, threads are parallel, too",
        ),
    ),
    "processes gain": (
        lambda r: _wall_s(r, "threads") > 1.2 * _wall_s(r, "processes"),
        ("差别一眼看得出来", "you can see it at a glance"),
    ),
    "processes run at the same moment": (
        lambda r: r.machine.cores >= 2 and _overlap(r, "processes") > 0.5,
        ("真的一起在跑", "进程真的同时跑", "really run together"),
    ),
    "there is one core": (
        lambda r: r.machine.cores == 1,
        ("这台机器只有一个核", "This machine has a single core"),
    ),
    "threads gain nothing": (
        lambda r: r.runtimes[0].gil and _wall_s(r, "threads") > 0.8 * _wall_s(r, "for_loop"),
        ("多线程省不下多少时间", "threads save little or no time"),
    ),
}


@pytest.mark.parametrize("fact", PHRASES)
def test_a_page_says_it_only_where_it_is_so(site, fact):
    """Held against the samples, and not against values, claims or verdicts."""
    holds, phrases = PHRASES[fact]
    said = [words for words in phrases for page in site.pages if words in page.article.text]
    assert not said or holds(site.record), said


def test_the_phrases_stand_in_the_posts(site):
    """Else the test above looks for what nobody writes any more: bring PHRASES up to date."""
    text = "".join(page.source for page in site.pages)
    for _, phrases in PHRASES.values():
        assert [words for words in phrases if words not in text] == []
