"""The guard of make check: comparisons without a claim and numbers without a marker."""

import pytest

from scripts.blog.loose_words import warnings
from tests.conftest import ROOT, edit, run

CLAIM = (
    '(write it inside {{% when "claim" … %}} or beside {{< verdict "claim" >}},'
    " or end the line with <!-- loose-words: reason -->)"
)
NUMBER = (
    '(write the number as {{< measured "key" >}}…{{< /measured >}},'
    " or end the line with <!-- loose-words: reason -->)"
)
MARKER = '{{< measured "cpu_bound.threads.wall_s" >}}23.4{{< /measured >}}'


def found(markdown):
    """The words that are complained of, in their order."""
    return [
        word
        for line in warnings(markdown, "post.md")
        for word in line.partition(" (")[0].split('"')[1::2]
    ]


def test_each_line_says_where_which_words_and_the_cure():
    """A comparison wants a claim, a number a marker; a line may need both."""
    text = "---\ntitle: faster\n---\n\n线程更快，快了3倍。\n\nThreads are faster.\n"
    assert warnings(text, "content/post.md") == [
        f'content/post.md:5: loose words "更快", "快了" {CLAIM}',
        f'content/post.md:5: loose words "3倍" {NUMBER}',
        f'content/post.md:7: loose words "faster" {CLAIM}',
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("多进程更快，多线程更慢。", ["更快", "更慢"]),
        ("线程慢于进程，进程快过循环。", ["慢于", "快过"]),
        ("两种做法差不多。", ["差不多"]),
        ("进程比线程快。", ["比线程快"]),
        ("快了3倍，用了 23.4 秒，每次 5.2毫秒", ["快了", "3倍", "23.4 秒", "5.2毫秒"]),
        ("差了将近五倍", ["五倍"]),
        ("占99%", ["99%"]),
        ("Threads are slower, or about the same.", ["slower", "about the same"]),
        ("It took 23.4 seconds, 200 times as long.", ["23.4 seconds", "200 times"]),
        ("1.93x in 5 ms, 40 MB, 99 percent, 3 s", ["1.93x", "5 ms", "40 MB", "99 percent", "3 s"]),
        ("five times as long", ["five times as"]),
        ("As fast as ever.", ["As fast as"]),
        ("It takes longer.", ["longer"]),
    ],
)
def test_what_is_loose(text, words):
    """Comparatives and numbers with a unit, in both languages."""
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "差不多全在等，差不多定了",
        "2019年，第3章，4个线程",
        "In 2019, 4 threads, no longer alone, breakfast, two times of day",
        f"多线程{MARKER}秒，是多进程的{MARKER}倍，占{MARKER}%。",
        f"Threads took {MARKER} seconds, {MARKER} times as long as processes.",
        f"Processes are {MARKER} times as fast as threads.",
        '多进程{{< word "a" "更快" "更慢" "差不多" "" >}}。',
        '“多进程更快”{{< verdict "processes-beat-threads" >}}。',
        '{{% when "a" "holds" %}}\n进程更快：\n\nfaster\n{{% /when %}}',
        "`sleep(3 s)` ``faster ` 3 times``",
        "```python\ntime.sleep(3) # 3 s is slower\n```\n\n~~~\nfaster\n~~~",
        "<!-- threads are faster\nby 3 seconds -->",
        '{{< chart "faster 3 s" >}}{{</* slower */>}}',
        "## Why {#the-slower-one}\n\n[text](https://example.org/faster/3s)",
        '<a title="faster">text</a>',
        "厨师更快，五倍。<!-- loose-words: 厨房是比方 -->",
    ],
)
def test_what_is_not(text):
    """Markers, claims, code, comments, parameters, addresses, and lines with a reason."""
    assert warnings(text, "post.md") == []


def test_the_prose_within_a_chart_counts():
    """Caption and alternative text are read as the post is."""
    chart = '{{< chart "x" >}}\n{{< alt >}}faster{{< /alt >}}\n3 seconds\n{{< /chart >}}'
    assert found(chart) == ["faster", "3 seconds"]


def test_a_number_wants_a_marker_even_where_a_claim_chooses_the_paragraph():
    """The claim goes on holding when the number has changed."""
    assert found('{{% when "a" "holds" %}}\nfaster, 200 times\n{{% /when %}}') == ["200 times"]
    assert found('It is {{< word "a" "faster" "faster, 3 seconds" "" >}}.') == ["3 seconds"]


def test_an_excuse_is_for_its_line_only_and_names_a_reason():
    """The next line is read again; an empty reason excuses nothing."""
    text = "faster <!-- loose-words: history -->\nslower\nsooner <!-- loose-words: -->\n"
    assert warnings(text, "post.md") == [
        f'post.md:2: loose words "slower" {CLAIM}',
        "post.md:3: an excuse without a reason (end the line with <!-- loose-words: reason -->)",
    ]


def test_lines_are_counted_as_editors_do():
    """Also behind blocks that are left out, and with the line ends of Windows."""
    text = "---\na: 1\n---\n<!--\n-->\n```\nx\n```\n更快\n"
    assert warnings(text.replace("\n", "\r\n"), "p.md") == [f'p.md:9: loose words "更快" {CLAIM}']


def test_check_warns_and_still_succeeds(project):
    """The warning goes to standard error; the exit status is that of what does not agree."""
    post = "content/posts/threads-vs-processes/index.md"
    edit(project.root / post, "\n---\n", "\n---\n线程更快。\n")
    done = run(project, "check")
    assert done.returncode == 0
    (line,) = (line for line in done.stderr.splitlines() if " loose words " in line)
    assert line == f'warning: {post}:10: loose words "更快" {CLAIM}'


def test_the_posts_come_out_clean():
    """Every page of this blog."""
    pages = sorted((ROOT / "content").rglob("*.md"))
    assert pages
    assert [
        line
        for page in pages
        for line in warnings(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix())
    ] == []
