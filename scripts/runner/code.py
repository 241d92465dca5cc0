"""Which code is timed: a hash for each experiment, of the modules that run in its processes.

A changed word, colour, progress line or error text never asks for a new measurement.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict, Iterator, Set

from scripts.record import sha256

SCRIPTS = Path(__file__).parents[1]
# What every timed process begins with.
_ENTRY = "scripts.measure.child"


def code_sha256s(scripts: Path = SCRIPTS) -> Dict[str, str]:
    """The hash of each experiment of the code below `scripts`."""
    names = sorted(path.parent.name for path in (scripts / "experiments").glob("*/measure.py"))
    return {name: _sha256(scripts, name) for name in names}


def modules_of(name: str, scripts: Path = SCRIPTS) -> Set[str]:
    """The modules that run in a timed process of the experiment `name`, imported there or later."""
    known: Set[str] = set()
    left = {_ENTRY, f"scripts.experiments.{name}.measure"}
    while left:
        module = left.pop()
        known.add(module)
        left |= set(_imports(_path(module, scripts))) - known
    return known


def _sha256(scripts: Path, name: str) -> str:
    parts = [
        f"{module}\n{_path(module, scripts).read_text(encoding='utf-8')}"
        for module in sorted(modules_of(name, scripts))
    ]
    return sha256("\0".join(parts).encode())


def _path(module: str, scripts: Path) -> Path:
    path = scripts.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, wherever in it, but for those that types need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in typing and node.module:
            yield from _ours(path, node.module, [alias.name for alias in node.names])
        elif isinstance(node, ast.Import) and node not in typing:
            for alias in node.names:
                yield from _ours(path, alias.name, [])


def _ours(path: Path, module: str, names: list) -> Iterator[str]:
    if module.split(".")[0] != "scripts":
        return
    scripts = next(parent for parent in path.parents if parent.name == "scripts")
    inside = [f"{module}.{name}" for name in names if _path(f"{module}.{name}", scripts).exists()]
    yield from inside
    if len(inside) < len(names) or not names:
        yield module
