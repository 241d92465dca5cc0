"""One timed case in a fresh interpreter: reads what to do as JSON, writes what it measured as JSON.

Started as `python -m scripts.measure.child` by the runner. Its own imports are light, since a
pool that spawns its workers imports this module again in each of them.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import types

from scripts.measure.meeting import end_helpers


def _pace(additions: int, times: int = 5) -> float:
    """Seconds per addition of naive_add: what the estimate of a run is made of."""
    from scripts.measure.workloads import naive_add

    paces = []
    for _ in range(times):
        start = time.perf_counter()
        naive_add(additions)
        paces.append((time.perf_counter() - start) / additions)
    return sorted(paces)[times // 2]


def _answer(question: dict) -> dict:
    """What `question["do"]` asks for: the facts of this interpreter, or a case, timed.

    A case is that of `module`, with `params` and the sizes of all experiments as `settings`; with
    its answer comes the number of the core on which it began, -1 where the system does not tell.
    """
    if question["do"] == "facts":
        from scripts.measure.facts import facts

        return {"facts": facts(), "addition_s": _pace(5 * 10**5)}

    from scripts.measure.jobs import Case, core_number

    measured = importlib.import_module(question["module"])
    loaded = sorted({"numpy", "matplotlib", "distributed"} & set(sys.modules))
    if loaded:
        raise RuntimeError(f"{' and '.join(loaded)} loaded before the clock was started")
    case = Case(question["case"], question["params"], 0.0)
    core = core_number()
    outcome = measured.run(case, types.SimpleNamespace(**question["settings"]))
    spans = [[span.job, round(span.start_s, 6), round(span.stop_s, 6)] for span in outcome.spans]
    return {"values": outcome.values, "spans": spans, "core": core}


def main() -> int:
    """Answer the question on standard input; a failure is an answer too.

    The CPU time of workers reaches the account of this process only when it has waited for the
    server that forked them; else it would look like somebody else's.
    """
    try:
        answer = _answer(json.load(sys.stdin))
    except Exception as error:  # whatever a case runs into is reported by the runner, in one line
        answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    end_helpers()
    print(json.dumps(answer))
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
