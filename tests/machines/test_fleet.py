"""A fleet on this machine: a real scheduler, and real workers on other hosts (tests/hosts.py).

Some of them are hostile: what they send is a program for whoever takes it for an object.
"""

import contextlib
import json
import operator
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from scripts.machines import fleet, fleet_client, intake
from scripts.project import Project, records_in
from scripts.record.errors import BlogError
from tests.cluster import parts
from tests.conftest import ROOT, copy_checkout, edit, keep_only, run, set_sizes
from tests.hosts import network

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs 127.0.0.2 and the like"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project whose measure.pyz takes a second or two, and waits for most of it."""
    found = copy_checkout(tmp_path_factory.mktemp("small") / "project")
    keep_only(found, "cpu_bound")
    set_sizes(found, short_additions=20_000)  # shorter times would soon be another's
    measure = found.root / "scripts" / "experiments" / "cpu_bound" / "measure.py"
    edit(
        measure,
        "        *_arms(settings, machine, runtime, addition_s, TAKE, settings.additions),",
        "",
    )
    edit(
        measure,
        "    workers, method = int",
        "    __import__('time').sleep(0.5)\n    workers, method = int",
    )
    return found


@pytest.fixture
def endless(small):
    """The same while its measure.pyz comes to no end, and no core is busy with it."""
    files = [small.root / "scripts" / name for name in ("measure/child.py", "runner/run.py")]
    before = [path.read_bytes() for path in files]
    facts = '        return {"facts": facts()'
    edit(files[0], facts, f"        time.sleep(10**6)\n{facts}")
    edit(files[1], "PATIENCE, PATIENCE_S = 20.0, 60.0", "PATIENCE, PATIENCE_S = 20.0, 1e6")
    yield small
    for path, text in zip(files, before, strict=True):
        path.write_bytes(text)


@pytest.fixture(scope="module")
def dask():
    """What starts schedulers and workers."""
    with parts() as started:
        yield started


@pytest.fixture(scope="module")
def cluster(dask, tmp_path_factory):
    """The scheduler's address, and the worker of each host; some are lost on the way."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    options = ("--scheduler-file", str(file), "--no-dashboard")
    with network() as (address, hosts):
        here = ("--host", address, "--port", "0", "--dashboard-address", "127.0.0.1:0")
        started = {"scheduler": dask.start(folder, "scheduler", *options, *here)}
        for host, on in hosts.items():
            there = ("--host", host, "--no-nanny", "--nthreads", "1", "--local-directory", host)
            started[host] = dask.start(folder, "worker", *options, *there, on=on)
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        address = json.loads(file.read_text())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(len(hosts), timeout=60)
        yield address, started


def wait_for(happened, seconds=60):
    """Until it has happened; an error when it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def measuring(process):
    """All that runs below a process, from when something is timed there."""
    with contextlib.suppress(psutil.NoSuchProcess):
        below = process.children(recursive=True)
        if any("scripts.measure import child" in part for one in below for part in one.cmdline()):
            return below
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
    return records_in(project.others)


def there(parts):
    """The hosts whose worker is up."""
    return [name for name, part in parts.items() if name != "scheduler" and part.is_running()]


def each(hosts, why):
    """What is said when all have failed for the same reason."""
    return "".join(f"{host}: {why}\n" for host in hosts)


def test_one_measurement_at_a_time_and_none_after_ctrl_c(endless, cluster):
    """A second fleet is refused host by host; Ctrl-C, once or thrice, ends all of the first."""
    address, parts = cluster
    hosts = there(parts)
    first = go(endless, address)
    wait_for(lambda: all(measuring(parts[host]) for host in hosts))
    running = [one for host in hosts for one in measuring(parts[host])]
    second = run(endless, "fleet", "--force", address)
    assert second.returncode == 1 and second.stdout == "measuring: no host\n"
    why = "is being measured by another make fleet (wait until it has ended)"
    assert second.stderr == each(hosts, why)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGTERM):
        first.send_signal(number)
    assert first.communicate(timeout=60)[1] == (
        "stopped; the hosts stop measuring, and what came in is kept\n"
    )
    assert first.returncode == 130 and others(endless) == []
    assert psutil.wait_procs(running, timeout=10)[1] == []


