"""One timed case in a fresh interpreter: reads what to do as JSON, writes what it measured as JSON.

Started as `python -m scripts.runner.child` by the runner. Its own imports are light, since a
pool that spawns its workers imports this module again in each of them.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time


def _pace(additions: int) -> float:
    """Seconds per addition of naive_add: what the estimate of a run is made of."""
    from scripts.measure.workloads import naive_add

    start = time.perf_counter()
    naive_add(additions)
    return (time.perf_counter() - start) / additions


def _answer(question: dict) -> dict:
    if question["do"] == "facts":
        from scripts.runner.runtime import runtime_facts

        return {"facts": dataclasses.asdict(runtime_facts()), "addition_s": _pace(10**6)}

    from scripts.experiments import Case, experiment
    from scripts.experiments.settings import Settings

    measured = experiment(question["experiment"])
    loaded = sorted({"numpy", "matplotlib", "distributed"} & set(sys.modules))
    if loaded:
        raise RuntimeError(f"{' and '.join(loaded)} loaded before the clock was started")
    case = Case(question["case"], question["params"], 0.0)
    outcome = measured.run(case, Settings(**question["settings"]))
    spans = [[span.job, round(span.start_s, 6), round(span.stop_s, 6)] for span in outcome.spans]
    return {"values": outcome.values, "spans": spans}


def _end_forkserver() -> None:
    """Wait for the fork server, if a pool has started one.

    The CPU time of its workers reaches our own account only when it has been waited for; else it
    would look like somebody else's. There is no public call for that.
    """
    module = sys.modules.get("multiprocessing.forkserver")
    stop = getattr(getattr(module, "_forkserver", None), "_stop", None)
    if stop:
        stop()


def main() -> int:
    """Answer the question on standard input; a failure is an answer too."""
    try:
        answer = _answer(json.load(sys.stdin))
    except Exception as error:  # whatever a case runs into is reported by the runner, in one line
        answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    _end_forkserver()
    print(json.dumps(answer))
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
