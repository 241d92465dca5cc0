"""The plan of a session: which comparisons, in how many rounds, and in which order."""

from __future__ import annotations

import dataclasses
import random
from typing import Dict, List, Mapping, Sequence, Tuple

from scripts import experiments
from scripts.experiments import Case
from scripts.experiments.settings import Settings
from scripts.record import Machine, Runtime, Sample, Scalar, arm_of
from scripts.record.declaration import Choice, Declaration

# Fewer rounds than six cannot carry an interval of 95 %: 2 of 2**6 orders of signs are all alike.
FEWEST_ROUNDS, QUICK_ROUNDS, ENOUGH_ROUNDS = 6, 2, 200
# What a fresh interpreter takes until its clock is started, and to end.
START_S = 0.12


@dataclasses.dataclass(frozen=True)
class Step:
    """One timed arm: this case, in this round, in a fresh process of this runtime."""

    experiment: str
    case: Case
    runtime: str
    round: int

    @property
    def key(self) -> Tuple:
        """What tells this step from all others of the session."""
        variant = tuple(sorted(self.case.params.items()))
        return (self.experiment, self.case.name, self.runtime, variant), self.round

    def __str__(self) -> str:
        return f"{self.experiment} {self.case.name}{_variant(self)} with {self.runtime}"


def _variant(step: Step) -> str:
    """The parameters that tell cases of one name apart, in brackets."""
    declared = experiments.declarations()[step.experiment].params
    params: Mapping[str, Scalar] = step.case.params
    shown = [
        str(params[name])
        for name, kind in declared.items()
        if isinstance(kind, Choice) and kind.label and params.get(name) not in (None, "", "none")
    ]
    if int(params.get("workers") or 1) > 1:
        shown.append(f"{params['workers']} workers")
    return f" ({', '.join(shown)})" if shown else ""


def key_of(sample: Sample) -> Tuple:
    """The key of the step that gave `sample`."""
    return arm_of(sample), sample.round


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Arms that are compared with each other, and therefore timed next to each other.

    `rounds` is how often. `arms` are the cases, each with the id of its runtime.
    """

    experiment: str
    group: str
    arms: Tuple[Tuple[Case, str], ...]
    rounds: int

    @property
    def round_s(self) -> float:
        """The seconds that one round is expected to take."""
        return sum(case.estimate_s + START_S for case, _ in self.arms)

    def steps(self, number: int) -> List[Step]:
        """The steps of round `number`, in the order of the cases."""
        return [Step(self.experiment, case, runtime, number) for case, runtime in self.arms]


def make_plan(
    settings: Settings,
    machine: Machine,
    runtimes: Sequence[Runtime],
    pace_s: Dict[str, float],
    names: Sequence[str],
    rounds: int = 0,
) -> List[Comparison]:
    """The comparisons of the experiments `names`.

    `pace_s` is what an addition takes, by runtime. `rounds`, unless it is 0, is the number of
    rounds of every comparison whose number is not fixed; else it follows from the minutes in
    `settings`: an experiment has its share of them for the arms of the first runtime, and those of
    others come on top.
    """
    whole = sum(one.share for one in experiments.declarations().values())
    plan = []
    for name in names:
        declared = experiments.declarations()[name]
        budget_s = 60.0 * settings.minutes * declared.share / whole
        plan += _of_experiment(declared, settings, machine, runtimes, pace_s, budget_s, rounds)
    return plan


def _of_experiment(
    declared: Declaration,
    settings: Settings,
    machine: Machine,
    runtimes: Sequence[Runtime],
    pace_s: Dict[str, float],
    budget_s: float,
    rounds: int,
) -> List[Comparison]:
    measure = experiments.experiment(declared.name)
    groups: Dict[str, List[Tuple[Case, str]]] = {}
    for runtime in runtimes if declared.runtimes == "all" else runtimes[:1]:
        for case in measure.cases(settings, machine, runtime, pace_s[runtime.id]):
            groups.setdefault(case.group, []).append((case, runtime.id))
    planned = [
        Comparison(declared.name, group, tuple(arms), max(case.rounds for case, _ in arms))
        for group, arms in groups.items()
    ]
    takes = [one for one in planned if one.rounds]
    others = [one for one in planned if not one.rounds]
    left_s = budget_s - sum(one.rounds * _main_s(one, runtimes[0]) for one in takes)
    for one in others:
        fitting = int(left_s / len(others) / max(1e-9, _main_s(one, runtimes[0])))
        number = rounds or min(ENOUGH_ROUNDS, max(FEWEST_ROUNDS, fitting))
        takes.append(dataclasses.replace(one, rounds=number))
    return takes


def _main_s(comparison: Comparison, main: Runtime) -> float:
    """The seconds of a round's arms that the time budget is made for."""
    return sum(
        case.estimate_s + START_S
        for case, runtime in comparison.arms
        if runtime == main.id and not case.extra
    )


def total_s(plan: Sequence[Comparison]) -> float:
    """The seconds that a plan is expected to take."""
    return sum(one.rounds * one.round_s for one in plan)


def in_order(plan: Sequence[Comparison], seed: str) -> List[List[Step]]:
    """The rounds of all comparisons, taking turns over the whole session, each shuffled within.

    So a drift of the machine meets all comparisons alike, and what is compared lies side by side.
    The seed makes the order the same when a session is gone on with.
    """
    placed = []
    for one in plan:
        rng = random.Random(f"{seed}/{one.experiment}/{one.group}")
        for number in range(1, one.rounds + 1):
            steps = one.steps(number)
            rng.shuffle(steps)
            placed.append(((number - 1 + rng.random()) / one.rounds, len(placed), steps))
    return [steps for _, _, steps in sorted(placed)]
