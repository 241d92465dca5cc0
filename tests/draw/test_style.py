"""The style: readable colours and sizes, lines that fit, and an SVG that needs no styles."""

import re

import pytest

from scripts.draw import export, style
from scripts.draw.language import Say
from scripts.draw.text import balanced, width_of, wrap
from scripts.draw.theme import DARK, LIGHT, THEMES
from tests.factory import make_record


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_of_text_can_be_read_on_the_page(theme):
    for color in (theme.ink, theme.muted, *theme.ways.values()):
        assert contrast(color, theme.page) >= 4.5, color
    for color in theme.ways.values():
        assert contrast(color, theme.lens) >= 3, color


def test_both_themes_have_a_colour_for_every_way():
    assert LIGHT.ways.keys() == DARK.ways.keys()


def test_the_smallest_text_is_nine_pixels_on_a_phone():
    assert style.SMALL * 360 / style.WIDTH >= 9


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (5, "5"), (0.05, "0.05"), (2.5, "2.5"), (20, "20"), (1500, "1,500"), (100, "100")],
)
def test_ticks_are_round(value, text):
    assert style.tick(value) == text


def test_a_line_breaks_between_words_but_not_within_a_quantity():
    room = width_of("threads 0", 22, "bold") + 1
    assert wrap("threads 0 % of", 22, room, "bold") == ["threads", "0\u00a0% of"]
    assert balanced("Processes finish 2.07× sooner than threads", 22, 425, "bold") == [
        "Processes finish 2.07×",
        "sooner than threads",
    ]


def test_a_word_that_is_too_long_is_cut():
    (line,) = wrap("W" * 100, 12, 100)
    assert re.fullmatch("W+…", line)
    assert width_of(line, 12) <= 100
    assert wrap("", 12, 100) == []


@pytest.mark.parametrize(
    ("model", "short"),
    [
        ("Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", "Intel Core i7-8550U"),
        ("AMD EPYC 7763 64-Core Processor", "AMD EPYC 7763"),
        ("Apple M2", "Apple M2"),
        ("X" * 60, "X" * 39 + "…"),
    ],
)
def test_the_origin_names_the_machine_without_the_trade_marks(model, short):
    record = make_record(cpu_model=model, cores=1)
    english, chinese = (Say(one).origin(record).replace("\u00a0", " ") for one in ("en", "zh"))
    assert english == f"{short}, 1 core · CPython 3.11.7 · 2000-01-01"
    assert chinese == f"{short}，1核 · CPython 3.11.7 · 2000年1月1日"


def test_the_users_matplotlibrc_changes_nothing_and_is_left_alone():
    import matplotlib

    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 3}):
        with export.context():
            assert matplotlib.rcParams["axes.facecolor"] == "white"
            assert matplotlib.rcParams["font.size"] == 10
        assert matplotlib.rcParams["axes.facecolor"] == "red"


def test_an_svg_has_attributes_for_styles_and_nothing_that_is_not_seen():
    """Short numbers, paths on one line, and no groups that only have a name."""
    svg = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg">
 <defs>
  <style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
 </defs>
 <g id="axes_1">
  <g id="line2d_1"/>
  <g id="patch_1">
   <path d="M 0 0 " style="fill: none"/>
  </g>
  <g clip-path="url(#p1)">
   <path d="M 74.123456 196.50
L 1.5 2
L 3.000 -4
Q 5 6 7 8
z
" style="fill: none; stroke: #e1e5ea"/>
  </g>
 </g>
 <text style="font-size: 9px; font-family: 'DejaVu Sans'" transform="rotate(-0 1 2)">0.123456</text>
</svg>"""
    assert (
        export._slim(svg)
        == f"""<?xml version="1.0"?>
<svg font-family="{export.SCREEN_FONTS}" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg">
<g clip-path="url(#p1)">
<path d="M74.12 196.5 1.5 2 3 -4Q5 6 7 8z" fill="none" stroke="#e1e5ea"/>
</g>
<text font-size="9px">0.123456</text>
</svg>"""
    )
