"""Makes .venv and installs what the files of pinned requirements say; `make` begins with it.

Usage: bootstrap.py REQUIREMENTS.txt …
Where all is as it was left, nothing is done: a stamp in .venv holds the interpreter and the pins
that it was made for. Runs in any Python 3, so that one that is too old can say so.
"""

import os
import re
import subprocess
import sys

OLDEST = (3, 11)
VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
# The interpreter that .venv was made from.
BASE = os.path.join(VENV, "base")
LOCK = os.path.join(".run", "set-up.lock")
# All is installed as wheels but these, which their authors publish as source only. What builds them
# is pinned like the rest, and gone again afterwards.
BUILT = ("jieba",)
BUILDERS = "requirements-build.txt"
# What pip may be told by its user's variables and files: how to get to a registry. Where to install
# to, what to leave out or to build, is ours to say.
NETWORK_OPTIONS = (
    "index-url",
    "extra-index-url",
    "no-index",
    "find-links",
    "trusted-host",
    "cert",
    "client-cert",
    "proxy",
    "timeout",
    "default-timeout",
    "retries",
    "resume-retries",
    "cache-dir",
    "no-cache-dir",
    "keyring-provider",
    "use-feature",
)
# What pip says in the cases that we know the cure of; the first that fits.
CURES = (
    ("No space left on device", "free some disk space, also for temporary files, then make again"),
    ("DO NOT MATCH THE HASHES", "the registry gives other files than were pinned: use another one"),
    ("Permission denied|Read-only file system", "make .venv writable, then make again"),
    (
        "[Rr]etrying|[Cc]onnection|ConnectTimeout|NameResolution|SSLError|ProxyError|HTTPError",
        "is the network up, and a registry for Python packages reachable? then make again",
    ),
    (
        "No matching distribution",
        "another Python may have it: make PYTHON=…; or another registry: see pip config list",
    ),
)
# Run in .venv with {name: version}: prints what is not as pinned, and with "import" what of it does
# not load, as {name: reason}. Modules are those that lie in site-packages themselves.
VERIFY = """
import importlib, importlib.metadata, json, sys
pins, wrong = json.loads(sys.argv[1]), {}
for name, version in pins.items():
    try:
        found = importlib.metadata.distribution(name)
        if found.version != version:
            wrong[name] = "%s is there, not %s" % (found.version, version)
        elif sys.argv[2:]:
            parts = [file.parts for file in found.files or ()]
            for module in sorted({p[0] for p in parts if p[1:] == ("__init__.py",)}):
                importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        wrong[name] = "is not there"
    except Exception as error:
        wrong[name] = "cannot be loaded: %s" % error
print("\\n" + json.dumps(wrong))
"""


def fail(what, cure):
    """Say in one line what is wrong and what to do, and end."""
    sys.exit(f"make: {' '.join(what.split())} ({cure})")


def run(command, environment):
    """The exit status of a command, and what it said on both its channels."""
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def read(path):
    """The text of a file, "" when it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path, text):
    """Put `text` into a file, all of it or nothing."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


def this_python():
    """What is another text for another interpreter, and for the same one after an upgrade."""
    return f"{os.path.realpath(sys.executable)} {sys.version}\n"


def stamp(requirements):
    """The file that is there when `requirements` are installed, and what it then holds."""
    name = os.path.splitext(os.path.basename(requirements))[0]
    return os.path.join(VENV, "ready-" + name), this_python() + read(requirements)


def is_ready(requirements):
    """Whether .venv was made by this interpreter, which is still there, for these pins."""
    path, content = stamp(requirements)
    return os.access(PYTHON, os.X_OK) and read(BASE) == this_python() and read(path) == content


def make_venv(environment):
    """Make .venv afresh from this interpreter, unless it was made from it before."""
    if os.access(PYTHON, os.X_OK) and read(BASE) == this_python():
        return
    status, said = run([sys.executable, "-I", "-m", "venv", "--clear", VENV], environment)
    if status:
        last = (said.strip().splitlines() or ["it said nothing"])[-1]
        cure = "see that this folder can be written to, and that this Python is whole"
        if "ensurepip" in said:
            last = "it comes without ensurepip"
            cure = "apt install python3-venv, or your system's package of that name"
        fail("this Python cannot make a virtual environment: " + last, cure)
    write(BASE, this_python())


