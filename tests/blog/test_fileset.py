"""The outputs change as one set, whatever happens on the way."""

import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from scripts.blog import fileset, posts
from scripts.project import Project
from scripts.record.errors import BlogError

MARKER = '{{{{< measured "k" >}}}}{}{{{{< /measured >}}}}'
POST = f"---\nlastmod: {{}} # measured\n---\n一 {MARKER} \\1\r\n"
POSTS = ["content/posts/a/index.md", "content/posts/a/index.en.md", "content/plain.md"]


def files_of(run):
    """The files of the run called `run`, as they lie in the stage."""
    values = {"k": {"text": run}}
    return {
        "static/post_imgs/1.png": f"picture of {run}",
        "static/records/m.json": f"record of {run}",
        "data/measured.json": json.dumps({"finished": run, "values": values}),
    }


def tree_of(run):
    """The whole project after the run called `run`."""
    posts = {name: POST.format(run, run) for name in POSTS[:2]}
    once = {"old": "static/post_imgs/gone.png", "new": "static/post_imgs/more/2.png"}
    return {**files_of(run), **posts, POSTS[2]: "no marker", once[run]: "x", "README.md": "x"}


OLD, NEW = tree_of("old"), tree_of("new")


def fill(folder, files):
    """Write files under a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def tree(root):
    """Every file under `root` with its text, whatever its name."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in found}


def prepare(root):
    """Stage and commit the new set."""
    fill(root / ".run/next", {**files_of("new"), "static/post_imgs/more/2.png": "x"})
    gone = ["static/post_imgs/gone.png"]
    fileset.commit(root / ".run/next", "data/measured.json", rewrite=POSTS, delete=gone)


def publish(root):
    """What a command does: stage, commit, install."""
    prepare(root)
    install(root)


def install(root):
    """Put the committed set into place; the posts get the numbers of the data that is there."""
    fileset.install(root, root / ".run/next", posts.Rewriting(Project(root)))


def recover(root):
    """What the next command does first."""
    fileset.recover(root, root / ".run/next", posts.Rewriting(Project(root)))


@pytest.fixture
def root(tmp_path):
    """A project with the old set."""
    fill(tmp_path / "project", OLD)
    return tmp_path / "project"


def message(action, *arguments):
    """The whole message with which something is refused."""
    with pytest.raises(BlogError) as caught:
        action(*arguments)
    return str(caught.value)


def test_a_set_is_put_into_place(root):
    """New and changed files, deletions and posts; nothing else is left behind."""
    publish(root)
    assert tree(root) == NEW


def test_a_set_without_posts_and_deletions_is_only_moved(root):
    """Files that the set does not name stay."""
    fill(root / ".run/next", files_of("new"))
    fileset.commit(root / ".run/next")
    install(root)
    assert tree(root) == {**OLD, **files_of("new")}


def test_what_was_not_committed_is_thrown_away(root):
    """Half a stage leaves the old set, and nothing of itself."""
    fill(root / ".run/next", {"static/post_imgs/1.png": "half", ".manifest.json.tmp": "{"})
    recover(root)
    assert tree(root) == OLD


def test_without_a_stage_there_is_nothing_to_recover(root):
    """The usual case: the last command ended well."""
    recover(root)
    assert tree(root) == OLD


def test_what_is_read_last_is_moved_last(root, monkeypatch):
    """Pictures, records, then data/measured.json, then the posts."""
    moved, replace = [], os.replace

    def noting(source, target):
        moved.append(Path(target).relative_to(root).as_posix())
        replace(source, target)

    prepare(root)
    monkeypatch.setattr(os, "replace", noting)
    install(root)
    assert moved == [
        "static/post_imgs/1.png",
        "static/post_imgs/more/2.png",
        "static/records/m.json",
        "data/measured.json",
        *POSTS[:2],
    ]


def test_the_modes_of_files_stay(root):
    """A file that only its owner could read is not opened to all by a new run."""
    for name in ("static/post_imgs/1.png", POSTS[0]):
        (root / name).chmod(0o400)
    publish(root)
    modes = [(root / name).stat().st_mode & 0o777 for name in ("static/post_imgs/1.png", POSTS[0])]
    assert modes == [0o400, 0o400]


def test_a_post_that_is_up_to_date_is_not_written(root):
    """A preview does not build again for a post that says the same."""
    (root / POSTS[0]).write_bytes(NEW[POSTS[0]].encode())
    before = [(root / name).stat() for name in (POSTS[0], POSTS[2])]
    publish(root)
    after = [(root / name).stat() for name in (POSTS[0], POSTS[2])]
    assert [(s.st_ino, s.st_mtime_ns) for s in after] == [(s.st_ino, s.st_mtime_ns) for s in before]


