"""Numbers in the prose: what stands between markers changes, and nothing else."""

import json
import re
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.blog.embed import Marker, embed, parse
from scripts.blog.hugo import binary
from scripts.record.errors import BlogError

FINISHED = "2026-11-22T17:08:30Z"
TEXTS = {
    "cpu_bound.threads.wall_s": "23.4",
    "cpu_bound.processes.wall_s": "11.2",
    "k": "new",
}

POST = """---
title: 多线程还是多进程?
lastmod: 2019-05-23T10:41:23-04:00 # measured
draft: false
---
多线程总共用了 {{< measured "cpu_bound.threads.wall_s" >}}1{{< /measured >}} 秒,
**{{< measured `cpu_bound.processes.wall_s` >}}{{< /measured >}}** 秒。

{{< chart "thres_vs_process" >}}
{{< alt >}}{{<measured cpu_bound.threads.wall_s>}}a b{{</measured>}} s{{< /alt >}}
{{< /chart >}}

Write `{{</* measured "k" */>}}1{{</* /measured */>}}`, C:\\new and \\1.
"""
EMBEDDED = """---
title: 多线程还是多进程?
lastmod: 2026-11-22T17:08:30Z # measured
draft: false
---
多线程总共用了 {{< measured "cpu_bound.threads.wall_s" >}}23.4{{< /measured >}} 秒,
**{{< measured `cpu_bound.processes.wall_s` >}}11.2{{< /measured >}}** 秒。

{{< chart "thres_vs_process" >}}
{{< alt >}}{{<measured cpu_bound.threads.wall_s>}}23.4{{</measured>}} s{{< /alt >}}
{{< /chart >}}

Write `{{</* measured "k" */>}}1{{</* /measured */>}}`, C:\\new and \\1.
"""

# What Hugo takes for a marker with the key "k" and the text "1".
FORMS = [
    '{{< measured "k" >}}1{{< /measured >}}',
    '{{<measured"k">}}1{{</measured>}}',
    "{{< measured `k` >}}1{{< /measured >}}",
    "{{<measured`k`>}}1{{< /measured >}}",
    "{{< measured k >}}1{{< /measured >}}",
    "{{<measured k>}}1{{< /measured >}}",
    '{{< measured \\"k\\" >}}1{{< /measured >}}',
    '{{< Measured "k" >}}1{{< /Measured >}}',
    '{{<\n  measured\t"k"\r\n>}}1{{<\n/\nmeasured\v>}}',
    '{{{< measured "k" >}}1{{< /measured >}}}',
    '`{{< measured "k" >}}1{{< /measured >}}`',
    '```\n{{< measured "k" >}}1{{< /measured >}}\n```',
    '{{</* measured "x" */>}}{{< measured "k" >}}1{{< /measured >}}{{</* /measured */>}}',
    '{{%/* measured "x" >}} */%}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other "{{< measured `x` >}}" >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other `{{< measured "x" >}}` >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{% other "\\"{{< measured x >}}" %}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other \\"a\\" >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other a=b" >}}{{< measured "k" >}}1{{< /measured >}}{{< other a=c" >}}',
    '{{< other ">}}{{< measured `x` >}}" >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other `>}}{{< measured "x" >}}` >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{</* other " */>}}{{< measured "k" >}}1{{< /measured >}}{{</* " */>}}',
    '{{< measured-otherwise "x" >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< other a="b" c=`d` >}}{{< measured "k" >}}1{{< /measured >}}',
    '{{< measured "k" >}}1{{< /measured >}}{{< other "k" >}}',
]


def problem(markdown):
    """The whole message with which a post is refused."""
    with pytest.raises(BlogError) as caught:
        embed(markdown, TEXTS, FINISHED, "post.md")
    return str(caught.value)


def test_a_post_gets_the_new_numbers_and_the_time_of_the_run():
    """Text, captions and alternative texts change; escaped markers and backslashes stay."""
    assert embed(POST, TEXTS, FINISHED, "post.md") == EMBEDDED


def test_embedding_again_changes_nothing():
    """A post that is up to date stays byte for byte."""
    assert embed(EMBEDDED, TEXTS, FINISHED, "post.md") == EMBEDDED


def test_the_same_key_may_be_used_twice():
    """Each of its markers is brought up to date."""
    pair = '{{< measured "k" >}}1{{< /measured >}} and {{< measured "k" >}}2{{< /measured >}}'
    expected = pair.replace("1", "new").replace("2", "new")
    assert embed(pair, TEXTS, FINISHED, "post.md") == expected


