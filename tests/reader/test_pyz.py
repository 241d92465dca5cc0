"""measure.pyz: one file, the same bytes everywhere, run by every Python here in an empty folder."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from scripts.experiments.settings import Settings
from scripts.project import Project
from scripts.reader import __main__ as reader
from scripts.reader import page, pyz
from scripts.record import load, loads, sha256
from scripts.record.errors import BlogError
from scripts.runner.code import code_sha256s
from scripts.written import config
from tests import pythons
from tests.reader import tiny
from tests.reader.tiny import ROOT

BUILD = """
import sys
from pathlib import Path
from scripts.project import Project
from scripts.reader import pyz
sys.stdout.buffer.write(pyz.build(Project(Path().resolve())))
"""
USABLE = pythons.usable()
KEPT = ("control", "cpu_bound", "interleaving")
# The oldest, the newest, and the newest without a GIL measure; the others only import it all.
_WITH_GIL = [name for name in USABLE if not name.endswith("t")]
_WITHOUT = [name for name in USABLE if name.endswith("t")]
MEASURING = sorted({_WITH_GIL[0], _WITH_GIL[-1], *_WITHOUT[-1:]})
# One that has nothing installed, such as Dask, whose clusters start slowly.
PLAIN = USABLE[_WITH_GIL[0]]


def built(**environment):
    """The file, built by a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A measure.pyz with three experiments and sizes so small that a round takes a second."""
    path = tmp_path_factory.mktemp("downloads") / "measure.pyz"
    tiny.write(path, KEPT)
    return path


@pytest.fixture
def place(tmp_path):
    """An empty folder to measure in; what is unpacked goes into its sister `unpacked`."""
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def start(python, program, place, *arguments):
    """The program, going on in a session of its own, with none of the packages of this one."""
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(place.parent / "unpacked")}
    return subprocess.Popen(
        [python, str(program), *arguments],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def ran(python, program, place, *arguments):
    """Status, standard output and the lines of standard error of a whole run."""
    going = start(python, program, place, *arguments)
    out, err = going.communicate(timeout=120)
    return going.returncode, out, err.splitlines()


def left_behind(place):
    """What is still unpacked, and every process that was started there and still runs.

    On a busy machine one that was ended needs a moment to be gone.
    """
    unpacked = place.parent / "unpacked"
    deadline = time.monotonic() + 5
    while running := _running(str(unpacked).encode()):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return [*unpacked.iterdir(), *running]


def _running(told):
    """The processes that have this in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += [path] if told in path.read_bytes() else []
        except OSError:  # it ended while we were looking, or is not ours
            continue
    return found


def test_the_same_sources_give_the_same_bytes():
    """Whatever the time zone, the mask of new files and the seed of hashes."""
    once = built(TZ="Asia/Shanghai", PYTHONHASHSEED="1")
    again = built(TZ="America/New_York", PYTHONHASHSEED="2", PYTHONUTF8="1")
    assert once == again == pyz.build(Project(ROOT))


def test_nothing_in_the_file_hangs_on_time_place_or_zlib():
    """Sorted names, one date, one mode, stored as it is; and only sources and what is baked in."""
    entries = zipfile.ZipFile(io.BytesIO(pyz.build(Project(ROOT)))).infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names) and names[0] == "__main__.py"
    assert {
        (entry.date_time, entry.external_attr >> 16, entry.compress_type, entry.create_system)
        for entry in entries
    } == {((1980, 1, 1, 0, 0, 0), 0o644, zipfile.ZIP_STORED, 3)}
    assert [name for name in names if not name.endswith(".py")] == ["scripts/reader/baked.json"]


@pytest.mark.parametrize("name", MEASURING)
def test_it_measures_in_an_empty_folder_with_nothing_installed(program, place, name):
    """Plan, table and verdicts are said; a record and its report are written, and nothing else."""
    bare = place.parent / "bare"
    real = os.path.realpath(USABLE[name])  # from a link to it some find no library
    subprocess.run([real, "-m", "venv", "--without-pip", bare], check=True)
    status, out, said = ran(
        str(bare / "bin" / "python"), program, place, "--quick", "--rounds", "1", "--force"
    )
    assert status == 0, said
    shown, path = sorted(place.iterdir())
    record = load(path)
    assert shown == path.with_suffix(".html")
    assert ([runtime.id for runtime in record.runtimes], record.quick) == ([name], True)
    hashes = code_sha256s()
    assert record.code == {experiment: hashes[experiment] for experiment in KEPT}
    assert {one.experiment for one in record.samples} == {*KEPT}
    assert min(one.round for one in record.samples) == 1
    for text in (path.read_text(), shown.read_text()):
        assert os.uname().nodename not in re.split(r"[\s\"<>]+", text)
        assert str(place.parent) not in text
    carried = json.loads(shown.read_text().partition(page.BEGIN)[2].partition(page.END)[0])
    assert carried["record_sha256"] == sha256(path.read_bytes())

    assert out.startswith("What is measured:\n  control          The control: ")
    assert f"It writes two files. {path.name} is the record: " in out
    assert "\nQUICK RUN, not for publication: too few rounds to decide\n" in out
    table = re.findall(r"^(for loop|threads|processes) +[\d.]+ m?s +\S", out, re.M)
    assert table == ["for loop", "threads", "processes"]
    assert re.search(
        r"^\S.*: For additions, processes are clearly faster than threads \(", out, re.M
    )
    assert f"\nwritten: {path.name} and {shown.name} (open that one in a browser, " in out
    assert f"attach {path.name} to an issue of the blog)" in out.splitlines()[-1]
    assert left_behind(place) == []


