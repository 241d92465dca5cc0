"""Sound records, changed in what they say: endless variants, most of them not sound any more.

It knows JSON and nothing of what a record is, so that it follows the format wherever that goes. To
get past the checks of single fields, most changes put a value where one of its kind stood: that of
another place of the same name, that of another record, or the same change at all places alike.
"""

from __future__ import annotations

import contextlib
import copy
import json
import marshal
import random
from collections.abc import Sequence
from typing import Any

# What a place may hold: other types, ends of ranges, and what an intruder would try.
NASTY = (
    None, True, False, 0, -1, 1, 5, 1.5, -0.0, 1e-12, 1e308, 10**400, 2**63, "", " ", "x", "1",
    [], {}, [[]], [0, 1, 2], {"a": 1}, "<script>alert(1)</script>", '"><img src=x onerror=x>',
    "javascript:alert(1)", "{{ .Site }}", "{{< run >}}", "**x**", "[x](y)", "a\nb", "a\u0000b",
    "\u202e", "\ud800", "/home/x", "C:\\x", "root@host", "x.local", "../../x", "&lt;", "threads",
    "python3.11", "cpu_bound", "A (R) CPU @ 2.40GHz", "2026-02-30T00:00:00Z",
    "2999-01-01T00:00:00Z", "www.example.com", "Buy now at example", "x" * 5000,
)  # fmt: skip
FACTORS = (-1, 0, 1e-9, 0.5, 0.99, 1.01, 2, 10, 1e6)
JUNK = (b"", b'"', b"[" * 300, b"\\", b'"\\' * 300, b"\xff", b"\x00", b"1e999", b"NaN", b'"a":1,')

Way = tuple[Any, ...]


