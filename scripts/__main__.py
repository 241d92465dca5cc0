"""The stages as commands: python -m scripts figures | redraw | add-record | site | serve | check …

The Makefile is how people call them. Errors become one line and an exit status here, only here.
"""

from __future__ import annotations

import signal

# Until there is something to say to it, Ctrl-C ends this at once: the imports below take a while.
if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

from scripts.experiments.settings import MOST_ROUNDS
from scripts.project import Project
from scripts.record import environment, faults
from scripts.record.errors import BlogError


def figures(project: Project, options: argparse.Namespace) -> int:
    """Measure this machine; install the record, figures, data and posts as one set."""
    from scripts.blog import derive, fileset, hugo, posts, progress
    from scripts.draw import export
    from scripts.experiments import settings
    from scripts.runner import preflight, run
    from scripts.runner.journal import Journal
    from scripts.written import config

    sizes = config.load_settings(project.config)
    if options.quick:
        sizes = settings.quick(sizes)
    wanted = run.Options(
        settings=sizes,
        quick=options.quick,
        force=options.force,
        fresh=options.fresh,
        rounds=options.rounds or 0,
        executables=tuple(options.runtimes.split()),
    )
    journal = project.run / "journal.jsonl"
    with fileset.locked(project.run / "lock"):
        derive.recover(project)
        derive.check_ready(project)
        trials = {"a picture": export.trial, "the site": lambda: hugo.trial(project)}
        preflight.check(project.run, trials)
        log = progress.new_log()
        try:
            record = run.measure(wanted, journal, log, project.own_record())
        finally:
            log.close()
        summary = derive.install_set(project, record)
        Journal(journal).remove()
    english = [path for path in project.posts() if posts.language_of(path.name) == "en"]
    texts = [posts.read(path, project.relative(path)) for path in english]
    progress.print_results(summary, [posts.short_answer(t, summary.verdicts) for t in texts])
    return 0


def redraw(project: Project, options: argparse.Namespace) -> int:
    """Derive everything again from the record, without measuring."""
    from scripts.blog import derive, fileset

    with fileset.locked(project.run / "lock"):
        derive.recover(project)
        derive.redraw(project)
    print(f"drawn and embedded again from run {project.load_measured()['run_id']}")
    return 0


def add_record(project: Project, options: argparse.Namespace) -> int:
    """Take in a record that was measured elsewhere, and derive everything anew."""
    from scripts.machines import intake

    path = intake.add(project, intake.read(options.file, "FILE"), options.file)
    print(f"taken in as {project.relative(path)}; figures, data and posts are derived anew")
    return 0


def fleet(project: Project, options: argparse.Namespace) -> int:
    """Let every host of a Dask cluster measure itself, and take in the records."""
    from scripts.machines import fleet as hosts

    measuring = ["--force"] if options.force else []
    if options.rounds is not None:
        measuring += ["--rounds", str(options.rounds)]
    tls = tuple(os.environ.get(name, "") for name in hosts.TLS_FILES)
    wanted = hosts.Options(options.scheduler, tuple(measuring), options.timeout, tls)
    return 1 if hosts.run(project, wanted) else 0


def site(project: Project, options: argparse.Namespace) -> int:
    """Build public/; derive first when another record was put into static/records.

    What this machine could not measure the pages say so of; they are not published.
    """
    from scripts.blog import derive, fileset, hugo

    with fileset.locked(project.run / "lock"):
        derive.recover(project)
        if not derive.is_current(project):
            derive.redraw(project)
    told = hugo.build(project, **hugo.LENIENT)
    if told:
        more = f" and {len(told) - 3} more" if told[3:] else ""
        what = "the pages say of these that they were not measured, and make publish refuses them"
        print(f"warning: {what}: {', '.join(told[:3])}{more}", file=sys.stderr)
    return 0


def post(project: Project, options: argparse.Namespace) -> int:
    """Begin a post: its text in both languages, an experiment, a claim and a test, all working."""
    from scripts.blog import new_post

    for path in new_post.create(project, options.name):
        print(project.relative(path))
    print("next: make figures measures it, and make serve shows it")
    return 0


def serve(project: Project, options: argparse.Namespace) -> int:
    """Preview with live reload until Ctrl-C."""
    from scripts.blog import hugo

    return hugo.serve(project)


def check(project: Project, options: argparse.Namespace) -> int:
    """Say what does not agree; status 1 when anything does not."""
    from scripts.blog.check import problems, warnings

    found = problems(project)
    for warning in warnings(project):
        print(f"warning: {warning}", file=sys.stderr)
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print("record, figures, data and posts agree")
    return 1 if found else 0


