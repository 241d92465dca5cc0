"""What CPython says when a program falls into a pitfall."""

from typing import Dict, Tuple

_BROKEN = (
    "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated "
    "abruptly while the future was running or pending."
)
# By pitfall: since which version which message, the newest first; addresses and numbers of
# processes as "…", white space as single spaces. The tests run the programs and compare.
MESSAGES: Dict[str, Tuple[Tuple[Tuple[int, int], str], ...]] = {
    "lambda": (
        (
            (3, 14),
            "_pickle.PicklingError: Can't pickle <function <lambda> at 0x…>: it's not found as "
            "__main__.<lambda>",
        ),
        (
            (3, 9),
            "_pickle.PicklingError: Can't pickle <function <lambda> at 0x…>: attribute lookup "
            "<lambda> on __main__ failed",
        ),
    ),
    "no_guard": (
        (
            (3, 9),
            "RuntimeError: An attempt has been made to start a new process before the current "
            "process has finished its bootstrapping phase.",
        ),
    ),
    "no_file": (
        ((3, 14), "AttributeError: module '__main__' has no attribute 'double'"),
        (
            (3, 12),
            "AttributeError: Can't get attribute 'double' on <module '__main__' (<class "
            "'_frozen_importlib.BuiltinImporter'>)>",
        ),
        ((3, 9), "AttributeError: Can't get attribute 'double' on <module '__main__' (built-in)>"),
    ),
    "fork_with_thread": (
        (
            (3, 12),
            "DeprecationWarning: This process (pid=…) is multi-threaded, use of fork() may lead "
            "to deadlocks in the child.",
        ),
    ),
    "initializer": (((3, 9), _BROKEN),),
}


def message(pitfall: str, version: Tuple[int, int]) -> str:
    """What that version of CPython says; "" where it says nothing."""
    return next((text for since, text in MESSAGES[pitfall] if version >= since), "")
