"""Measure Python's threads and processes on this machine, with the Python that runs this.

The program of static/measure.pyz, for machines without a checkout: it writes a record, says what
follows from it, and sends nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pkgutil
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import List, Mapping, Sequence

from scripts import experiments
from scripts.conclude import claims, report, summary
from scripts.conclude.claims import Claim
from scripts.conclude.summary import Summary
from scripts.experiments import all_experiments
from scripts.experiments.settings import MOST_ROUNDS, Settings, quick
from scripts.reader import page
from scripts.record import dumps, faults, loads, sha256
from scripts.record.errors import BlogError
from scripts.runner import preflight, progress, run, safe
from scripts.runner.machine import machine_facts

# What config.yaml, data/claims.yaml and i18n/ said when measure.pyz was built.
BAKED = "baked.json"
# Windows knows fewer of them.
_STOPPING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
_PROMISE = """\
It starts Python processes and a web server of its own on 127.0.0.1, and sends nothing anywhere.
It writes two files. {name} is the record: model of the CPU, cores, memory, system, version and
build of Python, settings, and every time that was measured; no host name, no user name, no path.
{report} shows what follows from it, in a browser."""

_WRITTEN = """\
written: {name} and {report} (open that one in a browser, or drop it into the post to read it as
this machine; to have the record compared with others, attach {name} to an issue of the blog)"""


def main(arguments: Sequence[str]) -> int:
    """Run the program; its exit status."""
    for number in _STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup and background jobs have it
            signal.signal(number, _interrupt)
    faults.ready_streams()
    try:
        _measure(_parse(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        said = "stopped; finished rounds are kept, the same command goes on from there"
        print(said, file=sys.stderr)
        return 130
    except Exception as error:  # no fault of any kind is worth a traceback to a reader
        print(faults.of_output() or faults.explained(error, Path()), file=sys.stderr)
        return 1
    return 0


def _interrupt(*_: object) -> None:
    """Stop once: clearing up is not to be stopped, and does not take long."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="measure.pyz", description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=_output, metavar="FILE", help="the record (MACHINE.json)")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all works")
    parser.add_argument(
        "--rounds", type=_rounds, default=0, metavar="N", help="how often each case is measured"
    )
    parser.add_argument("--force", action="store_true", help="on a busy machine too")
    return parser.parse_args(arguments)


def _measure(options: argparse.Namespace) -> None:
    baked = json.loads(pkgutil.get_data("scripts.reader", BAKED))
    settings = Settings(**baked["settings"])
    settings = quick(settings) if options.quick else settings
    output = options.output or Path(f"{machine_facts().slug}.json")
    shown = output.with_name(f"{output.name.removesuffix('.json')}.html")
    for path in (output, shown):
        if os.path.lexists(path):
            cure = "move it away, or name another one: --output FILE"
            raise BlogError("is there already", where=str(path), cure=cure)
    print("\n".join(_plan(output.name, shown.name)), flush=True)
    folder = safe.private_folder(output.with_name(f"{output.name}.part"))
    log = progress.OneLine() if sys.stderr.isatty() else progress.PlainLog()
    wanted = run.Options(
        settings, options.quick, options.force, rounds=options.rounds, executables=(sys.executable,)
    )
    try:
        preflight.check(folder, {})
        text = dumps(run.measure(wanted, folder / "journal.jsonl", log))
        safe.write_new(output, text.encode(), folder)
        stated = [claims.from_json(fields) for fields in baked["claims"]]
        known = experiments.declarations(), experiments.quantities
        record = loads(text, output.name)
        name = output.name.encode(errors="replace").decode()  # it need not be text
        made = summary.summarise(record, name, sha256(text.encode()), *known, stated)
        safe.write_new(shown, page.build(made, record, stated, baked["words"]).encode(), folder)
        shutil.rmtree(folder)
    finally:
        log.close()
        with contextlib.suppress(OSError):  # it is empty unless there is something to go on with
            folder.rmdir()
    print("\n".join(_results(made, stated, baked["words"]["en"])))
    print(_WRITTEN.format(name=output.name, report=shown.name))


def _output(text: str) -> Path:
    if not Path(text).name:
        raise BlogError(f"--output is {text!r}, not the name of a file", cure="--output mine.json")
    return Path(text)


def _rounds(text: str) -> int:
    if re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= MOST_ROUNDS:
        return int(text)
    what = f"--rounds is {text[:20]!r}, not a whole number from 1 to {MOST_ROUNDS}"
    raise BlogError(what, cure="--rounds 6")


def _plan(name: str, report: str) -> List[str]:
    """What will be measured, and what becomes of it."""
    said = [(name, module.__doc__.splitlines()[0]) for name, module in all_experiments().items()]
    return [
        "What is measured:",
        *(f"  {name:16} {line}" for name, line in said),
        _PROMISE.format(name=name, report=report),
    ]


def _results(made: Summary, stated: Sequence[Claim], words: Mapping[str, str]) -> List[str]:
    """The table, what speaks against the run, and the verdicts."""
    rows = [report.HEADINGS, *report.table(made)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["", report.title(made)] if report.title(made) else [""]
    for label, *cells in rows:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:]))
        lines.append("  ".join((label.ljust(widths[0]), *right)))
    lines += ["", *report.warnings(made), *report.precision(made), ""]
    return [*lines, *report.verdicts(made, stated, words), ""]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
