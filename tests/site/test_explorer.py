"""Figure 2 to explore, from the record itself: by keyboard, mouse and fingers."""

import json
import re

import pytest

from scripts.draw.theme import DARK, LIGHT
from scripts.record import load
from tests.conftest import ROOT
from tests.site.pages import LANGUAGES, PHONE, POST
from tests.site.test_every_page import faults_by_axe

SECONDS = {"s": 1, "ms": 1e-3, "µs": 1e-6, "秒": 1, "毫秒": 1e-3, "微秒": 1e-6}
QUANTITY = r"([\d.,]+)(?:\u00a0?(s|ms|µs|秒|毫秒|微秒))?"
# The colour of the canvas at a point of the screen: red, green, blue, opacity.
PAINT = """([x, y]) => {
  const canvas = document.querySelector("dialog canvas");
  const { left, top } = canvas.getBoundingClientRect();
  const at = [(x - left) * devicePixelRatio, (y - top) * devicePixelRatio];
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
}"""


def seconds(number: str, unit: str | None) -> float:
    """What a text such as "331.016 ms" says."""
    return float(number.replace(",", "")) * SECONDS[unit or "s"]


def shown(page) -> tuple[float, float]:
    """From where to where, in seconds, the dialog says that it shows."""
    text = page.locator("dialog output span").last.inner_text()
    (found,) = re.findall(f"{QUANTITY} – {QUANTITY}", text)
    return seconds(*found[:2]), seconds(*found[2:])


def named(page) -> tuple[int, float, float] | None:
    """Job, start and length in seconds of the run that the dialog names."""
    text = page.locator("dialog output span").first.inner_text()
    found = re.fullmatch(rf".*，任务(\d+)：{QUANTITY}开始，跑了{QUANTITY}", text)
    return found and (int(found[1]), seconds(*found.group(2, 3)), seconds(*found.group(4, 5)))


@pytest.fixture(scope="module")
def record(sources):
    """The record that the site is made from."""
    return load(sources.current_record())


def runs(record, number: int) -> list[tuple[int, float, float]]:
    """Job, start and length of every run of a take, of both ways; takes have a number from 1 on."""
    ways = [record.select("interleaving", way, size="take") for way in ("threads", "processes")]
    spans = [span for samples in ways for span in samples[number - 1].spans]
    return [(span.job, span.start_s, span.stop_s - span.start_s) for span in spans]


def whole(record, number: int = 1) -> tuple:
    """What is shown of a round at first: a little more than all of it."""
    end = max(start + length for _, start, length in runs(record, number))
    return 0, pytest.approx(1.01 * end, rel=1e-5)


def is_recorded(run: tuple[int, float, float], record, number: int = 1) -> bool:
    """Whether the record holds this run, as exactly as the dialog names it."""
    job, start, length = run
    near = [found for found in runs(record, number) if found[0] == job]
    return any(
        found[1:] == (pytest.approx(start, rel=1e-5), pytest.approx(length, rel=1e-2))
        for found in near
    )


@pytest.fixture
def explorer(new_page):
    """Opens the explorer on a page with these options; the page."""

    def opened(language: str = "zh", **options):
        page = new_page(LANGUAGES[language] + POST, **options)
        page.locator("button.explore").click()
        page.wait_for_selector("dialog canvas")
        return page

    return opened


@pytest.mark.usefixtures("quiet")
def test_it_opens_by_keyboard_and_closes_by_escape(new_page, watch, record):
    """Code and record are fetched only then; the focus is inside, and then where it was."""
    page = new_page(POST)
    page.wait_for_load_state("networkidle")
    assert not [path for path in watch.paths() if re.search(r"explore|/records/", path)]
    page.locator("button.explore").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog canvas")
    assert f"/records/{record.machine.slug}.json" in watch.paths()
    for _ in range(6):
        assert page.evaluate("document.activeElement.matches('dialog *, body')")
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.className") == "explore"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog canvas")
    page.get_by_role("button", name="关闭").click()
    page.locator("dialog").wait_for(state="detached")


@pytest.mark.usefixtures("quiet")
def test_keys_name_the_runs_zoom_and_move(explorer, record):
    """Up and down go through the rows: in each the run nearest to the middle of the screen. + and -
    about the middle, arrows by an eighth, 0 for the whole; never beyond its ends."""
    page = explorer()
    assert named(page) is None
    found = []
    for key in ["ArrowDown"] * 9 + ["ArrowUp"] * 7:
        page.keyboard.press(key)
        found.append(named(page))
        assert is_recorded(found[-1], record)
    assert [job for job, _, _ in found[:8]] == [0, 1, 2, 3] * 2
    assert found[8] == found[7] and found[-1] == found[0]
    end = shown(page)[1]
    assert shown(page) == whole(record)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("-")
    assert shown(page) == whole(record)
    page.keyboard.press("+")
    page.keyboard.press("+")
    near = pytest.approx((end / 2 - end / 4.5, end / 2 + end / 4.5), rel=1e-4)
    assert shown(page) == near
    page.keyboard.press("ArrowRight")
    assert shown(page)[0] == pytest.approx(end / 2 - end / 4.5 + end / 2.25 / 8, rel=1e-4)
    page.keyboard.press("0")
    assert shown(page) == whole(record)
    for _ in range(60):
        page.keyboard.press("+")
    begin, stop = shown(page)
    assert stop - begin == pytest.approx(50e-6, abs=2e-6)


