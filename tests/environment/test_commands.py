"""The commands where something is odd: streams, locale, disk, links, line ends, Ctrl-C."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from scripts.__main__ import COMMANDS, STOPPED
from scripts.blog import hugo
from scripts.project import Project
from scripts.record import faults
from scripts.record.errors import BlogError
from tests.conftest import ROOT, edit, run
from tests.environment.disks import small_disk

COMMAND = (sys.executable, "-E", "-s", "-m", "scripts")
SYSTEM = "/usr/bin/python3"
POST = "content/posts/threads-vs-processes/index.md"


def through_shell(project: Project, redirected: str, *arguments: str) -> tuple[int, str]:
    """Status and standard error of a command whose standard output goes where a shell sends it."""
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirected}', "bash", *COMMAND, *arguments],
        cwd=project.root,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_where_output_cannot_be_written_that_is_said(project):
    """A full disk, a reader that has gone, a stream that is closed."""
    full = "standard output: No space left on device\n"
    assert through_shell(project, ">/dev/full", "redraw") == (1, full)
    gone = "standard output: Broken pipe\n"
    assert through_shell(project, "> >(exec sleep 0); sleep 1", "redraw")[1] in ("", gone)
    assert through_shell(project, ">&-", "redraw") == (0, "")
    assert through_shell(project, "2>&-", "redraw")[0] == 0


@pytest.fixture
def gbk(tmp_path: Path) -> dict[str, str]:
    """An environment in the encoding of older Chinese systems."""
    if not shutil.which("localedef"):
        pytest.skip("no localedef here, which makes locales")
    command = ["localedef", "-i", "zh_CN", "-f", "GBK", tmp_path / "zh_CN.GBK"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no sources of locales here")
    return {**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": "zh_CN.GBK"}


def test_the_locale_does_not_decide_how_files_and_programs_are_read(project, gbk):
    """All commands work; what they say comes in the encoding of the terminal, as far as it can."""
    edit(project.root / POST, "## ", "µ—\U0001f600\n\n## ")
    for name in ("redraw", "site", "check"):
        done = subprocess.run([*COMMAND, name], cwd=project.root, env=gbk, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b""), name
    edit(project.root / POST, "\n## ", '\n{{< listing "scripts/多线程µ.py" "f" >}}\n\n## ')
    done = subprocess.run([*COMMAND, "site"], cwd=project.root, env=gbk, capture_output=True)
    assert done.returncode == 1
    assert "scripts/多线程" in done.stderr.decode("gbk", errors="replace")
    command = [*COMMAND, "add-record", "多µ.json"]
    done = subprocess.run(command, cwd=project.root, env=gbk, capture_output=True)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert b"Traceback" not in done.stderr


def test_hugo_on_a_full_disk(project):
    """The disk is named, not what half a site looks like to Hugo; the old pages stay."""
    hugo.build(project)
    before = sorted((project.root / "public").rglob("*"))
    with small_disk(project.run, 256):
        done = run(project, "site")
        assert (done.returncode, done.stderr) == (
            1,
            f"{project.run}: No space left on device (free some disk space, then try again)\n",
        )
        assert not (project.run / "public").exists()
    assert sorted((project.root / "public").rglob("*")) == before


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("-f 8", "{run}: File too large (raise the limit: ulimit -f)\n"),
        (
            "-v 600000",
            "failed to reserve page summary memory (end other programs, or raise the limit)\n",
        ),
    ],
)
def test_hugo_under_a_limit(project, limit, said):
    """The limit is named, not what half a site looks like to Hugo."""
    if not shutil.which("bash"):
        pytest.skip("sets limits by bash")
    shell = ["bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *COMMAND, "site"]
    done = subprocess.run(shell, cwd=project.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, said.format(run=project.run))
    assert not (project.root / "public").exists()


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        ("WARN  a\nError: error building site: b\n", 1, "error building site: b"),
        ("WARN  a\nERROR b\nError: error building site: logged 1 error(s)\n", 1, "b"),
        ("WARN  a\nWARN  b\n", 0, "a\nb"),
        ("Start building sites …\nERROR a\nWARN  b\n", 0, "a"),
        ("panic: a\n\ngoroutine 25 [running]:\n", 2, "a"),
        (
            "fatal error: out of memory\n\ngoroutine 1 [running]:\n",
            2,
            f"out of memory ({faults.LIMIT})",
        ),
        (
            "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT\n",
            2,
            f"pthread_create failed: Resource temporarily unavailable ({faults.LIMIT})",
        ),
        ("", -9, "Hugo was killed by signal 9"),
        ("Total in 281 ms\n", 0, "None"),
    ],
)
def test_what_hugo_says_is_told_by_its_cause(output, status, said):
    """An error goes before a warning, whatever the status; stack traces are left out; silence is

    told too, unless Hugo ended as it should.
    """
    assert str(hugo._fault(subprocess.CompletedProcess((), status, b"", output.encode()))) == said


def test_links_that_hugo_would_not_read_are_named_by_check_and_site(project, tmp_path):
    """What `check` calls agreed, `site` can build: both see the same files."""
    lines = []
    for name in (POST, "static/post_imgs/thres_vs_process.png", "content/machines"):
        path = project.root / name
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
        (path.parent / ".#index.md").symlink_to("somebody@here.1")  # of an editor
        lines.append(f"{name}: is a link, and Hugo reads none (put what it points to in its place)")
    checked, built = run(project, "check"), run(project, "site")
    assert set(lines) <= set(checked.stderr.splitlines())
    assert (built.returncode, sorted(built.stderr.splitlines())) == (1, sorted(lines))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_is_no_file_is_named_by_check_and_site_which_do_not_wait_for_it(project, monkeypatch):
    """A pipe or a socket where a post, a picture or a record would be read."""
    names = ["content/posts/pipe.md", f"{project.relative(project.others)}/pipe.json", "static/.so"]
    for name in names[:2]:
        os.mkfifo(project.root / name)
    with socket.socket(socket.AF_UNIX) as here:
        monkeypatch.chdir(project.root / "static")  # a longer path would not do
        here.bind(".so")
    what = "is neither file nor folder, and Hugo would wait for it (remove it)"
    lines = {f"{name}: {what}" for name in names}
    done = {name: run(project, name) for name in ("redraw", "check", "site")}
    assert {name: set(one.stderr.splitlines()) for name, one in done.items()} == {
        "redraw": set(),
        "check": lines,
        "site": lines,
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
@pytest.mark.parametrize("name", ["config.yaml", "data/claims.yaml", "data/measured.json"])
def test_a_pipe_that_every_command_would_read_is_not_waited_for(project, call, name):
    """It is named, with how to get the file back."""
    (project.root / name).unlink()
    os.mkfifo(project.root / name)
    for command in ("check", "redraw", "site", "figures", "publish"):
        done = call(project, command)
        said = f"{name}: is no file (git checkout {name}, when it is gone)\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_what_only_others_may_read_is_named_before_hugo_misses_it():
    """Hugo would say that nothing was measured, or fail. Root may read all: another user asks."""
    names = ["content/posts/a", "data/b.json", "static/c.txt"]
    other = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    if os.geteuid() == 0 and not (shutil.which("setpriv") and Path(SYSTEM).exists()):
        pytest.skip("no other user can be become here, for whom modes count")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o200)
        code = (
            f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\n"
            "from scripts.blog import hugo\nfrom scripts.project import Project\n"
            f"print('\\n'.join(hugo.overlooked(Project(Path({folder!r})))))"
        )
        python = [*other, SYSTEM] if os.geteuid() == 0 else [sys.executable]
        done = subprocess.run(
            [*python, "-B", "-c", code], capture_output=True, text=True, check=False
        )
    cure = faults.CURES[errno.EACCES]
    said = [f"{name}: cannot be read ({cure})" for name in names]
    assert (done.stdout.splitlines(), done.stderr) == (said, "")


ENDS = (
    "data/measured.json: has the line ends of Windows, as other files (save your own changes"
    " elsewhere, then: git config core.autocrlf false && git rm -rq --cached . && git reset -q"
    " --hard)\n"
)


@pytest.mark.parametrize("name", ["figures", "redraw", "site", "check"])
def test_a_checkout_with_the_line_ends_of_windows_is_told_in_one_line(project, name):
    """Before anything is measured or rewritten."""
    text = project.measured.read_bytes().replace(b"\n", b"\r\n")
    project.measured.write_bytes(text)
    done = run(project, name)
    assert (done.returncode, done.stderr) == (1, ENDS)
    assert project.measured.read_bytes() == text


def test_a_clone_has_the_same_bytes_whatever_git_is_told(tmp_path):
    """.gitattributes goes before core.autocrlf; and that cure of ours brings the bytes back."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    files = {"a.json": b"{\n}\n", "b.svg": b"<svg>\n</svg>\n", "c.png": b"\x89PNG\r\n\x1a\n\n"}

    def git(folder, *arguments):
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, "-C", folder, *arguments], check=True, capture_output=True)

    origin.mkdir()
    shutil.copy(Path(__file__).parents[2] / ".gitattributes", origin)
    for name, data in files.items():
        (origin / name).write_bytes(data)
    git(origin, "init", "-q")
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "a")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(origin), str(clone))
    assert {name: (clone / name).read_bytes() for name in files} == files
    (clone / "a.json").write_bytes(b"{\r\n}\r\n")
    cure = ENDS.split("then: ")[1].rstrip(")\n")
    subprocess.run(cure, shell=True, cwd=clone, check=True)
    assert {name: (clone / name).read_bytes() for name in files} == files


