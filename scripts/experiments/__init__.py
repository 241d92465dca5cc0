"""The experiments, a folder each: measure.py is timed, picture.py says and draws what came of it.

measure.py has `cases` and `run`. picture.py has PICTURE, the stem of its files, "" with nothing to
draw; `values(record)`, its part of data/measured.json; KEYS, what a post may quote of that;
`table(record)`, the columns and rows of what the picture shows; and `draw(record, theme)`. One that
shows who ran when has `trace_of(record)`, too: the text of a file beside its pictures, for programs
that show traces.
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
    from scripts.conclude.stats import Quantity
    from scripts.record import Record
    from scripts.record.declaration import Declaration


@functools.cache
def declarations() -> Dict[str, Declaration]:
    """What every experiment declares of itself, by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: module.DECLARATION for name, module in modules.items()}


def experiment(name: str) -> ModuleType:
    """What is timed of the experiment of that name, without loading the others."""
    return importlib.import_module(f"{__name__}.{name}.measure")


def all_experiments() -> Dict[str, ModuleType]:
    """What is timed of every experiment, by its name."""
    return {name: experiment(name) for name in _having("measure")}


@functools.cache
def pictures() -> Dict[str, ModuleType]:
    """What is drawn and said of every experiment, in the order of the figures' numbers."""
    modules = {
        name: importlib.import_module(f"{__name__}.{name}.picture") for name in _having("picture")
    }
    # thres_vs_process, thres_vs_process2 … thres_vs_process10: by length, then by letters.
    ordered = sorted(
        (not module.PICTURE, len(module.PICTURE), module.PICTURE, name)
        for name, module in modules.items()
    )
    return {name: modules[name] for *_, name in ordered}


def values(record: Record) -> Dict[str, Quantity]:
    """The quantities of every experiment that the record holds samples of."""
    return {
        key: value for module in pictures().values() for key, value in module.values(record).items()
    }


def keys() -> List[str]:
    """What posts and claims may name of every experiment, measured on this machine or not.

    The points of a curve (at_4_…) are not among them: every machine has others.
    """
    return [key for module in pictures().values() for key in getattr(module, "KEYS", ())]


def _having(part: str) -> List[str]:
    """The experiments in whose folder there is such a module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return [name for name in names if importlib.util.find_spec(f"{__name__}.{name}.{part}")]
