"""make bench: what the program itself costs, as ratios measured side by side in one run.

Not a test: times differ from machine to machine, so nothing is asserted here.
"""

from __future__ import annotations

import dataclasses
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

from scripts.blog import derive
from scripts.conclude import report
from scripts.conclude import summary as summing
from scripts.draw import export
from scripts.draw.language import Say
from scripts.draw.theme import LIGHT
from scripts.experiments import Case, declarations
from scripts.experiments.interleaving import measure as interleaving
from scripts.experiments.interleaving import picture as drawing
from scripts.experiments.interleaving.numbers import quantities
from scripts.project import Project
from scripts.record import Record, Span, dumps, load
from tests.bench_costs import bench_costs
from tests.bench_site import bench_machines, bench_site
from tests.conftest import ROOT, copy_checkout
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


def figure_2(folder: Path) -> Record:
    """Record and draw figure 2 as the project does, one picture as the first version did."""
    record = make_record(experiments=("interleaving",), rounds=1)
    sizes = types.SimpleNamespace(**record.settings)
    samples = []
    for sample in record.samples:
        if sample.params["size"] == "take" and sample.round == 1:
            done = interleaving.run(Case(sample.case, sample.params, 0.0), sizes)
            spans = tuple(Span(*dataclasses.astuple(span)) for span in done.spans)
            samples.append(dataclasses.replace(sample, values=done.values, spans=spans))
    record = dataclasses.replace(record, samples=tuple(samples))
    with export.context():
        say = Say("en", drawing.WORDS)
        drawing.draw(record, quantities(record), LIGHT, say).savefig(folder / "new.png")
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


def bench_derive(project: Project) -> None:
    """All of `make figures` that is not measuring, from the committed record."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_checkout(Path(folder))
        derive.recover(copy)
        derive.redraw(copy)
        for what in ("with nothing changed", "with all pictures"):
            begin = time.perf_counter()
            derive.redraw(copy)
            print(f"redraw {what}: {time.perf_counter() - begin:.2f} s")
            shutil.rmtree(copy.pictures)


def bench_record(project: Project) -> None:
    """How sharp the committed record is, figure by figure, and how large what follows from it."""
    path = project.current_record()
    data = project.load_measured()
    summary = summing.from_json(data)
    print("\n".join(report.precision(summary)))
    stated = derive.stated(project)
    for picture, name in sorted(
        (one.picture, name) for name, one in declarations().items() if one.picture
    ):
        widths = [
            (found.compared.high - found.compared.low) / found.compared.value
            for claim in stated
            if claim.key.split(".")[0] == name
            and (found := summary.verdicts[claim.id]).compared
            and found.compared.unit == "ratio"
        ]
        if widths:
            middle = 100 * statistics.median(widths)
            print(f"{picture}: intervals of its claims {middle:.1f} % wide (median)")
    print(f"more than is possible: {', '.join(summary.above_ceiling) or 'nothing'}")
    for key in (key for key in summary.values if key.startswith("harness.")):
        print(f"{key}: {summary.values[key].text()} [{summary.values[key].range_with_unit()}]")
    sizes = {one: one.stat().st_size for one in (path, project.measured, project.pyz)}
    for one, size in sizes.items():
        print(f"{project.relative(one)}: {size / 1000:.0f} kB")


def main() -> None:
    """Print all of it."""
    project = Project(ROOT)
    bench_costs(project)
    bench_record(project)
    bench_derive(project)
    bench_figure_2()
    bench_site(load(project.current_record()))
    bench_machines(load(project.current_record()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"this program's own peak: {peak:.0f} MB")


if __name__ == "__main__":
    main()
