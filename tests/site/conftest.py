"""The built site, served on this machine, and a real browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from scripts import embed, hugo
from scripts.errors import BlogError
from scripts.project import Project
from tests.site import browser as chromium
from tests.site.links import HOST, Site
from tests.site.server import serving

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
CHART = '\n{{{{< chart "{0}" >}}}}{{{{< alt >}}}}图{0}{{{{< /alt >}}}}说明{{{{< /chart >}}}}\n'
# What a page tells of itself while it is looked at.
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI}`));
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => shifts.push(
  `${entry.value.toFixed(4)} ${entry.sources.map((source) => source.node?.nodeName)}`,
))).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="session")
def sources(derived: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A derived project with one more post: every way of writing occurs in it, and every figure."""
    project = Project(tmp_path_factory.mktemp("site") / "project")
    shutil.copytree(derived.root, project.root)
    measured = project.load_measured()
    text = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")
    charts = [name for name in measured["figures"] if name != "card"]
    text += "".join(CHART.format(name) for name in charts)
    text = embed.embed(text, measured["values"], measured["finished"], "sample.md")
    folder = project.root / "content" / "posts" / "sample"
    folder.mkdir()
    for name in ("index.md", "index.en.md"):
        (folder / name).write_text(text, encoding="utf-8")
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
def browser() -> Iterator[Browser]:
    """The one browser of the run."""
    try:
        path = chromium.get()
    except BlogError as error:
        pytest.exit(str(error), returncode=1)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


class Watch:
    """What pages said and fetched while they were looked at."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.fetched: list[str] = []

    def of(self, context: BrowserContext) -> None:
        """Begin to watch the pages of a context."""
        context.add_init_script(WATCH)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.said.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self.fetched.append(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        at = urlsplit(message.page.url).path if message.page else ""
        self.said.append(f"{at}: {message.text[:160]}")

    def paths(self) -> list[str]:
        """The paths of what was fetched."""
        return [urlsplit(url).path for url in self.fetched]

    def complaints(self) -> list[str]:
        """Whatever a page must not do: say something, or ask another host."""
        asked = (url for url in self.fetched if urlsplit(url).scheme in ("http", "https"))
        elsewhere = [f"asks {url}" for url in asked if urlsplit(url).hostname != "127.0.0.1"]
        return list(dict.fromkeys(self.said + elsewhere))


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test do."""
    return Watch()


@pytest.fixture
def quiet(watch: Watch) -> Iterator[None]:
    """At the end of the test its pages must have said nothing, and asked no other host."""
    yield
    assert not watch.complaints(), "\n".join(watch.complaints())


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
