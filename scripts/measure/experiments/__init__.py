"""The experiments, one file each: which cases it has, and how one of them is run."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from types import ModuleType
from typing import Dict

from scripts.record import Scalar


@dataclasses.dataclass(frozen=True)
class Case:
    """One variant of an experiment. `estimate_s` is a guess of its wall time, for the progress."""

    name: str
    params: Dict[str, Scalar]
    estimate_s: float


def experiment(name: str) -> ModuleType:
    """The experiment of that name, which is the name of its module, without loading the others."""
    return importlib.import_module(f"{__name__}.{name}")


def all_experiments() -> Dict[str, ModuleType]:
    """Every experiment by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: experiment(name) for name in names}
