"""What several test modules share: finding real programs, and refusing to skip in CI."""

import os
import shutil
from pathlib import Path

import pytest

from kybaocao.adapters.regime_files import read_levels

ROOT = Path(__file__).parents[1]
"""The folder of the whole project."""

REQUIRED = "KYBAOCAO_TEST_REQUIRE"

LEVELS = read_levels(ROOT / "config")


def missing(what: str) -> None:
    """Skip for want of `what`, or fail where the environment says that nothing may be missing."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{what} is missing, and {REQUIRED} forbids skipping")
    pytest.skip(f"{what} is missing")


def need_program(*names: str) -> str:
    """Return the path of the first program found under these names."""
    for name in names:
        if found := shutil.which(name):
            return found
    missing(" or ".join(names))
    raise AssertionError("unreachable")
