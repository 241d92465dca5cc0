"""The experiments, a folder each, which declares itself in its declaration.py.

measure.py is what is timed: `cases` and `run`. numbers.py says what came of it: `quantities`.
words.py and picture.py show it, in both languages.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Dict, List

from scripts.measure.jobs import Case as Case

if TYPE_CHECKING:  # none of them is needed where something is timed
    from scripts.conclude.quantity import Quantity
    from scripts.record import Record
    from scripts.record.declaration import Declaration, Key


@functools.cache
def declarations() -> Dict[str, Declaration]:
    """What every experiment declares of itself, by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    modules = {name: importlib.import_module(f"{__name__}.{name}.declaration") for name in names}
    return {name: module.DECLARATION for name, module in modules.items()}


def experiment(name: str) -> ModuleType:
    """What is timed of the experiment of that name, without loading the others."""
    return importlib.import_module(f"{__name__}.{name}.measure")


def all_experiments() -> Dict[str, ModuleType]:
    """What is timed of every experiment, by its name."""
    return {name: experiment(name) for name in having("measure")}


def quantities(record: Record) -> Dict[str, Quantity]:
    """The quantities of every experiment that the record holds samples of."""
    measured = {sample.experiment for sample in record.samples}
    return {
        key: quantity
        for name in having("numbers")
        if name in measured
        for key, quantity in _numbers(name).quantities(record).items()
    }


def keys() -> Dict[str, Key]:
    """What posts and claims may name of every experiment, measured on this machine or not.

    The points of a curve, whose keys have a star, are not among them: every machine has others.
    """
    return {
        key: declared
        for one in declarations().values()
        for key, declared in one.quantities.items()
        if "*" not in key
    }


def _numbers(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}.numbers")


@functools.cache
def having(part: str) -> List[str]:
    """The experiments in whose folder there is such a module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return [name for name in names if importlib.util.find_spec(f"{__name__}.{name}.{part}")]
