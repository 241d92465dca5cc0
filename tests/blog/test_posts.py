"""The posts: read as they are, and given the numbers as their language writes them."""

import pytest

from scripts.blog import posts
from scripts.record.errors import BlogError

DATA = {
    "finished": "2026-11-22T17:08:30Z",
    "values": {
        "many": {"text": "1,234,567", "text_zh": "123万"},
        "few": {"text": "4"},
        "gone": {"missing": "lacking"},
    },
}


def test_the_name_of_a_post_tells_its_language():
    """index.md is Chinese, index.en.md English."""
    names = ("content/a/index.md", "content/a/index.en.md", "content/machines/_index.en.md")
    assert [posts.language_of(name) for name in names] == ["zh", "en", "en"]


def test_each_language_has_its_own_text_of_a_number():
    """Where both write it alike there is one; what was not measured is empty."""
    marker = '{{{{< measured "{}" >}}}}{}{{{{< /measured >}}}}'
    for name, texts in (("index.md", ("123万", "4", "")), ("index.en.md", ("1,234,567", "4", ""))):
        before = "".join(marker.format(key, "0") for key in DATA["values"])
        after = "".join(map(marker.format, DATA["values"], texts))
        assert posts.embedded(before, DATA, name) == after


def test_reading_keeps_newlines_and_byte_order_mark(tmp_path):
    """What is read and written again is the same file."""
    data = "\ufeffa\r\nb\rc\n\n测量".encode()
    (tmp_path / "post.md").write_bytes(data)
    assert posts.read(tmp_path / "post.md", "post.md").encode() == data


def test_a_post_that_is_not_utf_8_is_refused_with_its_place(tmp_path):
    """Line and offset of the first wrong byte are named."""
    path = tmp_path / "post.md"
    path.write_bytes("一\n".encode() + "多线程".encode("gbk"))
    with pytest.raises(BlogError) as caught:
        posts.read(path, "content/post.md")
    assert str(caught.value) == (
        "content/post.md:2: is not UTF-8: byte 0xb6 at offset 4 (save it as UTF-8)"
    )


def test_a_post_that_is_missing_is_named(tmp_path):
    """With what is to be done about it."""
    with pytest.raises(BlogError) as caught:
        posts.read(tmp_path / "post.md", "content/post.md")
    assert str(caught.value) == (
        "content/post.md: the post cannot be read: No such file or directory "
        "(restore it or make it readable)"
    )
