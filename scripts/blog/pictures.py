"""Drawing all figures of a record, and telling which run a picture is of."""

from __future__ import annotations

import functools
import io
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from scripts.blog import card
from scripts.draw import style, trace
from scripts.experiments import pictures
from scripts.machines import speedup
from scripts.record import Record, sha256

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RUN_ID = re.compile(rb"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_PNG = b"\x89PNG\r\n\x1a\n"


def draw_all(record: Record, folder: Path, points: Sequence[speedup.Point] = ()) -> dict[str, dict]:
    """Draw every figure that the record has samples for, in both themes as PNG and SVG; and a card.

    With `points` also the figure over all machines; it bears the run of this set like the others.
    Returns for each picture its width and height in pixels, the SHA-256 of its files and its table.
    The same record gives the same bytes. Raises OSError when `folder` cannot be written.
    """
    drawn = {}
    for module in pictures().values():
        if module.PICTURE and module.values(record):
            draw = functools.partial(module.draw, record)
            drawn[module.PICTURE] = _draw(
                module.PICTURE, draw, module.table(record), record.run_id, folder
            )
            drawn[module.PICTURE]["files"] |= _trace(module, record, folder)
    if points:
        draw = functools.partial(speedup.draw, points, record)
        table = speedup.table(points)
        drawn[speedup.NAME] = _draw(speedup.NAME, draw, table, record.run_id, folder)
    if pictures()["cpu_bound"].values(record):
        drawn[card.NAME] = _draw_card(record, folder)
    return drawn


def _draw(
    picture: str,
    draw: Callable[[style.Theme], Figure],
    table: tuple[list[str], list[list[str]]],
    run_id: str,
    folder: Path,
) -> dict:
    columns, rows = table
    files: dict[str, str] = {}
    with style.context():
        for theme in style.THEMES:
            figure = draw(theme)
            stem = picture + ("-dark" if theme is style.DARK else "")
            png, size = _png(figure, run_id)
            svg = _svg(figure, run_id)
            for name, data in ((f"{stem}.png", png), (f"{stem}.svg", svg)):
                (folder / name).write_bytes(data)
                files[name] = sha256(data)
    return {
        "width": size[0],
        "height": size[1],
        "files": files,
        "table": {"columns": list(columns), "rows": [list(row) for row in rows]},
    }


def _trace(module: ModuleType, record: Record, folder: Path) -> dict[str, str]:
    """The trace of a picture that has one, and its SHA-256."""
    if not hasattr(module, "trace_of"):
        return {}
    name, data = trace.name(module.PICTURE), module.trace_of(record).encode()
    (folder / name).write_bytes(data)
    return {name: sha256(data)}


def _draw_card(record: Record, folder: Path) -> dict:
    """One PNG: those who show cards show no SVG, and have no theme."""
    with style.context():
        png, (width, height) = _png(card.draw(record), record.run_id, card.DPI)
    name = f"{card.NAME}.png"
    (folder / name).write_bytes(png)
    return {"width": width, "height": height, "files": {name: sha256(png)}}


def _png(figure: Figure, run_id: str, dpi: float = style.DPI) -> tuple[bytes, tuple[int, int]]:
    """The PNG and its size. A palette does for flat colours, and takes a third of the bytes."""
    import numpy
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image, PngImagePlugin

    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(numpy.asarray(canvas.buffer_rgba())).convert("RGB")
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Run", run_id)
    out = io.BytesIO()
    flat = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    flat.save(out, "png", pnginfo=facts)
    return out.getvalue(), image.size


def _svg(figure: Figure, run_id: str) -> bytes:
    out = io.StringIO()
    facts = {"Creator": None, "Date": None, "Title": figure.get_label(), "Identifier": run_id}
    figure.savefig(out, format="svg", metadata=facts)
    return style.slim(out.getvalue()).encode()


def picture_run_id(path: Path) -> str | None:
    """The id of the run that a picture or trace was made from; None when the file does not tell.

    Raises OSError when the file cannot be read.
    """
    data = path.read_bytes()
    if path.suffix == ".json":
        place = trace.run_id(data).encode(errors="replace")
    else:
        place = _png_text(data, b"Run") if data.startswith(_PNG) else _svg_identifier(data)
    found = _RUN_ID.fullmatch(place)
    return found.group().decode() if found else None


def _png_text(data: bytes, keyword: bytes) -> bytes:
    """The text of a PNG's tEXt chunk, b"" when it has none of that keyword or is cut off."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        name, _, text = body.partition(b"\0")
        if kind == b"tEXt" and name == keyword:
            return text
        at += 12 + length
    return b""


def _svg_identifier(data: bytes) -> bytes:
    found = re.search(rb"<metadata>.*?<dc:identifier>(.*?)</dc:identifier>", data, re.DOTALL)
    return found.group(1).strip() if found else b""
