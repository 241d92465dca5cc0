"""The figure over all machines: what threads and processes gained, a row for every interpreter."""

import pytest

from scripts.comparison import speedup
from scripts.conclude.quantity import Quantity
from scripts.draw.language import Say
from tests.experiments import sheets
from tests.factory import make_record

EN, ZH = (Say(language, speedup.WORDS) for language in ("en", "zh"))


def gain(value, n=20, ceiling=None):
    """A gain whose interval is a tenth wide to both sides."""
    ends = (0.9 * value, 1.1 * value)
    strict = ends if n >= 6 else None
    return Quantity(value, "ratio", *ends, n, "signed_rank", ceiling=ceiling, strict=strict)


def point(cores, threads, processes, gil=True, machine="A CPU"):
    """A row of this machine."""
    name = "CPython 3.11.7" if gil else "CPython 3.13.5"
    return speedup.Point(machine, cores, name, gil, gain(threads), gain(processes))


LOCKED, FREE = point(2, 1.0, 1.9), point(2, 1.8, 1.9, gil=False)


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ([LOCKED, FREE], "title_free"),
        ([LOCKED, point(8, 1.0, 6.0)], "title"),
        ([point(1, 1.0, 0.9)], "title_plain"),
        ([LOCKED, point(4, 1.0, 1.2)], "title_plain"),
        ([point(2, 1.6, 1.9), FREE], "title"),
    ],
)
def test_the_title_tells_the_best_story_that_all_rows_bear_out(points, name):
    """In both languages."""
    for say in (EN, ZH):
        assert speedup.title(points, say) == say(name)


def test_the_table_has_a_row_for_every_point():
    """By cores; what was not measured is empty."""
    alone = speedup.Point("B CPU", 1, "CPython 3.13.5", False, None, gain(0.9))
    columns, rows = speedup.table(make_record(), [LOCKED, alone], EN)
    assert [row[:2] for row in rows] == [["B CPU", "1"], ["A CPU", "2"]]
    assert rows[0][3] == "" and rows[1][3] == "1.00× (0.900–1.10×)"
    assert rows[1][4] == "1.90× (1.71–2.09×)"
    assert len(columns) == len(rows[0]) == 5


def test_what_is_more_than_possible_is_said_in_the_table_and_not_drawn():
    """Nor does it make the others small: the axis is theirs."""
    lie = speedup.Point("B CPU", 2, "CPython 3.11.7", True, gain(1.0), gain(1e9, ceiling=2.0))
    ends = []
    for points in ([LOCKED], [LOCKED, lie]):
        figure = sheets.drawn(speedup, points, make_record())
        (axes,) = figure.axes
        ends.append(axes.get_xlim())
        assert sheets.outside(figure) == []
    assert ends[0] == ends[1]
    _, rows = speedup.table(make_record(), [LOCKED, lie], EN)
    assert rows[1][4].endswith(" (more than is possible)") and "(more" not in rows[0][4]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [1, 300])
def test_one_point_and_many_fit_the_sheet(count, language):
    """The table has those for which there is no room."""
    points = [
        point(2 ** (n % 7), 1.0, 0.8 * 2 ** (n % 7), gil=n % 3 > 0) for n in range(1, count + 1)
    ]
    figure = sheets.drawn(speedup, points, make_record(), language)
    assert sheets.outside(figure) == []
