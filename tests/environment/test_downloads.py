"""measure.pyz in a folder of downloads and in one that others share: it measures its own code."""

import hashlib
import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

from scripts.record import loads
from scripts.runner.code import code_sha256s
from tests.reader import tiny

KEPT = ("control",)
posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A measure.pyz with one experiment and small sizes, which measures for some seconds.

    Beside it a Python with nothing installed: to find out what libraries can do takes time.
    """
    path = tmp_path_factory.mktemp("downloads") / "measure.pyz"
    venv.create(path.parent, symlinks=True)
    tiny.write(path, KEPT)
    return path


@pytest.fixture
def place(tmp_path):
    """The folder where it is started, and beside it the one for temporary files."""
    (tmp_path / "place").mkdir()
    (tmp_path / "tmp").mkdir()
    return tmp_path / "place"


def command(program):
    """It, run by that Python, with what is said in any case."""
    python = program.parent / "bin" / "python"
    return [str(python), str(program), "--quick", "--force", "--output=mine.json"]


def start(program, place, *arguments, **environment):
    """The program, going on."""
    return subprocess.Popen(
        [*command(program), *arguments],
        cwd=place,
        env={**os.environ, "TMPDIR": str(place.parent / "tmp"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def ran(program, place, *arguments, **environment):
    """Its status and the lines of its standard error."""
    going = start(program, place, "--rounds", "1", *arguments, **environment)
    _, said = going.communicate(timeout=120)
    return going.returncode, said.splitlines()


def left(place):
    """What is still there of it some seconds later: files, and processes that name the place."""
    tmp = place.parent / "tmp"
    deadline = time.monotonic() + 10
    while True:
        running = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                running += [path] if str(tmp).encode() in path.read_bytes() else []
            except OSError:  # it ended while we were looking, or is not ours
                continue
        found = [*tmp.iterdir(), *running]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


@posix
def test_what_lies_in_the_folder_is_neither_run_nor_followed(program, place):
    """Neither modules with names of its libraries nor other code of its own, nor by PYTHONPATH.

    What links point to stays as it is, wherever they may have been expected; and a journal that is
    none is begun anew.
    """
    for name in ("json", "statistics", "zipfile", "tempfile", "numpy"):
        (place / f"{name}.py").write_text("raise SystemExit('wrong code')\n")
    for folder in ("scripts", "scripts/measure", "scripts/runner"):
        (place / folder).mkdir()
        (place / folder / "__init__.py").write_text("raise SystemExit('wrong code')\n")
    target = place.parent / "target"
    target.write_text("of somebody")
    for name in ("mine.json.new", "mine.json.journal", "mine.json.part.new", "mine.new"):
        (place / name).symlink_to(target)
    (place / "mine.json.part").mkdir(mode=0o700)
    (place / "mine.json.part" / "journal.jsonl").write_text("7\n{}\n")
    before = {path.name for path in place.iterdir()}
    told = {"PYTHONPATH": str(place), "PYTHONOPTIMIZE": "2", "PYTHONSAFEPATH": "1"}
    status, said = ran(program, place, **told)
    assert status == 0, "\n".join(said)
    record = loads((place / "mine.json").read_text(), "mine.json")
    own = code_sha256s()
    assert record.code == {name: own[name] for name in KEPT}
    assert target.read_text() == "of somebody"
    assert not (place / "mine.json").is_symlink()
    after = {path.name for path in place.iterdir()}
    assert after == before - {"mine.json.part"} | {"mine.json", "mine.html"}
    assert left(place) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_killed_it_leaves_nothing_but_its_journal(number, program, place):
    """No process, nothing unpacked, nothing in the folder for temporary files."""
    going = start(program, place)
    for line in going.stderr:
        if " left: " in line:
            break
    assert len(list((place.parent / "tmp").iterdir())) == 2
    going.send_signal(number)
    going.communicate(timeout=30)
    assert going.returncode in (-signal.SIGKILL, 130)
    assert left(place) == []
    assert [path.name for path in place.iterdir()] == ["mine.json.part"]


@posix
@pytest.mark.parametrize("plant", ["link", "open", "output"])
def test_a_planted_folder_or_output_is_refused(plant, program, place):
    """One line before anything is measured, and nothing is written into it."""
    folder, elsewhere = place / "mine.json.part", place.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    cure = "(move it away, or name a file in another folder: --output FILE)"
    if plant == "link":
        folder.symlink_to(elsewhere)
        expected = f"mine.json.part: is in the way, a folder was expected {cure}"
    elif plant == "open":
        folder.mkdir()
        folder.chmod(0o777)
        expected = f"mine.json.part: is not ours alone, others could write in it {cure}"
    else:
        (place / "mine.json").symlink_to(elsewhere / "new")
        cure = "(move it away, or name another one: --output FILE)"
        expected = f"mine.json: is there already {cure}"
    assert ran(program, place) == (1, [expected])
    assert list(elsewhere.iterdir()) == []
    assert left(place) == []


@posix
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give it away")
def test_a_journal_of_somebody_else_is_not_gone_on_from(program, place):
    """Its samples may be forged: the folder is not ours."""
    folder = place / "mine.json.part"
    folder.mkdir(mode=0o700)
    (folder / "journal.jsonl").write_text("{}\n")
    os.chown(folder, 65534, 65534)
    cure = "(move it away, or name a file in another folder: --output FILE)"
    expected = f"mine.json.part: is not ours alone, others could write in it {cure}"
    assert ran(program, place) == (1, [expected])


@posix
def test_a_journal_with_a_line_that_is_no_sample(program, place):
    """It was written by us, and changed: what is in it is measured again."""
    journal = place / "mine.json.part" / "journal.jsonl"
    going = start(program, place, "--rounds", "2")
    while not journal.exists() or journal.read_text().count("\n") < 2:
        assert going.poll() is None
        time.sleep(0.01)
    going.terminate()
    going.communicate(timeout=30)
    journal.write_text(f"{journal.read_text()}nonsense\n")
    status, said = ran(program, place, "--rounds", "2")
    assert status == 0, "\n".join(said)
    assert not [one for one in said if one.startswith("going on")]
    assert sorted(path.name for path in place.iterdir()) == ["mine.html", "mine.json"]


@posix
def test_a_variable_that_names_another_python_is_named(program, place):
    """Python takes it for itself, even where it heeds no other."""
    status, said = ran(program, place, PYTHONEXECUTABLE="/nowhere")
    cure = f"env -u PYTHONEXECUTABLE python3 {program}"
    wanted = f"measure.pyz: /nowhere: No such file or directory ({cure})"
    assert (status, said) in ((1, [wanted]), (0, []))  # some versions do not heed it


@pytest.mark.parametrize("output", ["", ".", "/"])
def test_an_output_that_is_no_name_is_refused(program, place, output):
    """In one line, before anything is measured."""
    wanted = f"--output is {output!r}, not the name of a file (--output mine.json)"
    assert ran(program, place, f"--output={output}") == (1, [wanted])


@posix
def test_names_of_bytes_and_folders_without_a_root(program, place):
    """A name that is no text, and a folder for temporary files that is named from here."""
    status, said = ran(program, place, b"--output=a\xff.json", TMPDIR=".")
    assert status == 0, "\n".join(said)
    assert sorted(os.listdir(os.fsencode(place))) == [b"a\xff.html", b"a\xff.json"]


def test_help_leaves_nothing(program, place):
    """It is unpacked for that, too."""
    assert ran(program, place, "--help") == (0, [])
    assert left(place) == [] and list(place.iterdir()) == []


def test_the_file_is_not_changed_by_running_it(program, place):
    """What was checked by its hash stays checked."""
    before = hashlib.sha256(program.read_bytes()).hexdigest()
    ran(program, place, "--help")
    assert hashlib.sha256(program.read_bytes()).hexdigest() == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("redirected", "status", "said"),
    [
        ("<&- >&- 2>&-", 0, []),
        (">/dev/full", 1, ["standard output: No space left on device"]),
    ],
)
def test_streams_that_take_nothing(program, place, redirected, status, said):
    """Closed ones swallow what is said; where there is no room for it, that is one line."""
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirected}', "bash", *command(program), "--rounds=1"],
        cwd=place,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.splitlines()) == (status, said)
    assert (place / "mine.json").exists() is (status == 0)
