"""What it takes to build the site; part of `make bench`."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import resource
import shutil
import tempfile
import time
from pathlib import Path
from unittest import mock

from scripts.blog import derive, hugo
from scripts.comparison import speedup
from scripts.comparison import summaries as machines
from scripts.draw.language import LANGUAGES, Say
from scripts.machines import intake
from scripts.project import Project
from scripts.record import Record, dumps, load
from tests import foreign
from tests.conftest import copy_sources

POSTS = 1000
# Records from as many machines.
MACHINES = (10, 100, 1000)
# Not long, but with what costs Hugo time: code, numbers, a figure.
TEXT = """---
title: 第 {number} 篇
date: 2020-01-01T00:00:00Z
lastmod: 2020-01-02T00:00:00Z
tags: [python, 标签{tag}]
---

## 写在前面 {{#introduction}}

{paragraphs}

{{{{< listing "scripts/measure/workloads.py" "naive_add" >}}}}

{{{{< chart "thres_vs_process" >}}}}
{{{{< alt >}}}}三栏条形图{{{{< /alt >}}}}
说明
{{{{< /chart >}}}}
"""
PARAGRAPH = (
    '多线程用了{{{{< measured "cpu_bound.threads.wall_s" >}}}}{text}{{{{< /measured >}}}}秒，'
    "代码写成`ThreadPoolExecutor`，**换一台机器**要[重新测量](#introduction)。\n\n"
)


def add_posts(project: Project, count: int) -> None:
    """Generate `count` posts whose numbers are right for the project's data/measured.json."""
    text = project.load_measured()["values"]["cpu_bound.threads.wall_s"]["text"]
    paragraphs = PARAGRAPH.format(text=text) * 10
    for number in range(count):
        folder = project.root / "content" / "posts" / f"generated-{number}"
        folder.mkdir()
        post = TEXT.format(number=number, tag=number % 50, paragraphs=paragraphs)
        (folder / "index.md").write_text(post, encoding="utf-8")


def add_machines(project: Project, count: int) -> None:
    """Put `count` records from elsewhere there: the first one with other names and digits.

    Their summaries and the table of their figure are made as if all had been taken in.
    """
    rng = random.Random(count)
    (summary,) = (path for path in project.machines.glob("ampere-altra-*-00000001.json"))
    first = project.others / summary.name
    for number in range(2, count + 1):
        name = f"{summary.stem[:-8]}{number:08x}.json"
        for path in (summary, first):
            text = path.read_text(encoding="utf-8").replace("-00000001", f"-{number:08x}")
            text = text.replace("Ampere Altra", f"Ampere Altra {number}")
            if path is summary:
                text = re.sub(
                    r'(text": "[\d.]*)\d\d"', lambda at: f'{at[1]}{rng.randrange(10, 99)}"', text
                )
                text = re.sub(
                    r'("value": [\d.]*)\d\d,', lambda at: f"{at[1]}{rng.randrange(10, 99)},", text
                )
            path.with_name(name).write_text(text, encoding="utf-8")
    found = {path.stem: json.loads(path.read_bytes()) for path in project.machines.glob("*.json")}
    data = project.load_measured()
    for language in LANGUAGES:
        say = Say(language, speedup.WORDS)
        columns, rows = speedup.table(load(project.current_record()), machines.points(found), say)
        table = {"columns": columns, "rows": rows}
        data["figures"][speedup.NAME]["table"][language] = table
    project.measured.write_text(json.dumps(data), encoding="utf-8")


def bench_machines(record: Record) -> None:
    """Print what the page of all machines costs, by their number."""
    with tempfile.TemporaryDirectory() as folder:
        project = copy_sources(Path(folder))
        derive.recover(project)
        derive.install_set(project, record)
        intake.add(project, dumps(foreign.record()).encode(), "the first")
        for count in MACHINES:
            add_machines(project, count)
            assert derive.is_current(project)
            build_s = cold_build_s(project)
            page = (project.root / "public" / "machines" / "index.html").read_bytes()
            packed = len(gzip.compress(page, 6)) / 1000
            print(
                f"  {count} records from elsewhere: {build_s:.2f} s,"
                f" the largest Hugo so far {_peak_mb():.0f} MB, /machines/ {packed:.0f} kB packed"
            )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def cold_build_s(project: Project) -> float:
    """Seconds of a strict build with nothing cached, Hugo's start included."""
    for name in ("public", "resources", ".hugo_build.lock"):
        path = project.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as cache, mock.patch.dict(os.environ, XDG_CACHE_HOME=cache):
        begin = time.perf_counter()
        hugo.build(project)
        return time.perf_counter() - begin


def bench_site(record: Record) -> None:
    """Print how long the site of `record` takes to build, as it is and with many posts more."""
    with tempfile.TemporaryDirectory() as folder:
        project = copy_sources(Path(folder))
        derive.recover(project)
        derive.install_set(project, record)
        cold_s = cold_build_s(project)
        add_posts(project, POSTS)
        many_s = cold_build_s(project)
        pages = sum(1 for _ in (project.root / "public").rglob("*.html"))
    print(
        f"site: a cold, strict build takes {cold_s:.2f} s;"
        f" with {POSTS} posts more ({pages} pages) {many_s:.2f} s"
    )
