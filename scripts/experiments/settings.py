"""The sizes of all experiments together: what `params.benchmark` in config.yaml may say."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any, Mapping

from scripts.experiments import declarations
from scripts.record.declaration import Size

LARGEST = 10**12
# As many as anybody may ask for with ROUNDS=n.
MOST_ROUNDS = 1000
# How long a session measures where nothing else is said, in minutes; with one interpreter.
MINUTES = Size("minutes", 8, 1, "how long a session measures; how many rounds follows from it")
MOST_MINUTES = 24 * 60
SIZES = (MINUTES, *(size for one in declarations().values() for size in one.sizes))
NAMES = tuple(size.name for size in SIZES)

Settings = dataclasses.make_dataclass(
    "Settings",
    [(size.name, int, dataclasses.field(default=size.default)) for size in SIZES],
    namespace={"__post_init__": lambda self: _check_all(dataclasses.asdict(self))},
    frozen=True,
)


def _check_all(sizes: Mapping[str, Any]) -> None:
    for name, value in sizes.items():
        check(name, value)


def check(name: str, value: Any) -> None:
    """Raise ValueError when `name` is no setting or `value` is none of its values."""
    if name not in NAMES:
        near = difflib.get_close_matches(str(name), NAMES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(NAMES)}"
        raise ValueError(f"unknown setting {name!r}; {hint}")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {value!r}, not a whole number")
    largest = MOST_MINUTES if name == MINUTES.name else LARGEST
    if not 1 <= value <= largest:
        raise ValueError(f"{name} is {value}, not between 1 and {largest}")


def quick(settings: Settings) -> Settings:
    """Small sizes that show that everything works, in less than a minute on two cores."""
    small = {size.name: min(getattr(settings, size.name), size.quick) for size in SIZES}
    return dataclasses.replace(settings, **small)
