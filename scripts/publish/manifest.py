"""published.json: what is published, as numbers and as files, so that the next one can compare.

It lies at the root of the site itself, where every target can be asked for it. So others may have
written it: it is checked, and decides only what may be removed, not what is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.publish.program import printable
from scripts.record import sha256, units
from scripts.record.errors import BlogError

if TYPE_CHECKING:
    from scripts.publish.target import Changes

NAME = "published.json"
# A longer one is none of ours, and is not read to its end.
LIMIT = 2**24
# {"run_id": …, "numbers": {key: text}, "verdicts": {id: verdict}, "files": {path: [bytes, sha256]}}
Manifest = dict[str, Any]


def files_in(public: Path) -> dict[str, Path]:
    """The files of a folder by their names, which are UTF-8 whatever the locale."""
    found = (path for path in public.rglob("*") if path.is_file())
    names = ((os.fsencode(path.relative_to(public).as_posix()), path) for path in found)
    return dict(sorted((name.decode("utf-8", "surrogateescape"), path) for name, path in names))


def make(public: Path, data: Mapping[str, Any]) -> Manifest:
    """The manifest of what lies in `public`, with the measured numbers of `data`.

    Raises BlogError when `data` is not what data/measured.json holds.
    """
    try:
        return {
            "run_id": data["run_id"],
            "numbers": {
                key: units.with_unit(row["value"], row["unit"])
                for key, row in data["values"].items()
                if "missing" not in row
            },
            "verdicts": {name: row["verdict"] for name, row in data["verdicts"].items()},
            "files": {
                name: [path.stat().st_size, sha256(path.read_bytes())]
                for name, path in files_in(public).items()
                if name != NAME
            },
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BlogError(
            "is malformed", where="data/measured.json", cure="run make redraw"
        ) from None


def dumps(manifest: Manifest) -> str:
    """The text of published.json."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def loads(text: bytes | None, where: str) -> Manifest | None:
    """The manifest in `text`, None for None. Raises BlogError when it is none."""
    if text is None:
        return None
    try:
        found = json.loads(text) if len(text) <= LIMIT else None
        return _checked(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        cure = "look what it is; empty that place, or name another one in config.yaml"
        raise BlogError("is no list of what is published", where=where, cure=cure) from None


def both(before: Manifest | None, after: Manifest) -> Manifest:
    """The manifest of a place where some files are of one and some of the other."""
    if before is None:
        return after
    return {**before, "files": {**before["files"], **after["files"]}}


def differences(before: Manifest | None, after: Manifest, changes: Changes) -> Iterator[str]:
    """Lines that say what changes: pages, bytes and measured numbers, old → new."""
    if before is None:
        yield f"there is no {NAME} yet to compare with: all is new"
    files = after["files"]
    sent = [name for name in changes.added | changes.replaced if name in files]
    yield from _pages(changes)
    size, whole = (sum(files[name][0] for name in names) for names in (sent, files))
    yield f"files: {len(sent)} of {len(files)} to send, {_kb(size)} of {_kb(whole)}"
    gone = sorted(name for name in changes.removed if not name.endswith((".html", "/")))
    yield from (f"  - {printable(name)}" for name in gone)
    if before:
        yield f"run: {_change(before['run_id'], after['run_id'])}"
        yield from _texts("numbers", before["numbers"], after["numbers"])
        yield from _texts("conclusions", before["verdicts"], after["verdicts"])


def _checked(found: Any) -> Manifest:
    """The parts of a manifest. Raises ValueError, KeyError or TypeError when it is none."""
    made = {name: found[name] for name in ("run_id", "numbers", "verdicts", "files")}
    numbers, verdicts, files = (dict(made[name].items()) for name in list(made)[1:])
    digests = [digest for size, digest in files.values() if isinstance(size, int)]
    texts = (made["run_id"], *numbers, *numbers.values(), *verdicts, *verdicts.values())
    for text in (*texts, *files, *digests):
        if not isinstance(text, str) or not text.isprintable():
            raise ValueError("a text that nobody can print")
    if len(digests) < len(files):
        raise ValueError("a file without its size")
    return made


def _pages(changes: Changes) -> Iterator[str]:
    kinds = {"+": changes.added, "~": changes.replaced, "-": changes.removed}
    pages = sorted(
        (name, mark) for mark, found in kinds.items() for name in found if name.endswith(".html")
    )
    counts = {mark: sum(mark == one for _, one in pages) for mark in kinds}
    yield f"pages: {counts['+']} added, {counts['~']} changed, {counts['-']} removed"
    for name, mark in pages:
        yield f"  {mark} /{printable(name.removesuffix('index.html'))}"


def _texts(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    yield f"{what}: {len(changed)} changed"
    for key in changed:
        yield f"  {key}: {_change(old.get(key, 'none'), new.get(key, 'none'))}"


def _change(old: str, new: str) -> str:
    return new if old == new else f"{old} → {new}"


def _kb(size: int) -> str:
    return f"{size / 1000:,.1f} kB"
