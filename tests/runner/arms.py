"""Cases for the tests of the runner: run in a fresh interpreter like those of an experiment."""

import builtins
import json
import os
import subprocess
import sys
import threading
import time
from concurrent import futures
from multiprocessing import get_all_start_methods, get_context

from scripts.measure.jobs import Outcome, run_jobs
from scripts.measure.workloads import naive_add


def run(case, settings):
    """Do what the case is named after, with its `params`."""
    cases = {"jobs": _jobs, "raise": _raise, "end": _end, "tell": _tell, "linger": _linger}
    return cases[case.name](case.params)


def _jobs(params):
    """Additions by one of the ways, or sleep, in two jobs."""
    sleeps = "seconds" in params
    function, size = (time.sleep, "seconds") if sleeps else (naive_add, "additions")
    arguments = [params[size]] * 2
    done = run_jobs(params["way"], function, arguments, 2, params.get("start_method", ""))
    return Outcome({"wall_s": done.wall_s, "cpu_s": done.cpu_s}, done.spans())


def _raise(params):
    """What Python raises where a system gives too little."""
    print(params.get("says", ""), file=sys.stderr)
    raise getattr(builtins, params["kind"])(*params["arguments"])


def _end(params):
    os.kill(os.getpid(), params["signal"])


def _linger(params):
    """Answer, and do not end, or leave something that does not."""
    if params["who"] == "case":
        threading.Thread(target=time.sleep, args=(1000,)).start()
    else:
        subprocess.Popen(["sleep", "1000"])
    return Outcome({"wall_s": 1.0})


def told(_):
    """What a process was told by others, and what it says of itself."""
    return {
        "path": sys.path,
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "docstrings": told.__doc__ is not None,
        "files": [sys.modules[name].__file__ for name in ("json", "scripts.measure.jobs")],
    }


def _tell(params):
    """Write what this process and a worker of every kind were told into `file`."""
    found = {"this": told(0)}
    for method in get_all_start_methods():
        with futures.ProcessPoolExecutor(1, get_context(method)) as pool:
            found[method] = pool.submit(told, 0).result()
    if hasattr(futures, "InterpreterPoolExecutor"):
        with futures.InterpreterPoolExecutor(1) as pool:
            found["interpreter"] = pool.submit(told, 0).result()
    with open(params["file"], "w", encoding="utf-8") as file:
        json.dump(found, file)
    return Outcome({})
