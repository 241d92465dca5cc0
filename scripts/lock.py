"""make lock: pins and hashes the requirements of pyproject.toml, with no registry's address."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = "# Made by `make lock` from pyproject.toml; do not edit.\n"
OPTIONS = (
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def main() -> None:
    """Write requirements.txt, and with the optional groups requirements-fleet.txt and -test.txt."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        for name, extra in (
            ("requirements.txt", ()),
            ("requirements-fleet.txt", ("--extra", "fleet")),
            ("requirements-test.txt", ("--extra", "fleet", "--extra", "test")),
        ):
            made = Path(folder) / name
            command = [python, "-m", "piptools", "compile", *OPTIONS, *extra, "-o", made]
            subprocess.run([*command, "pyproject.toml"], check=True)
            Path(name).write_text(HEAD + made.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
