"""The pictures as files: which there are, that they can be repeated, and whose run they show."""

import itertools
import os
import re
import subprocess
import sys
import xml.dom.minidom

import pytest
from PIL import Image

from scripts import experiments
from scripts.blog import pictures as pictures_of
from scripts.draw.theme import DARK, LIGHT
from scripts.record import sha256
from tests.conftest import ROOT
from tests.factory import make_record

FIRST = "thres_vs_process"
BOTH = ("zh", "en")


@pytest.fixture(scope="module")
def all_drawn(derived):
    """Everything that is drawn of the record, and where."""
    return derived.pictures, derived.load_measured()["figures"]


@pytest.fixture(scope="module")
def drawn(all_drawn):
    """The figures: the card is no figure."""
    folder, pictures = all_drawn
    return folder, {stem: found for stem, found in pictures.items() if stem != "card"}


def test_the_card_has_the_size_that_is_asked_for_and_its_run(all_drawn, derived):
    """One PNG of 1200 by 630 pixels, listed with its hash."""
    folder, pictures = all_drawn
    path = folder / "card.png"
    with Image.open(path) as image:
        assert image.size == (1200, 630)
    card = dict(pictures["card"])
    del card["made_of"]
    files = {"card.png": sha256(path.read_bytes())}
    assert card == {"width": 1200, "height": 630, "files": files}
    assert pictures_of.picture_run_id(path) == derived.load_measured()["run_id"]


def test_the_figures_are_in_their_order(drawn):
    """One for each experiment that declares a picture, then that over all machines."""
    declared = [one.picture for one in experiments.declarations().values() if one.picture]
    assert list(drawn[1]) == [*sorted(declared, key=lambda stem: (len(stem), stem)), "machines"]


def test_every_picture_has_its_files_and_their_hashes(all_drawn):
    """SVG in both languages, and PNG; and the one that shows who ran when, a trace."""
    folder, pictures = all_drawn
    for stem, picture in pictures.items():
        ends = [".png"] if stem == "card" else [".png", ".svg", ".zh.svg", ".en.svg"]
        files = [f"{stem}{dark}{end}" for dark in ("", "-dark") for end in ends]
        files = ["card.png"] if stem == "card" else files
        files += ["thres_vs_process2.trace.json"] if stem == "thres_vs_process2" else []
        assert sorted(picture["files"]) == sorted(files)
        for name, digest in picture["files"].items():
            assert sha256((folder / name).read_bytes()) == digest
    listed = {name for picture in pictures.values() for name in picture["files"]}
    assert {path.name for path in folder.iterdir()} == listed


def test_sizes_are_those_of_the_files_and_fit_each_other(drawn):
    folder, pictures = drawn
    for stem, picture in pictures.items():
        for dark in ("", "-dark"):
            with Image.open(folder / f"{stem}{dark}.png") as image:
                assert image.size == (picture["width"], picture["height"])
            root = xml.dom.minidom.parse(str(folder / f"{stem}{dark}.en.svg")).documentElement
            width, height = (float(part) for part in root.getAttribute("viewBox").split()[2:])
            assert height / width == pytest.approx(picture["height"] / picture["width"], rel=1e-4)
    assert pictures[FIRST]["width"] == 1600


def test_tables_are_text_in_columns(drawn):
    """In both languages; a cell is empty where there is nothing to be said, and never a dash."""
    for picture, language in itertools.product(drawn[1].values(), BOTH):
        table = picture["table"][language]
        columns, rows = table["columns"], table["rows"]
        assert rows
        assert all(len(row) == len(columns) for row in rows)
        assert all(isinstance(cell, str) for row in [columns, *rows] for cell in row)
        assert all(columns) and all(row[0] and any(row[1:]) for row in rows)
        assert not any(cell in ("—", "-") for row in rows for cell in row)


def test_the_background_is_that_of_the_theme(drawn):
    folder, _ = drawn
    for theme, dark in ((LIGHT, ""), (DARK, "-dark")):
        with Image.open(folder / f"thres_vs_process{dark}.png") as image:
            corner = image.convert("RGB").getpixel((0, 0))
        page = [int(theme.page[at : at + 2], 16) for at in (1, 3, 5)]
        assert max(abs(one - other) for one, other in zip(corner, page, strict=True)) <= 1
        svg = (folder / f"thres_vs_process{dark}.svg").read_text(encoding="utf-8")
        assert f'fill="{theme.page}"' in svg


def test_an_svg_is_small_and_has_text_but_no_styles_and_no_date(drawn):
    for path in drawn[0].glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert len(svg) < 80_000
        assert "style" not in svg
        assert "<script" not in svg
        assert "<title>" in svg
        assert not re.search("<dc:date>|<dc:creator>", svg)


