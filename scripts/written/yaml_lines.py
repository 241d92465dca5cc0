"""YAML files written by hand: read so that an error can name its line."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import Any

import yaml

from scripts.record import faults
from scripts.record.errors import BlogError


def compose(path: Path, where: str) -> yaml.Node | None:
    """The nodes of a YAML file, which know their lines; None when it is empty.

    Raises BlogError when the file is missing, not UTF-8 or not YAML; `where` names it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return _composed(text)
    except FileNotFoundError:
        raise BlogError("is missing", where=where, cure=f"git checkout {where}") from None
    except UnicodeDecodeError:
        raise BlogError("is not UTF-8", where=where, cure="save it as UTF-8") from None
    except OSError as error:
        cure = faults.CURES.get(error.errno, "")
        raise BlogError(f"cannot be read: {error.strerror}", where, cure) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"is no YAML: {error.problem}"
        raise BlogError(what, where=f"{where}:{line}", cure="mend that line") from None
    except yaml.YAMLError as error:
        raise BlogError(f"is no YAML: {error}", where=where, cure="mend it") from None


@functools.lru_cache(maxsize=8)
def _composed(text: str) -> yaml.Node | None:
    """The nodes of a text, which nobody changes: a command reads the same few files repeatedly.

    The reader in C is ten times as fast, where there is one; what is wrong, the other one tells.
    """
    with contextlib.suppress(yaml.YAMLError, AttributeError):
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """What stands under `name` in a mapping; None when there is no such thing."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def value(node: yaml.Node) -> Any:
    """The node as plain Python. Raises ValueError for a value that YAML cannot make."""
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