def test_keys_come_with_the_line_of_their_marker():
    """In the order of the text, front matter included in the count of lines."""
    assert [(marker.key, marker.line) for marker in parse(POST, "post.md")] == [
        ("cpu_bound.threads.wall_s", 6),
        ("cpu_bound.processes.wall_s", 7),
        ("cpu_bound.threads.wall_s", 10),
    ]


def test_parse_tells_where_the_number_stands():
    """The span is that of the text between the tags."""
    assert parse('a\n{{< measured "k" >}}1.5{{< /measured >}}', "post.md") == [
        Marker("k", line=2, start=22, stop=25)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_hugo_reads_is_a_marker(form):
    """White space, three kinds of quotes, other shortcodes and escaped ones around it."""
    assert [form[m.start : m.stop] for m in parse(form, "post.md")] == ["1"]
    assert [marker.key for marker in parse(form, "post.md")] == ["k"]


def test_hugo_itself_sees_the_same_markers(tmp_path):
    """The real Hugo renders each of the forms as one marker with that key and that text."""
    for name, text in {
        "hugo.yaml": "disableKinds: [page, section, taxonomy, term, rss, sitemap, '404']",
        "data/forms.json": json.dumps(FORMS),
        "layouts/home.html": "{{ range hugo.Data.forms }}{{ $.RenderString . }}\n@@@{{ end }}",
        "layouts/_shortcodes/measured.html": "[{{ .Get 0 }}|{{ .Inner }}]",
        "layouts/_shortcodes/other.html": "",
        "layouts/_shortcodes/measured-otherwise.html": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run([binary(), "build", "--quiet"], cwd=tmp_path, check=True)
    rendered = (tmp_path / "public" / "index.html").read_text(encoding="utf-8").split("@@@")[:-1]
    assert [re.findall(r"\[.*?\]", html) for html in rendered] == [["[k|1]"]] * len(FORMS)


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        (
            'a\n{{< measured "k" >}}1',
            'post.md:2: the marker "k" is not closed on its line '
            "(write {{< /measured >}} behind its number)",
        ),
        (
            'a\n{{< measured "k" >}}1\n{{< /measured >}}',
            'post.md:2: the marker "k" is not closed on its line '
            "(write {{< /measured >}} behind its number)",
        ),
        (
            '{{< measured "k" >}}1\r{{< /measured >}}',
            'post.md:1: the marker "k" is not closed on its line '
            "(write {{< /measured >}} behind its number)",
        ),
        (
            '{{< measured "k" >}}1\n\n{{< measured "k" >}}2{{< /measured >}}',
            'post.md:1: the marker "k" is not closed on its line '
            "(write {{< /measured >}} behind its number)",
        ),
        (
            "a\r\nb {{< /measured >}}",
            "post.md:2: {{< /measured >}} closes no marker "
            '(delete it, or write {{< measured "key" >}} before the number)',
        ),
        (
            '{{< measured "k" >}}1{{< /measured >}}{{</ measured>}}',
            "post.md:1: {{< /measured >}} closes no marker "
            '(delete it, or write {{< measured "key" >}} before the number)',
        ),
        (
            '{{< measured "k" >}}1 {{< measured "l" >}}2{{< /measured >}}{{< /measured >}}',
            'post.md:1: another marker in the marker "k" (write {{< /measured >}} before it)',
        ),
        (
            '{{< measured "k" >}}1{{< /chart >}}',
            'post.md:1: a shortcode in the marker "k" (write {{< /measured >}} before it)',
        ),
        (
            '{{< measured "k" >}}{{</* x */>}}{{< /measured >}}',
            'post.md:1: a shortcode in the marker "k" (write {{< /measured >}} before it)',
        ),
        (
            "{{< measured >}}1{{< /measured >}}",
            'post.md:1: a marker without a key (write {{< measured "key" >}})',
        ),
        (
            '{{< measured "" >}}1{{< /measured >}}',
            'post.md:1: a marker without a key (write {{< measured "key" >}})',
        ),
        (
            '{{< measured "k" "l" >}}1{{< /measured >}}',
            'post.md:1: a malformed marker: {{< measured "k" "l" >}} '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '{{< measured key="k" >}}1{{< /measured >}}',
            'post.md:1: a malformed marker: {{< measured key="k" >}} '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '{{< measured "k" />}}',
            'post.md:1: a malformed marker: {{< measured "k" />}} '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '\n{{< measured "k" 23.4\nnext line',
            'post.md:2: a malformed marker: {{< measured "k" 23.4 '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '{{< measured "k >}}1{{< /measured >}}\n',
            'post.md:1: a malformed marker: {{< measured "k >}}1{{< /measured >}} '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            f"{{{{< measured {'long ' * 20}>}}}}",
            "post.md:1: a malformed marker: {{< measured long long long long long long long long "
            "long lo "
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '{{< measured "k" >}}1{{< /measured "k" >}}',
            'post.md:1: a malformed marker: {{< /measured "k" >}} '
            '(write {{< measured "key" >}} before the number and {{< /measured >}} behind it)',
        ),
        (
            '{{% measured "k" %}}1{{% /measured %}}',
            "post.md:1: a marker in {{% … %}} is no marker (write {{< … >}})",
        ),
        (
            '{{< measured "k" >}}1{{% /measured %}}',
            "post.md:1: a marker in {{% … %}} is no marker (write {{< … >}})",
        ),
        (
            '---\ndescription: {{< measured "k" >}}1{{< /measured >}}\n---\n',
            "post.md:2: a marker in the front matter, where Hugo does not read it "
            "(move it into the text)",
        ),
        (
            '\n---\ntitle: x\n{{< measured "k" >}}1{{< /measured >}}\n',
            "post.md:2: the front matter is not closed (end it with a line ---)",
        ),
        (
            "+++\ntitle = 'x'\n---\n",
            "post.md:1: the front matter is not closed (end it with a line +++)",
        ),
    ],
)
def test_a_malformed_marker_is_refused_before_there_are_values(markdown, message):
    """The message names file, line and cure; `parse` and `embed` say the same."""
    with pytest.raises(BlogError) as caught:
        parse(markdown, "post.md")
    assert str(caught.value) == message
    assert problem(markdown) == message


