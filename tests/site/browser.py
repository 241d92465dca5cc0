"""The Chromium that the tests drive: the one that is there, or one that is got for them.

`python -m tests.site.browser` gets one where there is none; `make test` begins with that.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.record.errors import BlogError

NAMES = ("chromium", "chromium-browser", "google-chrome")
PLAYWRIGHT = (sys.executable, "-m", "playwright", "install")
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=120")
DEBIAN = ("install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk")
CURE = (
    "install one and try again: apt-get install chromium, your system's package of that name,"
    " or .venv/bin/python -m playwright install --with-deps chromium"
)


def _runs(path: str | Path) -> bool:
    """Whether it starts: some systems have a command that only says how to install one."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def find() -> str | None:
    """The Chromium on PATH, else the one that Playwright installed; None when there is none."""
    found = (shutil.which(name) for name in NAMES)
    path = next((path for path in found if path and _runs(path)), None) or _of_playwright()
    return path if path and _runs(path) else None


def _done(*command: str) -> bool:
    """Run an installer; whether it went well. Of what it says, only an error is shown."""
    print(f"no Chromium for the tests here, trying {' '.join(command)}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace")
        print(*re.findall(r"^(?:Error|E): .*", said, re.MULTILINE)[:1], file=sys.stderr)
    return done.returncode == 0


def _from_debian() -> None:
    """Debian's package, if this is such a system and we may."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not _done(*APT, *DEBIAN):
        _done(*APT, "update")
        _done(*APT, *DEBIAN)


def get() -> str:
    """A Chromium that starts, installed if need be. Raises BlogError when none can be had."""
    path = find()
    if not path and _done(*PLAYWRIGHT, "chromium"):
        path = find()
    if not path:
        _from_debian()
        path = find()
    if not path:
        raise BlogError("the tests need Chromium, and none can be had", cure=CURE)
    return path


if __name__ == "__main__":
    try:
        get()
    except BlogError as error:
        sys.exit(f"make test: {error}")
