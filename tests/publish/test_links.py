"""The link check: what stays on the site leads somewhere, be the site at a root or in a folder."""

import pytest

from scripts.publish.links import broken

BASE = "https://blog.test/sub/"
FAULT = "public/index.html: the link to {} {} (mend the link, or what it leads to)"
OUTSIDE = f"leaves the site, which begins at {BASE}"


@pytest.fixture
def public(tmp_path):
    """A site of two pages and a picture."""
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/index.html").write_text('<h2 id="二">x</h2><a name="old"></a>')
    (tmp_path / "p.png").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="">', ""),
        ('<a href="#">', ""),
        ('<a href="#top">', ""),
        ('<a href="/sub/">', ""),
        ('<a href="/sub/a%20b/#%E4%BA%8C">', ""),
        ('<a href="a%20b#二">', ""),
        ('<a href="a b/index.html?x=1#old">', ""),
        (f'<link href="{BASE}p.png">', ""),
        ('<img src=p.png srcset="p.png 1x, /sub/p.png 2x">', ""),
        ('<a href="mailto:a@b.test">', ""),
        ('<a href="https://elsewhere.test/none">', ""),
        ('<a href="https://blog.test/other/">', ""),
        ('<a href="//blog.test/other/">', ""),
        ('<img src="data:,x">', ""),
        ("<meta property=og:image content=https://blog.test/sub/p.png>", ""),
        ('<a href="none/">', FAULT.format("none/", "leads nowhere")),
        ('<img srcset="p.png 1x, q.png 2x">', FAULT.format("q.png", "leads nowhere")),
        ('<a href="#none">', FAULT.format("#none", "leads to no place in that page")),
        ('<a href="a b/#三">', FAULT.format("a b/#三", "leads to no place in that page")),
        ('<a href="/p.png">', FAULT.format("/p.png", OUTSIDE)),
        ('<a href="../">', FAULT.format("../", OUTSIDE)),
        ('<a href="/sub/%2e%2e/secret">', FAULT.format("/sub/%2e%2e/secret", "leads nowhere")),
        (
            "<meta property=og:image content=https://blog.test/sub/q.png>",
            FAULT.format("https://blog.test/sub/q.png", "leads nowhere"),
        ),
    ],
)
def test_where_a_link_leads(html, fault, public):
    """Each form of an address, whole or broken."""
    (public / "index.html").write_text(html)
    assert broken(public, BASE) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("link", "shown", "said"),
    [
        ("http://[", "http://[", "is no address"),
        ("https://blog.test/sub/%00", "https://blog.test/sub/%00", "leads nowhere"),
        (f"https://blog.test/sub/{'x' * 5000}", None, "leads nowhere"),
        ("x\x1b[2J\u202e", "x\\x1b[2J\\u202e", "leads nowhere"),
    ],
    ids=["bracket", "null", "long", "escape"],
)
def test_a_link_that_no_file_could_have(link, shown, said, public):
    """One line, that moves no cursor."""
    (public / "index.html").write_text(f'<a href="{link}">', encoding="utf-8")
    assert broken(public, BASE) == [FAULT.format(shown or link, said)]


def test_a_page_in_another_encoding(public):
    """Its links are checked all the same."""
    (public / "index.html").write_bytes('<a href="none">中</a>'.encode("gbk"))
    assert broken(public, BASE) == [FAULT.format("none", "leads nowhere")]


def test_a_link_is_named_once_a_page(public):
    """However often the page has it."""
    (public / "index.html").write_text('<a href="x"></a><a href="x"></a>')
    assert len(broken(public, BASE)) == 1
