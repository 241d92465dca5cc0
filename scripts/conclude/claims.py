"""What a text concludes, stated as a comparison of measured quantities."""

from __future__ import annotations

import dataclasses
import re
from typing import Dict, Mapping, Tuple

NEED = re.compile(r"gil|no_gil|not quick|measured|cores >= (\d+)")


@dataclasses.dataclass(frozen=True)
class Claim:
    """`key` is above (or below) `threshold`, wherever the machine fulfils all `needs`.

    With `over`, what is compared is how many times the value of that key the value of `key` is.
    With `of_ceiling`, the threshold is a share of the most that is possible, so that it means as
    much on 64 cores as on 2. `text` says it in words, by language; `line` is where it is written.
    """

    id: str
    key: str
    above: bool
    threshold: float
    needs: Tuple[str, ...]
    line: int
    over: str = ""
    text: Mapping[str, str] = dataclasses.field(default_factory=dict)
    of_ceiling: bool = False

    @property
    def keys(self) -> Tuple[str, ...]:
        """What must be measured for a verdict."""
        return (self.key, self.over) if self.over else (self.key,)


def from_json(fields: Mapping[str, object]) -> Claim:
    """A claim from the JSON object of its fields, as measure.pyz carries it."""
    whole: Dict[str, object] = dict(fields)
    return Claim(**{**whole, "needs": tuple(whole["needs"])})
