"""Set-up: what is installed is what is pinned, whatever the shell says that called `make`."""

import configparser
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap, packages
from tests import pythons
from tests.conftest import ROOT
from tests.environment.disks import small_disk
from tests.environment.wheels import BACKEND, source, wheel

ensurepip = pytest.importorskip("ensurepip", reason="this Python brings no pip to try with")
BASE = sys._base_executable
NOBODY = "http://127.0.0.1:9/"


class Checkout:
    """A checkout that asks for a tiny package, and a registry in a folder that has it."""

    def __init__(self, root: Path) -> None:
        self.root, self.registry = root / "checkout", root / "registry"
        self.registry.mkdir(parents=True)
        for name in ("__init__.py", "bootstrap.py", "packages.py", "record"):
            path = ROOT / "scripts" / name
            copy = shutil.copytree if path.is_dir() else shutil.copy
            (self.root / "scripts").mkdir(parents=True, exist_ok=True)
            copy(path, self.root / "scripts" / name)
        # The pip that comes with the interpreter will do: it is there, so it is not fetched.
        pip = f"pip=={ensurepip.version()} --hash=sha256:{'0' * 64}\n"
        builder = wheel(self.registry, "setuptools", "9", {"setuptools/build_meta.py": BACKEND})
        (self.root / "requirements-build.txt").write_text(pip + builder)
        self.ask_for_tiny()

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        return self.venv / "ready-requirements"

    def ask(self, *pins: str) -> None:
        """What is to be installed."""
        (self.root / "requirements.txt").write_text("".join(pins))

    def ask_for_tiny(self) -> None:
        """Nothing else, and in its first version."""
        self.ask(wheel(self.registry, "tiny", "1", {"tiny/__init__.py": "", "tiny/more.py": ""}))

    def environment(self, **variables: str) -> dict[str, str]:
        where = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.registry.as_uri()}
        return {"PATH": os.environ["PATH"], "HOME": str(self.root), **where, **variables}

    def start(self, python: str = BASE, **variables: str) -> subprocess.Popen:
        """`make`'s first step, in a session of its own."""
        return subprocess.Popen(
            [python, "-I", "scripts/bootstrap.py", "requirements.txt"],
            cwd=self.root,
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def set_up(self, python: str = BASE, **variables: str) -> tuple[int, list[str]]:
        """The exit status, and the lines that were said."""
        going = self.start(python, **variables)
        said = going.communicate(timeout=120)[0]
        return going.returncode, said.splitlines()

    def has(self, module: str) -> str:
        """Where the environment has a module from, "" when it has none."""
        code = f"import importlib.util as u; print(getattr(u.find_spec({module!r}), 'origin', ''))"
        command = [self.venv / "bin" / "python", "-I", "-c", code]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def without(self, *names: str) -> None:
        """Take packages out again, and the stamp."""
        self.stamp.unlink(missing_ok=True)
        for name in names:
            for path in self.venv.glob(f"lib/python3*/site-packages/{name}*"):
                shutil.rmtree(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Checkout:
    """One that was set up: to make an environment takes seconds, to install into it does not.

    Its path is as odd as can be.
    """
    checkout = Checkout(tmp_path_factory.mktemp("set up") / "a\nb %(c)s $HOME \"'#=~*\\ 多")
    assert checkout.set_up() == (0, ["setting up .venv from requirements.txt"])
    for path in checkout.venv.glob("lib/python3*/site-packages/tiny*"):
        shutil.copytree(path, checkout.root / "installed" / path.name)
    return checkout


@pytest.fixture
def checkout(made: Checkout) -> Checkout:
    """The same, in need of being set up: it has an environment and nothing in it."""
    made.ask_for_tiny()
    made.without("tiny", "jieba", "setuptools")
    return made


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """The same, as it was left when all was installed."""
    site = next(checkout.venv.glob("lib/python3*/site-packages"))
    shutil.copytree(checkout.root / "installed", site, dirs_exist_ok=True)
    shutil.copy(checkout.root / "requirements.txt", checkout.stamp)
    return checkout


SETTINGS = {
    "user": "1",
    "target": "{}",
    "prefix": "{}",
    "root": "{}",
    "dry-run": "1",
    "no-binary": ":all:",
    "no-deps": "1",
    "ignore-installed": "1",
    "require-virtualenv": "1",
    "constraint": "{}/none.txt",
    "report": "{}/report.json",
    "build-constraint": "{}/none.txt",
    "platform": "win32",
    "quiet": "2",
}


def test_settings_of_pip_do_not_either(checkout, tmp_path):
    """In a file of its user's, for all commands and for one; addresses may stand on many lines."""
    file = tmp_path / "pip.conf"
    settings = configparser.RawConfigParser()
    settings["global"] = {
        "no-index": "1",
        "find-links": f"\n/nowhere\n{checkout.registry.as_uri()}",
    }
    every = {n: value.format(tmp_path) for n, value in SETTINGS.items()}
    settings.read_dict({"global": every, "install": every})
    with file.open("w") as out:
        settings.write(out)
    said = {"PIP_CONFIG_FILE": str(file), "PIP_NO_INDEX": "", "PIP_FIND_LINKS": ""}
    assert checkout.set_up(**said) == (0, ["setting up .venv from requirements.txt"])
    assert checkout.has("tiny").startswith(str(checkout.venv))
    assert list(tmp_path.iterdir()) == [file]


def test_settings_that_pip_does_not_understand_are_named(checkout, tmp_path):
    """The cure is where the settings are, and not the network."""
    (tmp_path / "pip.conf").write_text("no section")
    status, said = checkout.set_up(PIP_CONFIG_FILE=str(tmp_path / "pip.conf"))
    assert status == 1 and len(said) == 1, said
    assert said[0].startswith("make: pip does not understand its settings: ")
    assert said[0].endswith(f"({packages.TOLD})") and "pip.conf" in said[0].split(" (")[0]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("RETRIES", "many", "option retries: invalid integer value: 'many'"),
        ("TIMEOUT", "many", "option timeout: invalid floating-point value: 'many'"),
        ("NO_INDEX", "maybe", "maybe is not a valid value for no-index option"),
        ("CERT", "/nowhere.pem", "Could not find a suitable TLS CA certificate bundle"),
        ("PROXY", "none://x", "Proxy URL had unsupported scheme none"),
        ("USE_FEATURE", "none", "option use-feature: invalid choice: 'none'"),
    ],
)
def test_a_setting_that_pip_cannot_use_is_what_is_to_be_mended(checkout, name, value, reason):
    """And not the environment, which would only be made again; pip shows no such setting itself."""
    nobody = NOBODY.replace("http:", "https:")
    where = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": nobody}
    status, said = checkout.set_up(**{**where, "PIP_RETRIES": "0", f"PIP_{name}": value})
    assert status == 1 and len(said) == 2
    assert reason in said[1] and said[1].endswith(f"({packages.TOLD})")