def test_a_post_that_is_a_symbolic_link_stays_one(root, tmp_path):
    """The file that it points to gets the numbers."""
    (root / POSTS[0]).rename(tmp_path / "elsewhere.md")
    (root / POSTS[0]).symlink_to(tmp_path / "elsewhere.md")
    publish(root)
    assert (root / POSTS[0]).is_symlink()
    assert tree(root) == NEW


# Killed

STEPS = {
    *("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.scandir"),
    *("shutil.rmtree", "shutil.copymode", "tempfile.mkstemp"),
}


def killed(step, action, *arguments):
    """Run `action` in a process that gets SIGKILL before it does its step number `step`.

    Every access to the file system is a step. Returns whether the process was killed.
    """
    left = itertools.count(step - 1, -1)

    def hook(event, _arguments):
        if event in STEPS and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        try:
            # To be killed takes nothing from the disk that was written, so no need to wait for it.
            os.fsync = lambda handle: None
            sys.addaudithook(hook)
            action(*arguments)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


def after_kills(root, between=lambda: None, stride=1):
    """Kill a command at each step, and the next one at another; what the one after that leaves."""
    found, was_killed, steps = [], True, itertools.count(1, stride)
    while was_killed:
        step = next(steps)
        shutil.rmtree(root)
        fill(root, OLD)
        was_killed = killed(step, publish, root)
        between()
        killed(1 + step % 7, recover, root)
        recover(root)
        found.append(tree(root))
    return found


def test_killed_at_any_step_it_is_the_old_set_or_the_new_one(root):
    """The old one before the commit, the new one after it, and nothing beside them."""
    found = after_kills(root)
    turn = found.index(NEW)
    assert turn > 15
    assert len(found) - turn > 30
    assert found == [OLD] * turn + [NEW] * (len(found) - turn)


def test_what_the_author_writes_after_a_kill_survives(root):
    """The next command embeds into the post as it is then."""
    words = "More words by its author.\n"

    def write():
        with (root / POSTS[0]).open("a") as file:
            file.write(words)

    old, new = ({**files, POSTS[0]: files[POSTS[0]] + words} for files in (OLD, NEW))
    found = after_kills(root, write, stride=4)
    assert found == [old] * found.index(new) + [new] * found.count(new)


def test_what_a_kill_left_half_written_is_removed(root):
    """A temporary file beside a post does not stay, even one that could not be overwritten."""
    prepare(root)
    half = root / "content/posts/a/.index.md.tmp"
    half.write_text("half")
    half.chmod(0o400)
    recover(root)
    assert tree(root) == NEW


# The author at work


def test_words_written_while_a_post_is_embedded_survive(root, monkeypatch):
    """The post that was saved in between is read again and gets its numbers."""
    embed, edits = posts.embed, iter(["one\n", "two\n"])

    def slow(markdown, values, finished, where):
        if where == POSTS[0]:
            with (root / where).open("a") as file:
                file.write(next(edits, ""))
        return embed(markdown, values, finished, where)

    monkeypatch.setattr(posts, "embed", slow)
    monkeypatch.setattr(fileset, "_PAUSE_S", 0)
    publish(root)
    assert tree(root) == {**NEW, POSTS[0]: NEW[POSTS[0]] + "one\ntwo\n"}


def test_a_post_that_never_stops_changing_is_left_to_its_author(root, monkeypatch):
    """All else is new, and the message says what to do about the post."""
    embed = posts.embed

    def restless(markdown, values, finished, where):
        if where == POSTS[0]:
            (root / where).write_bytes(f"{markdown}.".encode())
        return embed(markdown, values, finished, where)

    monkeypatch.setattr(posts, "embed", restless)
    monkeypatch.setattr(fileset, "_PAUSE_S", 0)
    assert message(publish, root) == (
        "content/posts/a/index.md: changes all the time (finish writing it, then make redraw)"
    )
    assert tree(root) == {**NEW, POSTS[0]: OLD[POSTS[0]] + "." * 20}


def test_a_post_that_disappears_while_it_is_embedded_stays_away(root, monkeypatch):
    """A file that its author has just removed does not come back."""
    embed = posts.embed

    def removing(markdown, values, finished, where):
        if where == POSTS[0]:
            (root / where).unlink()
        return embed(markdown, values, finished, where)

    monkeypatch.setattr(posts, "embed", removing)
    monkeypatch.setattr(fileset, "_PAUSE_S", 0)
    assert message(publish, root) == (
        "content/posts/a/index.md: cannot be read: No such file or directory "
        "(restore it or make it readable, then make redraw)"
    )
    assert tree(root) == {name: text for name, text in NEW.items() if name != POSTS[0]}


