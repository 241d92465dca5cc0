"""Records as somebody else would send them, and everything that may be wrong with one.

They are made from a measured fixture, under the name of another machine; tests alone see them.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import random
from typing import Any

from scripts.machines.untrusted import EXPERIMENTS, NEEDED
from scripts.record import Record, dumps
from tests import machine_records as machines

# What a mutated place may hold: other types, ends of ranges, and what an intruder would try.
NASTY = (
    None, True, False, 0, -1, 1, 5, 1.5, -0.0, 1e-12, 1e308, 10**400, 2**63, "", " ", "x", "1",
    [], {}, [[]], [0, 1, 2], {"a": 1}, "<script>alert(1)</script>", '"><img src=x onerror=x>',
    "javascript:alert(1)", "{{ .Site }}", "{{< run >}}", "**x**", "[x](y)", "a\nb", "a\u0000b",
    "\u202e", "\ud800", "/home/x", "C:\\x", "root@host", "x.local", "../../x", "&lt;", "threads",
    "python3.11", "cpu_bound", "A (R) CPU @ 2.40GHz", "2026-02-30T00:00:00Z",
    "2999-01-01T00:00:00Z", "x" * 5000,
)  # fmt: skip


def record(number: int = 1, cpu_model: str = "Somebody CPU", kind: str = "two-cores") -> Record:
    """A sound record of a machine elsewhere; each `number` is another run."""
    base = machines.load(kind)
    return dataclasses.replace(
        base,
        run_id=f"20260101T000000Z-{number:08x}",
        started="2026-01-01T00:00:00Z",
        finished="2026-01-01T00:07:00Z",
        quick=False,
        machine=dataclasses.replace(base.machine, cpu_model=cpu_model),
    )


def small(experiment: str = "cpu_bound") -> dict[str, Any]:
    """The JSON of a sound record that holds little: what none may lack, and one experiment more.

    It has one round, one variant of each case and a few spans.
    """
    return json.loads(_small(experiment))


@functools.cache
def _small(experiment: str) -> str:
    base = record()
    first = {}
    for sample in base.samples:
        if sample.experiment in (*NEEDED, experiment) and sample.runtime == base.runtimes[0].id:
            short = dataclasses.replace(sample, round=1, spans=sample.spans[:2])
            first.setdefault((sample.experiment, sample.case), short)
    settings = {**base.settings, "rounds": 1}
    kept = dataclasses.replace(base, samples=tuple(first.values()), settings=settings)
    return dumps(dataclasses.replace(kept, runtimes=base.runtimes[:1]))


def places(value: Any, at: tuple = ()) -> list[tuple]:
    """The way to every place in a piece of JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, one in inside:
        found.append((*at, name))
        if isinstance(one, (dict, list)):
            found += places(one, (*at, name))
    return found


class Mutations:
    """Endless variants of sound records, most of them not sound any more."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.bases = []
        for experiment in EXPERIMENTS:
            base = small(experiment)
            self.bases.append((json.dumps(base), places(base)))

    def next(self) -> bytes:
        """The next variant, changed in what JSON says or in its bytes."""
        text, found = self.random.choice(self.bases)
        if self.random.random() < 0.3:
            return self._bytes(text.encode())
        fields = json.loads(text)
        for _ in range(self.random.choice((1, 1, 1, 2, 4))):
            self._change(fields, self.random.choice(found))
        return json.dumps(fields).encode()

    def _change(self, fields: Any, place: tuple) -> None:
        *way, last = place
        try:
            for name in way:
                fields = fields[name]
            self._change_at(fields, last)
        except (KeyError, IndexError, TypeError, AttributeError, OverflowError):
            pass  # an earlier change took this place away

    def _change_at(self, inside: Any, name: Any) -> None:
        what = self.random.randrange(6)
        if what == 0:
            del inside[name]
        elif what == 1 and isinstance(inside, dict):
            inside[self.random.choice(("more", "__proto__", "<b>", name.upper(), ""))] = 1
        elif what == 1:
            inside.append(inside[name])
        elif what == 2 and type(inside[name]) in (int, float):
            inside[name] = inside[name] * self.random.choice((-1, 0, 0.5, 2, 1e6, 1e-9))
        else:
            inside[name] = self.random.choice(NASTY)

    def _bytes(self, text: bytes) -> bytes:
        at = self.random.randrange(len(text))
        length = self.random.choice((0, 1, 1, 8, 200, len(text)))
        put = self.random.choice((b"", b'"', b"[" * 300, b"\\", b"\xff", b"\x00", b"1e999", b"NaN"))
        return text[:at] + put + text[at + length :]
