"""Several hosts on this machine: network namespaces where they can be made, else loopback only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

COUNT = 3
_NET = f"10.{os.getpid() // 250 % 250}.{os.getpid() % 250}"
_NAMES = [f"fleet{os.getpid()}-{number}" for number in range(COUNT)]


def _ip(*arguments: str) -> bool:
    return subprocess.run(["ip", *arguments], capture_output=True, check=False).returncode == 0


def _connect(name: str, device: str, there: str) -> bool:
    """Make a namespace with a line from `there` in it to the first address of the net, here."""
    inside = ("-n", name)
    return (
        _ip("netns", "add", name)
        and _ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", name)
        and _ip("address", "add", f"{_NET}.1", "peer", there, "dev", device)
        and _ip("link", "set", device, "up")
        and _ip(*inside, "address", "add", there, "peer", f"{_NET}.1", "dev", "eth0")
        and _ip(*inside, "link", "set", "eth0", "up")
        and _ip(*inside, "link", "set", "lo", "up")
    )


@contextlib.contextmanager
def network() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of this host, and by those of the others the names of their namespaces."""
    addresses = [f"{_NET}.{number + 2}" for number in range(COUNT)]
    devices = [f"f{os.getpid()}n{number}" for number in range(COUNT)]
    try:
        if shutil.which("ip") and all(map(_connect, _NAMES, devices, addresses)):
            yield f"{_NET}.1", dict(zip(addresses, _NAMES, strict=True))
        else:
            yield "127.0.0.1", {f"127.0.0.{number + 2}": "" for number in range(COUNT)}
    finally:
        for name in _NAMES:
            _ip("netns", "delete", name)
