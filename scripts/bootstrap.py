"""Makes .venv and installs what the files of pinned requirements say; `make` begins with it.

Usage: bootstrap.py REQUIREMENTS.txt …
Where all is as it was left, nothing is done: a stamp in .venv holds the interpreter and the pins
that it was made for. Runs in any Python 3, so that one that is too old can say so.
"""

import os
import signal
import sys

OLDEST = (3, 11)
VENV = ".venv"
# The interpreter that .venv was made from.
BASE = os.path.join(VENV, "base")
LOCK = os.path.join(".run", "set-up.lock")
# Started in isolation, Python does not find this file's sisters by itself.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read(path):
    """The text of a file, "" when it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    """Put `text` into a file, all of it or nothing."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


def this_python():
    """What is another text for another interpreter, and for the same one after an upgrade."""
    return f"{os.path.realpath(sys.executable)} {sys.version}\n"


def is_ours():
    """Whether .venv was made by this interpreter, and works still."""
    return os.access(os.path.join(VENV, "bin", "python"), os.X_OK) and read(BASE) == this_python()


def stamp(requirements):
    """The file that is there when `requirements` are installed, and what it then holds."""
    name = os.path.splitext(os.path.basename(requirements))[0]
    return os.path.join(VENV, f"ready-{name}"), read(requirements)


def is_ready(requirements):
    """Whether just these pins are installed."""
    path, content = stamp(requirements)
    return is_ours() and read(path) == content


def set_up(wanted):
    """Make .venv, and install each of the files that is not ready; one set-up at a time."""
    import fcntl

    from scripts import packages

    os.makedirs(os.path.dirname(LOCK), exist_ok=True)
    with open(LOCK, "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ours():
            packages.make_venv(VENV)
            write(BASE, this_python())
        installer = packages.Installer(VENV)
        for requirements in wanted:
            if not is_ready(requirements):
                print(f"setting up {VENV} from {requirements}", file=sys.stderr)
                installer.install(requirements)
                write(*stamp(requirements))


def main():
    """See above."""
    if sys.version_info < OLDEST:
        found, oldest = ("{}.{}".format(*version[:2]) for version in (sys.version_info, OLDEST))
        cure = f"make PYTHON=python{oldest}"
        sys.exit(f"make: Python {found} is too old, {oldest} or newer is needed ({cure})")
    if all(map(is_ready, sys.argv[1:])):
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # and not, as by nohup, ignored
            signal.signal(number, signal.default_int_handler)
    sys.path.insert(0, ROOT)
    from scripts.record.faults import explained

    try:
        set_up(sys.argv[1:])
    except KeyboardInterrupt:
        print("make: stopped; the next make goes on with it", file=sys.stderr)
        sys.exit(130)
    except Exception as error:  # whatever it is, `make` gets one line
        sys.exit(f"make: {explained(error, os.getcwd())}")


if __name__ == "__main__":
    main()
