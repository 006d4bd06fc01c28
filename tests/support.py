"""What several test modules share: finding real programs, and refusing to skip in CI."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
"""The folder of the whole project."""

# In seconds, against hanging alone: a busy machine takes long.
PATIENCE = 300

REQUIRED = "KYBAOCAO_TEST_REQUIRE"


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
