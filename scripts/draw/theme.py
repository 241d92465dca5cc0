"""The two themes of all pictures, and the same colours for the pages around them."""

from __future__ import annotations

import dataclasses
from typing import Dict


@dataclasses.dataclass(frozen=True)
class Theme:
    """The colours of a picture; `page` is the background, and the page around it has the same."""

    name: str
    page: str
    ink: str
    muted: str
    grid: str
    lens: str
    ways: Dict[str, str]


# After Okabe and Ito: told apart with any colour vision. Each is dark (or light) enough to be read
# as text on the page, which their own orange, sky blue and yellow are not on white.
LIGHT = Theme(
    name="light",
    page="#ffffff",
    ink="#1a1d21",
    muted="#59616b",
    grid="#dde2e8",
    lens="#edf0f4",
    ways={
        "for_loop": "#66717e",
        "threads": "#c04a00",
        "processes": "#0068a8",
        "interpreters": "#00795a",
        "asyncio": "#a3447f",
        "dask": "#7d5f00",
        "joblib": "#8a4b2f",
        "vectorised": "#4f5bb5",
    },
)
DARK = Theme(
    name="dark",
    page="#121212",
    ink="#f1f3f5",
    muted="#a3abb5",
    grid="#383e45",
    lens="#20242a",
    ways={
        "for_loop": "#98a3b0",
        "threads": "#f5914a",
        "processes": "#56b4e9",
        "interpreters": "#3cc398",
        "asyncio": "#df97c2",
        "dask": "#dfb83c",
        "joblib": "#d9a488",
        "vectorised": "#a9b3ff",
    },
)
THEMES = (LIGHT, DARK)
# The band over a picture that settles nothing, the same in both.
STAMP, STAMP_INK = "#ffc53d", "#3d2b00"
# Told apart by shape as well as by colour.
MARKERS = {
    "for_loop": "X",
    "threads": "s",
    "processes": "o",
    "interpreters": "^",
    "asyncio": "v",
    "dask": "D",
    "joblib": "P",
    "vectorised": "*",
}
