"""A fleet on this machine: a real scheduler, and real workers on other hosts (tests/hosts.py)."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.machines import fleet
from scripts.record.errors import BlogError
from tests.conftest import edit, run
from tests.hosts import network

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs 127.0.0.2 and the like"
)


@pytest.fixture
def small(project):
    """A project whose measure.pyz takes a second or two: three experiments of small sizes."""
    for path in (project.root / "scripts" / "experiments").glob("*/measure.py"):
        if path.parent.name not in ("cpu_bound", "interleaving", "control"):
            path.write_text(f"{path.read_text()}\n\ndef cases(*_):\n    return []\n")
    # Nor the way that takes seconds to start.
    edit(project.root / "scripts" / "measure" / "executors.py", '"distributed"', '"not_installed"')
    sizes = re.sub(r"(?m)^(    \w+: )\d+", r"\g<1>2", project.config.read_text())
    project.config.write_text(sizes)
    return project


def started(stack, folder, command, *options, on=()):
    """A part of the cluster, in a process of its own, until `stack` is left; `on` another host."""
    part = subprocess.Popen(
        [*on, sys.executable, "-m", f"distributed.cli.dask_{command}", *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(part.wait)
    stack.callback(part.kill)
    return part


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The scheduler's address, and the worker of each host; some are lost on the way."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    options = ("--scheduler-file", str(file), "--no-dashboard")
    with network() as (address, hosts), contextlib.ExitStack() as stack:
        here = ("--host", address, "--port", "0", "--dashboard-address", "127.0.0.1:0")
        parts = {"scheduler": started(stack, folder, "scheduler", *options, *here)}
        for host, on in hosts.items():
            there = ("--host", host, "--no-nanny", "--nthreads", "1", "--local-directory", host)
            parts[host] = started(stack, folder, "worker", *options, *there, on=on)
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        address = json.loads(file.read_text())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(len(hosts), timeout=60)
        yield address, parts


def wait_for(happened, seconds=60):
    """Until it has happened; an error when it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def measuring(process):
    """The measurements below a process."""
    with contextlib.suppress(psutil.NoSuchProcess):
        below = psutil.Process(process.pid).children(recursive=True)
        return [one for one in below if "measure.pyz" in one.cmdline()]
    return []


def go(project, *options):
    """`make fleet` in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", "fleet", "--force", "--rounds", "1", *options],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def others(project):
    """The records that were taken in."""
    folder = project.records / "others"
    return sorted(folder.glob("*.json")) if folder.exists() else []


def there(parts):
    """The hosts whose worker is up."""
    return [name for name, part in parts.items() if name != "scheduler" and part.poll() is None]


def each(hosts, why):
    """What is said when all have failed for the same reason."""
    return "".join(f"{host}: {why}\n" for host in hosts)


def test_one_measurement_at_a_time_and_none_after_ctrl_c(small, cluster):
    """A second fleet is refused host by host; Ctrl-C ends the first, and what it had started."""
    address, parts = cluster
    hosts = there(parts)
    edit(small.config, "    additions: 2", "    additions: 10000000000")
    first = go(small, address)
    wait_for(lambda: all(measuring(parts[host]) for host in hosts))
    running = [one for host in hosts for one in measuring(parts[host])]
    second = run(small, "fleet", "--force", address)
    assert second.returncode == 1 and second.stdout == "measuring: no host\n"
    why = "is being measured by another make fleet (wait until it has ended)"
    assert second.stderr == each(hosts, why)
    first.send_signal(signal.SIGINT)
    assert first.communicate(timeout=60)[1] == (
        "stopped; the hosts stop measuring, and what came in is kept\n"
    )
    assert first.returncode == 130 and others(small) == []
    assert psutil.wait_procs(running, timeout=10)[1] == []


def test_a_slow_host_is_given_up(small, cluster):
    """The time limit holds for every host."""
    address, parts = cluster
    edit(small.config, "    additions: 2", "    additions: 10000000000")
    late = run(small, "fleet", "--force", "--timeout", "1", address)
    why = "was not ready after 1 s (make fleet TIMEOUT=…, in seconds)"
    assert (late.returncode, late.stderr) == (1, each(there(parts), why))


def test_every_host_measures_itself_and_one_that_is_lost_costs_no_other_its_record(small, cluster):
    """Two records come in; the third host, killed meanwhile, is one line, and measures no more."""
    address, parts = cluster
    hosts = there(parts)
    lost = hosts[2]
    going = go(small, address)
    wait_for(lambda: measuring(parts[lost]))
    orphans = measuring(parts[lost])
    folder = Path(orphans[0].cwd())
    parts[lost].kill()
    said, wrong = going.communicate(timeout=300)
    why = "was lost while it measured (start its worker, then again: make fleet)"
    assert (going.returncode, wrong) == (1, each([lost], why))
    assert psutil.wait_procs(orphans, timeout=10)[1] == [] and not folder.exists()
    first, *lines = said.splitlines()
    assert first == f"measuring: {', '.join(hosts)}"
    assert [line.split(": ")[0] for line in lines] == hosts[:2]
    names = [small.relative(path) for path in others(small)]
    assert sorted(line.split(": ")[1] for line in lines) == names and len(names) == 2


def test_a_scheduler_that_is_gone_is_a_line_for_every_host(small, cluster):
    """Without it none can deliver."""
    address, parts = cluster
    hosts = there(parts)
    edit(small.config, "    additions: 2", "    additions: 10000000000")
    going = go(small, address)
    wait_for(lambda: all(measuring(parts[host]) for host in hosts))
    parts["scheduler"].kill()
    why = "the scheduler is gone (start it, then again: make fleet)"
    assert going.communicate(timeout=60)[1] == each(hosts, why)
    assert going.returncode == 1


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9: no scheduler answers"),
        ("", "SCHEDULER: is not given"),
    ],
)
def test_no_cluster_is_one_line_with_the_cure(project, scheduler, said):
    """The address that was tried, and an example."""
    done = run(project, "fleet", scheduler)
    cure = "start one: dask scheduler; then make fleet SCHEDULER=tcp://host:8786"
    assert (done.returncode, done.stderr) == (1, f"{said} ({cure})\n")


def test_without_the_library_that_is_said(project, monkeypatch):
    """One line, with what installs it."""
    monkeypatch.setattr(fleet.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BlogError) as caught:
        fleet.run(project, fleet.Options("tcp://127.0.0.1:9"))
    assert str(caught.value) == "the package distributed is missing (install it: make fleet does)"


def test_hosts_of_other_versions_are_named():
    """What is sent is code, which another Python cannot read."""

    def told(python, distributed):
        return {"packages": {"python": python, "distributed": distributed}}

    versions = {
        "client": told("3.11.7.final.0", "2026.8.0"),
        "workers": {
            "tcp://a:1": told("3.11.9.final.0", "2026.8.0"),
            "tcp://b:1": told("3.14.0.final.0", "2026.8.0"),
        },
    }
    assert fleet.of_other_versions(versions, {"a": "tcp://a:1", "b": "tcp://b:1"}) == {
        "b": "has Python 3.14 with distributed 2026.8.0, and this machine Python 3.11 with "
        "distributed 2026.8.0 (install the same, then again: make fleet)"
    }