def test_an_unknown_key_suggests_the_near_one():
    """A typing error is named with the key that was probably meant."""
    assert problem('\n{{< measured "cpu_bound.thread.wall_s" >}}1{{< /measured >}}') == (
        'post.md:2: unknown key "cpu_bound.thread.wall_s" (write "cpu_bound.threads.wall_s")'
    )


def test_an_unknown_key_of_two_lines_is_told_in_one():
    """What a quoted key holds does not tear the message apart."""
    assert problem("{{< measured `a\n\u2028b` >}}1{{< /measured >}}") == (
        'post.md:1: unknown key "a b" (write one of the keys in data/measured.json)'
    )


def test_an_unknown_key_that_is_near_to_none_points_to_the_list():
    """Without a near key the message says where the keys are."""
    assert problem('{{< measured "weather" >}}1{{< /measured >}}') == (
        'post.md:1: unknown key "weather" (write one of the keys in data/measured.json)'
    )


@pytest.mark.parametrize("text", [None, 23.4, "a\nb", "a\r", "{{< x >}}", "{{%"])
def test_a_value_that_would_break_its_marker_is_refused(text):
    """What could not be read back is not written."""
    marker = '{{< measured "k" >}}1{{< /measured >}}'
    with pytest.raises(BlogError) as caught:
        embed(marker, {"k": text}, FINISHED, "post.md")
    assert str(caught.value) == " ".join(
        f'post.md:1: the value of "k" does not fit between markers: {text!r} '
        "(derive the values again: make redraw)".split()
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("lastmod: 2019-05-23 # measured", "lastmod: NOW # measured"),
        ("lastmod:   '2019-05-23'\t #  measured  ", "lastmod:   NOW\t #  measured  "),
        ("lastmod: # measured", "lastmod: NOW # measured"),
        ("lastmod = 2019-05-23 # measured", "lastmod = NOW # measured"),
        ("lastmod: 2019-05-23", "lastmod: 2019-05-23"),
        ("lastmod: 2019-05-23 # by hand", "lastmod: 2019-05-23 # by hand"),
        ("date: 2019-05-23 # measured", "date: 2019-05-23 # measured"),
        ("params:\n  lastmod: 1 # measured", "params:\n  lastmod: 1 # measured"),
        ("lastmod: 1 # measured\r", "lastmod: NOW # measured\r"),
    ],
)
def test_only_a_lastmod_that_says_measured_is_rewritten(before, after):
    """The spaces of its line stay, and so do other dates and a lastmod written by hand."""
    post, expected = f"---\n{before}\n---\n{before}\n", f"---\n{after}\n---\n{before}\n"
    assert embed(post, {}, "NOW", "post.md") == expected
    assert embed(expected, {}, "NOW", "post.md") == expected


def test_front_matter_in_toml_after_a_byte_order_mark_is_found():
    """As Hugo does, a byte order mark and blank lines are passed over."""
    post = "\ufeff\r\n+++\r\nlastmod = 1 # measured\r\n+++\r\nlastmod = 1 # measured\r\n"
    expected = post.replace("1", "NOW", 1)
    assert embed(post, {}, "NOW", "post.md") == expected


def test_front_matter_may_end_its_lines_with_carriage_returns():
    """Hugo takes them for ends of lines, too."""
    post = "---\rlastmod: 1 # measured\r---\rlastmod: 1 # measured\r"
    assert embed(post, {}, "NOW", "post.md") == post.replace("1", "NOW", 1)