def test_every_host_measures_itself_and_one_that_is_lost_costs_no_other_its_record(small, cluster):
    """Two records come in; the third host, killed meanwhile, is one line, and measures no more."""
    address, parts = cluster
    hosts = there(parts)
    lost = hosts[2]
    going = go(small, address)
    wait_for(lambda: measuring(parts[lost]))
    orphans = measuring(parts[lost])
    (folder,) = {Path(one.cwd()) for one in orphans if "record.json" in one.cmdline()}
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


def test_a_slow_host_is_given_up(endless, cluster):
    """The time limit holds for every host."""
    address, parts = cluster
    late = run(endless, "fleet", "--force", "--timeout", "1", address)
    why = "was not ready after 1 s (make fleet TIMEOUT=…, in seconds)"
    assert (late.returncode, late.stderr) == (1, each(there(parts), why))


def test_a_scheduler_that_is_gone_is_a_line_for_every_host(endless, cluster):
    """Without it none can deliver."""
    address, parts = cluster
    hosts = there(parts)
    going = go(endless, address)
    wait_for(lambda: all(measuring(parts[host]) for host in hosts))
    parts["scheduler"].kill()
    why = "the scheduler is gone (start it, then again: make fleet)"
    assert going.communicate(timeout=60)[1] == each(hosts, why)
    assert going.returncode == 1


def test_where_no_scheduler_listens_is_one_line_with_the_cure(small):
    """The address that was tried, and an example; at once."""
    done = run(small, "fleet", "tcp://127.0.0.1:9")
    cure = "start one: dask scheduler; then make fleet SCHEDULER=tcp://host:8786"
    said = f"tcp://127.0.0.1:9: no scheduler answers ({cure})\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_without_the_library_that_is_said(small, monkeypatch):
    """One line, with what installs it."""
    monkeypatch.setattr(fleet.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BlogError) as caught:
        fleet.run(small, fleet.Options("tcp://127.0.0.1:9"))
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
    assert fleet_client.of_other_versions(versions, {"a": "tcp://a:1", "b": "tcp://b:1"}) == {
        "b": "has Python 3.14 with distributed 2026.8.0, and this machine Python 3.11 with "
        "distributed 2026.8.0 (install the same, then again: make fleet)"
    }


# Strangers

# What a hostile worker does instead of its task. Its bomb goes off where HOSTILE is not set, which
# is everywhere but in the worker itself.
HOSTILE = """
import os, pickle, sys
import dask._task_spec
from distributed import get_worker

class Bomb(Exception):
    def __reduce__(self):
        return os.system, (f'[ -n "$HOSTILE" ] || touch owned {os.environ["HOSTILE"]}/owned',)

def attack(task, values=()):
    bomb = pickle.dumps(Bomb())
    get_worker().log_event("warn", {"message": bomb, "category": bomb})
    get_worker().log_event("print", {"args": ("record 127.0.0.2 1",)})
    if os.environ["RAISES"]:
        raise Bomb
    return Bomb(), ""

dask._task_spec.Task.__call__ = attack
"""
# A scheduler that answers the first question of a client with an object.
HOSTILE_SCHEDULER = """
import asyncio, os
from distributed import Scheduler
from distributed.protocol.serialize import ToPickle

class Bomb:
    def __reduce__(self):
        return os.system, (f'[ -n "$HOSTILE" ] || touch owned {os.environ["HOSTILE"]}/owned',)

class Hostile(Scheduler):
    def identity(self, n_workers=-1):
        return ToPickle(Bomb())

async def main():
    async with Hostile(host="127.0.0.1", port=0, dashboard_address="127.0.0.1:0") as scheduler:
        with open("address", "w") as file:
            print(scheduler.address, file=file)
        await scheduler.finished()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def open_folder():
    """A folder that every user of this machine may write to."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The files of TLS_FILES, of one authority that is also everybody."""
    pytest.importorskip("cryptography")
    made = distributed.Security.temporary()
    texts = (made.tls_ca_file, made.tls_client_cert, made.tls_client_key)
    folder, files = tmp_path_factory.mktemp("certificate"), {}
    for name, text in zip(fleet.TLS_FILES, texts, strict=True):
        files[name] = str(folder / name)
        Path(files[name]).write_text(text)
        Path(files[name]).chmod(0o600)
    return files


