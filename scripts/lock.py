"""make lock: pins and hashes the requirements of pyproject.toml, with no registry's address."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from scripts.packages import HASHED, network_settings
from scripts.record.environment import NETWORK, clean_environment

HEAD = "# Made by `make lock` from pyproject.toml; do not edit.\n"
OPTIONS = (
    *("--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-build-isolation"),
    *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-header"),
    *("--no-annotate", "--quiet", "--output-file"),
)
# The groups that a file holds besides the dependencies themselves; these are in no other.
FILES = {
    "requirements.txt": (),
    "requirements-fleet.txt": ("fleet",),
    "requirements-test.txt": ("fleet", "test"),
}
ALONE = {"requirements-build.txt": "build", "requirements-lock.txt": "lock"}


def main() -> None:
    """Write requirements.txt and its sisters. Every package that helps is checked by its hash."""
    settings = network_settings([sys.executable, "-I", "-m", "pip"])
    environment = clean_environment(NETWORK, PIP_CONFIG_FILE=os.devnull, **settings)
    groups = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    with tempfile.TemporaryDirectory() as folder:
        python, made = Path(folder) / "bin" / "python", Path(folder) / "made.txt"

        def run(*command: str | Path, asked: str | None = None) -> None:
            done = subprocess.run(command, env=environment, input=asked, encoding="utf-8")
            if done.returncode:
                sys.exit("make: the requirements were not locked, see above")

        def compile_to(name: str, *arguments: str, asked: str | None = None) -> None:
            compile_ = (python, "-I", "-m", "piptools", "compile", *OPTIONS)
            run(*compile_, made, *arguments, asked=asked)
            Path(name).write_text(HEAD + made.read_text(encoding="utf-8"), encoding="utf-8")
            made.unlink()

        run(sys.executable, "-I", "-m", "venv", folder)
        run(python, "-I", "-m", "pip", "install", "--quiet", *HASHED, "requirements-lock.txt")
        for name, extras in FILES.items():
            compile_to(name, *(f"--extra={extra}" for extra in extras), "pyproject.toml")
        for name, group in ALONE.items():
            compile_to(name, "-", asked="\n".join(groups[group]))


if __name__ == "__main__":
    main()
