"""Any fault becomes one line: what, where and, where it is known, the cure of its own cause."""

import errno
import os

import pytest

from scripts.record.errors import BlogError
from scripts.record.faults import explained, full_disk
from tests.environment.disks import small_disk, use_up

FREE = "(free some disk space, then try again)"
RIGHTS = "(give yourself the right to, then try again: ls -ld shows who has it)"
MOVE = "(move away what is in its way, then try again)"


def os_error(number: int, *where: str) -> OSError:
    """What the system raises under that number."""
    return OSError(number, os.strerror(number), *where)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BlogError("is missing", where="a", cure="make it"), "a: is missing (make it)"),
        (os_error(errno.ENOENT, "a/b"), "a/b: No such file or directory"),
        (os_error(errno.EACCES, "a"), f"a: Permission denied {RIGHTS}"),
        (os_error(errno.EPERM, "a"), f"a: Operation not permitted {RIGHTS}"),
        (os_error(errno.EEXIST, ".run"), f".run: File exists {MOVE}"),
        (os_error(errno.ENOTDIR, "a/b"), f"a/b: Not a directory {MOVE}"),
        (os_error(errno.EISDIR, "a"), f"a: Is a directory {MOVE}"),
        (os_error(errno.ENOSPC, "a/b"), f"a/b: No space left on device {FREE}"),
        (
            os_error(errno.EMFILE, "a"),
            "a: Too many open files (end other programs, or raise the limit: ulimit -n)",
        ),
        (
            os_error(errno.EAGAIN),
            "Resource temporarily unavailable (end other programs, or raise the limit: ulimit -u)",
        ),
        (os_error(errno.EFBIG, "a"), "a: File too large (raise the limit: ulimit -f)"),
        (OSError("of no number"), "of no number"),
        (
            MemoryError(),
            "there is no memory left (end other programs, or raise the limit: ulimit -v)",
        ),
        (
            RuntimeError("can't start new thread"),
            "the system starts no more threads (end other programs, or raise the limit: ulimit -u)",
        ),
    ],
)
def test_the_cure_belongs_to_the_cause(error, line, tmp_path):
    """A limit of the system is not mended by trying again."""
    assert str(explained(error, tmp_path)) == line


def test_what_nobody_has_foreseen_is_told_with_its_line_of_code(tmp_path):
    """In one line all the same, however many its message has."""
    try:
        {}["a\nb"]
    except KeyError as error:
        said = str(explained(error, tmp_path))
        line = error.__traceback__.tb_lineno
    fault = "a fault of this program: please report this line"
    assert said == f"{__file__}:{line}: KeyError: 'a\\nb' ({fault})"
    assert str(explained(ValueError(), tmp_path)) == f"ValueError ({fault})"


def test_a_full_disk_that_the_system_does_not_name_is_found(tmp_path, monkeypatch):
    """Where we write, or where temporary files go. Needs root, to mount a small one."""
    with small_disk(tmp_path / "disk", 400) as disk:
        assert full_disk([tmp_path, disk]) is None
        use_up(disk)
        line = f"{disk}: No space left on device {FREE}"
        assert str(full_disk([tmp_path, disk])) == line
        assert str(explained(os_error(errno.ENOSPC), disk)) == line
        monkeypatch.setenv("TMPDIR", str(disk))
        for error in (
            os_error(errno.ENOSPC),
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in [...]"),
        ):
            assert str(explained(error, tmp_path)) == line
