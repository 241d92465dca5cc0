"""Figure 5: from how much work on each way pays, at a glance, in both languages."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from scripts.draw import export, style
from scripts.draw.language import LANGUAGES, Say
from scripts.draw.theme import LIGHT
from scripts.experiments.pipeline import numbers, picture
from scripts.experiments.pipeline.declaration import STEPS
from scripts.experiments.pipeline.words import WORDS
from tests.experiments.pipeline.generated import WAYS, Way, make_record

EN, ZH = (Say(language, WORDS) for language in ("en", "zh"))


def drawn(record, say=EN):
    with export.context():
        return picture.draw(record, numbers.quantities(record), LIGHT, say)


def panels(figure):
    """The lanes of each panel, from the top down: their names, and what stands in them."""
    found = []
    for ax in figure.axes:
        names = [label.get_text() for label in ax.get_yticklabels()]
        if names:
            found.append((names, [text.get_text() for text in ax.texts if text.get_text()]))
    return found


def title(record, say=EN):
    return picture.title(numbers.quantities(record), say)


def every_step(**ways):
    """All steps alike, with these ways."""
    return {step: dict(ways) for step in STEPS}


def test_each_panel_says_from_where_its_ways_pay_what_they_reach_and_which_is_best():
    assert panels(drawn(make_record(noise=0))) == [
        (["Threads", "Processes"], ["2+ pages", "1.93×", "best", "3+ pages", "1.79×"]),
        (
            ["Threads", "Processes", "Load first, then fork"],
            ["never pays", "0.988×", "268+ texts", "1.16×", "best", "248+ texts", "1.17×"],
        ),
        (
            ["Threads", "Processes", "NumPy, vectorised"],
            ["never pays", "0.968×", "124+ texts", "1.76×", "293+ texts", "3.22×", "best"],
        ),
        (
            ["Threads", "Processes", "Shared memory"],
            ["never pays", "0.976×", "11.1+ ms/MB", "1.37×", "5.23+ ms/MB", "1.61×", "best"],
        ),
        (
            ["For loop, free", "Threads, pinned", "Processes, pinned", "Threads, free",
             "Processes, free"],
            ["1×", "best", "never pays", "1.01×", "never pays", "0.933×", "never pays", "0.695×",
             "never pays", "0.293×"],
        ),
        (["Threads", "Processes"], ["4+ blocks", "1.88×", "best", "40+ blocks", "1.73×"]),
    ]  # fmt: skip


def test_what_did_not_load_is_said_to_be_missing_with_its_name():
    lanes = panels(drawn(make_record(missing=("numpy", "jieba"))))
    assert lanes[1] == ([""], ["not measured here: no jieba"])
    assert lanes[2][1][-1] == "not measured here: no NumPy"
    assert lanes[3] == lanes[4] == ([""], ["not measured here: no NumPy"])


def test_ways_that_not_every_interpreter_has_are_shown_where_they_were_measured():
    ways = {"compress": {**WAYS["compress"], "joblib": Way(0.3, 0, 0, 1.9)}}
    record = make_record({**WAYS, **ways}, available=("for_loop", "threads", "processes", "joblib"))
    assert panels(drawn(record))[-1][0] == ["Threads", "Processes", "joblib"]


def test_too_few_rounds_tell_nothing_and_say_so():
    record = make_record(sessions=1, rounds=2, noise=0)
    figure = drawn(record)
    assert panels(figure)[0][1] == ["cannot be told", "1.93×", "cannot be told", "1.79×"]
    footer = " ".join(text.get_text() for text in figure.texts[-2:]).replace("\u00a0", " ")
    assert footer.endswith("but 2 rounds: too few to tell where one pays.")


@pytest.mark.parametrize(
    ("record", "english", "chinese"),
    [
        (
            make_record(noise=0),
            "One way is not enough: with processes throughout, one step takes 4.74 times its best",
            "一种办法不够：全用多进程，有一步的时间是最好办法的4.74倍",
        ),
        (
            make_record(every_step(threads=Way(0.001), processes=Way(0.012, 0, 0, 1.9)), noise=0),
            "One way is enough here: processes, at every step",
            "一种办法就够：全用多进程，哪一步都不吃亏",
        ),
        (
            make_record(every_step(threads=Way(0.001), processes=Way(0.012, 0, 0, 0.9)), noise=0),
            "One way is enough here: for loops, at every step",
            "一种办法就够：全用for循环，哪一步都不吃亏",
        ),
        (
            make_record(sessions=1, noise=0),
            "Steps of a pipeline: from how much work on does each way pay?",
            "流水线上的各步：活多到什么程度，哪种办法才划算？",
        ),
    ],
)
def test_the_headline_is_the_answer_as_far_as_it_is_decided(record, english, chinese):
    assert (title(record), title(record, ZH)) == (english, chinese)


def test_the_table_has_a_row_for_each_way_of_each_step():
    record = make_record(noise=0)
    columns, rows = picture.table(record, numbers.quantities(record), EN)
    assert columns == [
        *("Step", "Way", "Pays", "Starting the pool", "Each item", "Most measured", "Time"),
        "Times as fast",
    ]
    assert len(rows) == 24
    assert rows[:3] == [
        ["Fetching pages", "For loop", "", "", "11.0 ms", "32 pages", "0.352 s", ""],
        ["Fetching pages", "Threads", "from 2 pages", "1.00 ms", "5.64 ms", "32 pages",
         "0.182 s", "1.93× (1.93–1.94×)"],
        ["Fetching pages", "Processes", "from 3 pages", "12.0 ms", "5.79 ms", "32 pages",
         "0.197 s", "1.79× (1.78–1.79×)"],
    ]  # fmt: skip


def test_the_chinese_table_has_no_word_of_the_other_language():
    record = make_record(noise=0)
    columns, rows = picture.table(record, numbers.quantities(record), ZH)
    assert columns[0] == "步骤" and columns[-1] == "快到for循环的"
    assert rows[14] == [
        "处理大数组", "多进程＋共享内存", "每MB算5.23毫秒起", "12.0毫秒", "", "每MB算20.0毫秒",
        "0.153秒", "1.61倍（1.60–1.61倍）",
    ]  # fmt: skip


def test_without_what_was_measured_there_is_no_row_of_it():
    record = make_record(missing=("numpy",))
    _, rows = picture.table(record, numbers.quantities(record), EN)
    assert {row[0] for row in rows} == {
        "Fetching pages", "Word segmentation", "Text features", "Compression"
    }  # fmt: skip


def test_every_word_is_there_in_both_languages_and_with_the_same_fields():
    for name, texts in WORDS.items():
        assert len(texts) == len(LANGUAGES), name


@pytest.mark.parametrize("say", [EN, ZH], ids=["en", "zh"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cores": 1},
        {"cores": 16},
        {"cores": 64, "noise": 0.1},
        {"quick": True, "rounds": 1, "sessions": 1},
        {"missing": ("numpy", "jieba")},
        {"noise": 0.5},
    ],
    ids=str,
)
def test_it_can_be_drawn_from_whatever_was_measured(say, fields):
    """Nothing is written outside the sheet, and nothing over the names of the lanes."""
    with export.context():
        figure = picture.draw(
            record := make_record(**fields), numbers.quantities(record), LIGHT, say
        )
        canvas = FigureCanvasAgg(figure)
        figure.draw_without_rendering()
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= 0, text.get_text()
            if not set(text.get_text()) & set("，。：；"):  # lines that the sheet has broken
                assert box.x1 <= canvas.figure.bbox.width + 1, text.get_text()
    for ax in figure.axes:
        names = [label.get_window_extent().x1 for label in ax.get_yticklabels() if label.get_text()]
        for text in ax.texts:
            box = text.get_window_extent()
            if names and text.get_text():
                assert box.x0 >= style.WIDTH / 72 * figure.dpi * 0.25, text.get_text()


@pytest.mark.parametrize("say", [EN, ZH])
def test_of_times_that_do_not_rise_with_the_work_there_is_no_line(say):
    """With few and small rounds noise may be larger than the work: the table leaves that out."""
    falls = Way(0.9, 0, 0, -50)
    record = make_record(every_step(processes=falls, threads=falls), sessions=1, rounds=2, noise=0)
    values = numbers.quantities(record)
    assert "pipeline.compress.processes.item_ms" not in values
    drawn(record, say=say)
    columns, rows = picture.table(record, values, say)
    assert all(len(row) == len(columns) for row in rows)
    assert {row[4] for row in rows if row[1] == say("way_processes")} == {""}
