"""What figure 3 says, from samples with known answers."""

import pytest

from scripts.experiments.process_count import numbers as process_count
from tests.experiments import build

# By number of workers on two cores, which together give 1.9 times what one gives.
WALLS = {1: 0.40, 2: 0.22, 3: 0.22, 4: 0.22}
ROUNDS = 12


def arm(case, workers, wall_s=0.4, held=None, rounds=ROUNDS, **values):
    """Rounds of so many workers."""
    if held:
        values["peak_pss_mb"] = held
    params = {"workers": workers}
    return build.arm(
        "process_count", case, params, rounds=rounds, wall_s=wall_s, cpu_s=0.4, **values
    )


def processes(walls=WALLS, **fields):
    """A curve; each worker holds 2 MB besides 14 MB."""
    return [arm("processes", n, wall_s, 14.0 + 2 * n, **fields) for n, wall_s in walls.items()]


def spinner(all_s):
    """One core alone takes 0.2 s."""
    return [arm("spinner", 1, 0.2), arm("spinner", 2, all_s)]


def test_speed_ups_over_one_worker_the_best_number_and_memory():
    """Two processes are as fast as three or four."""
    record = build.record(*processes(), *spinner(0.4 / 1.9), arm("dask", 2, 0.25, 150.0))
    found = build.texts(process_count.quantities(record))
    assert found == {
        "process_count.processes.at_1.wall_s": "0.400",
        "process_count.processes.at_2.wall_s": "0.220",
        "process_count.processes.at_3.wall_s": "0.220",
        "process_count.processes.at_4.wall_s": "0.220",
        "process_count.processes.at_2.speedup_ratio": "1.82",
        "process_count.processes.at_3.speedup_ratio": "1.82",
        "process_count.processes.at_4.speedup_ratio": "1.82",
        "process_count.processes.at_cores_speedup_ratio": "1.82",
        "process_count.processes.twice_cores_over_cores": "1.00",
        "process_count.processes.best_workers": "2",
        "process_count.processes.best_speedup_ratio": "1.82",
        "process_count.processes.at_1.memory_mb": "16.0",
        "process_count.processes.at_2.memory_mb": "18.0",
        "process_count.processes.at_3.memory_mb": "20.0",
        "process_count.processes.at_4.memory_mb": "22.0",
        "process_count.processes.fixed_mb": "14.0",
        "process_count.processes.per_worker_mb": "2.00",
        "process_count.dask.at_cores_speedup_ratio": "1.60",
        "process_count.dask.memory_mb": "150",
        "process_count.cores.speedup_ratio": "1.90",
        "process_count.processes.share_of_ceiling_ratio": "0.958",
    }


def test_half_a_core_shows_in_the_spinner():
    """A quota of one and a half: the ceiling is 1.5, and processes that reach it are as good as
    they can be."""
    record = build.record(*processes({1: 0.3, 2: 0.2, 4: 0.2}), *spinner(0.4 / 1.5))
    found = build.texts(process_count.quantities(record))
    assert found["process_count.cores.speedup_ratio"] == "1.50"
    assert found["process_count.processes.share_of_ceiling_ratio"] == "1.00"


def test_the_best_number_is_found_on_odd_rounds_and_told_by_even_ones():
    """Here the odd ones flatter three workers."""
    walls = {1: 0.4, 2: 0.22, 3: [0.15, 0.21] * 6}
    found = process_count.quantities(build.record(*processes(walls)))
    assert found["process_count.processes.best_workers"].value == 3
    assert found["process_count.processes.best_speedup_ratio"].text() == "1.90"
    assert found["process_count.processes.best_speedup_ratio"].n == 6


def test_too_few_rounds_have_no_best_number():
    """What can be told of them is told."""
    found = process_count.quantities(build.record(*processes(rounds=4)))
    assert "process_count.processes.best_workers" not in found
    assert found["process_count.processes.at_cores_speedup_ratio"].interval == "range"


def test_on_one_core_there_is_no_speed_up_of_the_cores():
    """One core alone is all of them."""
    found = process_count.quantities(build.record(*processes(), *spinner(0.4), cores=1))
    assert not any("cores.speedup" in key or "at_cores_" in key for key in found)
    assert found["process_count.processes.twice_cores_over_cores"].text() == "0.550"


def test_what_a_worker_holds_with_a_dictionary_in_hand():
    """Beyond the parent as it was; by fork and by what is sent a copy."""
    arms = [
        build.arm(
            "process_count", "dictionary", {"workers": 2, "start_method": method},
            wall_s=0.3, cpu_s=0.1, parent_mb=50.0, dictionary_mb=36.0, peak_pss_mb=held,
        )
        for method, held in (("fork", 110.0), ("spawn", 170.0))
    ]  # fmt: skip
    assert build.texts(process_count.quantities(build.record(*arms))) == {
        "process_count.dictionary.size_mb": "36.0",
        "process_count.fork.dictionary_start_s": "0.300",
        "process_count.fork.dictionary_per_worker_mb": "30.0",
        "process_count.spawn.dictionary_start_s": "0.300",
        "process_count.spawn.dictionary_per_worker_mb": "60.0",
        "process_count.spawn.dictionary_to_fork_ratio": "2.00",
    }


def test_memory_that_was_not_measured_is_no_zero():
    """There is no such value; and nothing at all of another experiment."""
    found = process_count.quantities(build.record(arm("processes", 1), arm("processes", 2)))
    assert not any("_mb" in key for key in found)
    assert process_count.quantities(build.record()) == {}


@pytest.mark.parametrize("name", ["peak_pss_mb", "peak_rss_mb"])
def test_memory_is_what_was_read_in_one_way(name):
    """Shared pages counted once, or in each process."""
    samples = build.arm("process_count", "processes", {"workers": 1}, rounds=2, **{name: 16.0})
    assert process_count.memory_mb(samples) == {(1, 1): 16.0, (1, 2): 16.0}