@pytest.mark.parametrize("unit", ['"', '\\"', "=", "=a", "`", "{{<", "{{</*", "\\", "/*", '"\\'])
def test_what_never_ends_is_read_in_a_moment(unit):
    """No text makes the search for shortcodes slow."""
    start = time.process_time()
    embed("a {{< x " + unit * 1000, {}, FINISHED, "post.md")
    assert time.process_time() - start < 2


# Properties

NEUTRAL = [
    *("\\1", "\\g<0>", "\\", "\r\n", "\n", "\r", "\ufeff", "{{", "}}", "{", "%}}", ">}}", "$1"),
    *('"', "`", "/*", "*/", "---", "+++", "lastmod: 1 # measured", "测量", "\u2028", "\x7f", "\t"),
    *('{{</* measured "k" */>}}', "{{%/* /measured */%}}", '{{< chart "a" >}}', "{{< /chart >}}"),
    *('{{< other "{{< measured `k` >}}" >}}', "{{% other x=1 %}}", "measured", "<!--more-->"),
]
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def whole(text):
    """Whether a piece of prose opens no shortcode that would swallow what comes behind it."""
    rest = text
    for tag in NEUTRAL:
        if tag.startswith(("{{<", "{{%")):
            rest = rest.replace(tag, "")
    return "{{<" not in rest and "{{%" not in rest


PIECE = st.sampled_from(NEUTRAL) | st.text(CHARACTERS, max_size=20)
PROSE = st.lists(PIECE, max_size=4).map("".join).filter(whole)
SPACE = st.text(" \t\n\r\v\f", max_size=3)
KEYS = st.from_regex(r"[a-z0-9_-][a-z0-9_.-]{0,9}", fullmatch=True)
INNER = st.text(CHARACTERS, max_size=12).filter(
    lambda text: not re.search(r"[\r\n]|\{\{[<%]", text)
)


@st.composite
def openings(draw):
    """An opening tag in one of Hugo's forms, with its key."""
    key = draw(KEYS)
    form = draw(st.sampled_from([' "{}"', '"{}"', "`{}`", " {}", ' \\"{}\\"']))
    head, tail = draw(SPACE), draw(SPACE)
    return "{{<" + head + "measured" + draw(SPACE) + form.format(key) + tail + ">}}", key


CLOSINGS = st.builds("{{{{<{}/{}measured{}>}}}}".format, SPACE, SPACE, SPACE)
FRONT = st.sampled_from(["a", "---\ntitle: x\n---\n", "\ufeff+++\r\na = '\\1'\r\n+++\r\n"])
BODY = st.lists(st.tuples(PROSE, openings(), INNER, CLOSINGS), max_size=5)


def joined(front, body, end, inner):
    """A post with the texts that `inner` gives for its markers."""
    parts = [
        prose + opening + inner(key, old) + closing for prose, (opening, key), old, closing in body
    ]
    return front + "".join(parts) + end


@settings(deadline=None)
@given(FRONT, BODY, PROSE, st.dictionaries(KEYS, INNER), INNER)
def test_all_but_the_numbers_stays_byte_for_byte(front, body, end, texts, other):
    """Whatever prose, forms of tags, old and new texts there are; doing it twice is the same."""
    values = {key: texts.get(key, other) for _, (_, key), _, _ in body}
    before = joined(front, body, end, lambda key, old: old)
    after = joined(front, body, end, lambda key, old: values[key])
    assert embed(before, values, FINISHED, "post.md") == after
    assert embed(after, values, FINISHED, "post.md") == after


@settings(deadline=None)
@given(FRONT, BODY, PROSE)
def test_keys_and_lines_are_those_of_the_opening_tags(front, body, end):
    """Lines are counted as editors count them, by line feeds."""
    expected, text = [], front
    for prose, (opening, key), old, closing in body:
        text += prose
        expected.append((key, text.count("\n") + 1))
        text += opening + old + closing
    assert [(marker.key, marker.line) for marker in parse(text + end, "post.md")] == expected


@settings(deadline=None)
@given(st.text(st.sampled_from('{<%>}/*"`\\ =k\nmeasured')) | st.text(CHARACTERS))
def test_any_text_is_embedded_or_refused(text):
    """Nothing but a BlogError with a line and a cure comes out of a malformed post."""
    try:
        once = embed(text, {"k": "1"}, FINISHED, "post.md")
    except BlogError as error:
        assert re.match(r"post\.md:[0-9]+: .* \(.*\)$", str(error))
    else:
        assert embed(once, {"k": "1"}, FINISHED, "post.md") == once