@pytest.mark.usefixtures("quiet")
def test_a_mouse_points_drags_and_turns_its_wheel(explorer, record):
    """What it points at is named and painted; the wheel keeps the moment under the pointer."""
    page = explorer()
    box = page.locator("dialog canvas").bounding_box()
    x, bottom = box["x"] + 70, box["y"] + box["height"]
    for y in range(int(box["y"]), int(bottom), 10):
        page.mouse.move(x, y)
        if run := named(page):
            break
    assert is_recorded(run, record)
    page.mouse.move(x, y + 15)
    assert named(page) == run
    assert page.evaluate(PAINT, [x, y + 15])[3] == 255
    begin, end = shown(page)
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "() => !document.querySelector('output').innerText.includes('画面：0 –')"
    )
    assert shown(page)[1] - shown(page)[0] < 0.5 * (end - begin)
    assert named(page) == run
    begin, end = shown(page)
    page.mouse.down()
    page.mouse.move(x - 200, y + 300)
    page.mouse.up()
    assert shown(page)[0] > begin


@pytest.mark.usefixtures("quiet")
def test_every_round_can_be_seen(explorer, record):
    """The choice of round changes what is shown, and not how near one is."""
    page = explorer("en")
    found = record.select("interleaving", "threads", size="take")
    takes = [f"Round {number}" for number in range(1, len(found) + 1)]
    assert page.locator("dialog option").all_inner_texts() == takes
    page.get_by_label("Round", exact=True).select_option("Round 2")
    assert shown(page) == whole(record, 2)
    page.get_by_role("button", name="Larger", exact=True).click()
    before = shown(page)
    page.get_by_label("Round", exact=True).select_option("Round 3")
    assert shown(page) == before


@pytest.mark.usefixtures("quiet")
def test_fingers_spread_drag_and_tap(explorer, record):
    """On a phone: two fingers zoom, one moves, a tap names a run; the page behind stays."""
    page = explorer(has_touch=True, is_mobile=True, **PHONE)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *places: int) -> None:
        points = [{"x": x, "y": 300, "id": number} for number, x in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    assert shown(page) == whole(record)
    end = shown(page)[1]
    touch("touchStart", 170, 230)
    for half in (40, 50, 60):
        touch("touchMove", 200 - half, 200 + half)
    touch("touchEnd")
    begin, stop = shown(page)
    assert stop - begin == pytest.approx(end / 2, rel=0.05)
    touch("touchStart", 200)
    for x in (180, 160, 140):
        touch("touchMove", x)
    touch("touchEnd")
    assert shown(page)[0] > begin
    page.keyboard.press("ArrowDown")
    assert is_recorded(named(page), record)
    box = page.locator("dialog").bounding_box()
    assert (box["x"], box["width"]) == (0, 360)
    assert page.evaluate("document.querySelector('dialog').scrollWidth <= 360")


@pytest.mark.usefixtures("quiet")
def test_axe_finds_nothing_while_it_is_open_and_the_colours_follow_the_system(explorer):
    """With a run named, wide and light, and on a phone when night falls: it is painted anew."""
    page = explorer()
    page.keyboard.press("ArrowDown")
    assert faults_by_axe(page, "wide", part="dialog") == []
    page.set_viewport_size(PHONE["viewport"])
    picture = "document.querySelector('dialog canvas').toDataURL()"
    light = page.evaluate(picture)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {picture} !== light", arg=light)
    assert faults_by_axe(page, "phone", part="dialog") == []


def test_what_cannot_be_had_is_told_in_one_line(new_page):
    """The code, code that has not the hash that the page names, the record, or an answer that is
    none; and the next try goes well when all can be had again."""
    page = new_page(POST)
    line = page.locator(".failed")
    assert line.inner_text() == ""

    def fails(what, instead) -> None:
        page.route(what, instead)
        page.locator("button.explore").click()
        page.get_by_text("没能取到").wait_for()
        assert line.inner_text() == "没能取到，请检查网络后再试一次。"
        page.locator("dialog").wait_for(state="detached")
        page.unroute(what)

    def goes_well() -> None:
        page.locator("button.explore").click()
        page.wait_for_selector("dialog canvas")
        assert line.inner_text() == ""
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")

    fails("**/js/explore.*.js", lambda route: route.abort())
    fails("**/js/explore.*.js", lambda route: route.fulfill(body="window.intruded = true"))
    assert page.evaluate("window.intruded") is None
    goes_well()
    fails("**/records/*.json", lambda route: route.abort())
    goes_well()
    fails("**/records/*.json", lambda route: route.fulfill(status=404, body="{}"))


def test_without_javascript_trace_and_record_can_be_had(new_page, record):
    """There is no button then; what the link leads to is a trace of the record of the page."""
    page = new_page(POST, java_script_enabled=False)
    assert page.locator("button.explore").count() == 1
    assert not page.locator("button.explore").is_visible()
    with page.expect_download() as download:
        page.locator("a[href$='.trace.json']").click()
    trace = json.loads(download.value.path().read_text())
    assert trace["otherData"]["run_id"] == record.run_id


def test_the_colours_are_those_of_the_figures():
    """In both themes: of the ways, and of the page, so that a picture has no edge."""
    sheet = "".join(
        (ROOT / "assets" / name).read_text(encoding="utf-8")
        for name in ("css/main.css", "js/explore.js")
    )
    ways = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\);", sheet)
    colours = {name: pair for name, *pair in ways}
    assert colours["page"] == [LIGHT.page, DARK.page]
    for way in ("threads", "processes"):
        assert colours[way] == [LIGHT.ways[way], DARK.ways[way]]
