"""The way `dask`: a real scheduler and its workers, in fresh interpreters; what is left of them."""

import dataclasses
import importlib.util
import json
import os
import subprocess
import sys

import pytest

from scripts.experiments.cpu_bound import measure as cpu_bound
from scripts.experiments.pipeline import measure as pipeline
from scripts.experiments.pool_start import measure as pool_start
from scripts.experiments.process_count import measure as process_count
from scripts.experiments.runtimes import measure as runtimes
from scripts.experiments.settings import NAMES, Settings
from scripts.experiments.task_cost import measure as task_cost
from scripts.runner.interpreter import ROOT, Interpreter
from tests.experiments import build

TINY = Settings(**{**dict.fromkeys(NAMES, 1), "workers": 2, "jobs": 3, "additions": 1000})
WITH_DASK = build.runtime(ways=("for_loop", "threads", "processes", "dask"))
needs_dask = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("distributed", "cryptography"))),
    reason="needs the packages distributed and cryptography",
)


def ask(experiment, params, executable=sys.executable):
    """What the case `dask` of an experiment measures."""
    question = {
        "do": "case",
        "module": f"scripts.experiments.{experiment}.measure",
        "case": "dask",
        "params": params,
        "settings": dataclasses.asdict(TINY),
    }
    with Interpreter() as interpreter:
        return interpreter.ask(executable, question)


def test_where_dask_is_at_hand_it_comes_on_top_of_four_experiments():
    """Of the number of workers there is one case; other experiments compare Python's own ways."""
    found = {}
    for module in (cpu_bound, process_count, task_cost, pool_start, runtimes, pipeline):
        cases = module.cases(TINY, build.machine(2), WITH_DASK, 1e-3)
        on_top = [case for case in cases if case.name == "dask"]
        assert all(case.extra for case in on_top)
        name = module.__name__.split(".")[-2]
        found[name] = [(case.params["workers"], case.params["pool"]) for case in on_top]
    assert found == {
        "cpu_bound": [(2, "cold"), (2, "warm")],
        "process_count": [(2, "warm")],
        "task_cost": [(2, "warm")],
        "pool_start": [(2, "cold")],
        "runtimes": [],
        "pipeline": [],
    }


def test_an_interpreter_without_the_library_does_not_have_the_way():
    """The interpreter that the environment was made from knows nothing of Dask."""
    with Interpreter() as interpreter:
        facts = interpreter.ask(sys._base_executable, {"do": "facts"})["facts"]
    assert "dask" not in facts["ways"]
    runtime = dataclasses.replace(WITH_DASK, ways=tuple(facts["ways"]))
    cases = task_cost.cases(TINY, build.machine(2), runtime, 1e-3)
    found = [case.name for case in cases if case.name in ("threads", "processes", "dask")]
    assert found == ["threads", "processes", "processes"]


@needs_dask
def test_without_what_makes_certificates_there_is_no_such_way():
    """A cluster that obeys every user of this machine is not measured."""
    code = (
        "import sys; sys.modules['cryptography'] = None; "
        "from scripts.measure.ways import WAYS; print(WAYS['dask'].works())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "False\n"


@needs_dask
def test_every_job_is_done_and_its_span_lies_within_the_wall_time(tmp_path, monkeypatch):
    """Equal jobs are so many tasks, not one; and no folder is left where it was started."""
    monkeypatch.chdir(tmp_path)
    answer = ask("cpu_bound", {"workers": 2, "size": "take"})
    assert [job for job, _, _ in answer["spans"]] == [0, 1, 2]
    assert len({start for _, start, _ in answer["spans"]}) == 3
    assert all(0 < a <= b <= answer["values"]["wall_s"] for _, a, b in answer["spans"])
    assert list(tmp_path.iterdir()) == []


SEVERAL = """
import importlib, json, sys, types
from scripts.measure.jobs import Case

settings, asked = json.load(sys.stdin)
for name, params in asked.items():
    module = importlib.import_module(f"scripts.experiments.{name}.measure")
    outcome = module.run(Case("dask", params, 0.0), types.SimpleNamespace(**settings))
    print(json.dumps(outcome.values))
"""


@needs_dask
def test_empty_tasks_go_through_workers_that_are_up():
    """And so do jobs, whose memory is read while the workers still are."""
    asked = {
        "task_cost": {"workers": 1, "chunk": 1, "tasks": 9},
        "process_count": {"workers": 1},
        "pool_start": {"workers": 1, "library": "none"},
    }
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL],
        cwd=ROOT,
        input=json.dumps([dataclasses.asdict(TINY), asked]),
        capture_output=True,
        text=True,
    )
    empty, jobs, started = map(json.loads, done.stdout.splitlines())
    assert empty["wall_s"] > 0 and jobs["wall_s"] > 0 and jobs["peak_pss_mb"] > 0
    assert set(started) == {"start_cores_s"} and started["start_cores_s"] > 0


