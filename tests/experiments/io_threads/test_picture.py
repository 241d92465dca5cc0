"""Figure 4: what its title says, what it shows where ways lie upon each other, and its words."""

import functools
import itertools
import re
import string
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from scripts.conclude.decide import decide
from scripts.draw import export
from scripts.draw.language import LANGUAGES, Say
from scripts.draw.theme import LIGHT
from scripts.experiments.io_threads import numbers, picture
from scripts.experiments.io_threads.words import WORDS
from tests.experiments.io_threads.crawls import World, record_of

WORLDS = {
    "two cores": (World(), {}),
    "one core": (World(cores=1), {}),
    "sixteen cores": (World(cores=16), {"sessions": 3}),
    "many cores": (World(cores=64, asyncio_ms=0.15), {"rounds": 8}),
    "no gil": (World(cores=4, gil=False), {}),
    "slow server": (World(cores=64, server_ms=0.32), {}),
    "noise": (World(noise=0.5), {}),
    "few rounds": (World(), {"rounds": 2}),
    "one round": (World(), {"rounds": 1}),
    "few files": (World(), {"limit": 36}),
    "quick": (World(), {"rounds": 2, "quick": True, "names": ("wait_5", "wait_5_parsing")}),
    "threads only": (World(), {"ways": ("threads",)}),
}
SOURCES = Path(picture.__file__).parent


@functools.cache
def made(name):
    """A record of one of the worlds, and what is said of it."""
    world, fields = WORLDS[name]
    record = record_of(world, **fields)
    return record, numbers.quantities(record)


def title(name, language="en"):
    """What is written above the figure."""
    return picture.title(made(name)[1], Say(language, WORDS))


@functools.cache
def drawn(name, language="en"):
    """The figure of one of the worlds."""
    record, about = made(name)
    with export.context():
        return picture.draw(record, about, LIGHT, Say(language, WORDS))


def panels(figure):
    """Its axes with lines in them, from the top down."""
    return [ax for ax in figure.axes if ax.get_lines() and ax.get_xscale() == "log"]


def texts(figure):
    """All that is written in it."""
    found = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return [text.replace("\u00a0", " ") for text in found if text]


# The title


def test_the_title_tells_the_best_number_of_threads_for_the_shortest_and_the_longest_wait():
    """Of the most that were tried it says "at least", unless they keep a core busy."""
    assert title("two cores") == (
        "The longer the wait, the more threads: 64 for 5 ms, at least 1,024 for 500 ms"
    )
    assert title("two cores", "zh") == "等5毫秒要64个线程，等500毫秒至少要1,024个"


def test_the_title_does_not_tell_what_the_rounds_do_not():
    """One wait with what it gains, or nothing at all."""
    assert title("noise") == ("For links that wait 5 ms, 32 threads are best: 30.3× the for loop")
    assert title("few files", "zh") == "链接要等5毫秒，开32个线程最划算，快到for循环的23.9倍"
    assert title("threads only") == title("two cores")
    for name in ("few rounds", "one round", "quick"):
        assert title(name) == "How many links a crawler gets through in a second"


@pytest.mark.parametrize("name", WORLDS)
def test_no_title_denies_a_verdict(name):
    """What it says is more surely is more, and what it calls better is better."""
    about, said = made(name)[1], title(name)
    longer = [value for key, value in about.items() if key.endswith("gain_over_short_best_ratio")]
    assert ("The longer" in said) == bool(
        longer and all(decide(one, 1) == "holds" for one in longer)
    )
    if "the for loop" in said:
        assert decide(about["io_threads.wait_5.threads.speedup_ratio"], 1) == "holds"


# The panels


@pytest.mark.parametrize("name", WORLDS)
def test_every_way_has_points_where_it_was_measured_and_nowhere_else(name):
    """A panel for each crawl; an event loop is no level across all numbers of workers."""
    every = numbers.crawls(made(name)[0])
    found = panels(drawn(name))
    assert len(found) == len(every)
    for ax, crawl in zip(found, every.values(), strict=True):
        for way in ("threads", "processes", "asyncio"):
            counts = list(crawl.ways.get(way, {}))
            lines = [line for line in ax.get_lines() if line.get_color() == LIGHT.ways[way]]
            assert all(list(line.get_xdata()) == counts for line in lines)
            assert bool(lines) == bool(counts)


def test_what_lies_at_the_same_place_can_be_seen():
    """As many processes as threads: their points are larger than those in front of them."""
    first = panels(drawn("two cores"))[0]
    sizes = {
        way: max(
            line.get_markersize()
            for line in first.get_lines()
            if line.get_color() == LIGHT.ways[way] and line.get_marker() not in ("", "None")
        )
        for way in ("threads", "processes", "asyncio", "for_loop")
    }
    assert min(sizes["processes"], sizes["asyncio"]) > 1.5 * sizes["threads"]


@pytest.mark.parametrize("name", WORLDS)
def test_the_numbers_below_are_few_and_the_same_on_any_machine(name):
    """Powers of four, named below the last panel only."""
    figure = drawn(name)
    for ax in panels(figure):
        ticks = list(ax.get_xticks())
        assert ticks == [4**power for power in range(len(ticks))] and len(ticks) <= 7
    named = [ax for ax in panels(figure) if ax.xaxis.get_tick_params()["labelbottom"]]
    assert named == panels(figure)[-1:]


