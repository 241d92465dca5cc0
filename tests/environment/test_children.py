"""What the caller's shell and folder hold never reaches the interpreters that are timed."""

import importlib.util
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests import pythons

ROOT = Path(__file__).parents[2]
# Started as any of our programs is: isolated, with our root on its path.
ASK = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from scripts.record.errors import BlogError
from scripts.runner.interpreter import Interpreter
arm = {{"do": "case", "module": "tests.runner.arms", "case": "tell", "settings": {{}}}}
with Interpreter() as interpreter:
    try:
        interpreter.ask(sys.argv[1], {{**arm, "params": {{"file": sys.argv[2]}}}})
    except BlogError as error:
        print(error)
"""
USABLE = pythons.usable()
WITH_GIL = [name for name in USABLE if not name.endswith("t")]
WITHOUT = [name for name in USABLE if name.endswith("t")]
TRIED = sorted({WITH_GIL[0], WITH_GIL[-1], *WITHOUT[-1:]})
# The names of all that a child may be told.
TOLD = {
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "TZ", "TERM", "LANG", "LC_ALL"),
    *("PYTHONPATH", "PYTHONSAFEPATH", "PYTHONNOUSERSITE"),
    *("PYENV_DIR", "PYENV_ROOT", "PYENV_VERSION"),
}
SHADOWED = ("json", "statistics", "yaml", "multiprocessing", "scripts", "sitecustomize")


def asked(python, place, **environment):
    """What a case and its workers were told, and what was said, called from the folder `place`."""
    told = place / "told.json"
    done = subprocess.run(
        [sys.executable, "-I", "-c", ASK, python, str(told)],
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return (json.loads(told.read_text()) if told.exists() else {}), done.stdout.splitlines()


@pytest.fixture
def hostile(tmp_path):
    """A folder of downloads with modules that end whatever imports them."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in SHADOWED:
        (folder / f"{name}.py").write_text("raise SystemExit('wrong code')\n")
    return folder


HOSTILE = {
    "PYTHONPATH": "{place}:.",
    **dict.fromkeys(("PYTHONHOME", "PYTHONUSERBASE", "DASK_CONFIG"), "{place}"),
    **dict.fromkeys(("PYTHONSAFEPATH", "PYTHONINSPECT", "PYTHON_GIL", "PYTHON_CPU_COUNT"), "1"),
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONSTARTUP": "{place}/json.py",
    "PYTHONMALLOC": "debug",
    "PYTHONHASHSEED": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "x",
    "LC_ALL": "zh_CN.GBK",
    "LANG": "tr_TR.UTF-8",
}


@pytest.mark.parametrize("name", TRIED)
@pytest.mark.parametrize(
    "environment",
    [{}, HOSTILE],
    ids=["nothing", "everything"],
)
def test_neither_environment_nor_folder_reach_a_case_or_its_workers(name, environment, hostile):
    """However the workers are started: they are told the same path, by us, and run our code."""
    values = {key: text.format(place=hostile) for key, text in environment.items()}
    told, said = asked(USABLE[name], hostile, **values)
    assert said == []
    for who, found in told.items():
        first, *path = found["path"]
        # An interpreter within the child gets its path from Python itself: the same, perhaps later.
        assert first == str(ROOT), who
        assert not any(str(hostile) in folder or folder in ("", ".") for folder in path), who
        assert found["docstrings"], who
        ours, theirs = found["files"][1], found["files"][0]
        assert ours == str(ROOT / "scripts" / "measure" / "jobs.py"), who
        assert str(hostile) not in theirs, who
        assert set(found["environment"]) <= TOLD | {"LC_CTYPE", "XDG_CONFIG_HOME"}, who
        assert found["environment"]["PYTHONPATH"] == str(ROOT), who
        assert Path(found["folder"]).name.startswith("blog-"), who
    assert set(told) >= {"this", "spawn"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A virtual environment to spoil: its Python, and the folder of its packages."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    return str(folder / "bin" / "python"), packages


@pytest.fixture
def pth(own):
    """Writes a .pth file, which Python reads whenever it starts; takes it away again."""
    path = own[1] / "start.pth"
    yield path.write_text
    path.unlink(missing_ok=True)


def test_what_a_pth_file_prints_is_no_answer(own, pth, tmp_path):
    """Answers have a channel of their own."""
    pth("import sys; print('{\"error\": \"nonsense\"}'); print('more', file=sys.stderr)\n")
    told, said = asked(own[0], tmp_path)
    assert said == [] and told["spawn"]["path"] == told["this"]["path"]


def test_a_pth_file_that_imports_what_is_timed_is_named(own, pth, tmp_path):
    """The loading of NumPy is part of what is measured: the cure is to move the file away."""
    (own[1] / "numpy").mkdir(exist_ok=True)
    (own[1] / "numpy" / "__init__.py").write_text("")
    pth("import numpy\n")
    told, said = asked(own[0], tmp_path)
    what = "python: it loads numpy whenever it starts, so how long that takes cannot be measured"
    assert (told, said) == ({}, [f"{what} (move {own[1] / 'start.pth'} away)"])


def test_a_module_of_the_site_that_imports_what_is_timed(own, tmp_path):
    """Where no .pth file is the reason, it is said how to find it."""
    if importlib.util.find_spec("sitecustomize"):
        pytest.skip("this Python has a sitecustomize of its own, which comes first")
    (own[1] / "numpy").mkdir(exist_ok=True)
    (own[1] / "numpy" / "__init__.py").write_text("")
    (own[1] / "sitecustomize.py").write_text("import numpy\n")
    try:
        told, said = asked(own[0], tmp_path)
    finally:
        (own[1] / "sitecustomize.py").unlink()
    what = "python: it loads numpy whenever it starts, so how long that takes cannot be measured"
    assert (told, said) == ({}, [f"{what} (python -X importtime -c pass shows what does it)"])


def test_an_old_python_says_so(tmp_path):
    """In one line, whatever of ours it could not read."""
    if not pythons.too_old():
        pytest.skip("every Python here is new enough")
    for name, python in pythons.too_old().items():
        told, said = asked(python, tmp_path)
        wanted = f"Python 3.9 or newer is needed, this is {name[6:]}"
        assert told == {}
        assert said == [f"{name}: the interpreter ended with status 1: {wanted}"]


def test_the_folder_of_the_caller_may_be_gone(tmp_path):
    """Children have one of their own."""
    gone = tmp_path / "gone"
    gone.mkdir()
    code = f"import os; os.rmdir({str(gone)!r})\n{ASK}"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, sys.executable, str(tmp_path / "told.json")],
        cwd=gone,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert json.loads((tmp_path / "told.json").read_text())["spawn"]["path"][0] == str(ROOT)
