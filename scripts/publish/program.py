"""How the programs are run that publish: git, rsync and Hugo, each in an environment of ours."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.record.environment import NETWORK, clean_environment
from scripts.record.errors import BlogError

# What speaks for the user at other hosts. Nothing of GIT_… or RSYNC_…, which would lead to another
# repository, identity or program than those that config.yaml, git and ssh are set up with.
LOGIN = (
    *("SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY"),
    *("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
)


def run(
    command: Sequence[str | Path],
    cwd: Path,
    cure: str = "try again",
    *,
    keep: Iterable[str] = (),
    stdin: str = "",
    **variables: str,
) -> str:
    """The output of a program, as UTF-8 whatever the locale; bytes that are none are surrogates.

    `keep` names variables of our environment that it gets besides, `variables` are further ones.
    Raises BlogError with the end of what it complained about.
    """
    name = Path(command[0]).name
    own = {"LC_ALL": "C.UTF-8", "GIT_OPTIONAL_LOCKS": "0", **variables}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=clean_environment((*NETWORK, *LOGIN, *keep), **own),
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            check=False,
            umask=0o022,  # what is delivered is for everyone to read
        )
    except FileNotFoundError:
        raise BlogError(f"{name} is not there", cure=f"install {name}") from None
    except OSError as error:
        raise BlogError(f"{name} cannot be started: {error.strerror}", cure=cure) from None
    if done.returncode:
        raise BlogError(f"{name}: {_complaint(done)}", cure=cure)
    return done.stdout.decode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    """`text` with an escape in place of all that a terminal would not print but obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def native(text: str) -> str:
    """A path that a program has printed, as it is written here to open it."""
    return os.fsdecode(text.encode("utf-8", "surrogateescape"))


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    told = (line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines())
    lines = [line for line in told if line and not line.startswith(("hint:", "WARN"))]
    return printable("; ".join(lines[-4:])) or f"status {done.returncode}"
