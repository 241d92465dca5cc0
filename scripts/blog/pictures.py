"""Drawing all figures of a record, and telling which run a picture is of.

What would come out as it is already there is not drawn again; the rest is shared out to as many
processes as there are cores.

A module that draws has `draw(record, about, theme, say)`, a figure, and `table(record, about,
say)`, the columns and rows of what it shows; `about` is the values of data/measured.json, or for
the figure over all machines its points. One that shows who ran when has `trace_of(record)`, too.
"""

from __future__ import annotations

import dataclasses
import functools
import gc
import importlib
import os
import re
import signal
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scripts import experiments
from scripts.blog import card
from scripts.comparison import speedup
from scripts.conclude.quantity import Quantity
from scripts.draw import export, style, trace, twin
from scripts.draw.language import LANGUAGES, Say
from scripts.draw.theme import LIGHT
from scripts.record import Record, sha256
from scripts.record.code import closure, sha256_of

_RUN_ID = re.compile(rb"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_PNG = b"\x89PNG\r\n\x1a\n"
# What every picture goes through, besides the module that draws it.
_EXPORT = ("scripts.draw.export", "scripts.draw.style")
_OWN = sha256(Path(__file__).read_bytes())
SVG, PNG = ("svg",), ("png",)
# What a helper may take for its last picture, after which it is drawn without it.
_PATIENCE_S = 60


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to draw: the stem of its files, the module that draws it, what it is drawn from.

    A picture `forms` of which are PNG alone is in one theme and language: a card is shown so.
    """

    stem: str
    module: str
    about: Any
    forms: tuple[str, ...]

    def made_of(self, record: Record) -> str:
        """A hash of all that decides what the picture looks like."""
        code = sha256_of(closure((self.module, *_EXPORT))) + _OWN
        return sha256(f"{code}\0{record.run_id}\0{record.quick}\0{self.about!r}".encode())


def draw_all(
    record: Record,
    values: Mapping[str, Quantity],
    folder: Path,
    points: Sequence[speedup.Point] = (),
    kept: Mapping[str, dict] | None = None,
    forms: tuple[str, ...] = SVG + PNG,
) -> dict[str, dict]:
    """Draw every figure that the record has samples for into `folder`, in both themes.

    As SVG in both languages, and in English as PNG, whichever of them `forms` has; and a card. With
    `points` also the figure over all machines. `kept` is what an earlier call returned of pictures
    that are still in place: of those, none is drawn that would come out the same. Returns for each
    picture its width and height in pixels, the SHA-256 of its files, its table by language, and
    what it was made of. The same record gives the same bytes. Raises OSError when `folder` cannot
    be written.
    """
    jobs = _jobs(record, values, points, forms)
    wanted = {job.stem: job.made_of(record) for job in jobs}
    drawn = {
        stem: entry
        for stem, entry in (kept or {}).items()
        if stem in wanted and entry.get("made_of") == wanted[stem]
    }
    left = [job for job in jobs if job.stem not in drawn]
    for job, entry in zip(left, _draw_jobs(left, record, folder), strict=True):
        drawn[job.stem] = {**entry, "made_of": wanted[job.stem]}
    return {job.stem: drawn[job.stem] for job in jobs}


def made_of(
    record: Record, values: Mapping[str, Quantity], points: Sequence[speedup.Point] = ()
) -> dict[str, str]:
    """What each picture that can be drawn is made of, as a hash, by the stem of its files."""
    return {job.stem: job.made_of(record) for job in _jobs(record, values, points)}


def _jobs(
    record: Record,
    values: Mapping[str, Quantity],
    points: Sequence[speedup.Point],
    forms: tuple[str, ...] = (),
) -> list[Job]:
    measured = {sample.experiment for sample in record.samples}
    jobs = [
        Job(declared.picture, f"scripts.experiments.{name}.picture", dict(values), forms)
        for name, declared in experiments.declarations().items()
        if declared.picture and name in measured
    ]
    jobs.sort(key=lambda job: (len(job.stem), job.stem))
    if points:
        jobs.append(Job(speedup.NAME, speedup.__name__, tuple(points), forms))
    if "cpu_bound" in measured:
        jobs.append(Job(card.NAME, card.__name__, dict(values), PNG))
    return jobs


def _draw_jobs(jobs: list[Job], record: Record, folder: Path) -> list[dict]:
    """Draw the jobs, side by side where there is more than one core and something to share out.

    Each who draws takes the number of the next job out of a pipe. What a helper did not draw, for
    whatever reason, is drawn here: semaphores, threads and processes may all be refused.
    """
    drawn: dict[int, dict] = {}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    helpers = min(len(jobs), cores) - 1
    if helpers > 0 and hasattr(os, "fork"):
        export.trial()  # what it loads, all that are forked have
        with suppress(OSError), ExitStack() as ends:
            queue, numbers = os.pipe()
            ends.callback(os.close, queue)
            with open(numbers, "wb") as file:
                file.write(bytes(range(len(jobs))))
            draw_next = functools.partial(_draw_next, queue, jobs, record, folder)
            with suppress(OSError):
                for _ in range(helpers):
                    ends.enter_context(_helper(draw_next, drawn))
            drawn.update(draw_next())
    return [drawn.get(number) or _draw(job, record, folder) for number, job in enumerate(jobs)]


def _draw_next(queue: int, jobs: list[Job], record: Record, folder: Path) -> dict[int, dict]:
    """Draw job after job until there are no more, or who began it is gone."""
    drawn, above = {}, parent_process()
    while (above is None or above.is_alive()) and (number := os.read(queue, 1)):
        drawn[number[0]] = _draw(jobs[number[0]], record, folder)
    return drawn


@contextmanager
def _helper(draw_next: Callable[[], dict[int, dict]], drawn: dict[int, dict]) -> Iterator[None]:
    """A process that draws while the block runs; then `drawn` has what it could draw."""
    ours, theirs = get_context("fork").Pipe(duplex=False)
    helper = get_context("fork").Process(target=_help, args=(draw_next, theirs), daemon=True)
    with ours:
        with theirs:
            helper.start()
        try:
            yield
            with suppress(EOFError, OSError):
                drawn.update(ours.recv() if ours.poll(_PATIENCE_S) else {})
        finally:
            helper.kill()
            helper.join()


def _help(draw_next: Callable[[], dict[int, dict]], answer: Connection) -> None:
    gc.disable()  # it soon ends
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # who began it ends it
        signal.signal(number, signal.SIG_DFL)
    with suppress(Exception):  # who began it will meet the same, and tell
        answer.send(draw_next())


def _draw(job: Job, record: Record, folder: Path) -> dict:
    module = importlib.import_module(job.module)
    words = getattr(module, "WORDS", {})
    dpi = getattr(module, "DPI", style.DPI)
    files: dict[str, str] = {}

    def put(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)
        files[name] = sha256(data)

    size = (0, 0)
    shape: dict[str, float] = {}
    with export.context():
        for language in ("en",) if job.forms == PNG else LANGUAGES:
            figure = module.draw(record, job.about, LIGHT, Say(language, words))
            shape[language] = figure.get_figheight() / figure.get_figwidth()
            if "svg" in job.forms:
                drawn = export.svg(figure, record.run_id)
                neutral = (".svg",) if language == "en" and "png" in job.forms else ()
                for end in (f".{language}.svg", *neutral):
                    put(f"{job.stem}{end}", drawn.encode())
                    put(f"{job.stem}-dark{end}", twin.svg(drawn).encode())
            if language == "en" and "png" in job.forms:
                light, dark, size = export.png(figure, record.run_id, dpi)
                put(f"{job.stem}.png", light)
                if "svg" in job.forms:
                    put(f"{job.stem}-dark.png", dark)
            elif language == "en":
                size = tuple(round(inches * dpi) for inches in figure.get_size_inches())
    if hasattr(module, "trace_of"):
        put(trace.name(job.stem), module.trace_of(record).encode())
    light_first = dict(sorted(files.items(), key=lambda file: "-dark." in file[0]))
    entry = {"width": size[0], "height": size[1], "files": light_first}
    if "zh" in shape:  # where words wrap otherwise; the page keeps this room free
        entry["height_zh"] = round(size[0] * shape["zh"])
    if hasattr(module, "table"):
        entry["table"] = {
            language: _table(*module.table(record, job.about, Say(language, words)))
            for language in LANGUAGES
        }
    return entry


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list]:
    return {"columns": list(columns), "rows": [list(row) for row in rows]}


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
