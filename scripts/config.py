"""What config.yaml says of the measurement: `params.benchmark`. The rest of the file is Hugo's."""

from __future__ import annotations

from pathlib import Path

import yaml

from scripts.errors import BlogError
from scripts.measure import settings
from scripts.measure.settings import Settings

SECTION = ("params", "benchmark")


def _compose(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise BlogError("there is no such file", where=str(path), cure="git checkout it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BlogError(
            f"cannot be read: {error}", where=str(path), cure="save it as UTF-8"
        ) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BlogError(
            f"is no YAML: {error.problem}", where=f"{path}:{line}", cure="mend that line"
        ) from None
    except yaml.YAMLError as error:
        raise BlogError(f"is no YAML: {error}", where=str(path), cure="mend it") from None


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def load_settings(path: Path) -> Settings:
    """The sizes in `params.benchmark`; what is left out has its default.

    Raises BlogError with file, line and key.
    """
    node = _compose(path)
    for name in SECTION:
        node = _child(node, name)
        if node is None:
            cure = "write at least: params: {benchmark: {rounds: 5}}"
            raise BlogError(f"{'.'.join(SECTION)} is missing", where=str(path), cure=cure)
    if not isinstance(node, yaml.MappingNode):
        where = f"{path}:{node.start_mark.line + 1}"
        raise BlogError(
            f"{'.'.join(SECTION)} is no mapping", where=where, cure="write name: number"
        )
    values = {}
    for key, value_node in node.value:
        where = f"{path}:{key.start_mark.line + 1}"
        value = yaml.SafeLoader("").construct_object(value_node, deep=True)
        try:
            settings.check(key.value, value)
        except ValueError as error:
            raise BlogError(
                f"{'.'.join(SECTION)}: {error}", where=where, cure="mend that line"
            ) from None
        values[key.value] = value
    return Settings(**values)
