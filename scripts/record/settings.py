"""The sizes of a run: what `params.benchmark` in config.yaml may say, and within which limits."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any, Mapping

LARGEST = 10**12
MOST_ROUNDS = 1000


@dataclasses.dataclass(frozen=True)
class Settings:
    """How much is measured: whole numbers from 1 on."""

    rounds: int = 5
    workers: int = 4
    jobs: int = 4
    additions: int = 10**8
    ticks: int = 10**6
    harness_additions: int = 10**6
    harness_ticks: int = 10**5
    control_additions: int = 5 * 10**6
    pool_start_additions: int = 5 * 10**6
    task_cost_tasks: int = 1000
    process_count_jobs: int = 8
    process_count_additions: int = 4 * 10**6
    runtimes_additions: int = 10**7
    runtimes_ticks: int = 4 * 10**5
    switch_interval_ticks: int = 3 * 10**6
    io_links: int = 1000
    io_wait_ms: int = 5
    pipeline_items: int = 80

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field.name, getattr(self, field.name))


# How many times smaller a QUICK run is, setting by setting.
QUICK_ROUNDS = 2
QUICK_DIVISORS = {
    "additions": 50,
    "ticks": 4,
    "harness_additions": 5,
    "harness_ticks": 5,
    "control_additions": 20,
    "pool_start_additions": 20,
    "task_cost_tasks": 5,
    "process_count_additions": 20,
    "runtimes_additions": 20,
    "runtimes_ticks": 4,
    "switch_interval_ticks": 4,
    "io_links": 20,
    "pipeline_items": 8,
}

NAMES = tuple(field.name for field in dataclasses.fields(Settings))


def check(name: str, value: Any) -> None:
    """Raise ValueError when `name` is no setting or `value` is none of its values."""
    if name not in NAMES:
        near = difflib.get_close_matches(str(name), NAMES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(NAMES)}"
        raise ValueError(f"unknown setting {name!r}; {hint}")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {value!r}, not a whole number")
    largest = MOST_ROUNDS if name == "rounds" else LARGEST
    if not 1 <= value <= largest:
        raise ValueError(f"{name} is {value}, not between 1 and {largest}")


def quick(settings: Settings) -> Settings:
    """Small sizes that show that everything works, in less than a minute on two cores."""
    small = {
        name: max(1, getattr(settings, name) // divisor) for name, divisor in QUICK_DIVISORS.items()
    }
    return dataclasses.replace(settings, rounds=min(settings.rounds, QUICK_ROUNDS), **small)


def from_mapping(mapping: Mapping[str, Any]) -> Settings:
    """The settings of a mapping; what it leaves out has its default. Raises ValueError."""
    for name, value in mapping.items():
        check(name, value)
    return Settings(**mapping)
