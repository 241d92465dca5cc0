"""Whether ratios are what a reader gets who divides the two times shown beside them."""

from collections.abc import Iterator, Mapping

from scripts.record import units


def adds_up(ratio: str, above: str, below: str) -> bool:
    """Whether `above` by `below`, all as they are shown, is `ratio`, to its three digits."""
    quotient = _number(above) / _number(below)
    # Half a digit may go up or down.
    return ratio in {units.number(quotient * nudge) for nudge in (1 - 1e-6, 1, 1 + 1e-6)}


def _number(text: str) -> float:
    return float(text.replace(",", ""))


# What a ratio is made of where that is not the wall time of all.
MADE_OF = {"pipeline.linear_algebra": "item_ms"}


def pairs(values: Mapping[str, Mapping]) -> Iterator[tuple[str, str, str]]:
    """Every ratio of data/measured.json that has both its times there, with these: three keys."""
    for key, entry in values.items():
        folder, _, name = key.rpartition(".")
        above, over, below = name.partition("_over_")
        made_of = MADE_OF.get(folder, "wall_s")
        times = [f"{folder}.{one}.{made_of}" for one in (above, below)]
        there = all("text" in values.get(time, {}) for time in times)
        if over and there and "text" in entry:
            yield key, *times


def misfits(values: Mapping[str, Mapping]) -> list[str]:
    """A line for every ratio that is not that of its two times; [] when all add up."""
    found = []
    for keys in pairs(values):
        texts = [values[key]["text"] for key in keys]
        if not adds_up(*texts):
            found.append(f"{keys[0]} is {texts[0]}, not {texts[1]} / {texts[2]}")
    return found
