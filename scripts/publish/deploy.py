"""A bucket of a cloud, or a folder, by way of `hugo deploy`.

Credentials are the cloud's own affair: Hugo takes them from the environment or from where the
cloud's tools keep them, never from the repository.
"""

from __future__ import annotations

import dataclasses
import gzip
import os
import re
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.blog import hugo
from scripts.project import Project
from scripts.publish.manifest import NAME
from scripts.publish.target import foreign, run
from scripts.record.errors import BlogError

WHERE = "config.yaml: deployment.targets"
CURE = (
    "write there - name: blog and url: s3://BUCKET?region=REGION, gs://…, azblob://… or file:///…"
)


@dataclasses.dataclass(frozen=True)
class Deploy:
    """The first of deployment.targets; `address` is where what lies there is read."""

    root: Path
    url: str
    address: str

    def __str__(self) -> str:
        return self.url.partition("?")[0]

    @classmethod
    def configured(cls, project: Project, settings: Mapping[str, Any], wanted: object) -> Deploy:
        """See Target."""
        targets = (settings.get("deployment") or {}).get("targets") or [{}]
        url = str(targets[0].get("url") or "")
        if "://" not in url:
            raise BlogError("there is none with a url", where=WHERE, cure=CURE)
        folder = str(settings.get("baseURL") or "")
        if url.startswith("file:"):
            folder = f"file://{urlsplit(url).path}"
        return cls(project.root, url, f"{folder.rstrip('/')}/{NAME}")

    def published(self) -> bytes | None:
        """See Target; read as a reader would, since Hugo only writes."""
        try:
            with urllib.request.urlopen(self.address, timeout=30) as answer:
                packed = answer.headers.get("Content-Encoding") == "gzip"
                return gzip.decompress(answer.read()) if packed else answer.read()
        except OSError:
            return None  # not there, or nobody serves it yet

    def deliver(self, public: Path, message: str, first: bool) -> bool:
        """See Target. Files are replaced one by one: after a failure some are new, none is gone."""
        plan = self._hugo("--dryRun")
        if "No changes required" in plan:
            return False
        deletions = int(re.search(r"and (\d+) file\(s\) to delete", plan)[1])
        if first and deletions:
            raise foreign(deletions, self)
        # Apart, since Hugo also deletes when an upload has failed; and without its limit, since
        # that leaves what is too much to delete and calls it success.
        self._hugo("--maxDeletes", "0")
        if deletions:
            self._hugo("--maxDeletes", "-1")
        return True

    def _hugo(self, *options: str) -> str:
        environment = dict(os.environ)
        if self.url.startswith("file:"):
            # A folder has no headers, so nothing in it can say that it is compressed.
            environment["HUGO_DEPLOYMENT_MATCHERS"] = "[]"
        cure = "see that the place is there and that the credentials are right, then make publish"
        return run([hugo.binary(), "deploy", *options], self.root, cure, env=environment)
