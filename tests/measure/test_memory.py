"""Memory of a tree of processes, from files as Linux writes them and from real processes."""

import os

import pytest

from scripts.measure import memory

ROLLUP = """55c0-7fff ---p 00000000 00:00 0                          [rollup]
Rss:               {rss} kB
Pss:               {pss} kB
Pss_Dirty:          6868 kB
"""
STATUS = "Name:\tpython3\nVmPeak:\t   99999 kB\nVmHWM:\t   {hwm} kB\nVmRSS:\t   13000 kB\n"


@pytest.fixture
def linux(tmp_path):
    """A /proc of processes given as (id, parent, name, rss, pss, peak), sizes in kB."""

    def make(*processes):
        for process, parent, name, rss, pss, hwm in processes:
            folder = tmp_path / str(process)
            folder.mkdir()
            (folder / "stat").write_text(f"{process} ({name}) S {parent} 9 9 0 -1 4194304 1\n")
            (folder / "smaps_rollup").write_text(ROLLUP.format(rss=rss, pss=pss))
            (folder / "status").write_text(STATUS.format(hwm=hwm))
        (tmp_path / "self").mkdir()
        return tmp_path

    return make


def test_a_tree_is_the_process_and_all_below_it_whatever_they_are_called(linux):
    """Grandchildren count, those of others do not; a name may hold spaces and brackets."""
    row = (1000, 1000, 1000)
    proc = linux(
        (7, 1, "main", *row),
        (8, 7, "fork) server (x", *row),
        (9, 8, "worker", *row),
        (10, 1, "elsewhere", *row),
    )
    assert memory.descendants(7, proc) == [7, 8, 9]


def test_proportional_sizes_add_up_and_a_peak_that_is_over_is_the_processes_own(linux):
    """10,000 kB now and 8,000 kB of another one that once had 2,000 kB more."""
    proc = linux((7, 1, "main", 12000, 10000, 12000), (8, 7, "worker", 12000, 8000, 14000))
    assert memory.tree_mb(7, proc) == {"peak_pss_mb": pytest.approx(20000 * 1024 / 1e6)}


def test_a_process_that_ends_meanwhile_is_left_out(linux):
    """Its folder is empty by the time it is read."""
    proc = linux((7, 1, "main", 1000, 1000, 1000), (8, 7, "worker", 1000, 1000, 1000))
    (proc / "8" / "smaps_rollup").unlink()
    assert memory.tree_mb(7, proc) == {"peak_pss_mb": pytest.approx(1.024)}


def test_without_proc_there_is_nothing_to_tell(tmp_path):
    """Elsewhere than on Linux the sizes of finished processes have to do."""
    assert memory.tree_mb(os.getpid(), tmp_path) == {}
    one, three = (memory.finished_mb(workers)["peak_rss_mb"] for workers in (0, 2))
    assert 1 < one <= three


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs smaps_rollup")
def test_on_windows_nothing_tells(monkeypatch):
    """There is neither /proc nor the module that would know of finished processes."""
    monkeypatch.setattr(memory, "resource", None)
    assert memory.finished_mb(2) == {}


def test_this_process_has_some_memory():
    """A Python takes some megabytes, and fewer than a machine has."""
    assert 1 < memory.tree_mb()["peak_pss_mb"] < 10_000