INSIDE = """
import json, os, sys, warnings
from pathlib import Path
warnings.simplefilter("error")
from scripts.measure import cluster, memory
if __name__ == "__main__":
    with cluster.client(1) as client:
        tree = memory.descendants(os.getpid())
        files = {pid: os.listdir(f"/proc/{pid}/fd") for pid in tree}
        inodes = set()
        for pid, names in files.items():
            for name in names:
                try:
                    inodes.add(os.readlink(f"/proc/{pid}/fd/{name}"))
                except OSError:
                    pass
        listening = []
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                    listening.append(fields[1].split(":"))
        groups = sorted({os.getpgid(pid) for pid in tree})
        folder = client.cluster.scheduler.local_directory
    print(json.dumps([listening, groups, os.getpid(), os.path.exists(folder)]))
"""


@needs_dask
@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="needs Linux's /proc")
def test_it_listens_on_loopback_only_and_says_nothing(tmp_path):
    """No dashboard, no warning, one process group for the guard, and no folder afterwards."""
    (tmp_path / "inside.py").write_text(INSIDE)
    done = subprocess.run(
        [sys.executable, tmp_path / "inside.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert done.stderr == ""
    listening, groups, own, folder_is_there = json.loads(done.stdout)
    loopback = "0100007F" if sys.byteorder == "little" else "7F000001"
    assert {address for address, _ in listening} == {loopback} and len(listening) >= 3
    assert "2253" not in {port for _, port in listening}  # 8787, the dashboard's
    assert groups == [own]
    assert not folder_is_there


STRANGER = """
import os, sys, urllib.error, urllib.request
from distributed import Client, Security
from scripts.measure import cluster

def told(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health").status
    except urllib.error.HTTPError as error:
        return error.code

def attack(address, security):
    try:
        with Client(address, security=security, timeout=5, set_as_default=False) as client:
            client.run_on_scheduler(os.mkdir, "scheduler")
            client.run(os.mkdir, "worker")
    except (OSError, RuntimeError, TypeError) as error:
        return type(error).__name__

if __name__ == "__main__":
    made = Security.temporary
    Security.temporary = None  # the certificate was made when the module was imported
    with cluster.client(1) as client:
        workers = client.scheduler_info()["workers"]
        for address in [client.scheduler.address, *workers]:
            plain = address.replace("tls:", "tcp:")
            print(attack(plain, None), attack(address, made()))
        ports = [client.cluster.scheduler.http_server.port]
        ports += [worker["services"]["dashboard"] for worker in workers.values()]
        print([told(port) for port in ports], client.submit(sum, [1, 2]).result())
"""


@needs_dask
def test_another_program_of_this_machine_can_let_it_run_nothing(tmp_path):
    """Neither without TLS nor with a certificate of its own, and HTTP tells nothing."""
    (tmp_path / "stranger.py").write_text(STRANGER)
    done = subprocess.run(
        [sys.executable, "stranger.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    refused = "CommClosedError FatalCommClosedError\n"
    assert done.stdout == f"{refused}{refused}[404, 404] 3\n"
    assert [path.name for path in tmp_path.iterdir()] == ["stranger.py"]