def test_variables_and_files_of_python_do_not_reach_it(checkout, tmp_path):
    """A module that shadows one of the library, a customized user site, and every switch.

    Nor do variables of pip that say where or whether to install; the registry is found by one.
    """
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    trap = "import os; open(os.path.join({!r}, 'sprung'), 'w')\nraise SystemExit('sprung')\n"
    modules = ("statistics", "json", "subprocess", "pip", "tiny", "sitecustomize", "usercustomize")
    user = tmp_path / ".local/lib" / f"python3.{sys.version_info[1]}" / "site-packages"
    user.mkdir(parents=True)
    for folder in (tmp_path, user):
        for name in modules:
            (folder / f"{name}.py").write_text(trap.format(str(tmp_path)))
    (user / "noise.pth").write_text(f"import os; print('noise'); os.mkdir({str(user / 'ran')!r})\n")
    said = {
        "HOME": str(tmp_path),
        "PYTHONPATH": str(tmp_path),
        "PYTHONHOME": "/nowhere",
        "PYTHONSAFEPATH": "1",
        "PYTHONOPTIMIZE": "2",
        "PYTHONSTARTUP": str(tmp_path / "json.py"),
        "PYTHONUSERBASE": str(tmp_path / ".local"),
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONIOENCODING": "ascii",
        "PIP_PYTHON": "/nowhere",
    }
    for name, value in SETTINGS.items():
        said[f"PIP_{name.upper().replace('-', '_')}"] = value.format(elsewhere)
    assert checkout.set_up(**said) == (0, ["setting up .venv from requirements.txt"])
    assert checkout.has("tiny").startswith(str(checkout.venv))
    assert not (tmp_path / "sprung").exists() and not (user / "ran").exists()
    assert list(elsewhere.iterdir()) == []


