"""The plan of a run: every case of every experiment in every round, in a shuffled order."""

from __future__ import annotations

import dataclasses
import random
from types import ModuleType
from typing import Dict, List, Sequence, Tuple

from scripts.experiments import Case, all_experiments
from scripts.experiments.settings import Settings
from scripts.record import Machine, Runtime, Sample, Scalar


@dataclasses.dataclass(frozen=True)
class Step:
    """One timed run: this case, in this round, in a fresh process of this runtime."""

    experiment: str
    case: Case
    runtime: str
    round: int

    @property
    def key(self) -> Tuple:
        """What tells this step from all others of the run."""
        return key_of(self.experiment, self.case.name, self.runtime, self.round, self.case.params)

    def __str__(self) -> str:
        params = self.case.params
        variant = [str(params[name]) for name in ("step", "start_method") if params.get(name)]
        variant += [pool for pool in ("cold", "warm") if params.get("pool") == pool]
        if int(params.get("workers") or 1) > 1:
            variant.append(f"{params['workers']} workers")
        shown = f" ({', '.join(variant)})" if variant else ""
        return f"{self.experiment} {self.case.name}{shown} with {self.runtime}"


def key_of(
    experiment: str, case: str, runtime: str, round_: int, params: Dict[str, Scalar]
) -> Tuple:
    """The identity of a step or of the sample it gave."""
    return experiment, case, runtime, round_, tuple(sorted(params.items()))


def sample_key(sample: Sample) -> Tuple:
    """The key of the step that gave `sample`."""
    return key_of(sample.experiment, sample.case, sample.runtime, sample.round, sample.params)


def _measured_by(experiment: ModuleType, runtimes: Sequence[Runtime]) -> Sequence[Runtime]:
    """The main runtime; all of them where the experiment compares runtimes and says so."""
    return runtimes if getattr(experiment, "RUNTIMES", "main") == "all" else runtimes[:1]


def make_plan(
    settings: Settings,
    machine: Machine,
    runtimes: Sequence[Runtime],
    addition_s: Dict[str, float],
    seed: str,
) -> List[List[Step]]:
    """The steps of each round, shuffled within it.

    So a drift of the machine (heat, neighbours) meets all cases alike; the seed makes the order the
    same when a run is resumed.
    """
    rounds = []
    for number in range(1, settings.rounds + 1):
        steps = [
            Step(name, case, runtime.id, number)
            for name, experiment in all_experiments().items()
            for runtime in _measured_by(experiment, runtimes)
            for case in experiment.cases(settings, machine, runtime, addition_s[runtime.id])
        ]
        random.Random(f"{seed}/{number}").shuffle(steps)
        rounds.append(steps)
    return rounds
