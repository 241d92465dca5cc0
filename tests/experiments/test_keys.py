"""What a post may quote is known on every machine, whether it can be measured there or not."""

import re

import pytest

from scripts import experiments
from scripts.blog.pictures import EXPERIMENTS
from scripts.conclude import summary
from tests import machine_records as machines
from tests.factory import make_record

# A point of a curve, of which every machine has others: no post can quote it.
POINT = re.compile(r"(process_count|io_threads)\.\w+\.at_\d+_\w+")


@pytest.mark.parametrize("kind", machines.kinds())
def test_every_value_but_the_points_of_curves_is_declared(kind):
    """KEYS of each module hold all that its values() gives, on every machine."""
    record = machines.load(kind)
    for name, module in EXPERIMENTS.items():
        found = {key for key in module.values(record) if not POINT.fullmatch(key)}
        assert found <= set(module.KEYS), name
        assert all(key.split(".")[0] == name for key in module.KEYS)


def test_no_key_is_declared_twice():
    """Neither within a module nor by two."""
    keys = experiments.keys()
    assert len(keys) == len(set(keys))


def test_the_facts_have_the_keys_that_are_known_beforehand():
    """So that a run is refused at once when a post names another one."""
    facts = summary.facts(machines.load("two-cores"))
    assert {*facts, *experiments.keys()} == set(summary.keys())


def test_what_was_not_measured_is_a_dash_that_no_text_may_show():
    """It has neither interval nor rounds; what was measured is as it is."""
    data = summary.summarise(make_record(experiments=("cpu_bound",)), "name", "0" * 64, {}, [])
    assert set(experiments.keys()) <= set(data["values"])
    absent = {"value": "—", "text": "—", "unit": "text", "interval": "none"}
    assert data["values"]["pipeline.segment.winner"] == absent
    assert data["values"]["cpu_bound.threads.wall_s"]["n"] == 5