def test_a_post_that_became_malformed_is_left_and_named(root):
    """All else is new, the other posts too; the next command has nothing to recover."""
    broken = OLD[POSTS[0]] + 'half a {{< measured "k" >}}'
    prepare(root)
    (root / POSTS[0]).write_bytes(broken.encode())
    assert message(recover, root) == (
        'content/posts/a/index.md:5: the marker "k" is not closed on its line '
        "(write {{< /measured >}} behind its number, then make redraw)"
    )
    assert tree(root) == {**NEW, POSTS[0]: broken}
    recover(root)
    assert tree(root) == {**NEW, POSTS[0]: broken}


def test_a_file_changed_between_a_kill_and_the_next_command_is_named(root):
    """What someone put there stays, the rest of the set is finished."""
    prepare(root)
    (root / ".run/next/static/post_imgs/1.png").unlink()
    assert message(recover, root) == (
        "static/post_imgs/1.png: was changed before the new set was complete (make redraw)"
    )
    assert tree(root) == {**NEW, "static/post_imgs/1.png": "picture of old"}


def test_a_file_lost_between_a_kill_and_the_next_command_is_named(root):
    """Neither the stage nor the project has it, the rest of the set is finished."""
    prepare(root)
    (root / ".run/next/static/records/m.json").unlink()
    (root / "static/records/m.json").unlink()
    assert message(recover, root) == (
        "static/records/m.json: was changed before the new set was complete (make redraw)"
    )
    assert tree(root) == {name: text for name, text in NEW.items() if "records" not in name}


# The disk


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, with the old set on it."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    fill(path, OLD)
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


def use_up(folder):
    """Leave no byte free on a disk."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC


PATHS = ["data/measured.json", "static/new/deep/1.png", "static/post_imgs/1.png"]


def test_a_project_that_can_be_written_passes_without_a_trace(root):
    """Folders that do not exist yet are not made by looking."""
    before = sorted(root.rglob("*"))
    fileset.check_writable(root, PATHS)
    assert sorted(root.rglob("*")) == before


def test_a_full_disk_is_found_before_there_is_anything_to_lose(disk):
    """An empty file could still be made; the check writes some bytes."""
    use_up(disk)
    assert message(fileset.check_writable, disk, PATHS) == (
        "data: cannot be written: No space left on device (free some disk space, then try again)"
    )
    (disk / "ballast").unlink()
    assert tree(disk) == OLD


def test_a_disk_that_fills_up_before_the_commit_leaves_the_old_set(disk):
    """The manifest did not fit, so the stage is thrown away."""
    fill(disk / ".run/next", files_of("new"))
    use_up(disk)
    assert message(fileset.commit, disk / ".run/next", "", POSTS) == (
        f"{disk}/.run/next: cannot be written: No space left on device "
        "(free some disk space, then try again)"
    )
    (disk / "ballast").unlink()
    recover(disk)
    assert tree(disk) == OLD


def test_a_disk_that_fills_up_after_the_commit_is_no_loss(disk):
    """The next command finishes the set when there is room again."""
    long = "Many words.\n" * 5000
    with (disk / POSTS[0]).open("a") as file:
        file.write(long)
    prepare(disk)
    use_up(disk)
    text = (
        f"{POSTS[0]}: cannot be written: No space left on device "
        "(free some disk space, then try again)"
    )
    assert [message(recover, disk), message(recover, disk)] == [text, text]
    (disk / "ballast").unlink()
    recover(disk)
    assert tree(disk) == {**NEW, POSTS[0]: NEW[POSTS[0]] + long}


def test_a_read_only_disk_is_found_before_there_is_anything_to_lose(disk):
    """Even root cannot write there."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert message(fileset.check_writable, disk, PATHS) == (
        "data: cannot be written: Read-only file system (make it writable, then try again)"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_read_only_folder_is_found_before_there_is_anything_to_lose(root):
    """A folder of somebody else."""
    (root / "data").chmod(0o555)
    assert message(fileset.check_writable, root, PATHS) == (
        "data: cannot be written: Permission denied (make it writable, then try again)"
    )
    (root / "data").chmod(0o755)


def test_a_file_where_a_folder_must_be_is_found(root):
    """The folder that could not be made is named."""
    (root / "static/new").write_text("x")
    assert message(fileset.check_writable, root, PATHS) == (
        "static/new/deep: cannot be written: Not a directory "
        "(move away what is in its way, then try again)"
    )


def test_a_folder_where_a_file_must_be_is_found(root):
    """Moving a file there would fail in the middle of the set."""
    (root / "static/new/deep/1.png").mkdir(parents=True)
    assert message(fileset.check_writable, root, PATHS) == (
        "static/new/deep/1.png: a folder is in the way (rename or remove it)"
    )


