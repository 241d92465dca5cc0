"""make bench: what the program itself costs, as ratios measured side by side in one run.

Not a test: times differ from machine to machine, so nothing is asserted here.
"""

from __future__ import annotations

import dataclasses
import datetime
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.blog import derive, fileset
from scripts.blog import pictures as figures
from scripts.draw import style
from scripts.experiments import Case
from scripts.experiments.interleaving import measure as interleaving
from scripts.experiments.interleaving import picture as drawing
from scripts.experiments.settings import Settings
from scripts.measure.jobs import Outcome, run_jobs
from scripts.measure.workloads import naive_add
from scripts.project import Project
from scripts.record import Record, Sample, dumps, load, units
from tests.bench_costs import bench_costs
from tests.bench_site import bench_machines, bench_site
from tests.conftest import ROOT, copy_sources
from tests.factory import make_record

TICKS, JOBS = 10**6, 4
WAYS = ("threads", "processes")
# The first version's way takes long; a tenth of its points, scaled up, tells as much.
SHARE = 10
OLD_WAY = f"""
import time
from concurrent.futures import ThreadPoolExecutor
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
def live_tracker(_):
    return [time.time() for _ in range({TICKS // SHARE})]
figure, panels = plt.subplots(1, {len(WAYS)})
for panel in panels:
    with ThreadPoolExecutor({JOBS}) as pool:
        for number, times in enumerate(pool.map(live_tracker, range({JOBS}))):
            panel.scatter(times, [number] * len(times))
figure.savefig("old.png")
"""


def recorded(outcomes: dict[str, Outcome]) -> Record:
    """A record that holds one round of `interleaving` and nothing else."""
    base = make_record(experiments=())
    params = {"workers": JOBS, "pool": "cold"}
    samples = tuple(
        Sample("interleaving", way, base.runtimes[0].id, 1, params, done.values, tuple(done.spans))
        for way, done in outcomes.items()
    )
    return dataclasses.replace(base, samples=samples)


def figure_2(folder: Path) -> Record:
    """Record and draw figure 2 as the project does, one picture as the first version did."""
    settings = Settings(ticks=TICKS, jobs=JOBS, workers=JOBS)
    params = {"workers": JOBS, "pool": "cold", "start_method": "fork"}
    cases = [Case(way, params, 0.0) for way in WAYS]
    record = recorded({case.name: interleaving.run(case, settings) for case in cases})
    with style.context():
        drawing.draw(record, style.LIGHT).savefig(folder / "new.png")
    return record


def _child(code: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a fresh Python that runs `code`, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        tail = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\n{tail}"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "HOME": folder},
            capture_output=True,
            text=True,
            check=True,
        )
        return time.perf_counter() - begin, float(done.stdout.split()[-1])


def bench_figure_2() -> None:
    """Figure 2 against the first version's way: every reading a point, all of them scattered."""
    new = "from pathlib import Path\nfrom tests.bench import figure_2\nfigure_2(Path('.'))"
    _child(new)  # Matplotlib's font cache
    new_s, new_mb = _child(new)
    old_s, old_mb = _child(OLD_WAY)
    with tempfile.TemporaryDirectory() as folder:
        size = len(dumps(figure_2(Path(folder))))
    idle_s, _ = _child("import matplotlib.figure")
    old_s, new_s = SHARE * (old_s - idle_s), new_s - idle_s
    print(
        f"figure 2, record and draw: {new_s:.2f} s, {new_mb:.0f} MB, {size / 1000:.1f} kB of data\n"
        f"  the first version's way: {old_s:.0f} s ({SHARE} times what a tenth"
        f" of its points took, which needed {old_mb:.0f} MB), {old_s / new_s:.0f} times as long\n"
        f"  (the {idle_s:.2f} s that Python and Matplotlib take to start are in neither)"
    )


def _bare_s(additions: int) -> float:
    begin = time.perf_counter()
    naive_add(additions)
    return time.perf_counter() - begin


def _timed_s(additions: int) -> float:
    (job,) = run_jobs("for_loop", naive_add, [additions], 1, "").jobs
    return job.stop - job.start


def bench_harness(pairs: int = 101, additions: int = 10**6) -> None:
    """A job's measured time inside the harness against the same loop bare, each first in turn."""
    ratios = []
    for number in range(pairs):
        order = (_bare_s, _timed_s) if number % 2 else (_timed_s, _bare_s)
        found = {side: side(additions) for side in order}
        ratios.append(found[_timed_s] / found[_bare_s])
    middle = statistics.median(ratios)
    print(
        f"harness: a job takes {middle:.4f} times the bare loop,"
        f" median of {pairs} pairs ({min(ratios):.3f}–{max(ratios):.3f})"
    )


def bench_derive(project: Project) -> None:
    """All of `make figures` that is not measuring, from the committed record."""
    record = load(project.current_record())
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_sources(Path(folder))
        fileset.recover(copy.root, copy.stage)
        begin = time.perf_counter()
        derive.install_set(copy, record)
        all_s = time.perf_counter() - begin
    first_two = dataclasses.replace(
        record,
        samples=tuple(s for s in record.samples if s.experiment in ("cpu_bound", "interleaving")),
    )
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        figures.draw_all(first_two, Path(folder))
        two_s = time.perf_counter() - begin
    print(f"not measuring: {all_s:.2f} s in all; figures 1 and 2 drawn in {two_s:.2f} s")


def bench_share(project: Project) -> None:
    """How much of the recorded run was spent inside the timed cases or in starting them."""
    record = load(project.current_record())
    begin, end = (datetime.datetime.fromisoformat(at) for at in (record.started, record.finished))
    whole_s = (end - begin).total_seconds()
    inside_s = sum(float(sample.disturbance.get("elapsed_s", 0)) for sample in record.samples)
    print(
        f"the recorded run took {units.duration(whole_s)};"
        f" {100 * inside_s / whole_s:.1f} % of it inside the timed cases or their start-up"
    )


def main() -> None:
    """Print all of it."""
    project = Project(ROOT)
    bench_costs(project)
    bench_figure_2()
    bench_harness()
    bench_derive(project)
    bench_share(project)
    bench_site(load(project.current_record()))
    bench_machines(load(project.current_record()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"this program's own peak: {peak:.0f} MB")


if __name__ == "__main__":
    main()
