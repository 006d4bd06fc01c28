"""One real Prefect server for all tests of flows, and the shipped regimes moved to our days."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

# Prefect reads these once, at its import: no test may see the settings of the user.
os.environ.update(PREFECT_HOME=tempfile.mkdtemp(), DO_NOT_TRACK="1", PREFECT_API_URL="")

import httpx
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from kybaocao.adapters import regime_files
from kybaocao.rules.regime.duty import InForce
from kybaocao.runtime import now
from kybaocao.serving.supervisor import Service
from kybaocao.settings import CHECKOUT, Settings
from tests.support import PATIENCE

Ask = Callable[..., Any]


def furnish(home: Path) -> Path:
    """Make a home folder with a copy of the small config, and the shipped flows and letters."""
    home.mkdir()
    for name in ("flows", "templates"):
        (home / name).symlink_to(CHECKOUT / name)
    shutil.copytree(CHECKOUT / "tests" / "small" / "config", home / "config")
    return home


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Prefect's server as `up` starts it; this process talks to it too."""
    home = furnish(tmp_path_factory.mktemp("server") / "home")
    settings = Settings(home=home, active={"quang-nam": "2016-07-01"}, rehearsal=True)
    with (
        Service(settings, serve=False, port=0) as service,
        talking_to(service),
    ):
        yield service


def talking_to(service: Service) -> AbstractContextManager[object]:
    """Let this process talk to a service's Prefect server."""
    found = {PREFECT_API_URL: service.api_url, PREFECT_API_AUTH_STRING: service.key}
    return temporary_settings(found)


def ask(service: Service, path: str, **body: Any) -> Any:
    """Return what the server answers to a POST, page after page if it is a list."""
    found: list[Any] = []
    while True:
        page = {**body, "offset": len(found)} if path.endswith("/filter") else body
        answer = httpx.post(
            service.api_url + path,
            json=page,
            auth=httpx.BasicAuth(*service.key.split(":")),
            trust_env=False,
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        if not path.endswith("/filter"):
            return answer.json()
        found += answer.json()
        if len(answer.json()) < 200:
            return found


def until(met: Callable[[], object], running: subprocess.Popen[Any] | None = None) -> None:
    """Wait until a condition is met, while a process runs, if one is given."""
    patience = time.monotonic() + PATIENCE
    while not met():
        assert running is None or running.poll() is None, "it ended by itself"
        assert time.monotonic() < patience, "it took too long"
        time.sleep(0.2)


def of(flow: str, name: str) -> dict[str, Any]:
    """Return the filter for one deployment's runs."""
    return {"flows": {"name": {"any_": [flow]}}, "deployments": {"name": {"any_": [name]}}}


def in_state(kind: str) -> dict[str, Any]:
    """Return the filter for runs in a type of state."""
    return {"state": {"type": {"any_": [kind]}}}


@pytest.fixture
def data(server: Service, tmp_path: Path) -> Path:
    """A data folder whose Prefect database need not be built from nothing."""
    home = tmp_path / "data" / "prefect"
    home.mkdir(parents=True)
    source = server.settings.data_folder / "prefect" / "prefect.db"
    with (
        closing(sqlite3.connect(source)) as full,
        closing(sqlite3.connect(home / "prefect.db")) as copy,
    ):
        full.backup(copy)
    return tmp_path / "data"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder of its own."""
    return furnish(tmp_path / "home")


@pytest.fixture(scope="session")
def moment() -> datetime:
    """The time at which the tests of flows began: Prefect's scheduler knows no other clock."""
    return now()


@pytest.fixture(scope="session")
def config(moment: datetime) -> regime_files.Config:
    """The shipped configuration, with every regime in force from today on."""
    shipped = regime_files.load(CHECKOUT / "config")
    today = InForce(since=moment.date())
    moved = {id_: r.model_copy(update={"in_force": today}) for id_, r in shipped.regimes.items()}
    return regime_files.Config(moved, shipped.forms, shipped.calendar, shipped.levels)