def encrypted(files):
    """The options of a part of a cluster that speaks TLS."""
    names = ("--tls-ca-file", "--tls-cert", "--tls-key")
    pairs = zip(names, files.values(), strict=True)
    return ("--protocol", "tls", *(option for pair in pairs for option in pair))


@pytest.fixture(scope="module")
def encrypted_cluster(dask, certificate, tmp_path_factory, open_folder):
    """The address of a scheduler with a good host and two hostile ones, of which one raises."""
    folder = tmp_path_factory.mktemp("encrypted")
    (folder / "hostile.py").write_text(HOSTILE)
    file = folder / "scheduler.json"
    options = ("--scheduler-file", str(file), "--no-dashboard", *encrypted(certificate))
    here = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
    dask.start(folder, "scheduler", *options, *here)
    there = (*options, "--no-nanny", "--nthreads", "1")
    dask.start(folder, "worker", *there, "--host", "127.0.0.2", "--local-directory", "good")
    for host, raises in (("127.0.0.3", ""), ("127.0.0.4", "yes")):
        hostile = ("--preload", str(folder / "hostile.py"), "--host", host)
        variables = {"HOSTILE": str(open_folder), "RAISES": raises}
        dask.start(folder, "worker", *there, *hostile, "--local-directory", host, **variables)
    wait_for(lambda: file.exists() and file.read_text().endswith("}"))
    address = json.loads(file.read_text())["address"]
    security = distributed.Security(
        tls_ca_file=certificate["TLS_CA_FILE"],
        tls_client_cert=certificate["TLS_CERT_FILE"],
        tls_client_key=certificate["TLS_KEY_FILE"],
        require_encryption=True,
    )
    with distributed.Client(address, security=security, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
    return address


def test_over_tls_hostile_hosts_run_nothing_and_cost_no_other_its_record(
    small, encrypted_cluster, certificate, open_folder, monkeypatch
):
    """Result, exception and events of theirs are programs; the record of the good host is in."""
    for name, value in certificate.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SCHEDULER", encrypted_cluster)
    before = others(small)
    done = run(small, "fleet", "--force", "--rounds", "1")
    assert done.stderr == (
        "127.0.0.3: sent what is no record\n"
        "127.0.0.4: lost its measurement (look at what its worker says, then again: make fleet)\n"
    )
    (record,) = {*others(small)} - {*before}
    assert done.stdout == (
        f"measuring: 127.0.0.2, 127.0.0.3, 127.0.0.4\n127.0.0.2: {small.relative(record)}\n"
    )
    assert done.returncode == 1
    assert not list(open_folder.iterdir()) and not list(small.root.rglob("owned"))


def test_without_its_certificate_no_scheduler_answers(
    small, encrypted_cluster, certificate, tmp_path
):
    """One of the right form is not enough."""
    other = tmp_path / "other"
    other.write_text(distributed.Security.temporary().tls_ca_file)
    tls = (str(other), certificate["TLS_CERT_FILE"], certificate["TLS_KEY_FILE"])
    with pytest.raises(BlogError) as caught:
        fleet.run(small, fleet.Options(encrypted_cluster, tls=tls))
    what = f"no scheduler answers to this certificate ({fleet_client.START})"
    assert str(caught.value) == f"{encrypted_cluster}: {what}"


def test_a_hostile_scheduler_runs_nothing(small, dask, tmp_path, open_folder, capfd):
    """What it says of itself is a program."""
    scheduler = dask.start(tmp_path, "-c", HOSTILE_SCHEDULER, HOSTILE=str(open_folder))
    file = tmp_path / "address"
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"))
    address = file.read_text().strip()
    with pytest.raises(BlogError) as caught:
        fleet.run(small, fleet.Options(address))
    scheduler.kill()
    cure = f"({fleet_client.START})"
    assert str(caught.value) == f"{address}: what answers there is no scheduler {cure}"
    assert capfd.readouterr() == ("", "")
    assert not list(open_folder.iterdir()) and not list(small.root.rglob("owned"))


def test_of_what_comes_only_values_are_made():
    """Numbers, texts and bytes; an object becomes one that does nothing, whatever is done to it."""

    class Bomb:
        def __init__(self, how):
            self.how = how

        def __reduce__(self):
            return self.how

    values = ({"a": [1, 2.5, None, True]}, b"record", "why", bytearray(b"x"))
    assert fleet_client.values_only(pickle.dumps(values[:3])) == values[:3]
    bombs = [
        (eval, ("1/0",)),
        (getattr, ("x", "upper")),
        (operator.methodcaller("upper"), ("x",)),
        (dict, (), {"a": 1}, iter([1]), iter([(1, 2)])),
        (Path, ("/",)),
    ]
    for how in bombs:
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            made = fleet_client.values_only(pickle.dumps([Bomb(how)], protocol))
            assert [type(one) for one in made] == [fleet_client.Inert]
    assert type(fleet_client.values_only(pickle.dumps(values[3], 4))) is fleet_client.Inert


INSIDE = """
import io, json, os, pickle, resource, subprocess, sys
sys.path.insert(0, sys.argv[1])
from scripts.machines import fleet_client
dumped = pickle.dumps(print)
fleet_client.lose_everything()
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
tries = {
    "system": lambda: os.system("true"),
    "fork": os.fork,
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "program": lambda: subprocess.run("true"),
    "pickle": lambda: pickle.Unpickler(io.BytesIO(dumped)).load(),
    "write": lambda: open(os.path.join(sys.argv[1], "owned"), "w").close(),
    "here": lambda: open("here", "w").close(),
    "large": lambda: open("large", "wb").write(bytes(2 * 2**20)),
    "root": lambda: os.setuid(0),
}
print(json.dumps({name: tried(what) for name, what in tries.items()}))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who has another user to be")
def test_who_talks_to_the_cluster_has_nothing_to_lose(small):
    """It can start nothing, make no object, and write to no folder but its own, and little."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-I", "-c", INSIDE, small.root],
            cwd=folder,
            capture_output=True,
            text=True,
        )
    told = json.loads(done.stdout)
    assert told == {**dict.fromkeys(told, "PermissionError"), "here": None, "large": "OSError"}