def test_what_is_published_as_source_is_built_by_what_is_pinned(checkout, tmp_path):
    """In no environment of pip's own, which it would fill unpinned; what built it is gone again."""
    checkout.ask(source(checkout.registry, "jieba", "1", {"setup.py": ""}))
    assert checkout.set_up() == (0, ["setting up .venv from requirements.txt"])
    assert checkout.has("jieba").startswith(str(checkout.venv))
    assert checkout.has("setuptools") == ""


def test_nothing_else_is_built(checkout):
    """A source distribution of anything else runs none of its code."""
    pin = source(checkout.registry, "other", "1", {"setup.py": "open('/tmp/ran', 'w')"})
    checkout.ask(pin)
    assert checkout.set_up() == (
        1,
        [
            "setting up .venv from requirements.txt",
            "make: requirements.txt: could not be installed: No matching distribution found for"
            " other==1 (is the registry the right one (pip config list)? if so, try another"
            " Python: make PYTHON=…)",
        ],
    )


@pytest.mark.parametrize(
    ("build", "asked"),
    [(wheel, "tiny"), (source, "jieba")],
)
def test_a_file_that_was_not_pinned_is_refused(checkout, build, asked):
    """Nothing of it is installed, nothing is stamped; the cure is another registry."""
    pin = build(checkout.registry, asked, "1", {})
    checkout.ask(pin[:-8] + "0" * 7 + "\n")
    status, said = checkout.set_up()
    assert status == 1 and len(said) == 2
    assert "DO NOT MATCH THE HASHES" in said[1]
    assert said[1].endswith("(the registry gives other files than were pinned: use another one)")
    assert not checkout.stamp.exists() and not checkout.has(asked)


def test_without_the_network_the_network_is_the_cure(checkout):
    """A registry that nobody serves is told from one that does not have the file."""
    status, said = checkout.set_up(
        PIP_NO_INDEX="0", PIP_INDEX_URL=NOBODY, PIP_RETRIES="1", PIP_FIND_LINKS=""
    )
    assert status == 1 and len(said) == 2
    assert said[1].endswith(
        "(is the network up, and a registry for Python packages reachable? then make again)"
    )


def test_what_cannot_be_loaded_is_not_ready(checkout):
    """Installed is not enough: it is loaded once before the stamp is set."""
    checkout.ask(wheel(checkout.registry, "tiny", "2", {"tiny/__init__.py": "import nothing"}))
    assert checkout.set_up() == (
        1,
        [
            "setting up .venv from requirements.txt",
            "make: requirements.txt: tiny cannot be loaded: No module named 'nothing'"
            " (rm -r .venv, then make again)",
        ],
    )
    assert not checkout.stamp.exists()


