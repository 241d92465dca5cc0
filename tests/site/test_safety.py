"""The policy of the site: in force, strict, and never violated by the site itself."""

import base64
import hashlib
import re
import urllib.request

# What an intruder would try; each must be stopped by the policy.
ATTACKS = """() => {
  const add = (name, values) => document.body.append(
    Object.assign(document.createElement(name), values));
  add("script", { textContent: "window.intruded = true" });
  document.body.setAttribute("onclick", "window.intruded = true");
  document.body.click();
  add("style", { textContent: "body { display: none }" });
  add("img", { src: "https://elsewhere.example/a.png" });
  fetch("https://elsewhere.example/").catch(() => {});
}"""


def policy_of(html: str) -> str:
    """The policy that stands in a page."""
    (found,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', html)
    return found.replace("&#39;", "'")


def test_the_policy_is_strict_and_sent_as_header_too(site, address):
    """Nothing inline but by hash, nothing from elsewhere, no frame around a page."""
    for page in ("", "en/404.html"):
        with urllib.request.urlopen(address + page) as answer:
            sent, html = answer.headers, answer.read().decode()
        policy = policy_of(html)
        assert sent["Content-Security-Policy"] == f"{policy}; frame-ancestors 'none'"
        assert policy.startswith("default-src 'none'; ")
        assert not re.search(r"unsafe|\*|http|data:", policy)
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert sent["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_the_policy_is_in_force(new_page, watch):
    """Scripts, styles, handlers and addresses that are not ours are stopped, and reported."""
    page = new_page("")
    page.evaluate(ATTACKS)
    page.wait_for_function("() => document.querySelector('img[src^=https]').complete")
    assert page.evaluate("window.intruded") is None
    assert page.locator("body").is_visible()
    stopped = re.findall(r"securitypolicyviolation: ([\w-]+)", "\n".join(watch.said))
    kinds = {"script-src-elem", "script-src-attr", "style-src-elem", "img-src", "connect-src"}
    assert set(stopped) == kinds


def test_own_assets_are_what_the_page_says_they_are(site):
    """Every script and style sheet has the hash of its file, so a changed one does not load."""
    tag = re.compile(r'<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"([^>]*)>')
    for address in site.pages:
        html = site.file(address).read_text(encoding="utf-8")
        found = tag.findall(html)
        assert len(found) >= 2, address
        for path, rest in found:
            body = (site.folder / path.lstrip("/")).read_bytes()
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            assert f'integrity="sha256-{digest}"' in rest.replace("&#43;", "+"), (address, path)