def test_a_folder_on_another_disk_gets_its_files(root, disk):
    """Files are copied where they cannot be moved."""
    shutil.rmtree(root / "static")
    (root / "static").symlink_to(disk / "static")
    publish(root)
    static = {name: text for name, text in NEW.items() if name.startswith("static/")}
    assert tree(root) == {name: text for name, text in NEW.items() if name not in static}
    assert {f"static/{name}": text for name, text in tree(disk / "static").items()} == static


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.EROFS, "make it writable, then try again"),
        (errno.EACCES, "make it writable, then try again"),
        (errno.EPERM, "make it writable, then try again"),
        (errno.ENOSPC, "free some disk space, then try again"),
        (errno.EDQUOT, "free some disk space, then try again"),
        (errno.ENOTDIR, "move away what is in its way, then try again"),
    ],
)
def test_what_the_system_refuses_is_told_with_its_cure(number, cure):
    """The reason is in the system's own words."""

    def refused():
        with fileset.writing(Path("static/x.png")):
            raise OSError(number, os.strerror(number))

    assert message(refused) == f"static/x.png: cannot be written: {os.strerror(number)} ({cure})"


def test_an_error_without_a_number_is_told_too():
    """A library may raise an OSError of its own."""

    def refused():
        with fileset.writing("x.png"):
            raise OSError("encoder failed")

    assert message(refused) == (
        "x.png: cannot be written: encoder failed (move away what is in its way, then try again)"
    )


def test_all_is_on_the_disk_before_it_counts(root, monkeypatch):
    """A power cut cannot leave a manifest of files that are not there, or lose both sets."""
    events, fsync, replace, unlink = [], os.fsync, os.replace, os.unlink
    monkeypatch.setattr(os, "fsync", lambda fd: (events.append(os.fstat(fd).st_ino), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda a, b: (events.append(Path(b).name), replace(a, b)))
    monkeypatch.setattr(os, "unlink", lambda p: (events.append(f"- {Path(p).name}"), unlink(p)))
    prepare(root)
    stage = root / ".run/next"
    commit = events.index(".manifest.json")
    assert {path.stat().st_ino for path in [stage, *stage.rglob("*")]} <= set(events[:commit])
    assert stage.stat().st_ino in events[commit:]
    install(root)
    moved, end = events.index("index.en.md"), events.index("- .manifest.json", commit + 2)
    folders = {(root / name).parent.stat().st_ino for name in NEW if name != "README.md"}
    assert folders <= set(events[moved:end])


# The lock


def hold(path):
    """Take the lock and say so, with a program of its own running."""
    with fileset.locked(path):
        subprocess.Popen(["sleep", "2"])
        (path.parent / "held").touch()
        signal.pause()


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock, until it is killed."""
    pid = os.fork()
    if pid == 0:
        hold(tmp_path / ".run/lock")
        os._exit(1)
    while not (tmp_path / ".run/held").exists():
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    yield pid
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_second_command_is_told_who_runs(tmp_path, holder):
    """It does not wait, and does not disturb the first."""
    for _ in range(2):
        assert message(fileset.locked(tmp_path / ".run/lock").__enter__) == (
            f"another make figures is running (pid {holder}) (wait until it has ended)"
        )


def test_the_lock_of_a_killed_command_is_free(tmp_path, holder):
    """Even though its file is still there, and a program that it started still runs."""
    os.kill(holder, signal.SIGKILL)
    os.waitid(os.P_PID, holder, os.WEXITED | os.WNOWAIT)
    with fileset.locked(tmp_path / ".run/lock"):
        assert (tmp_path / ".run/lock").read_text() == str(os.getpid())


def test_a_lock_is_free_again_after_its_block(tmp_path):
    """Also when the block fails."""
    with pytest.raises(ZeroDivisionError), fileset.locked(tmp_path / "lock"):
        raise ZeroDivisionError
    with fileset.locked(tmp_path / "lock"):
        pass


def test_an_error_of_the_block_is_not_taken_for_one_of_the_lock(tmp_path):
    """What goes wrong while the lock is held keeps its name."""
    with pytest.raises(FileNotFoundError), fileset.locked(tmp_path / "lock"):
        (tmp_path / "missing").read_text()


def test_a_lock_that_cannot_be_made_is_named(tmp_path):
    """A file is where the folder of the lock must be."""
    (tmp_path / "run").write_text("x")
    path = tmp_path / "run/lock"
    assert message(fileset.locked(path).__enter__) == (
        f"{path}: cannot be written: File exists (move away what is in its way, then try again)"
    )
