"""What the tests of a regime share: the regime alone, so that its tests stand on their own.

A module of tests names its regime in `REGIME` to have `config`, `regime` and `tasks`.
"""

import shutil
from collections.abc import Callable
from functools import cache

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import Task
from tests.support import ROOT

CONFIG = ROOT / "config"
ONLY_FORMS = {"lang-son-hien-nay": ("sau-linh-vuc", "phieu-gui-bao-cao")}
"""The forms that an office would take with the regime, where it does not take all."""


@pytest.fixture(scope="session")
def config_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Config]:
    """Give a function that returns the config of one regime, without the others."""

    @cache
    def config(regime_id: str) -> Config:
        folder = tmp_path_factory.mktemp("config")
        for part in ("forms", "calendar", f"regimes/{regime_id}"):
            shutil.copytree(CONFIG / part, folder / part)
        shutil.copy(CONFIG / "levels.yaml", folder)
        if only := ONLY_FORMS.get(regime_id):
            for file in (folder / "forms").iterdir():
                if file.stem not in only:
                    file.unlink()
        return load(folder)

    return config


@pytest.fixture(scope="module")
def config(request: pytest.FixtureRequest, config_of: Callable[[str], Config]) -> Config:
    """The config of the module's regime."""
    return config_of(request.module.REGIME)


@pytest.fixture(scope="module")
def regime(config: Config) -> Regime:
    """The module's regime."""
    (only,) = config.regimes.values()
    return only


@pytest.fixture(scope="module")
def tasks(regime: Regime) -> dict[str, Task]:
    """The tasks of the module's regime, by their ids."""
    return {task.id: task for task in regime.tasks}
