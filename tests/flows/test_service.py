"""The service that `up` runs: it starts, works, and leaves nothing behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kybaocao.serving.supervisor import Service, ServiceError, handed_settings
from kybaocao.settings import CHECKOUT, Settings
from tests.flows.conftest import ask, in_state, of, until
from tests.support import PATIENCE

UP = """
import sys
from kybaocao.runtime import read_settings
from kybaocao.serving.supervisor import Service
with Service(read_settings(), port=0) as service:
    print(service.api_url, service.portal_url, *service.pids, flush=True)
    sys.exit(service.wait())
"""


# A duty is tried again in a while; a run of intake is cancelled where another one works.
REFUSED = ("Failed", "AwaitingRetry", "Cancelled")


def alive(group: int) -> bool:
    """Return whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def environment(home: Path, data: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has a Prefect of his own."""
    (tmp_path / "user").mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KYBAOCAO", "PREFECT"))}
    return kept | {
        "HOME": str(tmp_path / "user"),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
        "KYBAOCAO_HOME": str(home),
        "KYBAOCAO_DATA": str(data),
        "KYBAOCAO_ACTIVE": '{"quang-nam": "2016-07-01"}',
        "PYTHONPATH": str(CHECKOUT),
    }


def told_by_prefect(service: Service, home: Path, *words: str) -> str:
    """Return what Prefect's own command tells an operator, asked as README says."""
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "COLUMNS": "200",
        "PREFECT_API_URL": service.api_url,
        "PREFECT_API_AUTH_STRING": (service.settings.data_folder / "prefect.key")
        .read_text()
        .strip(),
    }
    command = [sys.executable, "-m", "prefect", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def dated_ahead(service: Service, deployment_id: str) -> str:
    """Ask by the API for a run of another day; return the run's id."""
    path, ahead = f"/deployments/{deployment_id}/create_flow_run", {"as_of": "2099-12-31"}
    return str(ask(service, path, parameters=ahead)["id"])


def state_of(service: Service, run: str) -> str:
    (found,) = ask(service, "/flow_runs/filter", flow_runs={"id": {"any_": [run]}})
    return str(found["state_name"])


def test_the_service_runs_its_duties_at_once_and_ends_without_a_trace(
    environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    up = subprocess.Popen(
        [sys.executable, "-c", UP], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert up.stdout is not None
        url, portal, *groups = up.stdout.readline().split()
        service = Service(Settings(data=data))
        service.port = int(url.split(":")[2].split("/")[0])
        for deployment in (("quang-nam", "bao-cao-quy"), ("khong-dinh-ky", "bao-cao")):
            query = {**of(*deployment), "flow_runs": in_state("COMPLETED")}
            until(lambda query=query: ask(service, "/flow_runs/filter", **query), up)
        deployments = ask(service, "/deployments/filter")
        operator = tmp_path / "operator"
        known = told_by_prefect(service, operator, "deployment", "ls")
        seen = told_by_prefect(service, operator, "flow-run", "ls", "--flow-name", "khong-dinh-ky")
        with closing(sqlite3.connect(data / "kybaocao.db")) as ledger:
            owed = ledger.execute("SELECT count(*), max(last_day) FROM obligations").fetchone()
            ahead = [dated_ahead(service, d["id"]) for d in deployments if d["name"] != "hang-doi"]
            until(lambda: all(state_of(service, run) in REFUSED for run in ahead), up)
            after = ledger.execute("SELECT count(*), max(last_day) FROM obligations").fetchone()
            assert after == owed, "a run by the API dated itself ahead"
        door = httpx.get(f"{portal}/dang-nhap", timeout=PATIENCE)
        assert "Địa chỉ thư điện tử" in door.text
    finally:
        up.send_signal(signal.SIGTERM)
    assert up.wait(PATIENCE) == 0
    assert not any(alive(int(group)) for group in groups)
    assert not list((tmp_path / "user").iterdir()), "the user's own Prefect was touched"
    recurring = {"bao-cao-quy", "so-tu-phap"}
    common = {"bao-cao", "thu-muc", "hang-doi"}
    assert {d["name"] for d in deployments} == recurring | common
    assert not any(d["paused"] for d in deployments)
    assert "quang-nam/bao-cao-quy" in known
    assert "khong-dinh-ky" in seen


def test_the_children_end_with_a_service_that_is_killed(
    environment: dict[str, str], data: Path
) -> None:
    up = subprocess.Popen(
        [sys.executable, "-c", UP], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert up.stdout is not None
    _, _, *groups = up.stdout.readline().split()
    up.kill()
    up.wait()
    until(lambda: not any(alive(int(group)) for group in groups))


def test_a_child_that_ends_early_is_told_with_the_end_of_its_log(home: Path, data: Path) -> None:
    settings = Settings(home=home, data=data, active={"ha-noi": "2016-07-01"})
    with (
        Service(settings, port=0) as service,
        pytest.raises(
            ServiceError,
            match=r"(?s)^The (served flows|portal) ended with code 1.*no regime ha-noi",
        ),
    ):
        service.wait()


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServiceError, match=f"^Port {port} on 127.0.0.1 is taken: "):
            Service(Settings(data=tmp_path, prefect_port=port)).__enter__()
    assert not list(tmp_path.iterdir())


def test_the_children_see_the_very_settings_whatever_else_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYBAOCAO_HOME", str(home))
    monkeypatch.setenv("PREFECT_API_KEY", "of the user")
    settings = Settings(
        home=home,
        data=home / "dữ liệu",
        active={"bac-giang": "2016-12-01"},
        mail={"host": "mail.example", "port": 2525, "password": "mật khẩu", "security": "tls"},
        intake_every=timedelta(seconds=90),
    )
    (home / "config" / "kybaocao.toml").write_text(
        '[mail]\nhost = "other"\nuser = "other"\n[active]\nha-noi = 2016-01-01\n'
    )
    monkeypatch.setenv("KYBAOCAO_MAIL__SENDER_NAME", "other")
    environment = Service(settings).environment()
    for name in [n for n in os.environ if n.startswith(("KYBAOCAO", "PREFECT"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert handed_settings().model_dump() == settings.model_dump()
    assert "PREFECT_API_KEY" not in environment
