"""What check-jsonschema says of files."""

from pathlib import Path

from check_jsonschema import main
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]


def complaints(schema: Path, *files: Path) -> str:
    """Why files are not as their schema says, with all places; "" when they are."""
    done = CliRunner().invoke(main, ["--verbose", "--schemafile", str(schema), *map(str, files)])
    return "" if done.exit_code == 0 else done.output
