"""Drawing with the libraries that are there, whatever the shell tells them."""

import os
import subprocess
import sys

from tests.conftest import ROOT

TRIAL = "from scripts.record import environment; environment.clean_own()\n"
TRIAL += "from scripts.draw import export; export.trial()"


def test_what_a_shell_tells_the_libraries_is_not_heard(tmp_path):
    """Nor is a word said of a home that cannot keep Matplotlib's list of fonts."""
    file = tmp_path / "file"
    file.write_text("figure.dpi: 7\n")
    shell = {
        **dict.fromkeys(("HOME", "MPLCONFIGDIR", "MATPLOTLIBRC", "XDG_CONFIG_HOME"), str(file)),
        "XDG_CACHE_HOME": str(file),
        "MPLBACKEND": "none",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 NONE",
        "NPY_ENABLE_CPU_FEATURES": "NONE",
        "NPY_PROMOTION_STATE": "none",
        "OPENBLAS_CORETYPE": "none",
        "OPENBLAS_VERBOSE": "2",
        "SOURCE_DATE_EPOCH": "none",
    }
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-c", TRIAL],
        cwd=ROOT,
        env={**os.environ, **shell},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
