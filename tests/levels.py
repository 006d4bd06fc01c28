"""The levels of agencies that config ships, for tests that build regimes and forms of their own."""

from kybaocao.adapters.regime_files import read_levels
from tests.support import ROOT

LEVELS = read_levels(ROOT / "config")