def test_ctrl_c_is_one_line_and_the_next_make_goes_on(checkout):
    """While it waits for a registry that does not answer; pip ends with it, and writes no more.

    As Ctrl-C does a closed terminal, and who ends `make`.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = f"http://127.0.0.1:{server.getsockname()[1]}/"
            going = checkout.start(PIP_NO_INDEX="0", PIP_INDEX_URL=address, PIP_FIND_LINKS="")
            connection = server.accept()[0]
            going.send_signal(number)
            said = going.communicate(timeout=30)[0].splitlines()
            connection.settimeout(30)
            while connection.recv(4096):  # until who asked is gone
                pass
        assert going.returncode == 130
        assert said == [
            "setting up .venv from requirements.txt",
            "make: stopped; the next make goes on with it",
        ]
    assert checkout.set_up() == (0, ["setting up .venv from requirements.txt"])


@pytest.fixture
def put_aside(checkout):
    """The environment, which is put back afterwards: another may stand in its place."""
    aside = checkout.venv.rename(checkout.root / "aside")
    yield aside
    if checkout.venv.is_dir() and not checkout.venv.is_symlink():
        shutil.rmtree(checkout.venv)
    checkout.venv.unlink(missing_ok=True)
    aside.rename(checkout.venv)


def test_an_environment_that_is_no_folder_is_refused(checkout, put_aside):
    """A file, and a link, to somebody's own perhaps: that one is left alone."""
    said = [f"make: .venv: is no folder of its own ({packages.AFRESH})"]
    (checkout.root / "empty").mkdir(exist_ok=True)
    checkout.venv.write_text("")
    assert checkout.set_up() == (1, said)
    for target in ("nowhere", "empty", ".venv"):
        checkout.venv.unlink()
        checkout.venv.symlink_to(target)
        assert checkout.set_up() == (1, said)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (None, ".venv: holds no packages"),
        (b"#!/bin/sh\n", ".venv does not work: it said nothing"),
        (b"#!/bin/sh\necho no; exit 1\n", ".venv does not work: no"),
        (
            b"\x7fELF of another machine",
            ".venv does not work: [Errno 8] Exec format error: '.venv/bin/python'",
        ),
    ],
)
def test_an_environment_that_does_not_work_is_to_be_made_afresh(
    checkout, put_aside, program, reason
):
    """Half of it was removed, or its Python is another program."""
    (checkout.venv / "bin").mkdir(parents=True)
    shutil.copy(put_aside / "base", checkout.venv)
    (checkout.venv / "bin" / "python").write_bytes(program or b"")
    (checkout.venv / "bin" / "python").chmod(0o755)
    if program:
        (checkout.venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    assert checkout.set_up() == (1, [f"make: {reason} ({packages.AFRESH})"])


def test_a_pip_that_does_not_work_is_named(checkout, tmp_path):
    """Its settings have no part in that."""
    (inside,) = checkout.venv.glob("lib/python3*/site-packages/pip/_internal")
    inside.rename(tmp_path / "pip")
    status, said = checkout.set_up()
    (tmp_path / "pip").rename(inside)
    reason = "pip does not work: ModuleNotFoundError: No module named 'pip._internal'"
    assert (status, said) == (1, [f"make: .venv/bin/python: {reason} ({packages.AFRESH})"])


@pytest.mark.parametrize("gone", ["tiny/more.py", "tiny-1.dist-info/RECORD"])
def test_what_is_half_there_is_not_ready(ready, gone):
    """As pip leaves it when it is killed."""
    next(ready.venv.glob("lib/python3*/site-packages")).joinpath(gone).unlink()
    ready.stamp.unlink()
    status, said = ready.set_up()
    reason = "tiny cannot be loaded: some of its files are not there"
    assert (status, said[1:]) == (1, [f"make: requirements.txt: {reason} ({packages.AFRESH})"])


def test_nothing_is_done_twice(checkout):
    """Of two at once the second waits for the first; a later one starts no other program."""
    first, second = checkout.start(), checkout.start()
    said = [going.communicate(timeout=60)[0] for going in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert sorted(said) == ["", "setting up .venv from requirements.txt\n"]
    assert checkout.set_up(PATH="") == (0, [])


def interpreter(made: Checkout) -> Path:
    """The link to the interpreter that an environment was made from."""
    links = [path for path in made.venv.glob("bin/python3*") if path.readlink().is_absolute()]
    assert len(links) == 1
    return links[0]


def test_an_environment_that_no_longer_fits_is_not_ready(ready, monkeypatch):
    """Its Python was upgraded in its place, or is no program, or has another name, or is gone.

    Or a requirement was added. What it is made from anew works.
    """
    monkeypatch.chdir(ready.root)
    assert bootstrap.is_ready("requirements.txt")
    with monkeypatch.context() as changed:
        changed.setattr("sys.version", sys.version.replace("3.", "4.", 1))
        assert not bootstrap.is_ready("requirements.txt")
    with monkeypatch.context() as changed:
        changed.setattr("sys.executable", "/bin/sh")
        assert not bootstrap.is_ready("requirements.txt")
    link, there = interpreter(ready), interpreter(ready).readlink()
    link.unlink()
    link.touch(0o644)
    assert not bootstrap.is_ready("requirements.txt")
    link.unlink()
    link.symlink_to(there)
    assert bootstrap.is_ready("requirements.txt")
    pins = (ready.root / "requirements.txt").read_text()
    ready.ask("more==1\n", pins)
    assert not bootstrap.is_ready("requirements.txt")
    ready.ask(pins)
    assert bootstrap.is_ready("requirements.txt")
    for path in (ready.stamp, ready.venv / "base"):
        text = path.read_bytes()
        path.write_bytes(b"\xff")
        assert not bootstrap.is_ready("requirements.txt")
        path.unlink()
        path.mkdir()
        assert not bootstrap.is_ready("requirements.txt")
        path.rmdir()
        path.write_bytes(text)
    assert bootstrap.is_ready("requirements.txt")
    link.unlink()
    link.symlink_to("/nowhere/python3")  # as after an upgrade of the system
    assert ready.set_up() == (0, ["setting up .venv from requirements.txt"])
    assert ready.has("tiny").startswith(str(ready.venv))


def test_a_full_disk_is_named(tmp_path):
    """By its place, with room there as the cure. Needs root, to mount a small one."""
    with small_disk(tmp_path / "disk", 4096) as disk:
        assert Checkout(disk).set_up() == (
            1,
            [
                f"make: {disk}/checkout: No space left on device"
                " (free some disk space, then try again)"
            ],
        )


def test_a_path_that_python_would_take_for_two_is_named(tmp_path):
    """Nothing is made there; other odd letters do no harm, as in the path of all other tests."""
    checkout = Checkout(tmp_path / "a:b")
    assert checkout.set_up() == (
        1,
        [
            f"make: {checkout.root}: Python cannot work in a folder with a ':' in its path"
            " (move the checkout to another one)"
        ],
    )
    assert not checkout.venv.exists()


@pytest.mark.parametrize("name", pythons.too_old())
def test_an_interpreter_that_is_too_old_is_told_so(checkout, name):
    """In one line, by whatever Python 3 it is."""
    if name.startswith("python2"):
        pytest.skip("no Python 3")
    status, said = checkout.set_up(pythons.too_old()[name])
    version = name.removeprefix("python")
    cure = "make PYTHON=python3.11"
    assert (status, said) == (
        1,
        [f"make: Python {version} is too old, 3.11 or newer is needed ({cure})"],
    )


def test_an_interpreter_without_ensurepip_uses_the_pip_that_is_there(tmp_path):
    """It installs the pinned one, checked by its hash, and that one does the rest."""
    bare = next(
        (
            path
            for (_, minor, free), path in pythons.every().items()
            if minor >= 11 and not free and not has_ensurepip(path)
        ),
        None,
    )
    if not bare:
        pytest.skip("every Python here comes with ensurepip")
    checkout = Checkout(tmp_path)
    bundled = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"), None)
    if not bundled:
        pytest.skip("this Python brings no whole pip, as Debian's does not")
    shutil.copy(bundled, checkout.registry)
    pins = checkout.root / "requirements-build.txt"
    hash_ = hashlib.sha256(bundled.read_bytes()).hexdigest()
    pins.write_text(pins.read_text().replace("0" * 64, hash_))
    # Ours, and not a script of pyenv's that looks for one.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = checkout.set_up(bare, PATH=path)
    assert done == (0, ["setting up .venv from requirements.txt"])
    assert checkout.has("tiny").startswith(str(checkout.venv))


def has_ensurepip(python: str) -> bool:
    """Whether an interpreter can put a pip into a new environment."""
    command = [python, "-I", "-c", "import ensurepip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
