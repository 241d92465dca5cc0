"""Folders that others write to: what they plant there is neither followed nor replaced."""

import os
import stat

import pytest

from scripts.record.errors import BlogError
from scripts.runner import safe

CURE = "(move it away, or name a file in another folder: --output FILE)"
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are of POSIX")
root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)


@posix
def test_a_private_folder_is_made_and_found_again(tmp_path):
    """Nobody else may enter it; what lies in it stays for the next time."""
    folder = safe.private_folder(tmp_path / "sub" / "x.part")
    (folder / "journal").write_text("mine")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (safe.private_folder(folder) / "journal").read_text() == "mine"


@posix
@pytest.mark.parametrize("mode", [0o777, 0o750, 0o701])
def test_a_folder_that_others_may_enter_is_refused(mode, tmp_path):
    """Whoever planted it could still write there."""
    (tmp_path / "x.part").mkdir()
    (tmp_path / "x.part").chmod(mode)
    with pytest.raises(BlogError) as caught:
        safe.private_folder(tmp_path / "x.part")
    said = f"{tmp_path}/x.part: is not ours alone, others could write in it {CURE}"
    assert str(caught.value) == said


@posix
@root
def test_a_folder_of_somebody_else_is_refused(tmp_path):
    """Even if nobody but its owner may enter it."""
    (tmp_path / "x.part").mkdir(mode=0o700)
    os.chown(tmp_path / "x.part", 65534, 65534)
    with pytest.raises(BlogError) as caught:
        safe.private_folder(tmp_path / "x.part")
    said = f"{tmp_path}/x.part: is not ours alone, others could write in it {CURE}"
    assert str(caught.value) == said


@posix
@pytest.mark.parametrize("kind", ["link", "dangling", "file"])
def test_what_is_no_folder_is_refused(kind, tmp_path):
    """A link to a folder is one that somebody else may turn elsewhere."""
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    if kind == "file":
        (tmp_path / "x.part").write_text("")
    else:
        (tmp_path / "x.part").symlink_to(tmp_path / ("elsewhere" if kind == "link" else "none"))
    with pytest.raises(BlogError) as caught:
        safe.private_folder(tmp_path / "x.part")
    assert str(caught.value) == f"{tmp_path}/x.part: is in the way, a folder was expected {CURE}"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_new_file_is_written_whole(tmp_path):
    """Under its name at once, readable for all, and nothing is left in the folder."""
    folder = safe.private_folder(tmp_path / "x.part")
    safe.write_new(tmp_path / "x.json", b"data", folder)
    assert (tmp_path / "x.json").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "x.json").stat().st_mode) & 0o444 == 0o444
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder"])
@pytest.mark.parametrize("linkable", [True, False])
def test_a_name_that_is_taken_stays_what_it_is(kind, linkable, tmp_path, monkeypatch):
    """A link is not followed, a file is not replaced; with and without hard links on the disk."""
    folder = safe.private_folder(tmp_path / "x.part")
    output, target = tmp_path / "x.json", tmp_path / "target"
    target.write_text("of somebody")
    if kind == "file":
        output.write_text("old")
    elif kind == "folder":
        output.mkdir()
    else:
        output.symlink_to(target if kind == "link" else tmp_path / "none")
    before = os.lstat(output)
    if not linkable:
        monkeypatch.setattr(os, "link", _refuse)
    with pytest.raises(BlogError) as caught:
        safe.write_new(output, b"data", folder)
    assert str(caught.value) == f"{output}: is there already {CURE}"
    assert os.lstat(output) == before and target.read_text() == "of somebody"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["target", "x.json", "x.part"]
    assert list(folder.iterdir()) == []


def _refuse(*_):
    raise PermissionError


def test_a_disk_without_hard_links(tmp_path, monkeypatch):
    """The file is moved there."""
    monkeypatch.setattr(os, "link", _refuse)
    safe.write_new(tmp_path / "x.json", b"data", safe.private_folder(tmp_path / "x.part"))
    assert (tmp_path / "x.json").read_bytes() == b"data"
