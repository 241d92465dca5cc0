"""Which modules a piece of this program is made of, and a hash of them.

Found by the imports that stand in the sources, so that nothing need be run, and what a change
cannot reach is not in the hash.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import FrozenSet, Iterable, Iterator, Set

from scripts.record import sha256

SCRIPTS = Path(__file__).parents[1]


def closure(roots: Iterable[str], scripts: Path = SCRIPTS) -> Set[str]:
    """The modules `roots` and all of ours that they import, at their beginning or later."""
    known: Set[str] = set()
    left = set(roots)
    while left:
        module = left.pop()
        known.add(module)
        left |= _imports(_path(module, scripts)) - known
    return known


def sha256_of(modules: Iterable[str], scripts: Path = SCRIPTS) -> str:
    """The SHA-256 of the names and texts of modules."""
    parts = (
        f"{module}\n{_path(module, scripts).read_text(encoding='utf-8')}"
        for module in sorted(modules)
    )
    return sha256("\0".join(parts).encode())


def _path(module: str, scripts: Path) -> Path:
    path = scripts.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@functools.cache
def _imports(path: Path) -> FrozenSet[str]:
    """The modules of ours that a file imports, but for those that only its types need."""
    found: Set[str] = set()
    for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.update(_ours(path, node.module, [alias.name for alias in node.names]))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found.update(_ours(path, alias.name, []))
    return frozenset(found)


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """The statements within a block, at any depth, but for what only types need.

    Expressions, of which there are many more, hold no import.
    """
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        for node in getattr(block, name, ()):
            if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
                yield node
                yield from _statements(node)


def _ours(path: Path, module: str, names: list) -> Iterator[str]:
    """The modules that `from module import names` (or `import module`) in `path` brings in."""
    if module.split(".")[0] != "scripts":
        return
    scripts = next(parent for parent in path.parents if parent.name == "scripts")
    modules = [f"{module}.{name}" for name in names if _path(f"{module}.{name}", scripts).exists()]
    yield from modules
    if len(modules) < len(names) or not names:
        yield module