def test_each_language_has_its_own_words(drawn):
    """The one without a language in its name is the English one."""
    chinese, english, neutral = (
        (drawn[0] / f"{FIRST}{end}.svg").read_text(encoding="utf-8") for end in (".zh", ".en", "")
    )
    assert ">多进程</text>" in chinese and ">多进程</text>" not in english
    assert neutral == english
    for path in drawn[0].glob("*.en.svg"):
        assert not re.search("[\u4e00-\u9fff]", path.read_text(encoding="utf-8")), path.name


def test_pngs_are_light(drawn):
    assert all(path.stat().st_size < 180_000 for path in drawn[0].glob("*.png"))


def test_every_picture_tells_its_run(drawn, derived):
    run_id = derived.load_measured()["run_id"]
    for path in drawn[0].iterdir():
        assert pictures_of.picture_run_id(path) == run_id


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg><metadata></metadata></svg>",
        b"<svg><metadata><dc:identifier>x</dc:identifier></metadata></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\xfftEXtRun\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x03tEXtRun\x00\x00\x00\x00",
    ],
)
def test_a_file_that_tells_no_run_is_not_believed(data, tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert pictures_of.picture_run_id(path) is None


def test_a_picture_that_was_cut_off_tells_no_run(drawn, tmp_path):
    for path in drawn[0].glob("thres_vs_process.*"):
        cut = tmp_path / path.name
        cut.write_bytes(path.read_bytes()[:30])
        assert pictures_of.picture_run_id(cut) is None


def test_reading_a_run_id_and_the_values_loads_no_matplotlib(drawn, derived):
    program = (
        "import sys, pathlib; from scripts.blog import pictures; from scripts import experiments;"
        "from scripts.record import load; pictures.picture_run_id(pathlib.Path(sys.argv[1]));"
        "experiments.quantities(load(pathlib.Path(sys.argv[2])));"
        "sys.exit('matplotlib' in sys.modules)"
    )
    picture = drawn[0] / f"{FIRST}.png"
    command = [sys.executable, "-c", program, picture, derived.current_record()]
    subprocess.run(command, cwd=derived.root, check=True)


def test_an_experiment_that_was_not_measured_is_not_drawn():
    record = make_record(experiments=["cpu_bound"])
    planned = pictures_of._jobs(record, experiments.quantities(record), [])
    assert [job.stem for job in planned] == [FIRST, "card"]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    record = make_record(experiments=["cpu_bound"], rounds=1)
    with pytest.raises(OSError, match="missing"):
        pictures_of.draw_all(record, experiments.quantities(record), tmp_path / "missing")


def test_what_decides_a_picture_is_what_it_is_made_of():
    """Its run and its values; and its own code, as far as it is imported."""
    record, other = make_record(), make_record(seed=2)
    values = experiments.quantities(record)
    first = pictures_of.made_of(record, values, [])
    assert first == pictures_of.made_of(record, dict(values), [])
    assert len(set(first.values())) == len(first) == 3
    second = pictures_of.made_of(record, experiments.quantities(other), [])
    assert not set(first.values()) & set(second.values())


HELPERS = """
import os, sys
from pathlib import Path
from scripts import experiments
from scripts.blog import pictures
from scripts.record import sha256
from tests.factory import make_record
record = make_record(experiments=("cpu_bound",))
os.sched_getaffinity = lambda _: {0, 1, 2}
folder = Path(sys.argv[1])
pictures.draw_all(record, experiments.quantities(record), folder)
print(*(f"{sha256(path.read_bytes())} {path.name}" for path in sorted(folder.iterdir())))
"""
KILLED = """
import os
from scripts.blog import pictures
draw, mine = pictures._draw, os.getpid()
pictures._draw = lambda *job: draw(*job) if os.getpid() == mine else os.kill(os.getpid(), 9)
"""
NO_THREADS = """
import threading
def start(self):
    raise RuntimeError("can't start new thread")
threading.Thread.start = start
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="draws alone here")
def test_what_helpers_cannot_draw_is_drawn_without_them(tmp_path):
    """The same ones where files cannot be had, where helpers are killed, and threads refused."""
    fewest = 8 if sys.version_info < (3, 12) else 9  # to draw alone
    limited = ["sh", "-c", f'ulimit -n {fewest} && exec "$@"', "sh"]
    ways = {"as usual": ([], ""), "killed": ([], KILLED), "no threads": ([], NO_THREADS)}
    ways["few files"] = (limited, "")
    drawn = {}
    for name, (before, first) in ways.items():
        (tmp_path / name).mkdir()
        command = [*before, sys.executable, "-c", first + HELPERS, tmp_path / name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), name
        drawn[name] = done.stdout
    assert drawn == dict.fromkeys(ways, drawn["as usual"])
    assert drawn["as usual"].count(".svg") == 6
