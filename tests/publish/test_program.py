"""How programs are run: in an environment of ours, their text as UTF-8, their words made safe."""

import os
import sys
from pathlib import Path

import pytest

from scripts.publish.program import native, printable, run
from scripts.record.errors import BlogError

HERE = Path.cwd()


def say(code, **options):
    """What a Python prints that is run by `run`."""
    return run([sys.executable, "-c", code], HERE, **options)


def test_what_the_caller_keeps_for_other_programs_is_not_handed_on(monkeypatch):
    """What gets a program to the user's hosts is."""
    leaking = ["GIT_DIR", "GIT_SSH_COMMAND", "RSYNC_RSH", "HUGO_BASEURL", "PYTHONPATH", "LC_ALL"]
    kept = ["SSH_AUTH_SOCK", "https_proxy", "HOME", "AWS_PROFILE"]
    for name in [*leaking, *kept]:
        monkeypatch.setenv(name, "the caller's")
    code = "import os; print(*sorted(n for n, v in os.environ.items() if v.startswith('the cal')))"
    assert say(code, keep=["AWS_*"]).split() == sorted(kept)
    assert say(code).split() == sorted(set(kept) - {"AWS_PROFILE"})
    assert say("import os; print(os.environ['A'])", A="of ours") == "of ours\n"


@pytest.mark.parametrize("written", ["三\n", "\udcff\udc80\n"])
def test_text_is_utf_8_in_any_locale(written, monkeypatch):
    """Bytes that are none come back as they were."""
    monkeypatch.setenv("LC_ALL", "C")
    echo = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    assert say(echo, stdin=written) == written
    assert os.fsencode(native(written)) == written.encode("utf-8", "surrogateescape")


def test_a_complaint_is_one_line_that_moves_no_cursor():
    """However the program, or the host behind it, has written it."""
    said = "\\x1b[2Jremote: no\\x07\\nhint: try\\n\\xff\\x9b1A"
    code = f"import sys; sys.stderr.buffer.write(b'{said}'); sys.exit(3)"
    with pytest.raises(BlogError) as caught:
        say(code, cure="mend it")
    name = Path(sys.executable).name
    assert str(caught.value) == f"{name}: \\x1b[2Jremote: no\\x07; ��1A (mend it)"


def test_programs_that_are_not_there(tmp_path):
    """Or that nobody may start."""
    with pytest.raises(BlogError) as caught:
        run(["no-such-program"], HERE)
    assert str(caught.value) == "no-such-program is not there (install no-such-program)"
    (tmp_path / "no-program").touch()
    with pytest.raises(BlogError) as caught:
        run([tmp_path / "no-program"], HERE)
    assert str(caught.value) == "no-program cannot be started: Permission denied (try again)"


def test_what_is_printable():
    """Letters of all languages are; what turns or hides text is not."""
    assert printable("三 é €") == "三 é €"
    assert printable("\x1b\n\u202e\x9b\udcff") == "\\x1b\\n\\u202e\\x9b\\udcff"
