"""What config.yaml says of the measurement: `params.benchmark`. The rest of the file is Hugo's."""

from __future__ import annotations

from pathlib import Path

import yaml

from scripts.experiments import settings
from scripts.experiments.settings import Settings
from scripts.record.errors import BlogError
from scripts.written import yaml_lines

SECTION = ("params", "benchmark")


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
