"""The figure over all machines: a point for every record and interpreter, against the ideal."""

import pytest

from scripts.conclude.stats import Quantity
from scripts.draw import style
from scripts.machines import speedup
from tests.factory import make_record


def point(cores, value, gil=True, n=5):
    """A point with an interval of a tenth around its value."""
    low, high = 0.9 * value, 1.1 * value
    kind = "bootstrap" if n >= 5 else "range"
    name = "CPython 3.11.7" if gil else "CPython 3.13.5"
    return speedup.Point("A CPU", cores, name, gil, Quantity(value, "ratio", low, high, n, kind))


def drawn(points, theme=style.LIGHT):
    """The figure, and its axes."""
    with style.context():
        figure = speedup.draw(points, make_record(), theme)
    return figure, figure.axes[0]


def test_the_headline_says_which_part_of_the_ideal_was_reached():
    """From the least to the most; one core alone has nothing to gain."""
    assert speedup.headline([point(2, 1.8)]) == "Processes reach 90 % of the ideal speed-up"
    many = [point(2, 1.8), point(16, 8.0), point(1, 0.9)]
    assert speedup.headline(many) == "Processes reach 50 to 90 % of the ideal speed-up"
    assert speedup.headline([point(1, 0.9)]) == "One core: nothing for processes to gain"


def test_every_point_stands_where_it_was_measured():
    """Its height is its speed-up, its place near its cores; those of as many cores lie apart."""
    points = [point(2, 1.8), point(2, 1.5, gil=False), point(2, 1.9), point(8, 6.0)]
    _, ax = drawn(points)
    found = []
    for container in ax.containers:
        line = container.lines[0]
        found += zip(line.get_xdata(), line.get_ydata(), strict=True)
    assert sorted(y for _, y in found) == [1.5, 1.8, 1.9, 6.0]
    places = sorted(x for x, _ in found)
    assert len(set(places)) == 4
    assert all(1.5 < x < 2.7 for x in places[:3]) and places[3] == 8


@pytest.mark.parametrize("theme", style.THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("count", [1, 300])
def test_one_point_and_many_fit_the_sheet(count, theme):
    """All of them within the axes, and no text beyond the edges."""
    points = [point(2 ** (n % 7), 0.8 * 2 ** (n % 7), gil=n % 3 > 0) for n in range(1, count + 1)]
    figure, ax = drawn(points, theme)
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    assert all(left < one.cores < right for one in points)
    assert all(low < one.speedup.low and one.speedup.high < high for one in points)
    for text in figure.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1


def test_the_table_has_a_row_for_every_point():
    """By cores; a single round has no range."""
    single = speedup.Point("B CPU", 1, "CPython 3.13.5", False, Quantity(0.9, "ratio", 0.9, 0.9, 1))
    assert speedup.table([point(2, 2.0), single]) == (
        ["Machine", "Cores", "Interpreter", "Speed-up"],
        [
            ["B CPU", "1", "CPython 3.13.5 without GIL", "0.900×"],
            ["A CPU", "2", "CPython 3.11.7", "2.00× (1.80–2.20×)"],
        ],
    )
