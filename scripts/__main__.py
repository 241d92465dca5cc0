"""The stages as commands: python -m scripts figures | redraw | add-record | site | serve | check …

The Makefile is how people call them. Errors become one line and an exit status here, only here.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
from pathlib import Path

from scripts.project import Project
from scripts.record.errors import BlogError


def figures(project: Project, options: argparse.Namespace) -> int:
    """Measure this machine; install the new record, figures, data and posts as one set."""
    from rich.console import Console

    from scripts.blog import config, derive, fileset, progress
    from scripts.conclude import report
    from scripts.record import settings
    from scripts.runner import run
    from scripts.runner.journal import Journal

    wanted = config.load_settings(project.config)
    if options.quick:
        wanted = settings.quick(wanted)
    if options.rounds is not None:
        wanted = dataclasses.replace(wanted, rounds=options.rounds)
    journal = project.run / "journal.jsonl"
    with fileset.locked(project.run / "lock"):
        fileset.recover(project.root, project.stage)
        _preflight(project)
        log = progress.new_log()
        try:
            record = run.measure(
                run.Options(
                    settings=wanted,
                    quick=options.quick,
                    force=options.force,
                    fresh=options.fresh,
                    executables=tuple(options.runtimes.split()),
                ),
                journal,
                log,
            )
        finally:
            log.close()
        derive.install_set(project, record)
        Journal(journal).remove()
    data = project.load_measured()
    console = Console()
    console.print(progress.result_table(data))
    for warning in report.warnings(data):
        console.print(warning, style="bold", markup=False, highlight=False)
    written = [data["record"], project.relative(project.measured), *data["figures"]]
    console.print(f"written: {', '.join(written)}, and the numbers in the posts", highlight=False)
    return 0


def _preflight(project: Project) -> None:
    """Find what would stop the installing now, and not after minutes of measuring."""
    from scripts.blog import claims, derive, embed
    from scripts.conclude import summary, verdicts
    from scripts.conclude.stats import ABSENT
    from scripts.reader import pyz

    pyz.build(project)
    where = project.relative(project.claims)
    verdicts.check_keys(
        claims.load(project.claims, where), dict.fromkeys(summary.keys(), ABSENT), where
    )
    quoted = dict.fromkeys(summary.keys(), ABSENT.to_json())
    for post in project.posts():
        where = project.relative(post)
        embed.embed(embed.read_post(post, where), quoted, "", where)
    derive.check_writable(project)


def redraw(project: Project, options: argparse.Namespace) -> int:
    """Derive everything again from the record, without measuring."""
    from scripts.blog import derive, fileset

    with fileset.locked(project.run / "lock"):
        fileset.recover(project.root, project.stage)
        record = derive.redraw(project)
    print(f"drawn and embedded again from run {record.run_id}")
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
    try:
        return 1 if hosts.run(project, wanted) else 0
    except KeyboardInterrupt:
        print("stopped; the hosts stop measuring, and what came in is kept", file=sys.stderr)
        return 130


def site(project: Project, options: argparse.Namespace) -> int:
    """Build public/; derive first when another record was put into static/records."""
    from scripts.blog import derive, fileset, hugo

    with fileset.locked(project.run / "lock"):
        fileset.recover(project.root, project.stage)
        if not derive.is_current(project):
            derive.redraw(project)
    hugo.build(project)
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

    try:
        return publishing.publish(
            project, publishing.Options(options.dry_run, options.force, options.build_only)
        )
    except KeyboardInterrupt:
        print("stopped; make publish sends what is missing", file=sys.stderr)
        return 130


COMMANDS = {
    f.__name__.replace("_", "-"): f
    for f in (figures, redraw, add_record, fleet, site, serve, check, publish)
}


def _rounds(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise BlogError(f"ROUNDS is {text!r}, not a whole number from 1 on", cure="ROUNDS=5")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        cure = "TIMEOUT=3600, in seconds"
        raise BlogError(f"TIMEOUT is {text!r}, not a whole number from 1 on", cure=cure)
    return int(text)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (here)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__.splitlines()[0])
        if name == "figures":
            command.add_argument(
                "--quick", action="store_true", help="small sizes, to see that all works"
            )
            command.add_argument("--rounds", type=_rounds, help="how often each case is measured")
            command.add_argument("--runtimes", default="", help="interpreters, separated by spaces")
            command.add_argument("--force", action="store_true", help="on a busy machine too")
            command.add_argument(
                "--fresh", action="store_true", help="do not go on with a stopped run"
            )
        if name == "add-record":
            command.add_argument(
                "file",
                nargs="?",
                default=os.environ.get("FILE", ""),
                help="the record that somebody sent (the variable FILE)",
            )
        if name == "fleet":
            command.add_argument(
                "scheduler",
                nargs="?",
                default=os.environ.get("SCHEDULER", ""),
                help="its address: tcp://host:8786, or tls://… with the files that the variables "
                "TLS_CA_FILE, TLS_CERT_FILE and TLS_KEY_FILE name (the variable SCHEDULER)",
            )
            command.add_argument("--rounds", type=_rounds, help="how often each case is measured")
            command.add_argument("--force", action="store_true", help="on busy hosts too")
            command.add_argument(
                "--timeout", type=_seconds, default=3600, help="seconds that a host may take"
            )
        if name == "publish":
            command.add_argument("--dry-run", action="store_true", help="say what would be sent")
            command.add_argument("--force", action="store_true", help="a disturbed record too")
            command.add_argument(
                "--build-only", action="store_true", help="deliver nothing: a workflow does it"
            )
    return parser.parse_args(arguments)


def _interrupt(*_: object) -> None:
    """Stop, once: who stops `make` and all below it sends the signal twice, make passing it on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not SIG_IGN, which the programs that are started from now on would inherit.
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        options = _parse(arguments)
        return COMMANDS[options.command](Project(options.root.resolve()), options)
    except BlogError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or 'input/output'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; finished rounds are kept, make figures goes on from there", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
