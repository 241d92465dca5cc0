"""make: what is typed is data, targets come one after the other, and only ours is heard.

Set-up has tests of its own: here `PYTHON=true` passes it by.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.project import Project
from tests.conftest import ROOT

TARGETS = {
    "all": "scripts",
    "figures": "scripts",
    "redraw": "scripts",
    "add-record": "scripts",
    "fleet": "scripts",
    "site": "scripts",
    "post": "scripts",
    "serve": "scripts",
    "check": "scripts",
    "publish": "scripts",
    "bench": "tests.bench",
    "lock": "scripts.lock",
}
# Stands for the interpreter of .venv: notes its arguments, and when it has ended.
STUB = """#!/bin/sh
{ printf '(%s)' "$@"; echo; } >> log
sleep "${SLOW:-0}"
echo end >> log
[ "$3" != -m ] || [ "$4" != "$FAILS" ]
"""


class Stubbed:
    """A folder with the Makefile, whose programs are stand-ins."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copy(ROOT / "Makefile", root)
        (root / ".venv" / "bin").mkdir(parents=True)
        for name in ("python", "ruff"):
            (root / ".venv" / "bin" / name).write_text(STUB)
            (root / ".venv" / "bin" / name).chmod(0o755)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
        (self.root / "log").write_text("")
        return subprocess.run(
            ["make", "PYTHON=true", *arguments],
            cwd=self.root,
            env={"PATH": os.environ["PATH"], **variables},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def log(self) -> list[str]:
        return (self.root / "log").read_text().splitlines()


@pytest.fixture
def stubbed(tmp_path: Path) -> Stubbed:
    """For what make itself does."""
    (tmp_path / "checkout").mkdir()
    return Stubbed(tmp_path / "checkout")


OURS = "(-E)(-s)(-m)(scripts)"
ATTACKS = (
    "amd'`touch hit`'.json",
    "$(shell touch hit)",
    "$$(touch hit)",
    "${shell touch hit}",
    '"; touch hit; "',
    "'; touch hit; '",
    "`touch hit`",
    "a b  c",
    "多 线程.json",
    "x\\",
    "*",
    "-x",
    "--help",
    "# x",
)
# What a call with a variable is for the program, where it is handed on as it was typed.
HANDED_ON = {
    ("add-record", "FILE"): "(add-record)(--)({})",
    ("post", "NAME"): "(post)(--)({})",
    ("fleet", "SCHEDULER"): "(fleet)(--)({})",
    ("fleet", "TIMEOUT"): "(fleet)(--timeout={})(--)()",
    ("fleet", "ROUNDS"): "(fleet)(--rounds={})(--)()",
    ("figures", "ROUNDS"): "(figures)(--rounds={})",
    ("figures", "RUNTIMES"): "(figures)(--runtimes={})",
}


@pytest.mark.parametrize(("target", "name"), HANDED_ON)
def test_what_is_typed_is_handed_on_as_it_was_typed(stubbed, target, name):
    """On the command line and in the environment; neither make nor the shell reads it as code."""
    for attack in ATTACKS:
        said = OURS + HANDED_ON[target, name].format(attack)
        for by in ({"line": f"{name}={attack}"}, {"shell": attack}):
            line = [by["line"]] if "line" in by else []
            shell = {name: by["shell"]} if "shell" in by else {}
            done = stubbed.make(target, *line, **shell)
            assert (done.stdout, done.stderr, stubbed.log()) == ("", "", [said, "end"]), attack
    assert not (stubbed.root / "hit").exists()


@pytest.mark.parametrize(
    "name", ["QUICK", "FORCE", "FRESH", "DRY_RUN", "ARGS", "PYTHON", "TLS_CA_FILE"]
)
def test_no_variable_is_code(stubbed, name):
    """Those that are switches, the words for pytest, and the interpreter, which is not found."""
    for attack in ATTACKS:
        stubbed.make("figures", "publish", "test", f"{name}={attack}")
        stubbed.make("figures", "publish", "test", **{name: attack})
    assert not (stubbed.root / "hit").exists()


def test_switches(stubbed):
    """0 and nothing mean no, anything else yes."""
    for value, options in (("0", ""), ("", ""), ("1", "(--force)(--quick)(--fresh)")):
        stubbed.make("figures", f"FORCE={value}", f"QUICK={value}", f"FRESH={value}")
        assert stubbed.log()[0] == f"{OURS}(figures){options}"
    stubbed.make("publish", "FORCE=1", "DRY_RUN=yes")
    assert stubbed.log()[0] == f"{OURS}(publish)(--dry-run)(--force)"


def test_an_interpreter_that_is_missing_is_named(stubbed):
    """Also where its name is no name."""
    done = stubbed.make("check", "PYTHON=python3; true")
    assert done.stderr.splitlines()[0] == (
        "make: no python3; true here (install Python 3.11 or newer, or make PYTHON=…)"
    )
    assert done.returncode == 2 and stubbed.log() == []


def test_targets_come_one_after_the_other(stubbed):
    """With eight jobs as with one: the site is that of the figures before it."""
    assert stubbed.make("-j8", "figures", "site", "check", SLOW="0.1").returncode == 0
    assert stubbed.log() == [
        line for name in ("figures", "site", "check") for line in (f"{OURS}({name})", "end")
    ]
    assert stubbed.make("-j8", SLOW="0.1").returncode == 0
    assert stubbed.log()[::2] == [f"{OURS}(figures)", f"{OURS}(site)"]


@pytest.mark.parametrize("flags", [".SHELLFLAGS=-c", ".SHELLFLAGS=-eu -c"])
def test_what_fails_fails_under_every_make(stubbed, flags):
    """make 3.81 knows no .SHELLFLAGS: nothing hangs on them."""
    for target, module in TARGETS.items():
        assert stubbed.make(target, flags, FAILS=module).returncode == 2, target
    for module in ("tests.site.browser", "pytest"):
        assert stubbed.make("test", flags, FAILS=module).returncode == 2
        assert f"(-E)(-s)(-m)({module})" in stubbed.log()[-2]
    (stubbed.root / ".venv" / "bin" / "ruff").write_text("#!/bin/sh\nexit 1")
    assert stubbed.make("lint", flags).returncode == 2
    assert stubbed.log() == []
    assert stubbed.make("site", flags, "PYTHON=false").returncode == 2
    assert stubbed.log() == []


def test_what_is_ours_is_not_taken_from_the_shell(stubbed):
    """Not even by a make that is told to prefer it."""
    names = ("SAID", "yes", "ROUNDS_OPTION", "FORCE_OPTION", "IN_VENV", "FEW", "RUN", "SET_UP")
    for name in names:
        said = {name: "@touch hit; true"}
        done = stubbed.make("-e", "figures", "QUICK=1", "ROUNDS=7", **said)
        assert (done.stdout, done.stderr) == ("", ""), name
        assert stubbed.log() == [f"{OURS}(figures)(--rounds=7)(--quick)", "end"], name
    assert not (stubbed.root / "hit").exists()


@pytest.mark.parametrize("target", ["figures", "redraw", "site", "serve", "publish", "post"])
def test_who_ends_make_ends_its_program(stubbed, target):
    """Which is in the place of the shell, and not below it."""
    log = stubbed.root / "log"
    log.write_text("")
    going = subprocess.Popen(
        ["make", "PYTHON=true", target],
        cwd=stubbed.root,
        env={"PATH": os.environ["PATH"], "SLOW": "1"},
        stderr=subprocess.DEVNULL,
    )
    while not log.read_text():
        assert going.poll() is None
    going.terminate()
    assert going.wait(30) != 0
    time.sleep(1.5)
    assert "end" not in stubbed.log()


def test_help_lists_what_there_is(stubbed):
    """Every target that can be called, with a line on each."""
    said = stubbed.make("help").stdout.splitlines()
    assert {line.split()[1] for line in said} >= {*TARGETS, "test", "lint", "clean", "help"}
    assert all(line.startswith("make ") and len(line.split()) > 3 for line in said)


@pytest.fixture
def real(project: Project) -> Project:
    """A project with the Makefile and the environment that runs these tests."""
    shutil.copy(ROOT / "Makefile", project.root)
    (project.root / ".venv").symlink_to(sys.prefix)
    return project


def make(
    project: Project, *arguments: str, stdin: int | None = None, **variables: str
) -> subprocess.CompletedProcess:
    """A call of make in a real project, as if no make had called the tests."""
    said = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", "PYTHON=true", *arguments],
        cwd=project.root,
        env={**said, **variables},
        stdin=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_shell_that_calls_changes_nothing(real, tmp_path):
    """Variables for Python, Hugo and Matplotlib, as in a notebook, a folder as standard input, and
    settings of Hugo beside ours: the same set, the same site."""
    assert make(real, "site").returncode == 0
    before = tree(real.root / "public"), tree(real.root / "static"), tree(real.root / "data")
    for name in ("yaml", "statistics", "json", "numpy", "sitecustomize", "usercustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "__init__.py").write_text("raise SystemExit('shadowed')")
    for name in ("hugo.toml", "config.toml", "config/_default/hugo.toml", "go.mod"):
        path = real.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('title = "elsewhere"\n')
    (tmp_path / "matplotlibrc").write_bytes(b"figure.dpi: 7\n\xff\xfe")
    shell = {
        "PYTHONPATH": str(tmp_path),
        "PYTHONSAFEPATH": "1",
        "PYTHONOPTIMIZE": "2",
        "PYTHONHOME": "/nowhere",
        "PYTHONEXECUTABLE": "/nowhere",
        "__PYVENV_LAUNCHER__": "/nowhere",
        "PYTHONWARNINGS": "error",
        "PYTHONHASHSEED": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MATPLOTLIBRC": str(tmp_path),
        "HUGO_BASEURL": "https://elsewhere.test/",
        "HUGO_UGLYURLS": "true",
        "HUGO_DISABLELANGUAGES": "en",
        "HUGO_MINIFY_TDEWOLFF_HTML_KEEPWHITESPACE": "true",
        "HUGO_PARAMS_COMMIT": "0123456789abcdef",
        "HUGO_ENVIRONMENT": "elsewhere",
        "HUGOxPARAMSxCOMMIT": "0123456789abcdef",
        "GOFLAGS": "-mod=none",
        "GODEBUG": "none",
        "GOMAXPROCS": "none",
        "GOMEMLIMIT": "1MiB",
    }
    stdin = os.open(tmp_path, os.O_RDONLY)  # a folder
    done = make(real, "redraw", "site", "check", stdin=stdin, **shell)
    os.close(stdin)
    assert (done.returncode, done.stderr) == (0, "")
    after = tree(real.root / "public"), tree(real.root / "static"), tree(real.root / "data")
    assert [sorted(one) for one in after] == [sorted(one) for one in before]
    assert after == before


@pytest.mark.parametrize(
    ("target", "name", "most", "cure"),
    [
        ("figures", "ROUNDS", 1000, "ROUNDS=5"),
        ("fleet", "TIMEOUT", 604800, "TIMEOUT=3600, in seconds"),
    ],
)
def test_a_number_beyond_all_sense_is_refused(real, target, name, most, cure):
    """In one line, however many digits it has."""
    shown = {typed: typed for typed in ("0", "-5", "1e3", "²", "123456789", "1" * 20)}
    for typed, seen in {**shown, "1" * 5000: f"{'1' * 20}…"}.items():
        done = make(real, target, f"{name}={typed}")
        assert done.returncode == 2
        said = done.stderr.splitlines()
        assert said[0] == f"{name} is {seen!r}, not a whole number from 1 to {most} ({cure})"
        assert len(said) == 2 and said[1].startswith("make: *** ")


def test_a_session_without_end_is_refused(real):
    """As too many rounds on the command line; with its place in the config."""
    text = real.config.read_text()
    real.config.write_text(text.replace("    minutes: 8", "    minutes: 123456789"))
    line = text[: text.index("    minutes: 8")].count("\n") + 1
    done = make(real, "figures")
    assert done.stderr.splitlines()[0] == (
        f"config.yaml:{line}: params.benchmark: minutes is 123456789, not between 1 and 1440"
        " (mend that line)"
    )