def publish(project: Project, options: argparse.Namespace) -> int:
    """Check and build, then deliver public/ to where config.yaml says."""
    from scripts import publish as publishing

    return publishing.publish(
        project, publishing.Options(options.dry_run, options.force, options.build_only)
    )


COMMANDS = {
    f.__name__.replace("_", "-"): f
    for f in (figures, redraw, add_record, fleet, site, post, serve, check, publish)
}
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# After Ctrl-C: what is there now, and what goes on from it.
STOPPED = {
    "figures": "finished rounds are kept, make figures goes on from there",
    "redraw": "the set is the old one or will be the new one; make redraw draws it again",
    "add-record": "the record is taken in whole or not at all; the same command again tells",
    "fleet": "the hosts stop measuring, and what came in is kept",
    "site": "nothing is published; make site builds it again",
    "post": "all of its files are there or none, which git status tells",
    "serve": "the preview has ended",
    "check": "nothing was changed",
    "publish": "make publish sends what is missing",
}
_MOST_S = 7 * 24 * 3600


def _rounds(text: str) -> int:
    return _whole("ROUNDS", text, MOST_ROUNDS, "ROUNDS=5")


def _seconds(text: str) -> int:
    return _whole("TIMEOUT", text, _MOST_S, "TIMEOUT=3600, in seconds")


def _whole(name: str, text: str, most: int, cure: str) -> int:
    """`text` as a whole number; the digits are counted first, since Python minds too many."""
    if re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= most:
        return int(text)
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    raise BlogError(f"{name} is {shown!r}, not a whole number from 1 to {most}", cure=cure)


def _flag(says: str) -> dict[str, Any]:
    return {"action": "store_true", "help": says}


def _said(variable: str, says: str) -> dict[str, Any]:
    """What stands behind the command, or in a variable."""
    default = os.environ.get(variable, "")
    return {"nargs": "?", "default": default, "help": f"{says} (the variable {variable})"}


def _options() -> dict[str, dict[str, dict[str, Any]]]:
    rounds = {"type": _rounds, "help": "how often each case is measured"}
    return {
        "figures": {
            "--quick": _flag("small sizes, to see that all works"),
            "--rounds": rounds,
            "--runtimes": {"default": "", "help": "interpreters, separated by spaces"},
            "--force": _flag("on a busy machine too"),
            "--fresh": _flag("do not go on with a stopped run"),
        },
        "add-record": {"file": _said("FILE", "the record that somebody sent")},
        "post": {"name": _said("NAME", "what its address and its experiment are called")},
        "fleet": {
            "scheduler": _said(
                "SCHEDULER",
                "its address: tcp://host:8786, or tls://… with the files that the variables "
                "TLS_CA_FILE, TLS_CERT_FILE and TLS_KEY_FILE name",
            ),
            "--rounds": rounds,
            "--force": _flag("on busy hosts too"),
            "--timeout": {
                "type": _seconds,
                "default": 3600,
                "help": "seconds that a host may take",
            },
        },
        "publish": {
            "--dry-run": _flag("say what would be sent"),
            "--force": _flag("a disturbed record too"),
            "--build-only": _flag("deliver nothing: a workflow does it"),
        },
    }


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (here)")
    commands = parser.add_subparsers(dest="command", required=True)
    options = _options()
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__.splitlines()[0])
        for option, fields in options.get(name, {}).items():
            command.add_argument(option, **fields)
    return parser.parse_args(arguments)


def _interrupt(*_: object) -> None:
    """Stop, once: who stops `make` and all below it sends the signal twice, make passing it on."""
    for number in STOPPING:
        # Not SIG_IGN, which the programs that are started from now on would inherit.
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup and background jobs have it
            signal.signal(number, _interrupt)
    environment.clean_own()
    faults.ready_streams()
    command, root = "", Path()
    try:
        options = _parse(arguments)
        command, root = options.command, options.root.resolve()
        project = Project(root)
        project.check_files()
        status = COMMANDS[command](project, options)
        print(end="", flush=True)
        return status
    except KeyboardInterrupt:
        print("; ".join(filter(None, ("stopped", STOPPED.get(command)))), file=sys.stderr)
        return 130
    except ImportError as error:
        what = " ".join(str(error.__cause__ or error).split())
        print(BlogError(what, where=".venv", cure="rm -r .venv, then make"), file=sys.stderr)
        return 1
    except Exception as error:  # no fault of any kind is worth a traceback to who called `make`
        print(faults.of_output() or faults.explained(error, root), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
