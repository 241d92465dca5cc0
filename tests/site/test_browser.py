"""How a Chromium is found, or got, or asked for."""

import pytest

from scripts.record.errors import BlogError
from tests.site import browser


@pytest.fixture
def bin_folder(tmp_path, monkeypatch):
    """An otherwise empty PATH, nothing from Playwright, and a user who is not root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "PLAYWRIGHT", ("/bin/false",))
    monkeypatch.setattr(browser, "_of_playwright", lambda: None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    return tmp_path


def command(folder, name: str, script: str) -> str:
    """Put a command of that name on PATH; its path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_one_on_path_is_taken(bin_folder):
    """The first name that starts: a stub that only tells how to install one is passed over."""
    command(bin_folder, "chromium-browser", "echo install it first; exit 10")
    chrome = command(bin_folder, "google-chrome", "echo 1.0")
    assert browser.get() == chrome
    chromium = command(bin_folder, "chromium", "echo 1.0")
    assert browser.get() == chromium


def test_else_the_one_that_playwright_has(bin_folder, monkeypatch):
    """If it starts: without its system libraries it does not."""
    path = command(bin_folder, "of-playwright", "exit 127")
    monkeypatch.setattr(browser, "_of_playwright", lambda: path)
    assert browser.find() is None
    command(bin_folder, "of-playwright", "echo 1.0")
    assert browser.get() == path


def test_else_playwright_installs_one(bin_folder, monkeypatch, capsys):
    """And says so while it does."""
    path = bin_folder / "new"
    script = f"echo '#!/bin/sh' > {path}; /bin/chmod +x {path}; echo \"$@\" > {bin_folder}/said"
    installer = command(bin_folder, "installer", script)
    monkeypatch.setattr(browser, "PLAYWRIGHT", (installer, "install"))
    monkeypatch.setattr(browser, "_of_playwright", lambda: str(path) if path.exists() else None)
    assert browser.get() == str(path)
    assert (bin_folder / "said").read_text() == "install chromium\n"
    assert "trying" in capsys.readouterr().err


def test_else_debian_has_a_package_for_root(bin_folder, monkeypatch):
    """The lists of packages are brought up to date when the first try fails."""
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    calls, chromium = bin_folder / "calls", bin_folder / "chromium"
    command(
        bin_folder,
        "apt-get",
        f"""shift 2
echo "$@" >> {calls}
if [ "$1" = update ]; then : > {bin_folder}/updated; exit 0; fi
[ -e {bin_folder}/updated ] || exit 100
printf '#!/bin/sh\\n' > {chromium}; /bin/chmod +x {chromium}""",
    )
    assert browser.get() == str(chromium)
    install = "install -y --no-install-recommends chromium fonts-noto-cjk"
    assert calls.read_text().splitlines() == [install, "update", install]


def test_where_none_can_be_had_one_line_says_how(bin_folder):
    """And who is not root is not asked for a password: apt-get is not called."""
    command(bin_folder, "apt-get", f": > {bin_folder}/called")
    with pytest.raises(BlogError) as raised:
        browser.get()
    assert str(raised.value) == (
        "the tests need Chromium, and none can be had (install one and try again:"
        " apt-get install chromium, your system's package of that name,"
        " or .venv/bin/python -m playwright install --with-deps chromium)"
    )
    assert not (bin_folder / "called").exists()
