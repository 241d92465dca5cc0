"""published.json: what is published, as numbers and as files, so that the next one can compare.

It lies at the root of the site itself, where every target can be asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.record import sha256, units
from scripts.record.errors import BlogError

NAME = "published.json"
# {"run_id": …, "numbers": {key: text}, "verdicts": {id: verdict}, "files": {path: [bytes, sha256]}}
Manifest = dict[str, Any]


def make(public: Path, data: Mapping[str, Any]) -> Manifest:
    """The manifest of what lies in `public`, with the measured numbers of `data`."""
    files = sorted(path for path in public.rglob("*") if path.is_file() and path.name != NAME)
    return {
        "run_id": data["run_id"],
        "numbers": {
            key: units.with_unit(row["value"], row["unit"]) for key, row in data["values"].items()
        },
        "verdicts": {name: row["verdict"] for name, row in data["verdicts"].items()},
        "files": {
            path.relative_to(public).as_posix(): [path.stat().st_size, sha256(path.read_bytes())]
            for path in files
        },
    }


def dumps(manifest: Manifest) -> str:
    """The text of published.json."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def loads(text: bytes | None, where: str) -> Manifest | None:
    """The manifest in `text`, None for None. Raises BlogError when it is none."""
    if text is None:
        return None
    try:
        found = json.loads(text)
        return {name: found[name] for name in ("run_id", "numbers", "verdicts", "files")}
    except (ValueError, KeyError, TypeError):
        raise BlogError("is no list of what is published", where=where, cure="delete it") from None


def differences(before: Manifest | None, after: Manifest) -> Iterator[str]:
    """Lines that say what changes: pages, bytes and measured numbers, old → new."""
    if before is None:
        yield f"there is no {NAME} yet to compare with: all is new"
    old, new = before["files"] if before else {}, after["files"]
    sent = sorted(name for name in new if new[name] != old.get(name))
    removed = sorted(set(old) - set(new))
    yield from _pages(sent, removed, old)
    size, whole = (sum(new[name][0] for name in names) for names in (sent, new))
    yield f"files: {len(sent)} of {len(new)} to send, {_kb(size)} of {_kb(whole)}"
    yield from (f"  - {name}" for name in removed if not name.endswith(".html"))
    if before:
        yield f"run: {_change(before['run_id'], after['run_id'])}"
        yield from _texts("numbers", before["numbers"], after["numbers"])
        yield from _texts("conclusions", before["verdicts"], after["verdicts"])


def _pages(sent: list[str], removed: list[str], old: Mapping[str, Any]) -> Iterator[str]:
    marks = {name: "~" if name in old else "+" for name in sent} | dict.fromkeys(removed, "-")
    pages = {name: mark for name, mark in marks.items() if name.endswith(".html")}
    counts = {mark: list(pages.values()).count(mark) for mark in "+~-"}
    yield f"pages: {counts['+']} added, {counts['~']} changed, {counts['-']} removed"
    for name, mark in sorted(pages.items()):
        yield f"  {mark} /{name.removesuffix('index.html')}"


def _texts(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    yield f"{what}: {len(changed)} changed"
    for key in changed:
        yield f"  {key}: {_change(old.get(key, 'none'), new.get(key, 'none'))}"


def _change(old: str, new: str) -> str:
    return new if old == new else f"{old} → {new}"


def _kb(size: int) -> str:
    return f"{size / 1000:,.1f} kB"
