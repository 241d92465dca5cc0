"""What CPython says when a program falls into a pitfall, and what the pitfalls are called."""

from typing import Dict, Tuple

WORDS: Dict[str, Dict[str, str]] = {
    "lambda": {"zh": "把lambda交给进程", "en": "A lambda for a process"},
    "no_guard": {
        "zh": '用spawn，却没写if __name__ == "__main__"',
        "en": 'Spawn, without if __name__ == "__main__"',
    },
    "no_file": {
        "zh": "函数写在笔记本或命令行里，用spawn",
        "en": "Spawn, with a function from a notebook or a prompt",
    },
    "fork_with_thread": {"zh": "线程还拿着锁就fork", "en": "Fork while a thread holds a lock"},
    "initializer": {"zh": "工人的初始化函数出错", "en": "A worker's initializer that fails"},
    "hangs": {"zh": "一直卡住", "en": "hangs"},
    "fails": {"zh": "报错", "en": "fails"},
    "works": {"zh": "没出事", "en": "works"},
}

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
