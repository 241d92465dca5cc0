"""A record counts once, whatever it calls itself and however it was dressed up."""

import dataclasses
import shutil

import pytest

from scripts.machines import intake
from scripts.record import dumps, load
from scripts.record.errors import BlogError
from tests import machine_records as machines
from tests.conftest import copy_checkout
from tests.foreign import record

TIMES = ("wall_s", "cpu_s")


def longer(factor):
    """All that is in seconds, so many times."""

    def change(sample):
        values = {name: value * factor for name, value in sample.values.items() if name in TIMES}
        return dataclasses.replace(sample, values={**sample.values, **values}, spans=())

    return lambda samples: [change(one) for one in samples]


def renumbered(samples):
    """The rounds in another order."""
    most = max(one.round for one in samples)
    return [dataclasses.replace(one, round=most + 1 - one.round) for one in samples]


DRESSED = {
    "another name": list,
    "another order": renumbered,
    "the last digit": longer(1.0000001),
    "a slower machine": longer(1.01),
    "half of it": lambda samples: [one for one in samples if one.round == 1],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """One that has one record from elsewhere."""
    found = copy_checkout(tmp_path_factory.mktemp("repeats"))
    shutil.rmtree(found.others)
    found.others.mkdir()
    (found.others / "one.json").write_text(dumps(record()), encoding="utf-8")
    return found


@pytest.mark.parametrize("how", DRESSED)
def test_what_was_measured_comes_in_once(project, how):
    """From elsewhere or by the author; under the name of another machine."""
    own = load(project.current_record())
    for name, one in {"one": record(), own_name(own): own}.items():
        machine = dataclasses.replace(one.machine, cpu_model="Intel Xeon")
        samples = tuple(DRESSED[how](one.samples))
        again = dataclasses.replace(one, machine=machine, samples=samples)
        with pytest.raises(BlogError) as caught:
            intake._refuse_repeats(project, again, own, project.others / "two.json", "a.json")
        assert str(caught.value).startswith(f"a.json: refused: holds what {name} measured (")


def own_name(own):
    """What the author's record is called."""
    return f"{own.machine.slug}-{own.runtimes[0].id}-{own.run_id[-8:]}"


@pytest.mark.parametrize("kind", ["python3.14", "no-gil", "one-core"])
def test_what_another_session_measured_is_no_repeat(project, kind):
    """Real ones of the same machine, with QUICK sizes, which come near each other."""
    own, other = load(project.current_record()), machines.load(kind)
    intake._refuse_repeats(project, other, own, project.others / "two.json", "a.json")
