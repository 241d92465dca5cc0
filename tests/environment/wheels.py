"""A registry in a folder: tiny packages, made here, with the pins that ask for them."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def pin(path: Path, name: str, version: str) -> str:
    """The line of a file of requirements that asks for just this file."""
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def wheel(folder: Path, name: str, version: str, files: Mapping[str, str]) -> str:
    """Put a wheel of `files` into `folder`; its pin."""
    facts = f"{name}-{version}.dist-info"
    every = {
        **files,
        f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*every, f"{facts}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in {**every, f"{facts}/RECORD": record}.items():
            archive.writestr(inside, text)
    return pin(path, name, version)


def source(folder: Path, name: str, version: str, files: Mapping[str, str]) -> str:
    """Put a source distribution of `files` into `folder`; its pin."""
    path = folder / f"{name}-{version}.tar.gz"
    facts = {"PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    with tarfile.open(path, "w:gz") as archive:
        for inside, text in {**facts, **files}.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{inside}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return pin(path, name, version)


# Stands for setuptools: a backend that packs the package of the same name as what it is to build,
# and leaves a trace of having been there.
BACKEND = """
import os, re, sys, zipfile

class _Backend:
    def get_requires_for_build_wheel(self, config_settings=None):
        return []

    def build_wheel(self, folder, config_settings=None, metadata_directory=None):
        facts = open("PKG-INFO").read()
        name, version = (re.search(f"\\n{key}: (.*)", facts)[1] for key in ("Name", "Version"))
        dist = f"{name}-{version}.dist-info"
        file = f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(os.path.join(folder, file), "w") as archive:
            archive.writestr(f"{name}/__init__.py", "BUILT_BY = 'what is pinned'")
            archive.writestr(f"{dist}/METADATA", facts)
            tags = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
            archive.writestr(f"{dist}/WHEEL", tags)
            files = ("METADATA", "WHEEL", "RECORD")
            lines = [f"{name}/__init__.py,,", *(f"{dist}/{file},," for file in files)]
            archive.writestr(f"{dist}/RECORD", "\\n".join(lines))
        return file

__legacy__ = _Backend()
"""