@pytest.mark.parametrize("name", [name for name in USABLE if name not in MEASURING])
def test_every_other_interpreter_can_run_it(program, place, name):
    """All of it is imported before the help is shown."""
    status, out, said = ran(USABLE[name], program, place, "--help")
    assert (status, said) == (0, [])
    assert out.startswith("usage: measure.pyz [-h] [--output FILE]")
    assert left_behind(place) == []


def test_an_older_python_is_told_what_is_needed(program, place):
    """One line, from a Python that could not even read the rest."""
    if not pythons.too_old():
        pytest.skip("every Python here is new enough")
    for name, python in pythons.too_old().items():
        status, out, said = ran(python, program, place)
        wanted = f"measure.pyz: Python 3.9 or newer is needed, this is {name[6:]}"
        assert (status, out, said) == (1, "", [wanted])


def test_stopped_by_ctrl_c_it_goes_on_from_there(tmp_path, place):
    """One line, no process and nothing unpacked stays; the next call keeps the finished rounds."""
    program = tmp_path / "measure.pyz"
    tiny.write(program, KEPT[:1])
    arguments = ("--quick", "--rounds", "2", "--force", "--output", "mine.json")
    going = start(PLAIN, program, place, *arguments)
    journal = place / "mine.json.part" / "journal.jsonl"
    while not journal.exists() or journal.read_text().count("\n") < 6:
        assert going.poll() is None
        time.sleep(0.01)
    for _ in range(2):  # whoever is in a hurry
        going.send_signal(signal.SIGINT)
    said = going.communicate(timeout=30)[1].splitlines()
    stopped = "stopped; finished rounds are kept, the same command goes on from there"
    assert (going.returncode, said[-1]) == (130, stopped)
    assert [path.name for path in place.iterdir()] == ["mine.json.part"]
    assert left_behind(place) == []
    status, _, said = ran(PLAIN, program, place, *arguments)
    assert status == 0, said
    assert any(re.fullmatch(r"going on with the session of .+Z: \d+ arms", one) for one in said)
    assert sorted(path.name for path in place.iterdir()) == ["mine.html", "mine.json"]
    record = loads((place / "mine.json").read_text(), "mine.json")
    assert {sample.round for sample in record.samples} == {1, 2}


def test_a_busy_machine_is_left_in_peace(program, place):
    """One line with the way out, and nothing is written."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        status, _, said = ran(sys.executable, program, place)
    finally:
        other.kill()
        other.wait()
    assert status == 1
    (line,) = said
    assert re.fullmatch(r"the machine is busy: load .+; measure\.pyz: --force\)", line)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--output", "there.json"),
            "there.json: is there already (move it away, or name another one: --output FILE)",
        ),
        (("--rounds", "²"), "--rounds is '²', not a whole number from 1 to 1000 (--rounds 6)"),
        (
            ("--force", "--output", "there.json/new.json"),
            "there.json: File exists (move away what is in its way, then try again)",
        ),
        (
            ("--output", "theirs.json"),
            "theirs.html: is there already (move it away, or name another one: --output FILE)",
        ),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_measured(program, place, arguments, said):
    """One line, status 1, and the files are as they were."""
    (place / "there.json").write_text("a record")
    (place / "theirs.html").write_text("a report")
    status, _, lines = ran(sys.executable, program, place, *arguments)
    assert (status, lines[-1]) == (1, said)
    assert "round" not in "".join(lines[:-1])
    assert sorted(path.name for path in place.iterdir()) == ["theirs.html", "there.json"]
    assert (place / "there.json").read_text() == "a record"


@pytest.mark.parametrize(
    ("rounds", "shown"), [("0", "0"), ("1001", "1001"), ("9" * 5000, "9" * 20)]
)
def test_a_number_of_rounds_is_judged(rounds, shown):
    """Before anything else is done."""
    with pytest.raises(BlogError) as caught:
        reader._parse(["--rounds", rounds])
    said = f"--rounds is '{shown}', not a whole number from 1 to 1000 (--rounds 6)"
    assert str(caught.value) == said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", ["", "404: gone\n", "- verdict_holds\n"])
def test_words_that_are_missing_are_named(text, language, tmp_path):
    """Before anything is measured or drawn."""
    for name in ("data", "i18n"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.yaml", tmp_path)
    project = Project(tmp_path)
    project.words.with_stem(language).write_text(text)
    with pytest.raises(BlogError) as caught:
        pyz.build(project)
    cure = f"git checkout i18n/{language}.yaml"
    assert str(caught.value) == f"i18n/{language}.yaml: holds no words for verdicts ({cure})"


def test_the_sizes_of_the_blog_are_baked_in():
    """It measures what config.yaml says, with the claims of data/claims.yaml."""
    archive = zipfile.ZipFile(io.BytesIO(pyz.build(Project(ROOT))))
    baked = json.loads(archive.read("scripts/reader/baked.json"))
    assert Settings(**baked["settings"]) == config.load_settings(ROOT / "config.yaml")
    assert {"id", "key", "text", "needs", "over"} < set(baked["claims"][0])
    for words in (baked["words"]["en"], baked["words"]["zh"]):
        assert {"verdict_holds", "verdict_fails", "reason_rounds", "claims"} < set(words)
