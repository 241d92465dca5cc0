"""The interpreters of this machine, whatever their age: on PATH, and those that pyenv keeps."""

from __future__ import annotations

import functools
import os
import re
import subprocess
from pathlib import Path

OLDEST = (3, 9)
_NAME = re.compile(r"python[23]\.\d+t?")
_TELL = "import sys; print(sys.version_info[0], sys.version_info[1], 't' in sys.abiflags)"


@functools.cache
def every() -> dict[tuple[int, int, bool], str]:
    """An executable for each version, the oldest first; the third part: whether it has no GIL."""
    folders = [*map(Path, os.get_exec_path()), *Path.home().glob(".pyenv/versions/*/bin")]
    # pyenv's shims are scripts that look for one of the others.
    paths = sorted({path for one in folders if one.name != "shims" for path in one.glob("python*")})
    known = {path.resolve(): path for path in paths[::-1] if _NAME.fullmatch(path.name)}
    found = {}
    for path in sorted(known.values()):
        command = [path, "-I", "-S", "-c", _TELL]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode == 0:
            major, minor, free = told.stdout.split()
            found.setdefault((int(major), int(minor), free == "True"), str(path))
    return dict(sorted(found.items()))


def usable() -> dict[str, str]:
    """The executables that are new enough to measure, by name: {"python3.9": …}."""
    return {
        f"python{major}.{minor}{'t' if free else ''}": path
        for (major, minor, free), path in every().items()
        if (major, minor) >= OLDEST
    }


def too_old() -> dict[str, str]:
    """The others, by name."""
    return {
        f"python{major}.{minor}": path
        for (major, minor, _), path in every().items()
        if (major, minor) < OLDEST
    }
