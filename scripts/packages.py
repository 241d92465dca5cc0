"""The packages in .venv: installed as pinned, every file checked against its hash, then tried.

pip is told what to do by us alone. Of what its user has told it, in variables and files, only how
to get to a registry counts: where to install to, what to leave out or to build is no matter of
taste here.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.record.environment import NETWORK, clean_environment
from scripts.record.errors import BlogError
from scripts.record.faults import full_disk

# Published by their authors as source only. All else is installed as wheels, which run no code.
BUILT = ("jieba",)
# What installs and what builds: pip, which stays, and what is gone again afterwards.
BUILDERS = "requirements-build.txt"
HASHED = ("--require-hashes", "--only-binary", ":all:", "--requirement")
BUILDING = ("--no-binary", ",".join(BUILT), "--no-build-isolation", "--use-pep517")
# What these install may be timed, and no run is to compile it; what else is used is compiled then.
TIMED = ("requirements.txt", "requirements-fleet.txt")
AFRESH = "rm -r .venv, then make again"
# Settings that pip does not understand it does not list, either: pip config debug fails as well.
TOLD = (
    "mend what pip is told, env | grep ^PIP_ and"
    " cat ~/.config/pip/pip.conf ~/.pip/pip.conf /etc/xdg/pip/pip.conf /etc/pip.conf show it"
)
NETWORK_OPTIONS = (
    *("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cert"),
    *("client-cert", "proxy", "timeout", "default-timeout", "retries", "resume-retries"),
    *("cache-dir", "no-cache-dir", "keyring-provider", "use-feature"),
)
# What pip says in the cases that we know the cure of; the first that fits.
CURES = (
    ("No space left on device", "free some disk space, also for temporary files, then make again"),
    ("DO NOT MATCH THE HASHES", "the registry gives other files than were pinned: use another one"),
    ("Permission denied|Read-only file system", "make .venv writable, then make again"),
    ("not a valid value|option [a-z-]+: invalid|TLS CA|[Pp]roxy URL|Can't mix abs", TOLD),
    (
        "[Rr]etrying|[Cc]onnection|ConnectTimeout|NameResolution|SSLError|ProxyError|HTTPError",
        "is the network up, and a registry for Python packages reachable? then make again",
    ),
    (
        "No matching distribution",
        "is the registry the right one (pip config list)? if so, try another Python: make PYTHON=…",
    ),
)
# Run in .venv: prints, as its last line, what is not as pinned, {name: reason}; with "import" also
# what does not load, of the packages that lie in site-packages themselves.
_VERIFY = """
import csv, importlib, importlib.metadata, json, sys
pins, wrong = json.loads(sys.argv[1]), {}
for name, version in pins.items():
    try:
        found = importlib.metadata.distribution(name)
        if found.version != version:
            wrong[name] = "%s is there, not %s" % (found.version, version)
        elif sys.argv[2:]:
            # Later Pythons leave out of .files what is not there.
            listed = csv.reader((found.read_text("RECORD") or "").splitlines())
            names = [row[0] for row in listed if row and not row[0].endswith(".pyc")]
            if not names or not all(found.locate_file(name).exists() for name in names):
                raise ImportError("some of its files are not there")
            parts = [tuple(name.split("/")) for name in names]
            for module in sorted({p[0] for p in parts if p[1:] == ("__init__.py",)}):
                importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        wrong[name] = "is not there"
    except Exception as error:
        wrong[name] = "cannot be loaded: %s" % (error.__cause__ or error)