def pip(*arguments):
    """The command that starts the pip of .venv."""
    return [PYTHON, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]


def network_settings(environment):
    """How its user's pip gets to a registry, as variables; everything else that it was told is not.

    `environment` is the caller's own, since that is a part of what pip was told.
    """
    import ast

    status, said = run(pip("config", "list"), environment)
    if status:
        fail("pip does not understand its settings: " + said, "mend them: pip config debug")
    settings = {}
    # The later ones go before: global, then of a command, then variables.
    for section in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{section}\.(\S+?)=(.*)$", said, re.M):
            settings[name] = " ".join(ast.literal_eval(value).split())
    kept = {name: value for name, value in settings.items() if name in NETWORK_OPTIONS}
    return {"PIP_" + name.upper().replace("-", "_"): value for name, value in kept.items()}


def pinned(requirements):
    """The versions that a file of requirements asks for, by name."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", read(requirements), re.M))


def not_as_pinned(requirements, environment, *options):
    """What of the requirements is not there, or not as it should be: {name: reason}."""
    import json

    pins = json.dumps(pinned(requirements))
    status, said = run([PYTHON, "-I", "-c", VERIFY, pins, *options], environment)
    if status:
        fail(".venv does not work: " + (said.strip().splitlines() or [""])[-1], "rm -r .venv, make")
    return json.loads(said.splitlines()[-1])


def pip_install(requirements, environment, *options):
    """Install the requirements, every file checked against its hash, with no dependency unnamed."""
    hashed = ("--require-hashes", "--only-binary", ":all:", *options, "-r", requirements)
    status, said = run(pip("install", "--quiet", *hashed), environment)
    if status:
        lines = said.splitlines()
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
        reason = errors[-1].replace("ERROR: ", "")[:200] if errors else "pip failed"
        cures = [cure for pattern, cure in CURES if re.search(pattern, said)]
        cure = (cures or ["mend that, or rm -r .venv; then make again"])[0]
        fail(f"{requirements} could not be installed: {reason}", cure)


def install(requirements, environment):
    """Install what is lacking, then see that all is there and can be loaded."""
    lacking = not_as_pinned(requirements, environment)
    builders = list(pinned(BUILDERS)) if any(name in lacking for name in BUILT) else []
    if builders:
        pip_install(BUILDERS, environment)
    if lacking:
        sources = ("--no-binary", ",".join(BUILT), "--no-build-isolation", "--use-pep517")
        pip_install(requirements, environment, *sources)
    if builders:
        run(pip("uninstall", "--quiet", "--yes", *builders), environment)
    for name, reason in sorted(not_as_pinned(requirements, environment, "import").items()):
        fail(f"{requirements}: {name} {reason}", "rm -r .venv, then make again")


def set_up(wanted):
    """Install each of the files of requirements that is not ready, one set-up at a time."""
    import fcntl

    from scripts.record.environment import NETWORK, clean_environment

    os.makedirs(os.path.dirname(LOCK), exist_ok=True)
    with open(LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        callers = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
        environment = clean_environment(NETWORK, PIP_CONFIG_FILE=os.devnull)
        make_venv(environment)
        environment.update(network_settings(callers))
        for requirements in wanted:
            if not is_ready(requirements):
                print(f"setting up {VENV} from {requirements}", file=sys.stderr)
                install(requirements, environment)
                write(*stamp(requirements))


def main():
    """See above."""
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        oldest = "{}.{}".format(*OLDEST)
        fail(
            f"Python {found} is too old, {oldest} or newer is needed", f"make PYTHON=python{oldest}"
        )
    wanted = sys.argv[1:]
    if all(map(is_ready, wanted)):
        return
    # Started in isolation, it does not find its sisters by itself.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from scripts.record.faults import explained

    try:
        set_up(wanted)
    except KeyboardInterrupt:
        print("make: stopped; the next make goes on with it", file=sys.stderr)
        sys.exit(130)
    except Exception as error:  # a full disk, for one
        sys.exit(f"make: {explained(error, os.getcwd())}")


if __name__ == "__main__":
    main()
