"""Makes the virtual environment and installs the pinned requirements; `make` calls it when needed.

Runs in any Python 3, so that one that is too old can say so.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)


def fail(what, cure):
    """Say in one line what is wrong and what to do, and end."""
    sys.exit(f"make: {what} ({cure})")


def base_of(venv):
    """The interpreter that `venv` was made from, "" when there is no such environment."""
    try:
        with open(os.path.join(venv, "base")) as file:
            return file.read()
    except OSError:
        return ""


def make_venv(venv):
    """Make `venv` afresh from this interpreter, unless it was made from it before."""
    me = f"{os.path.realpath(sys.executable)} {sys.version}"
    if base_of(venv) == me:
        return
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", venv],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        package = "apt install python3-venv, or your system's package of that name"
        fail("this Python cannot make a virtual environment", package)
    with open(os.path.join(venv, "base"), "w") as file:
        file.write(me)


def install(venv, requirements):
    """Install the requirements, every file checked against its hash."""
    pip = [
        os.path.join(venv, "bin", "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
    ]
    options = ["--disable-pip-version-check", "--no-input", "-r", requirements]
    done = subprocess.run(pip + options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        lines = done.stdout.decode(errors="replace").splitlines()
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
        reason = errors[0].replace("ERROR: ", "")[:200] if errors else "pip failed"
        cure = "is the network up, and a registry for Python packages reachable? then again"
        fail(f"{requirements} could not be installed: {reason}", cure)


def main():
    """Usage: bootstrap.py VENV REQUIREMENTS STAMP."""
    venv, requirements, stamp = sys.argv[1:]
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        oldest = "{}.{}".format(*OLDEST)
        fail(
            f"Python {found} is too old, {oldest} or newer is needed",
            f"make PYTHON=python{oldest}",
        )
    print(f"setting up {venv} from {requirements}", file=sys.stderr)
    make_venv(venv)
    install(venv, requirements)
    with open(stamp, "w"):
        pass


if __name__ == "__main__":
    main()
