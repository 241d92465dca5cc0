"""Small disks, which can be full; only root can mount one, and not everywhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small_disk(path: Path, kilobytes: int) -> Iterator[Path]:
    """Mount one at `path` as long as the block runs; the test is skipped where that is refused."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    path.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def shared_memory(options: str) -> list[str]:
    """A command that runs another one with a /dev/shm that is mounted so; skips like the above."""
    able = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/dev/shm"]
    if not shutil.which("unshare") or subprocess.run(able, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    mount = f'mount -t tmpfs -o {options} none /dev/shm && exec "$@"'
    return ["unshare", "-m", "sh", "-c", mount, "sh"]


def use_up(folder: Path) -> None:
    """Leave no byte free on a disk."""
    with contextlib.suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
