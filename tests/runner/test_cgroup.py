"""Control groups, from whole files as Linux writes them, in folders made for the test."""

import os

import pytest

from scripts.runner import cgroup

V2_MOUNT = "29 22 0:26 {root} {mount} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MOUNT = "35 27 0:31 {root} {mount} rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n"


@pytest.fixture
def linux(tmp_path):
    """A machine: files by name below a mount, and what /proc/self says."""

    def make(mountinfo, own, files):
        mount = tmp_path / "mount"
        for name, text in files.items():
            (mount / name).parent.mkdir(parents=True, exist_ok=True)
            (mount / name).write_text(text)
        proc = tmp_path / "proc"
        proc.mkdir()
        (proc / "mountinfo").write_text(mountinfo.format(root="/", mount=mount))
        (proc / "cgroup").write_text(own)
        return cgroup.cpu_folders(proc)

    return make


def test_version_2_takes_the_least_of_the_nested_groups(linux):
    """A group that allows 3 cores within one that allows 1.5 has 1.5."""
    files = {"a/cpu.max": "150000 100000\n", "a/b/cpu.max": "300000 100000\n"}
    assert cgroup.quota_cores(linux(V2_MOUNT, "0::/a/b\n", files)) == 1.5


def test_version_2_without_a_limit_has_none(linux):
    """`max` is no quota."""
    assert cgroup.quota_cores(linux(V2_MOUNT, "0::/a\n", {"a/cpu.max": "max 100000\n"})) is None


def test_version_1_reads_quota_and_period(linux):
    """The two files of version 1, the inner group without a limit."""
    files = {
        "pod/cpu.cfs_quota_us": "50000\n",
        "pod/cpu.cfs_period_us": "100000\n",
        "pod/box/cpu.cfs_quota_us": "-1\n",
        "pod/box/cpu.cfs_period_us": "100000\n",
    }
    own = "4:memory:/elsewhere\n3:cpu,cpuacct:/pod/box\n"
    assert cgroup.quota_cores(linux(V1_MOUNT, own, files)) == 0.5


def test_throttling_of_all_groups_adds_up(linux):
    """nr_throttled is read from every group that governs this process."""
    stat = "nr_periods 10\nnr_throttled {}\nthrottled_usec 99\n"
    files = {"a/cpu.stat": stat.format(3), "a/b/cpu.stat": stat.format(4)}
    assert cgroup.throttled_count(linux(V2_MOUNT, "0::/a/b\n", files)) == 7


def test_no_control_groups_at_all(tmp_path):
    """Elsewhere than on Linux there is nothing to read, and no quota."""
    folders = cgroup.cpu_folders(tmp_path)
    assert folders == []
    assert cgroup.quota_cores(folders) is None and cgroup.throttled_count(folders) == 0


def test_a_container_that_sees_its_group_as_the_root(tmp_path):
    """The mount shows /docker/x as its root, and the process is in /docker/x/inner."""
    mount = tmp_path / "mount"
    (mount / "inner").mkdir(parents=True)
    (mount / "cpu.max").write_text("200000 100000\n")
    (tmp_path / "mountinfo").write_text(V2_MOUNT.format(root="/docker/x", mount=mount))
    (tmp_path / "cgroup").write_text("0::/docker/x/inner\n")
    assert cgroup.quota_cores(cgroup.cpu_folders(tmp_path)) == 2.0


def test_a_mount_with_a_space_in_its_path(tmp_path):
    """It is written as an octal number there."""
    mount = tmp_path / "my mount"
    mount.mkdir()
    (mount / "cpu.max").write_text("200000 100000\n")
    shown = str(mount).replace(" ", "\\040")
    (tmp_path / "mountinfo").write_text(V2_MOUNT.format(root="/", mount=shown))
    (tmp_path / "cgroup").write_text("0::/\n")
    assert cgroup.quota_cores(cgroup.cpu_folders(tmp_path)) == 2.0


def test_a_group_whose_name_is_no_ascii(tmp_path):
    """Bytes name it, in whatever encoding."""
    inner = os.path.join(os.fsencode(tmp_path), b"mount", b"\xe5\xb7\xa5\xff")
    os.makedirs(inner)
    with open(os.path.join(inner, b"cpu.max"), "w") as file:
        file.write("300000 100000\n")
    (tmp_path / "mountinfo").write_text(V2_MOUNT.format(root="/", mount=tmp_path / "mount"))
    (tmp_path / "cgroup").write_bytes(b"0::/\xe5\xb7\xa5\xff\n")
    assert cgroup.quota_cores(cgroup.cpu_folders(tmp_path)) == 3.0


ODD = ("", "\n", ":\n", "0:\n", "a:b\n", "0::\n", " - \n", " - cgroup2\n", "1 2 3 - cgroup2 c rw\n")


@pytest.mark.parametrize("own", [*ODD, "0::/\x00/x\n"])
@pytest.mark.parametrize("mountinfo", [*ODD, V2_MOUNT])
def test_lines_that_no_kernel_writes_are_passed_over(own, mountinfo, linux):
    """Too few columns, no columns, bytes that cannot be in a path: no quota, and no traceback."""
    folders = linux(mountinfo, own, {})
    assert cgroup.quota_cores(folders) is None and cgroup.throttled_count(folders) == 0


@pytest.mark.parametrize(
    "text",
    ["", "max", "1", "100000 0", "0 100000", "-1 100000", "1e5 100000", "²  ³", "9" * 5000 + " 1"],
)
def test_a_quota_that_is_none(text, linux):
    """What cannot be read as two whole numbers allows everything."""
    files = {"a/cpu.max": text, "a/cpu.stat": f"nr_throttled {text}\n"}
    folders = linux(V2_MOUNT, "0::/a\n", files)
    assert cgroup.quota_cores(folders) is None