class Mutants:
    """The variants of some sound records, in an order that hangs on the seed alone."""

    def __init__(self, seed: int | str, bases: Sequence[dict]) -> None:
        self.random = random.Random(seed)
        self._sound = [marshal.dumps(base) for base in bases]
        self._ways = [_ways(base) for base in bases]
        self._alikes = [_by_name(ways) for ways in self._ways]
        self._changes = (
            self._leaf,
            self._lose,
            self._repeat,
            self._exchange,
            self._graft,
            self._from_another,
            self._everywhere,
            self._everywhere,
            self._of_a_kind,
            self._of_a_kind,
            self._cut,
        )

    def next(self) -> Any:
        """The next variant: a piece of JSON."""
        number = self.random.randrange(len(self._sound))
        fields, ways = marshal.loads(self._sound[number]), self._ways[number]
        self._named = self._alikes[number]
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 4))):
            # An earlier change may have taken the place away.
            with contextlib.suppress(KeyError, IndexError, TypeError, AttributeError):
                self.random.choice(self._changes)(fields, ways)
        return fields

    def in_bytes(self) -> bytes:
        """The next variant as text, or a sound one with other bytes in it."""
        if self.random.randrange(2):
            return json.dumps(self.next()).encode()
        return self._bytes(json.dumps(marshal.loads(self.random.choice(self._sound))).encode())

    def _leaf(self, fields: Any, ways: list[Way]) -> None:
        """Another value at one place."""
        way = self.random.choice(ways)
        _put(fields, way, self._other(_at(fields, way)))

    def _lose(self, fields: Any, ways: list[Way]) -> None:
        """A place less."""
        _drop(fields, self.random.choice(ways))

    def _repeat(self, fields: Any, ways: list[Way]) -> None:
        """An entry twice, or a field that nobody knows."""
        way = self.random.choice(ways)
        inside = _at(fields, way[:-1])
        if isinstance(inside, list):
            inside.insert(self.random.randrange(len(inside) + 1), copy.deepcopy(_at(fields, way)))
        else:
            inside[self.random.choice(("more", "__proto__", "<b>", way[-1].upper(), ""))] = 1

    def _exchange(self, fields: Any, ways: list[Way]) -> None:
        """Two places of the same name have each other's value."""
        way = self.random.choice(ways)
        other = self.random.choice(self._named[_name(way)])
        one, another = _at(fields, way), _at(fields, other)
        _put(fields, way, another)
        _put(fields, other, one)

    def _graft(self, fields: Any, ways: list[Way]) -> None:
        """What stands anywhere stands here too."""
        _put(fields, self.random.choice(ways), _at(fields, self.random.choice(ways)))

    def _from_another(self, fields: Any, ways: list[Way]) -> None:
        """What another record has there, or under that name."""
        number = self.random.randrange(len(self._sound))
        way = self.random.choice(ways)
        same = self._alikes[number][_name(way)]
        there = way if way in same else self.random.choice(same)
        _put(fields, way, _at(marshal.loads(self._sound[number]), there))

    def _everywhere(self, fields: Any, ways: list[Way]) -> None:
        """The same at all places of a name."""
        self._alike(fields, self._named[_name(self.random.choice(ways))])

    def _of_a_kind(self, fields: Any, ways: list[Way]) -> None:
        """The same at a place of all entries of a list that are alike in something."""
        way = self.random.choice(ways)
        while int not in map(type, way[:-1]):
            way = self.random.choice(ways)
        depth = max(place for place, name in enumerate(way[:-1]) if type(name) is int)
        here = _at(fields, way[: depth + 1])
        alike = self.random.choice([name for name, one in _leaves(here) if type(one) is not float])
        wanted = _at(here, alike)
        entries = []
        for number, entry in enumerate(_at(fields, way[:depth])):
            if dict(_leaves(entry)).get(alike) == wanted:
                entries.append((*way[:depth], number))
        if self.random.randrange(4) == 0:
            self._alike(fields, entries)
        else:
            self._alike(fields, [(*entry, *way[depth + 1 :]) for entry in entries])

    def _alike(self, fields: Any, ways: list[Way]) -> None:
        """All these places are lost, have one value, or are larger or smaller by one factor."""
        what, factor = self.random.randrange(3), self.random.choice(FACTORS)
        value = self._other(_at(fields, ways[0]))
        for way in sorted(ways, key=str, reverse=True) if what == 0 else ways:
            if what == 0:
                _drop(fields, way)
            elif what == 1:
                _put(fields, way, value)
            else:
                _put(fields, way, _times(_at(fields, way), factor))

    def _cut(self, fields: Any, ways: list[Way]) -> None:
        """A list is shorter, or in another order."""
        inside = _at(fields, self.random.choice(ways)[:-1])
        if self.random.randrange(2):
            del inside[self.random.randrange(len(inside) + 1) :]
        else:
            self.random.shuffle(inside)

    def _other(self, value: Any) -> Any:
        if type(value) in (int, float) and self.random.randrange(2):
            return _times(value, self.random.choice(FACTORS))
        return self.random.choice(NASTY)

    def _bytes(self, text: bytes) -> bytes:
        at = self.random.randrange(len(text))
        length = self.random.choice((0, 0, 1, 1, 8, 200, len(text)))
        return text[:at] + self.random.choice(JUNK) + text[at + length :]


def _ways(value: Any, at: Way = ()) -> list[Way]:
    """The way to every place in a piece of JSON."""
    found = []
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inside:
        found.append((*at, name))
        if isinstance(one, (dict, list)):
            found += _ways(one, (*at, name))
    return found


def _leaves(value: Any, at: Way = ()) -> list[tuple[Way, Any]]:
    """The ways to texts and numbers, by names alone, with what stands there."""
    found = []
    for name, one in value.items() if isinstance(value, dict) else ():
        if isinstance(one, dict):
            found += _leaves(one, (*at, name))
        elif not isinstance(one, list):
            found.append(((*at, name), one))
    return found


def _name(way: Way) -> Any:
    """The name of a place: for an entry, that of its list."""
    return next((one for one in reversed(way) if type(one) is str), None), type(way[-1])


def _by_name(ways: list[Way]) -> dict[Any, list[Way]]:
    """The ways to all places of each name."""
    found: dict[Any, list[Way]] = {}
    for way in ways:
        found.setdefault(_name(way), []).append(way)
    return found


def _at(value: Any, way: Way) -> Any:
    for name in way:
        value = value[name]
    return value


def _put(fields: Any, way: Way, value: Any) -> None:
    _at(fields, way[:-1])[way[-1]] = copy.deepcopy(value)  # else it may come to hold itself


def _drop(fields: Any, way: Way) -> None:
    del _at(fields, way[:-1])[way[-1]]


def _times(value: Any, factor: float) -> Any:
    """A number, larger; whole if it was whole."""
    if type(value) is int and type(factor) is float:
        return int(max(-(10**300), min(value, 10**300)) * factor)
    return value * factor
