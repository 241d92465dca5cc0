"""Adding up numbers, in a loop and by a function of Python's own."""

from scripts.record.declaration import WALL, Declaration, Size, keys

WAYS = ("loop", "built_in")

DECLARATION = Declaration(
    name="new_post",
    cases=WAYS,
    needed=2,
    params={},
    values={"wall_s": WALL},
    required=("wall_s",),
    quantities={
        **keys("new_post.{way}.wall_s", way=WAYS),
        **keys("new_post.loop_to_built_in_ratio"),
    },
    sizes=(Size("new_post_numbers", 5_000_000, 500_000, "numbers that are added up"),),
    share=10,
    picture="new-post",
)