def test_every_command_says_what_becomes_of_its_work():
    """After Ctrl-C, and each in its own words."""
    assert STOPPED.keys() == COMMANDS.keys()
    assert len(set(STOPPED.values())) == len(STOPPED)


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_the_preview_as_usual(project, signal_):
    """Nothing is said of rounds, and Hugo is gone with it."""
    program = (
        "import sys; from scripts.blog import hugo; import scripts.__main__ as m;"
        "hugo.ADDRESS = ('--bind', '127.0.0.1', '--port', sys.argv[1]);"
        "sys.exit(m.main(['serve']))"
    )
    going = subprocess.Popen(
        [sys.executable, "-E", "-s", "-c", program, str(free_port())],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in going.stdout:
        if "Press Ctrl+C to stop" in line:
            break
    if signal_ == signal.SIGINT:
        os.killpg(going.pid, signal_)  # as a terminal does
    else:
        going.send_signal(signal_)
    assert going.communicate(timeout=30)[1] == ""
    assert going.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(going.pid, 0)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_port_that_is_taken_is_named(project, monkeypatch):
    """In one line, and not after all that Hugo could be asked for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        monkeypatch.setattr(hugo, "ADDRESS", ("--bind", "127.0.0.1", "--port", port))
        with pytest.raises(BlogError) as caught:
            hugo.serve(project)
    said = "Address already in use (end what listens there, another make serve perhaps)"
    assert str(caught.value) == f"127.0.0.1:{port}: {said}"


def test_ctrl_c_elsewhere_says_what_is_there(project):
    """While the figures are drawn: no word of rounds."""
    shutil.rmtree(project.pictures)  # else there would be nothing to draw
    going = subprocess.Popen(
        [*COMMAND, "redraw"], cwd=project.root, stderr=subprocess.PIPE, text=True
    )
    while not project.stage.exists():
        assert going.poll() is None
        time.sleep(0.002)
    going.send_signal(signal.SIGINT)
    said = going.communicate(timeout=60)[1]
    assert (going.returncode, said) == (130, f"stopped; {STOPPED['redraw']}\n")


def test_ctrl_c_while_it_is_loaded_is_no_traceback(project):
    """Nothing has begun yet of which there would be something to say."""
    text = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (project.root / "scripts" / "project.py").write_text(text)
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_an_environment_that_lacks_a_package_is_told_so(project):
    """As after a package was taken out by hand."""
    (project.root / "scripts" / "blog" / "card.py").write_text("import nothing\n")
    done = run(project, "redraw")
    assert (done.returncode, done.stderr) == (
        1,
        ".venv: No module named 'nothing' (rm -r .venv, then make)\n",
    )


def test_a_library_that_does_not_load_is_one_line(project):
    """What its own long advice is about, not that advice."""
    text = (
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ImportError('a\\n\\nb') from e"
    )
    (project.root / "scripts" / "blog" / "card.py").write_text(text)
    done = run(project, "redraw")
    assert (done.returncode, done.stderr) == (
        1,
        ".venv: division by zero (rm -r .venv, then make)\n",
    )


def test_what_nobody_has_foreseen_is_one_line(project):
    """No traceback, whatever it is."""
    edit(project.root / "scripts" / "blog" / "card.py", "def draw(", "1 / 0\n\n\ndef draw(")
    done = run(project, "redraw")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "card.py" in done.stderr and "ZeroDivisionError: division by zero" in done.stderr
