"""static/measure.pyz: all that measures and sums up in one file, for a Python without packages.

The same sources give the same bytes, on every machine and by every Python: names sorted, no dates,
nothing compressed (versions of zlib differ), nothing compiled.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path

import yaml

from scripts.conclude.summary import Download
from scripts.draw.language import LANGUAGES
from scripts.project import Project
from scripts.reader.__main__ import BAKED
from scripts.reader.page import SPOKEN
from scripts.record import sha256
from scripts.record.errors import BlogError
from scripts.written import claims, config, yaml_lines

_SOURCES = Path(__file__).parents[1]
_FILES = ("__init__", "reader/__init__", "reader/__main__", "reader/page")
_ROOMS = ("conclude", "draw", "experiments", "measure", "record", "runner")
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can hold

_LAUNCHER = """\
# Any Python must be able to read this file, so that an old one can be told what is missing.
import os
import sys

if sys.version_info < (3, 9):
    sys.exit("measure.pyz: Python 3.9 or newer is needed, this is %d.%d" % sys.version_info[:2])
program = os.path.dirname(os.path.abspath(__file__))
if sys.executable and not sys.flags.isolated:
    # Modules come from Python and from this file, whatever lies where it is started.
    command = [sys.executable, "-I", program] + sys.argv[1:]
    if os.name == "posix":
        try:
            os.execv(sys.executable, command)
        except OSError as error:
            cure = "env -u PYTHONEXECUTABLE python3 " + sys.argv[0]
            sys.exit("measure.pyz: %s: %s (%s)" % (sys.executable, error.strerror, cure))
    import subprocess

    sys.exit(subprocess.call(command))

import shutil
import signal
import subprocess
import tempfile
import zipfile

guard = folder = None
try:
    # In a folder, since there interpreters keep what they have compiled: to compile all of it anew
    # in every process would be measured as the cost of starting one.
    folder = os.path.abspath(tempfile.mkdtemp(prefix="measure-"))
    with zipfile.ZipFile(program) as archive:
        code = archive.read("scripts/runner/guard.py").decode()
        # It removes the folder when this process ends, however that comes about.
        command = [sys.executable, "-I", "-S", "-c", code, folder]
        guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        archive.extractall(folder)
    sys.path.insert(0, folder)
    from scripts.reader.__main__ import main

    status = main(sys.argv[1:])
except KeyboardInterrupt:
    status = 130
except OSError as error:
    status = "measure.pyz: cannot be unpacked: %s" % error
finally:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already
    if guard:
        guard.stdin.close()
        try:
            guard.wait(10)
        except subprocess.TimeoutExpired:
            guard.kill()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
sys.exit(status)
"""


def build(project: Project) -> bytes:
    """The bytes of measure.pyz, of this code and of the project's sizes, claims and words.

    Raises BlogError for what is malformed in config.yaml, data/claims.yaml or i18n/.
    """
    files = {"__main__.py": _LAUNCHER, f"scripts/reader/{BAKED}": baked(project)}
    paths = [_SOURCES / f"{name}.py" for name in _FILES]
    for room in _ROOMS:
        paths += (_SOURCES / room).rglob("*.py")
    for path in paths:
        files[f"scripts/{path.relative_to(_SOURCES).as_posix()}"] = path.read_text(encoding="utf-8")
    out = io.BytesIO()
    out.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # of Unix, on every system
            archive.writestr(entry, files[name].encode())
    return out.getvalue()


def facts(data: bytes) -> Download:
    """What data/measured.json says of the file: its size and SHA-256."""
    return {"bytes": len(data), "sha256": sha256(data)}


def baked(project: Project) -> str:
    """What is baked into the file, as JSON, since there is no YAML where it is read."""
    stated = claims.load(project.claims, project.relative(project.claims))
    sizes = config.load_settings(project.config)
    baked = {
        "settings": dataclasses.asdict(sizes),
        "claims": [dataclasses.asdict(claim) for claim in stated],
        "words": {name: _words(project, name) for name in LANGUAGES},
    }
    return json.dumps(baked, sort_keys=True, indent=1)


def _words(project: Project, language: str) -> dict[str, str]:
    """The words of that language that the report is written with, as they stand in i18n/."""
    path = project.words.with_stem(language)
    where = project.relative(path)
    root = yaml_lines.compose(path, where)
    nodes = root.value if isinstance(root, yaml.MappingNode) else []
    found = {str(name.value): str(text.value) for name, text in nodes}
    found = {name: text for name, text in found.items() if SPOKEN.fullmatch(name)}
    if not found:
        raise BlogError("holds no words for verdicts", where=where, cure=f"git checkout {where}")
    return found
