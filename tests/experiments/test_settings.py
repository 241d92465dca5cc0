"""Settings: what params.benchmark may say."""

import dataclasses

import pytest

from scripts.experiments import settings
from scripts.experiments.settings import Settings


def test_what_is_left_out_has_its_default():
    """One setting leaves the others as they are."""
    assert Settings(minutes=3) == Settings(**{**dataclasses.asdict(Settings()), "minutes": 3})


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"workers": 0}, "workers is 0, not between 1 and 1000000000000"),
        ({"jobs": -1}, "jobs is -1, not between 1 and 1000000000000"),
        ({"additions": "many"}, "additions is 'many', not a whole number"),
        ({"minutes": True}, "minutes is True, not a whole number"),
        ({"ticks": 1.5}, "ticks is 1.5, not a whole number"),
        ({"worker": 4}, "unknown setting 'worker'; did you mean 'workers'?"),
    ],
)
def test_a_wrong_setting_is_named(mapping, message):
    """The message holds the setting and the value, and the near name of a misspelt one."""
    with pytest.raises(ValueError) as caught:
        settings.check(*mapping.popitem())
    assert str(caught.value) == message


def test_quick_is_smaller_and_never_empty():
    """QUICK makes every size smaller or equal, and leaves at least one of each."""
    usual, small = Settings(), settings.quick(Settings())
    assert small.additions < usual.additions and small.ticks < usual.ticks
    tiny = Settings(**dict.fromkeys(settings.NAMES, 1))
    assert settings.quick(tiny) == tiny
