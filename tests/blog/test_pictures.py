"""The pictures as files: which there are, that they can be repeated, and whose run they show."""

import re
import subprocess
import sys
import xml.dom.minidom
from pathlib import Path

import pytest
from PIL import Image
from scripts.draw.code import code_sha256

from scripts import experiments
from scripts.blog import pictures as figures
from scripts.draw import style
from scripts.record import sha256
from tests.factory import make_record

ROOT = Path(__file__).parents[2]
FIRST = ("thres_vs_process", "thres_vs_process2")


@pytest.fixture(scope="module")
def all_drawn(tmp_path_factory):
    """Everything that is drawn of a record, and where."""
    folder = tmp_path_factory.mktemp("pictures")
    return folder, figures.draw_all(make_record(), folder)


@pytest.fixture(scope="module")
def drawn(all_drawn):
    """The figures: the card is no figure."""
    folder, pictures = all_drawn
    return folder, {stem: found for stem, found in pictures.items() if stem != "card"}


def test_the_card_has_the_size_that_is_asked_for_and_its_run(all_drawn):
    """One PNG of 1200 by 630 pixels, listed with its hash."""
    folder, pictures = all_drawn
    path = folder / "card.png"
    with Image.open(path) as image:
        assert image.size == (1200, 630)
    card = {"width": 1200, "height": 630, "files": {"card.png": sha256(path.read_bytes())}}
    assert pictures["card"] == card
    assert figures.picture_run_id(path) == make_record().run_id


def test_the_experiments_are_found_in_the_order_of_their_pictures():
    assert list(experiments.pictures())[:2] == ["cpu_bound", "interleaving"]
    stems = [m.PICTURE for m in experiments.pictures().values() if m.PICTURE]
    assert stems == sorted(stems, key=lambda stem: (len(stem), stem))
    assert len(set(stems)) == len(stems)


def test_values_of_all_experiments_are_one_set():
    keys = experiments.values(make_record()).keys()
    assert {key.split(".")[0] for key in keys} == {"cpu_bound", "interleaving"}


def test_every_picture_has_four_files_and_their_hashes(drawn):
    """And the one that shows who ran when, a trace."""
    folder, pictures = drawn
    assert tuple(pictures) == FIRST
    for stem, picture in pictures.items():
        files = [f"{stem}{dark}.{kind}" for dark in ("", "-dark") for kind in ("png", "svg")]
        files += ["thres_vs_process2.trace.json"] if stem == "thres_vs_process2" else []
        assert sorted(picture["files"]) == sorted(files)
        for name, digest in picture["files"].items():
            assert sha256((folder / name).read_bytes()) == digest
    written = {path.name for path in folder.iterdir()}
    listed = {name for picture in pictures.values() for name in picture["files"]}
    assert written == {*listed, "card.png"}


def test_sizes_are_those_of_the_files_and_fit_each_other(drawn):
    folder, pictures = drawn
    for stem, picture in pictures.items():
        for dark in ("", "-dark"):
            with Image.open(folder / f"{stem}{dark}.png") as image:
                assert image.size == (picture["width"], picture["height"])
            root = xml.dom.minidom.parse(str(folder / f"{stem}{dark}.svg")).documentElement
            width, height = (float(part) for part in root.getAttribute("viewBox").split()[2:])
            assert height / width == pytest.approx(picture["height"] / picture["width"], rel=1e-4)
    assert pictures["thres_vs_process"]["width"] == 1600


def test_tables_are_text_in_columns(drawn):
    for picture in drawn[1].values():
        columns, rows = picture["table"]["columns"], picture["table"]["rows"]
        assert rows
        assert all(len(row) == len(columns) for row in rows)
        assert all(isinstance(cell, str) and cell for row in [columns, *rows] for cell in row)


def test_the_background_is_that_of_the_theme(drawn):
    folder, _ = drawn
    for theme, dark in ((style.LIGHT, ""), (style.DARK, "-dark")):
        with Image.open(folder / f"thres_vs_process{dark}.png") as image:
            corner = image.convert("RGB").getpixel((0, 0))
        page = [int(theme.page[at : at + 2], 16) for at in (1, 3, 5)]
        assert max(abs(one - other) for one, other in zip(corner, page, strict=True)) <= 1
        svg = (folder / f"thres_vs_process{dark}.svg").read_text(encoding="utf-8")
        assert f'fill="{theme.page}"' in svg


def test_the_same_record_gives_the_same_bytes_in_another_process(drawn, tmp_path):
    program = (
        "import sys, pathlib; from scripts.blog import pictures as figures;"
        "from scripts import experiments; from tests.factory import make_record;"
        "figures.draw_all(make_record(), pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], cwd=ROOT, check=True)
    for path in drawn[0].iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_an_svg_is_small_and_has_text_but_no_styles_and_no_date(drawn):
    for path in drawn[0].glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert len(svg) < 40_000
        assert "style" not in svg
        assert "<script" not in svg
        assert "<title>" in svg
        assert not re.search("<dc:date>|<dc:creator>", svg)
    svg = (drawn[0] / "thres_vs_process.svg").read_text(encoding="utf-8")
    assert ">Multi-Processing</text>" in svg


def test_pngs_are_light(drawn):
    assert all(path.stat().st_size < 150_000 for path in drawn[0].glob("*.png"))


def test_every_picture_tells_its_run(drawn):
    for path in drawn[0].iterdir():
        assert figures.picture_run_id(path) == "20000101T000000Z-00000000"


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
    assert figures.picture_run_id(path) is None


def test_a_picture_that_was_cut_off_tells_no_run(drawn, tmp_path):
    for path in drawn[0].glob("thres_vs_process.*"):
        cut = tmp_path / path.name
        cut.write_bytes(path.read_bytes()[:30])
        assert figures.picture_run_id(cut) is None


def test_reading_a_run_id_and_the_values_loads_no_matplotlib(drawn):
    program = (
        "import sys, pathlib; from scripts.blog import pictures as figures;"
        "from scripts import experiments; from tests.factory import make_record;"
        "figures.picture_run_id(pathlib.Path(sys.argv[1])); experiments.values(make_record());"
        "sys.exit('matplotlib' in sys.modules)"
    )
    picture = drawn[0] / "thres_vs_process.png"
    subprocess.run([sys.executable, "-c", program, picture], cwd=ROOT, check=True)


def test_an_experiment_that_was_not_measured_is_not_drawn(tmp_path):
    drawn = figures.draw_all(make_record(experiments=["cpu_bound"]), tmp_path)
    assert list(drawn) == [FIRST[0], "card"]
    assert not list(tmp_path.glob("thres_vs_process2*"))


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(OSError, match="missing"):
        figures.draw_all(make_record(rounds=1), tmp_path / "missing")


def test_the_hash_of_the_code_covers_what_decides_the_figures():
    assert re.fullmatch("[0-9a-f]{64}", code_sha256())
    assert code_sha256() == code_sha256()