def test_its_environment_folder_and_path_hold_nothing_of_ours(small, monkeypatch, tmp_path):
    """Neither a secret of the environment, nor the checkout."""
    monkeypatch.setenv("SECRET", "s")
    monkeypatch.chdir(small.root)
    says = "import json, os, sys; print(json.dumps([dict(os.environ), os.listdir(), sys.path]))"
    (tmp_path / "client.py").write_text(says)
    monkeypatch.setattr(fleet_client, "__file__", str(tmp_path / "client.py"))
    with fleet._client(b"") as told:
        environment, files, path = json.loads(told.read())
    names = {"HOME", "TMPDIR", "DASK_CONFIG", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
    assert set(environment) <= names and files == []
    assert str(tmp_path) not in path and not {"", ".", str(small.root)} & set(path)


def said_by(monkeypatch, tmp_path, says):
    """What `fleet.run` makes of a client that says these bytes, as often as it says."""
    program = f"import sys; sys.stdin.readline(); sys.stdout.buffer.write({says})"
    (tmp_path / "client.py").write_text(program)
    monkeypatch.setattr(fleet_client, "__file__", str(tmp_path / "client.py"))
    monkeypatch.setattr(fleet.pyz, "build", lambda project: b"")
    return fleet.run(Project(tmp_path), fleet.Options("tcp://a:1"))


NOBODY_UNDERSTANDS = "tcp://a:1: the client of the cluster says what nobody understands"


@pytest.mark.parametrize(
    ("says", "wrong"),
    [
        ("b''", f"tcp://a:1: what answers there stands still ({fleet_client.START})"),
        ("b'error - 13\\n\\x1b[2Jno\\nanswer'", "tcp://a:1: [2Jno answer"),
        ("b'error - 5000\\n' + b'x' * 5000", f"tcp://a:1: {'x' * 399}\u2026"),
        ("b'hosts - 3\\na'", NOBODY_UNDERSTANDS),
        ("b'x' * 10**7", NOBODY_UNDERSTANDS),
        ("b'record ../.. 1\\nx'", NOBODY_UNDERSTANDS),
        ("b'record a 99999999\\n'", NOBODY_UNDERSTANDS),
        (
            "b''.join(b'failed %d 1\\nx' % n for n in range(500))",
            "tcp://a:1: has more than 200 hosts",
        ),
    ],
)
def test_what_the_client_says_is_held_for_a_strangers(monkeypatch, tmp_path, says, wrong):
    """Limited in length and number, of one form, and shown as one line without control codes."""
    with pytest.raises(BlogError) as caught:
        said_by(monkeypatch, tmp_path, says)
    assert str(caught.value) == wrong


def test_a_bad_record_costs_no_other_host_its_good_one(monkeypatch, tmp_path, capsys):
    """Refused, or failing in a way nobody thought of: the next one comes in."""

    def add(project, record, host):
        if host == "a":
            raise BlogError("refused: it lies", where=host, cure="ask again")
        return tmp_path / "c.json"

    monkeypatch.setattr(intake, "add", add)
    says = "b'hosts - 7\\na b c d' + b'failed b 4\\nlate' + b'record a 1\\n{' + b'record c 1\\n{'"
    assert said_by(monkeypatch, tmp_path, says) == 3
    said, wrong = capsys.readouterr()
    assert said == "measuring: a, b, c, d\nc: c.json\n"
    ended = "gave no record: the client of the cluster ended (again: make fleet)"
    assert wrong == f"a: refused: it lies (ask again)\nb: late\nd: {ended}\n"


@pytest.mark.parametrize(
    ("scheduler", "given", "said"),
    [
        ("", "", f"SCHEDULER: is not given ({fleet_client.START})"),
        (
            "tls://a:1",
            "",
            "tls://a:1: needs the certificates of the cluster "
            "(TLS_CA_FILE=… TLS_CERT_FILE=… TLS_KEY_FILE=…)",
        ),
        (
            "tcp://a:1",
            "x",
            "tcp://a:1: does not use certificates (SCHEDULER=tls://…, or none of them)",
        ),
        (
            "ucx://a:1",
            "",
            "ucx://a:1: ucx:// is not spoken here (SCHEDULER=tcp://host:8786, or tls://host:8786)",
        ),
        (
            "tls://a:1",
            "gone",
            "gone: cannot be read: No such file or directory "
            "(name a file that is there: TLS_CA_FILE=…)",
        ),
        (
            "tls://127.0.0.1:9",
            str(ROOT / "config.yaml"),
            "tls://127.0.0.1:9: the certificates and the key do not fit one another "
            "(see TLS_CA_FILE, TLS_CERT_FILE, TLS_KEY_FILE)",
        ),
    ],
)
def test_what_is_missing_for_a_cluster_is_one_line(scheduler, given, said):
    """Nor is encryption left out in silence."""
    with pytest.raises(BlogError) as caught:
        fleet.run(Project(ROOT), fleet.Options(scheduler, tls=(given,) * 3))
    assert str(caught.value) == said
