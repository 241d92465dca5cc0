"""The built site, served on this machine, and a real browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from scripts.blog import hugo, posts
from scripts.project import Project
from tests.site.links import HOST, Site
from tests.site.server import serving
from tests.site.watch import Watch

CHART = '\n{{{{< chart "{0}" >}}}}{{{{< alt >}}}}图{0}{{{{< /alt >}}}}说明{{{{< /chart >}}}}\n'


@pytest.fixture(scope="session")
def sources(derived: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A derived project with one more post: every way of writing occurs in it, and every figure."""
    project = Project(tmp_path_factory.mktemp("site") / "project")
    shutil.copytree(derived.root, project.root)
    measured = project.load_measured()
    text = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")
    charts = [name for name in measured["figures"] if name != "card"]
    text += "".join(CHART.format(name) for name in charts)
    folder = project.root / "content" / "posts" / "sample"
    folder.mkdir()
    for name in ("index.md", "index.en.md"):
        (folder / name).write_text(posts.embedded(text, measured, name), encoding="utf-8")
    return project


def built(project: Project, root: str, folder: Path) -> Site:
    """The project's site for the address `root`, in `folder`."""
    hugo.build(project, "--baseURL", root)
    shutil.move(project.root / "public", folder)
    return Site(folder, root)


@pytest.fixture(scope="session")
def site(sources: Project, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site at the root of its host."""
    return built(sources, f"{HOST}/", tmp_path_factory.mktemp("root") / "public")


@pytest.fixture(scope="session")
def blog(sources: Project, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same site under a path of its host."""
    return built(sources, f"{HOST}/blog/", tmp_path_factory.mktemp("blog") / "public")


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where `site` is served."""
    with serving(site.folder) as served:
        yield served


@pytest.fixture
def new_page(browser: Browser, address: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens pages as new_page(path, **options), each as if it were the first visit."""
    contexts = []

    def opened(path: str | None = None, **options: object) -> Page:
        defaults = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        context = browser.new_context(base_url=address, **{**defaults, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        watch.of(context)
        page = context.new_page()
        if path is not None:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
