"""A bucket of a cloud, or a folder, by way of `hugo deploy`.

Credentials are the cloud's own affair: Hugo takes them from the environment or from where the
cloud's tools keep them, never from the repository.
"""

from __future__ import annotations

import dataclasses
import http.client
import json
import re
import urllib.request
import zlib
from pathlib import Path
from urllib.parse import unquote

from scripts.blog import hugo
from scripts.publish.manifest import LIMIT, NAME
from scripts.publish.program import run
from scripts.publish.target import Changes, Site, mapping
from scripts.record.errors import BlogError

WHERE = "config.yaml: deployment.targets"
CURE = (
    "write there - name: blog and url: s3://BUCKET?region=REGION, gs://…, azblob://… or file:///…"
)
CREDENTIALS = ("AWS_*", "AZURE_*", "IDENTITY_*", "GOOGLE_*", "GCE_METADATA_*", "CLOUDSDK_*")
# What `hugo deploy --dryRun` says.
COUNTS = re.compile(r"^Identified (\d+) file.* and (\d+) file\(s\) to delete", re.MULTILINE)
UPLOAD = re.compile(r"^\[DRY RUN\] Would upload: (.*) \([\d.]+ [^()]*\): (.*)$", re.MULTILINE)
DELETE = re.compile(r"^\[DRY RUN\] Would delete (.*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Deploy:
    """The first of deployment.targets, `url`, which may be a folder.

    `address` is where readers find the manifest; `order` is deployment.order.
    """

    site: Site
    url: str
    address: str
    folder: Path | None
    order: list[str]

    def __str__(self) -> str:
        return self.url.partition("?")[0]

    @classmethod
    def configured(cls, site: Site) -> Deploy:
        """See Target."""
        wanted = mapping(site.settings.get("deployment"), "config.yaml: deployment")
        first = next(iter(_list(wanted.get("targets"))), None)
        url = str(first.get("url") or "") if isinstance(first, dict) else ""
        kind, found, path = url.partition("?")[0].partition("://")
        if not found or not url.isprintable():
            raise BlogError("there is none with a url", where=WHERE, cure=CURE)
        base_url = str(site.settings.get("baseURL") or "")
        folder = Path(unquote(path)) if kind == "file" else None
        order = [str(pattern) for pattern in _list(wanted.get("order"))]
        return cls(site, url, f"{base_url.rstrip('/')}/{NAME}", folder, order)

    @property
    def certain(self) -> bool:
        """See Target."""
        return self.folder is not None

    def published(self) -> bytes | None:
        """See Target; from a bucket read as a reader would, since Hugo only writes."""
        if self.folder:
            path = self.folder / NAME
            return path.read_bytes() if path.is_file() else None
        try:
            with urllib.request.urlopen(self.address, timeout=30) as answer:
                packed = answer.headers.get("Content-Encoding") == "gzip"
                text = answer.read(LIMIT + 1)
                return zlib.decompressobj(31).decompress(text, LIMIT + 1) if packed else text
        except (OSError, ValueError, http.client.HTTPException, zlib.error):
            return None  # not there, or nobody serves it yet

    def changes(self) -> Changes:
        """See Target."""
        said = self._hugo("--dryRun")
        uploads, removed = UPLOAD.findall(said), DELETE.findall(said)
        counts = COUNTS.search(said)
        if list(map(int, counts.groups() if counts else (0, 0))) != [len(uploads), len(removed)]:
            raise BlogError("hugo deploy --dryRun says what is not understood", where=str(self))
        new = frozenset(name for name, why in uploads if why == "not found at target")
        return Changes(new, frozenset(name for name, _ in uploads) - new, frozenset(removed))

    def deliver(self, changes: Changes, message: str, announcement: str) -> None:
        """See Target. Files are replaced one by one: after a failure some are new, none is gone."""
        manifest = self.site.public / NAME
        first, final = announcement.encode(), manifest.read_bytes()
        try:
            manifest.write_bytes(first)
            # Apart, since Hugo also deletes when an upload has failed.
            self._hugo("--maxDeletes", "0")
            if changes.removed:
                self._hugo("--maxDeletes", str(len(changes.removed)))
        finally:
            manifest.write_bytes(final)
        if first != final:
            self._hugo("--maxDeletes", "0")

    def _hugo(self, *options: str) -> str:
        order = json.dumps([f"^{re.escape(NAME)}$", *self.order])
        variables = {**hugo.FAST, "HUGO_DEPLOYMENT_ORDER": order}
        if self.folder:
            # A folder has no headers, so nothing in it can say that it is compressed.
            variables["HUGO_DEPLOYMENT_MATCHERS"] = "[]"
        there = ("--source", self.site.source, "--destination", self.site.public)
        cure = "see that the place is there and that the credentials are right, then make publish"
        return run(
            hugo.command("deploy", *there, *options),
            self.site.source,
            cure,
            keep=CREDENTIALS,
            **variables,
        )


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
