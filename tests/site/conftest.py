"""The built site, served on this machine, and a real browser to look at it."""

from __future__ import annotations

import json
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

WIDE = {"width": 1280, "height": 800}
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


@pytest.fixture(scope="session")
def left() -> dict[str, list[Page]]:
    """Pages that tests have left, by what they were opened with: a new one costs 0.3 s."""
    return {}


@pytest.fixture(scope="session")
def seen() -> Watch:
    """What the pages of all tests do."""
    return Watch()


@pytest.fixture
def watch(seen: Watch) -> Watch:
    """What the pages of this test do."""
    seen.said.clear()
    seen.fetched.clear()
    return seen


@pytest.fixture
def new_page(
    browser: Browser, address: str, watch: Watch, left: dict[str, list[Page]]
) -> Iterator[Callable[..., Page]]:
    """Opens pages as new_page(path, **options), each as if it were the first visit.

    With keep=False no other test gets it: what a test adds to all documents cannot be taken back.
    """
    opened = []

    def new(
        path: str | None = None,
        *,
        viewport: dict = WIDE,
        color_scheme: str = "light",
        keep: bool = True,
        **options: object,
    ) -> Page:
        kind = json.dumps([address, options])
        page = left[kind].pop() if keep and left.get(kind) else made(options)
        opened.append((kind if keep else "", page))
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion="reduce")
        if path is not None:
            page.goto(path)
        return page

    def made(options: dict) -> Page:
        context = browser.new_context(base_url=address, viewport=WIDE, **options)
        context.set_default_timeout(10_000)
        watch.of(context)
        return context.new_page()

    yield new
    for kind, page in opened:
        if kind:
            forget(page, address)
            left.setdefault(kind, []).append(page)
        else:
            page.context.close()


def forget(page: Page, address: str) -> None:
    """Take from a page what it could remember of the site at `address`."""
    page.unroute_all(behavior="ignoreErrors")
    page.mouse.move(0, 0)
    page.goto("about:blank")
    tools = page.context.new_cdp_session(page)
    tools.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    tools.send("Network.clearBrowserCache")
    tools.detach()
