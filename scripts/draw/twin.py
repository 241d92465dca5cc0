"""The dark twin of a picture: what was drawn in light, in the colours of the other theme.

Drawing is the dear part, so it is done once. In an SVG one colour stands for another; in a PNG the
palette is another one, and what lies at an edge is the same blend of the two colours there.
"""

from __future__ import annotations

import itertools
import re
from typing import List

from scripts.draw.theme import DARK, LIGHT, STAMP, STAMP_INK

_TWINS = {
    LIGHT.page: DARK.page,
    LIGHT.ink: DARK.ink,
    LIGHT.muted: DARK.muted,
    LIGHT.grid: DARK.grid,
    LIGHT.lens: DARK.lens,
    **{color: DARK.ways[way] for way, color in LIGHT.ways.items()},
    STAMP: STAMP,
    STAMP_INK: STAMP_INK,
}


def svg(light: str) -> str:
    """The dark twin of an SVG."""
    return re.sub('(?<==")#[0-9a-f]{6}(?=")', lambda color: _TWINS.get(color[0], color[0]), light)


def palette(light: List[int]) -> List[int]:
    """The dark twin of a palette of red, green and blue in turn, from 0 to 255."""
    import numpy

    old, new = (
        numpy.array([[*bytes.fromhex(color[1:])] for color in side], float)
        for side in (_TWINS, _TWINS.values())
    )
    colors = numpy.array(light, float).reshape(-1, 3)
    found, least = colors.copy(), numpy.full(len(colors), numpy.inf)
    for one, other in itertools.combinations(range(len(old)), 2):
        step = old[other] - old[one]
        share = numpy.clip((colors - old[one]) @ step / (step @ step), 0, 1)[:, None]
        off = ((colors - old[one] - share * step) ** 2).sum(axis=1)
        nearer = off < least
        found[nearer] = (new[one] + share * (new[other] - new[one]))[nearer]
        least[nearer] = off[nearer]
    return [*found.round().astype(int).ravel().tolist()]
