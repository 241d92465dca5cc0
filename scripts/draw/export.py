"""A drawn figure as PNG and SVG: the same bytes for the same figure, wherever it is drawn."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from typing import TYPE_CHECKING, Iterator, Tuple

from scripts.draw import twin
from scripts.draw.text import FAMILY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The text of an SVG stays text, in the font of the reader's system: crisper, the same as around the
# figure, and a fifth of the bytes. It is laid out with DejaVu Sans, and none of these is wider.
SCREEN_FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, 'PingFang SC', 'Noto Sans CJK SC', "
    "'Microsoft YaHei', 'DejaVu Sans', sans-serif"
)


@contextlib.contextmanager
def context() -> Iterator[None]:
    """Matplotlib's own defaults and ours, whatever the user's matplotlibrc says.

    To be entered around drawing and saving; the salt makes the ids in the SVG repeatable.
    """
    # That there is no folder to keep its list of fonts in is of no concern to who reads a figure.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": [FAMILY],
                "font.size": 10,
                "text.parse_math": False,
                "svg.fonttype": "none",
                "svg.hashsalt": "a blog that measures itself",
                "axes.linewidth": 0.8,
                "path.snap": False,
            }
        )
        # A Chinese character has no glyph here; the reader's fonts have one.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            yield


def trial() -> None:
    """Draw a small picture of both kinds, and throw it away: whatever fails does so now."""
    with context():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(1, 1))
        figure.text(0.5, 0.5, "1")
        svg(figure, "")
        png(figure, "", 72)


def png(figure: Figure, run_id: str, dpi: float) -> Tuple[bytes, bytes, Tuple[int, int]]:
    """The PNG, its dark twin, and their size in pixels.

    A palette does for flat colours, and takes a third of the bytes; with more than these, edges
    look no smoother, and it takes more.
    """
    import numpy
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image, PngImagePlugin

    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(numpy.asarray(canvas.buffer_rgba())).convert("RGB")
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Run", run_id)
    flat = image.quantize(40, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    light, dark = io.BytesIO(), io.BytesIO()
    flat.save(light, "png", pnginfo=facts)
    flat.putpalette(twin.palette(flat.getpalette()))
    flat.save(dark, "png", pnginfo=facts)
    return light.getvalue(), dark.getvalue(), image.size


def svg(figure: Figure, run_id: str) -> str:
    """The SVG, in English or Chinese as the figure is."""
    out = io.StringIO()
    facts = {"Creator": None, "Date": None, "Title": figure.get_label(), "Identifier": run_id}
    figure.savefig(out, format="svg", metadata=facts)
    return _slim(out.getvalue())


def _slim(svg: str) -> str:
    """Matplotlib's SVG with less in it, and without styles.

    A strict Content-Security-Policy forbids style attributes where a picture is opened by itself;
    every property that Matplotlib writes there is an attribute as well.
    """
    svg = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    root = f'<svg font-family="{SCREEN_FONTS}" stroke-linejoin="round" '
    svg = svg.replace("<svg ", root, 1)
    svg = re.sub(r' style="([^"]*)"', _attributes, svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", svg)
    # Within the tags only: between them stands what was measured.
    svg = re.sub(r"<\w[^>]*>", lambda tag: re.sub(r"\d+\.\d+", _short, tag[0]), svg)
    svg = re.sub(r' d="([^"]*)"', _path, svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    svg = re.sub(r'<path d="[^"]*" fill="none"/>\n', "", svg)  # is not seen
    return "\n".join(_without_names(svg.split("\n")))


def _without_names(lines: list[str]) -> Iterator[str]:
    """The lines without groups that only say what Matplotlib calls their content."""
    kept = []
    for line in lines:
        if line.startswith("<g "):
            kept.append(not line.startswith("<g id="))
        if line == "</g>" or line.startswith("<g "):
            if kept[-1]:
                yield line
            if line == "</g>" or line.endswith("/>"):
                kept.pop()
        else:
            yield line


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _path(found: re.Match[str]) -> str:
    """A path on one line, in which a letter stands only where it is another one."""
    steps, letter = [], ""
    for step in re.findall(r"[A-Za-z][^A-Za-z]*", found[1]):
        numbers = " ".join(step[1:].split())
        steps.append((" " if step[0] == letter else step[0]) + numbers)
        letter = {"M": "L"}.get(step[0], step[0])
    return f' d="{"".join(steps)}"'


def _attributes(style: re.Match[str]) -> str:
    pairs = (declaration.split(": ", 1) for declaration in style[1].split("; "))
    return "".join(f' {name}="{value}"' for name, value in pairs if name != "font-family")
