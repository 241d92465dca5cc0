"""A measure.pyz that measures for a second: a few experiments, sizes as small as can be."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from scripts.project import Project
from scripts.reader import pyz

ROOT = Path(__file__).parents[2]


def write(path: Path, kept: Sequence[str]) -> None:
    """The program of this checkout, with no other experiments than those `kept`.

    All are declared, since their sizes are settings; what measures the others is left out.
    """
    whole = zipfile.ZipFile(io.BytesIO(pyz.build(Project(ROOT))))
    with zipfile.ZipFile(path, "w") as archive:
        for name in whole.namelist():
            parts = name.split("/")
            other = parts[:2] == ["scripts", "experiments"] and parts[2] not in kept
            if other and parts[-1] == "measure.py":
                continue
            data = whole.read(name)
            archive.writestr(name, _small(data) if name.endswith("baked.json") else data)


def _small(data: bytes) -> bytes:
    baked = json.loads(data)
    sizes = {name: min(size, 2000) for name, size in baked["settings"].items()}
    return json.dumps({**baked, "settings": {**sizes, "workers": 2}}).encode()
