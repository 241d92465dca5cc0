"""The dark twin of a picture: other colours in the same places."""

import pytest

from scripts.draw import twin
from scripts.draw.theme import DARK, LIGHT, STAMP, STAMP_INK

PAIRS = {
    **{name: (getattr(LIGHT, name), getattr(DARK, name)) for name in ("page", "ink", "grid")},
    "muted": (LIGHT.muted, DARK.muted),
    "lens": (LIGHT.lens, DARK.lens),
    **{way: (LIGHT.ways[way], DARK.ways[way]) for way in LIGHT.ways},
    "stamp": (STAMP, STAMP),
    "ink of the stamp": (STAMP_INK, STAMP_INK),
}


def rgb(color):
    """Red, green and blue."""
    return [*bytes.fromhex(color[1:])]


@pytest.mark.parametrize(("light", "dark"), PAIRS.values(), ids=PAIRS)
def test_a_color_of_the_theme_becomes_that_of_the_other(light, dark):
    """In SVG and in the palette of a PNG."""
    assert twin.svg(f'<path fill="{light}"/>') == f'<path fill="{dark}"/>'
    assert twin.palette(rgb(light)) == rgb(dark)


def test_what_is_said_stays():
    """A text is no color, and what no theme has is left as it is."""
    said = '<text fill="#123456">#1a1d21 and #ffffff</text>'
    assert twin.svg(said) == said


@pytest.mark.parametrize("way", LIGHT.ways)
def test_an_edge_stays_an_edge(way):
    """Half a color on the page is half of the other one on the other page."""

    def half(theme):
        return [(a + b) / 2 for a, b in zip(rgb(theme.page), rgb(theme.ways[way]), strict=True)]

    wanted = half(DARK)
    found = twin.palette([round(one) for one in half(LIGHT)])
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 6
