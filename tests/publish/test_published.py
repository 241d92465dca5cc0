"""What is published: the same bytes wherever it was built, and pages that can be read there."""

import os
import subprocess
import sys

from tests.conftest import ROOT
from tests.publish.conftest import commit, copy
from tests.publish.places import Branch
from tests.publish.test_places import text_of, tree
from tests.site import links
from tests.site.server import serving

# Throws when a picture that is to be seen cannot be.
SEEN = """Promise.all([...document.images].filter((image) => image.offsetParent)
  .map((image) => Object.assign(image, { loading: "eager" }).decode()))"""


def built(project, **environment):
    """public/ as a process of its own builds it in that environment."""
    build = (
        "from pathlib import Path; from scripts.project import Project;"
        "from scripts import publish; project = Project(Path.cwd());"
        "held = publish.source.opened(project);"
        "publish._build(project, held.__enter__(), 'https://blog.test/sub/', False)"
    )
    where = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run([sys.executable, "-c", build], cwd=project.root, env=where, check=True)
    return tree(project)


def test_the_same_commit_gives_the_same_bytes(blog, tmp_path):
    """In two folders, under another time zone and locale, and with other ages of the files."""
    other = copy(blog, tmp_path / "另一个 folder")
    for path in other.root.rglob("*"):
        if path.is_file() and ".git/" not in path.as_posix():
            os.utime(path, (0, 0))
    here = built(blog, TZ="Asia/Kathmandu", LANG="C", LC_ALL="C")
    there = built(other, TZ="America/St_Johns", LANG="zh_CN.UTF-8", LC_ALL="tr_TR.UTF-8")
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []


def test_what_is_published_can_be_read(blog, browser, watch, tmp_path, say, monkeypatch):
    """Cloned from the branch and served in a folder of its host: all pages, links, pictures."""
    place = Branch(tmp_path)
    place.configure(blog)
    commit(blog)
    assert say(blog).status == 0
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-qb", "gh-pages", place.folder, clone], check=True)
    monkeypatch.setattr(links, "HOST", "https://blog.test")
    assert links.Site(clone, "https://blog.test/sub/").faults() == []
    with serving(clone, "/sub/") as address:
        context = browser.new_context(base_url=address)
        watch.of(context)
        page = context.new_page()
        for file in sorted(clone.rglob("*.html")):
            name = file.relative_to(clone).as_posix()
            answer = page.goto(name)
            assert answer.body() == file.read_bytes()
        page.goto("posts/main/")
        assert page.locator("data").first.text_content() == text_of(blog)
        page.evaluate(SEEN)
        context.close()
    assert watch.complaints() == []
