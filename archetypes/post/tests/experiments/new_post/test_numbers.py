"""The sums, from samples with known answers."""

from scripts.experiments.new_post import numbers
from tests.experiments import build


def test_the_ratio_is_that_of_the_times():
    """Round by round; what was not measured is no zero."""
    loop = build.arm("new_post", "loop", wall_s=0.3)
    built_in = build.arm("new_post", "built_in", wall_s=0.1)
    assert build.texts(numbers.quantities(build.record(loop, built_in))) == {
        "new_post.loop.wall_s": "0.300",
        "new_post.built_in.wall_s": "0.100",
        "new_post.loop_to_built_in_ratio": "3.00",
    }
    assert set(numbers.quantities(build.record(loop))) == {"new_post.loop.wall_s"}
