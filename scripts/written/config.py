"""What config.yaml says of measuring, `params.benchmark`, and of pages by record, `params.readAs`.

The rest of the file is Hugo's.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import yaml

from scripts.experiments import settings
from scripts.experiments.settings import Settings
from scripts.record.errors import BlogError
from scripts.written import yaml_lines

SECTION = ("params", "benchmark")
# How many records the post can be read as: each has its pages and pictures.
MOST = 12


def load_settings(path: Path, where: str = "config.yaml") -> Settings:
    """The sizes in `params.benchmark`; what is left out has its default.

    Raises BlogError with file, line and key.
    """
    node = yaml_lines.compose(path, where)
    for name in SECTION:
        node = yaml_lines.child(node, name)
    if not isinstance(node, yaml.MappingNode):
        cure = "write there name: number, at least minutes: 8"
        raise BlogError(f"{'.'.join(SECTION)} is missing or no mapping", where=where, cure=cure)
    values = {}
    for key, value_node in node.value:
        try:
            value = yaml_lines.value(value_node)
            settings.check(key.value, value)
        except ValueError as error:
            line = key.start_mark.line + 1
            what = f"{'.'.join(SECTION)}: {error}"
            raise BlogError(what, where=f"{where}:{line}", cure="mend that line") from None
        values[key.value] = value
    return Settings(**values)


def read_as(path: Path, known: Collection[str], where: str = "config.yaml") -> list[str] | None:
    """The records in `params.readAs`, all of them `known`; None where the author names none.

    Raises BlogError with file and line.
    """
    node = yaml_lines.child(yaml_lines.child(yaml_lines.compose(path, where), "params"), "readAs")
    try:
        names = None if node is None else yaml_lines.value(node)
    except ValueError as error:
        names = str(error)
    if names is None:
        return None
    fault = ""
    if not isinstance(names, list) or len(names) > MOST:
        fault = f"is no list of at most {MOST} records"
    elif unknown := [name for name in names if name not in list(known)]:
        fault = f"there is no record {unknown[0]!r}"
    if fault:
        cure = f"write [NAME, …], at most {MOST} of the files in static/records/others"
        raise BlogError(f"params.readAs: {fault}", f"{where}:{node.start_mark.line + 1}", cure)
    return sorted(set(names))
