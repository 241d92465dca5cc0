"""The environment of a child: what it needs, what its caller names, and nothing else."""

import os

import pytest

from scripts.record.environment import NETWORK, clean_environment, clean_own

OF_THE_SHELL = {
    "PATH": "/bin",
    "HOME": "/home/somebody",
    "LC_ALL": "zh_CN.GBK",
    "PYTHONPATH": "/elsewhere",
    "PYTHONOPTIMIZE": "2",
    "PIP_TARGET": "/elsewhere",
    "HUGO_BASEURL": "https://example.net/",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/elsewhere",
    "NPY_DISABLE_CPU_FEATURES": "AVX2",
    "NUMPY_EXPERIMENTAL_DTYPE_API": "1",
    "OPENBLAS_CORETYPE": "none",
    "OMP_NUM_THREADS": "1",
    "LD_PRELOAD": "libelse.so",
    "AWS_REGION": "eu-1",
    "AWSOME": "no",
    "https_proxy": "http://127.0.0.1:9",
}
BASIC = {"PATH": "/bin", "HOME": "/home/somebody", "LC_ALL": "zh_CN.GBK"}


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which everything is set that has ever changed what a child does."""
    monkeypatch.setattr("os.environ", dict(OF_THE_SHELL))


def own() -> dict[str, str]:
    """Our own environment, without what pytest notes there."""
    return {name: os.environ[name] for name in os.environ if name != "PYTEST_CURRENT_TEST"}


def test_only_what_every_program_needs_is_handed_on():
    """No variable that speaks to Python, pip, Hugo, Matplotlib, BLAS or the loader."""
    assert clean_environment() == BASIC


def test_a_caller_names_what_else_its_program_needs():
    """By name or by a name's beginning; `*` stands for any end."""
    assert clean_environment(keep=["AWS_*"]) == {**BASIC, "AWS_REGION": "eu-1"}
    assert clean_environment(NETWORK) == {**BASIC, "https_proxy": "http://127.0.0.1:9"}


def test_what_a_caller_sets_goes_before_what_was_there():
    """Values are set as given, and our own environment stays as it is."""
    assert clean_environment(TMPDIR="/t", HOME="/h") == {**BASIC, "TMPDIR": "/t", "HOME": "/h"}
    assert own() == OF_THE_SHELL


def test_our_own_environment_loses_what_speaks_to_our_tools():
    """The rest stays, since it may be a key for publishing; Matplotlib gets an empty file."""
    clean_own()
    assert own() == {
        **BASIC,
        "OMP_NUM_THREADS": "1",
        "LD_PRELOAD": "libelse.so",
        "AWS_REGION": "eu-1",
        "AWSOME": "no",
        "https_proxy": "http://127.0.0.1:9",
        "MATPLOTLIBRC": os.devnull,
    }