@pytest.mark.parametrize("name", WORLDS)
def test_no_text_lies_upon_another_or_leaves_the_figure(name):
    """However the lines run."""
    figure = drawn(name)
    renderer = FigureCanvasAgg(figure).get_renderer()
    shown = [
        text
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text.get_figure()
    ]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown]
    edge = figure.bbox
    for text, box in boxes:
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0, text
    for (one, box), (other, beside) in itertools.combinations(boxes, 2):
        apart = (
            box.x1 <= beside.x0 + 1
            or beside.x1 <= box.x0 + 1
            or box.y1 <= beside.y0 + 2
            or beside.y1 <= box.y0 + 2
        )
        assert apart, f"{one!r} and {other!r}"


def test_the_formula_and_the_rule_stand_beside_what_is_best():
    """The formula in each panel, with little to do and with much; the rule below all."""
    said = texts(drawn("two cores"))
    assert [text for text in said if text.startswith("formula")] == [
        "formula: 20–26",
        "formula: 160–210",
        "formula: 1,500–2,100",
        "formula: 5–6",
    ]
    assert [text for text in said if "rule" in text] == ["rule of thumb: 2–7 per core"]


def test_the_for_loop_stands_where_it_was_measured():
    """Long waits are not for it."""
    found = [
        [text.get_text() for text in ax.texts if "for loop" in text.get_text()]
        for ax in panels(drawn("two cores"))
    ]
    assert found == [["for loop: 125/s"], [], [], ["for loop: 108/s"]]


def test_who_surely_does_a_good_deal_more_than_threads_has_a_number():
    """Processes that parse, and an event loop on this machine; few rounds do not tell it."""
    found = [
        [text.get_text() for text in ax.texts if "threads" in text.get_text()]
        for ax in panels(drawn("two cores"))
    ]
    assert found == [["1.24× threads"], ["1.17× threads"], [], ["1.81× threads"]]
    assert not any("× threads" in text for text in texts(drawn("few rounds")))


def small_print(name, language="en"):
    """What stands below the rule."""
    said = texts(drawn(name, language))
    start = next(place for place, text in enumerate(said) if text.startswith("Generated"))
    return (" " if language == "en" else "").join(said[start + 1 :])


def test_the_small_print_says_what_the_marks_mean():
    """And how busy the server was, which may be what is measured."""
    said = small_print("two cores")
    assert said.startswith("Geometric means of 6 rounds; strokes: the middle 80 %. Rings: more")
    assert "1 × (1 + waiting / computing)" in said and "used 33 % of a core at most." in said
    assert "4 × (1 + waiting / computing)" in small_print("no gil")
    assert "it may be what held the fastest up" in small_print("slow server")
    assert small_print("one round").startswith("A single round. Formula")
    assert "Rings" not in small_print("few rounds")
    assert "Formula" not in small_print("threads only")


# The words and the table


def test_every_word_is_there_in_both_languages_with_the_same_fields():
    """And none that nobody says."""
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    for name, word in WORDS.items():
        assert len(word) == len(LANGUAGES), name
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in word
        ]
        assert fields[0] == fields[1], name
        assert code.count(f'"{name}"') > 1, name


@pytest.mark.parametrize("name", WORLDS)
def test_each_language_keeps_to_itself(name):
    """But for names, which are the same in both."""
    chinese = re.compile("[\u4e00-\u9fff]")
    assert not any(chinese.search(text) for text in texts(drawn(name, "en")))
    record, about = made(name)
    columns, rows = picture.table(record, about, Say("zh", WORDS))
    names = r"for循环|asyncio|Generated|CPython [0-9.]+|GIL|QUICK|[0-9,.×±~✖■●▼%()–\s·+-]+|MB"
    for text in [*texts(drawn(name, "zh")), *columns, *itertools.chain(*rows)]:
        assert not re.search("[A-Za-z]", re.sub(names, "", text)), text


def test_the_table_has_a_row_for_every_point():
    """With the middle of the rounds, and how many times the for loop that is."""
    record, about = made("two cores")
    columns, rows = picture.table(record, about, Say("en", WORDS))
    assert columns == ["Crawl", "Way", "At once", "Links per second", "Times the for loop"]
    assert len(rows) == sum(len(crawl.arms) for crawl in numbers.crawls(record).values())
    assert rows[0] == ["5 ms of waiting", "For loop", "1", "125 (122–127)", "1.00×"]
    assert rows[-1][:3] == ["5 ms, then parsing", "asyncio", "14"]
    long = [row for row in rows if row[0] == "500 ms of waiting"]
    assert [row[4] for row in long] == ["for loop not measured"] * 3
    for crawl in ("5 ms of waiting", "5 ms, then parsing"):
        loop, *others = (row for row in rows if row[0] == crawl)
        for row in others:
            rate, base = (float(one[3].split()[0].replace(",", "")) for one in (row, loop))
            assert float(row[4].rstrip("×")) == pytest.approx(rate / base, rel=0.005)
