"""The environment of a program that we start: composed here, and not inherited.

Whatever else the caller's shell holds (PYTHONPATH, PIP_TARGET, HUGO_BASEURL, OMP_NUM_THREADS, …)
was meant for other programs, and would change what ours do without a word.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import Dict, Iterable

# What any program needs in order to start, to find its user's files, and to speak to its user.
_BASIC = (
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "TERM", "LANG", "LC_*"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    # Some interpreters find their own library by these only.
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
)
# What speaks to Python, pip, Hugo, Matplotlib and NumPy. PYTHON itself is make's: which interpreter
# to use.
_OF_TOOLS = ("PYTHON?*", "PIP_*", "HUGO*", "MPL*", "NPY_*", "NUMPY_*", "OPENBLAS_*")
# What a program needs besides to get through to other hosts.
NETWORK = ("*_proxy", "*_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


def clean_environment(keep: Iterable[str] = (), **values: str) -> Dict[str, str]:
    """The basic variables of our own environment, those named in `keep`, and `values`.

    A name in `keep` may hold an asterisk: "AWS_*".
    """
    patterns = (*_BASIC, *keep)
    kept = {
        name: value
        for name, value in os.environ.items()
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    }
    return {**kept, **values}


def clean_own() -> None:
    """Take what speaks to our tools out of our own environment, before it is read or handed on.

    Nor does a file of settings for Matplotlib change what we draw, or stop it.
    """
    for name in list(os.environ):
        if any(fnmatchcase(name, pattern) for pattern in _OF_TOOLS):
            del os.environ[name]
    os.environ["MATPLOTLIBRC"] = os.devnull