print("\\n" + json.dumps(wrong))
"""


def make_venv(folder: str) -> None:
    """Make a virtual environment afresh from the interpreter that runs this.

    It is called by its real name: one that is only linked to may not find its library from there.
    Raises BlogError.
    """
    if os.pathsep in os.getcwd():
        what = f"Python cannot work in a folder with a {os.pathsep!r} in its path"
        raise BlogError(what, where=os.getcwd(), cure="move the checkout to another one")
    if os.path.islink(folder) or os.path.isfile(folder):
        raise BlogError("is no folder of its own", where=folder, cure=AFRESH)
    ensurepip = importlib.util.find_spec("ensurepip")
    # Where Python brings pip as one file, unpacked it is installed: ensurepip takes seconds for it.
    brought = Path(ensurepip.origin).parent.glob("_bundled/pip-*.whl") if ensurepip else ()
    wheel = next(iter(brought), None)
    command = [os.path.realpath(sys.executable), "-I", "-m", "venv", "--clear", folder]
    without = ["--without-pip"] if wheel or not ensurepip else []
    status, said = _run([*command, *without], clean_environment())
    if not status and wheel:
        try:
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(next(Path(folder).glob("lib/python3*/site-packages")))
        except (OSError, zipfile.BadZipFile) as error:
            status, said = 1, str(error)
    if status:
        last = (said.strip().splitlines() or ["it said nothing"])[-1]
        what = f"this Python cannot make a virtual environment: {last}"
        cure = "see that this folder can be written to, and that this Python is whole"
        raise _full_disk() or BlogError(what, cure=cure)


def pinned(requirements: str) -> dict[str, str]:
    """The versions that a file of requirements asks for, by name."""
    text = Path(requirements).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def network_settings(pip: Sequence[str]) -> dict[str, str]:
    """How the caller's pip gets to a registry, as variables, and nothing else that it was told.

    Raises BlogError for settings that it does not understand.
    """
    # The command that lists them heeds them too.
    unasked = dict.fromkeys(("PIP_USER", "PIP_GLOBAL", "PIP_SITE", "PIP_QUIET", "PIP_VERBOSE"), "0")
    environment = clean_environment(("PIP_CONFIG_FILE", "XDG_CONFIG_DIRS"), **unasked)
    status, said = _run([*pip, "config", "list"], environment)
    if status and "Traceback" in said:
        what = f"pip does not work: {said.splitlines()[-1]}"
        raise BlogError(what, where=pip[0], cure=AFRESH if pip[1:] else "install it anew")
    if status:
        what = f"pip does not understand its settings: {' '.join(said.split())[:200]}"
        raise BlogError(what, cure=TOLD)
    settings = {}
    # What is said for one command goes before what is said for all, and a variable before both.
    for section in ("global", "install"):
        for name, value in re.findall(rf"^{section}\.(\S+?)=(.*)$", said, re.MULTILINE):
            settings[name] = " ".join(ast.literal_eval(value).split())
    names = {name: f"PIP_{name.upper().replace('-', '_')}" for name in NETWORK_OPTIONS}
    found = {v: os.environ.get(v) or settings.get(name) for name, v in names.items()}
    return {variable: value for variable, value in found.items() if value}


class Installer:
    """What installs into the virtual environment `folder`, and sees what is there."""

    def __init__(self, folder: str) -> None:
        self._python = str(Path(folder, "bin", "python"))
        self._site = next(Path(folder).glob("lib/python3*/site-packages"), None)
        if not self._site:
            raise BlogError("holds no packages", where=folder, cure=AFRESH)
        self._environment = clean_environment()
        self._wrong({})  # that it works at all
        settings = network_settings(self._pip())
        self._environment = clean_environment(NETWORK, PIP_CONFIG_FILE=os.devnull, **settings)

    def install(self, requirements: str) -> None:
        """Install what is lacking, then see that all is there and loads. Raises BlogError."""
        pins, builders = pinned(requirements), pinned(BUILDERS)
        lacking = self._wrong({**pins, "pip": builders.pop("pip")})
        building = lacking.keys() & {"pip", *BUILT}
        if building:
            self._pip_install(BUILDERS)
        if lacking:
            self._pip_install(requirements, *BUILDING)
        if building:
            _run([*self._pip(), "uninstall", "--quiet", "--yes", *builders], self._environment)
        for name, reason in sorted(self._wrong(pins, "import").items()):
            raise BlogError(f"{name} {reason}", where=requirements, cure=AFRESH)

    def _pip(self) -> list[str]:
        """The command of its own pip; of the one on PATH as long as it has none."""
        if (self._site / "pip").exists():
            return [self._python, "-I", "-m", "pip"]
        found = shutil.which("pip3") or shutil.which("pip")
        if not found:
            cure = "apt install python3-venv, or your system's package of that name"
            raise BlogError("this Python comes without ensurepip, and there is no pip", cure=cure)
        return [found]

    def _pip_install(self, requirements: str, *options: str) -> None:
        pip = self._pip()
        where = () if pip[0] == self._python else ("--target", str(self._site))
        quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
        compiled = () if requirements in TIMED else ("--no-compile",)
        command = [*pip, "install", *quiet, *compiled, *where, *HASHED, requirements, *options]
        status, said = _run(command, self._environment)
        if status:
            lines = said.splitlines()
            errors = [line for line in lines if re.match("ERROR: (?!Exception:)", line)]
            errors = errors or lines[-1:]
            reason = errors[-1].replace("ERROR: ", "")[:200] if errors else "pip said nothing"
            cures = [cure for pattern, cure in CURES if re.search(pattern, said)]
            what = f"could not be installed: {reason}"
            raise _full_disk() or BlogError(what, requirements, (cures or [AFRESH])[0])

    def _wrong(self, pins: Mapping[str, str], *options: str) -> dict[str, str]:
        """What is not there as pinned: {name: reason}."""
        command = [self._python, "-I", "-c", _VERIFY, json.dumps(pins), *options]
        status, said = _run(command, self._environment)
        lines = said.strip().splitlines() or ["it said nothing"]
        if not status:
            with contextlib.suppress(ValueError):  # another program may stand there
                return json.loads(lines[-1])
        raise BlogError(f".venv does not work: {lines[-1]}", cure=AFRESH)


def _full_disk() -> BlogError | None:
    return full_disk([os.getcwd(), tempfile.gettempdir()])


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit status of a command, and what it said on both its channels, or why it said nothing.

    When this is stopped, so is all that the command has started.
    """
    try:
        going = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return 1, str(error)
    try:
        said = going.communicate()[0]
    except BaseException:
        os.killpg(going.pid, signal.SIGKILL)
        raise
    return going.returncode, said.decode(errors="replace")
