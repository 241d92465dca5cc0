"""What check-jsonschema says of files."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def complaints(schema: Path, *files: Path) -> str:
    """Why files are not as their schema says, with all places; "" when they are."""
    tool = Path(sys.executable).with_name("check-jsonschema")
    command = [tool, "--verbose", "--schemafile", schema, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
